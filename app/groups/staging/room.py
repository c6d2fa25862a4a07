"""Who works at the workbench, and where its pages stand: a leader at their own group, or staff for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from app.groups.models import Group

Guard = Callable[[Callable[..., Any]], Callable[..., Any]]


@dataclass(frozen=True, slots=True)
class Access:
    """How a blueprint lets people in.

    :ivar prefix: of the endpoints, e.g. ``groups``
    :ivar guard: the decorator that states who may ask
    :ivar get_group: gives the group by its public id, or raises NotFound or Refused
    :ivar account_id: the leader's account; None when staff act
    :ivar layout: the frame of the pages
    :ivar crumbs: gives the way back, as HTML list items
    """

    prefix: str
    guard: Guard
    get_group: Callable[[str], Group]
    account_id: Callable[[], int | None]
    layout: str
    crumbs: Callable[[Group], list[tuple[str, str]]]
    for_staff: bool = False


@dataclass(frozen=True, slots=True)
class WorkbenchRoom:
    """The addresses of one sheet's pages, as its templates need them.

    :ivar chosen: the filter that the address names, or ""
    """

    access: Access
    group: Group
    sheet_id: str
    chosen: str = ""
    page: int = 1

    @property
    def for_staff(self) -> bool:
        return self.access.for_staff

    @property
    def group_url(self) -> str:
        return url_for(f"{self.access.prefix}.show", public_id=self.group.public_id)

    @property
    def upload_url(self) -> str:
        return url_for(f"{self.access.prefix}.import_members", public_id=self.group.public_id)

    @property
    def sheet_url(self) -> str:
        return self.url("sheet", **({"show": self.chosen} if self.chosen else {}))

    def url(self, act: str, **values: Any) -> str:
        """Return the address of an act on the sheet, e.g. ``row`` with a number."""
        name = "sheet" if act == "sheet" else f"sheet_{act}"
        return url_for(
            f"{self.access.prefix}.{name}",
            public_id=self.group.public_id,
            sheet_id=self.sheet_id,
            **values,
        )

    def showing(self, chosen: str) -> WorkbenchRoom:
        """Return the same with a filter chosen."""
        return replace(self, chosen=chosen)

    def filter_url(self, chosen: str) -> str:
        return self.url("sheet", show=chosen)

    def page_url(self, page: int) -> str:
        return self.url("sheet", show=self.chosen or None, page=page)

    def trail(self, *, sheet: bool = False) -> list[tuple[str, str]]:
        """Return the pages above as (words, address); with the sheet's own page where one stands under it."""
        found = self.access.crumbs(self.group)
        return [*found, (_("匯入考生"), self.sheet_url)] if sheet else found


def wants_json() -> bool:
    """Return whether the workbench's script asks, which exchanges parts of the page."""
    return request.accept_mimetypes.best == "application/json"
