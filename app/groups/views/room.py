"""The blueprint of the room, and what every page of it begins with."""

from __future__ import annotations

from flask import Blueprint, request

from app.accounts.models import AccountKind
from app.accounts.policy import current_account, kind_required
from app.core.errors import Refused
from app.groups import queries
from app.groups.models import Group
from app.groups.services.guards import check_open

bp = Blueprint("groups", __name__, url_prefix="/groups")
leader_required = kind_required(AccountKind.GROUP)


def get_my_group(public_id: str) -> Group:
    """Return a group of the leader who is signed in; raises NotFound."""
    return queries.get_group(public_id, current_account().id)


def get_my_open_group(public_id: str) -> Group:
    """Return a group of the leader that can still be changed; raises NotFound or Refused."""
    group = get_my_group(public_id)
    check_open(group)
    return group


def find_refusal(group: Group) -> Refused | None:
    """Return why a group cannot be changed now; None when it can."""
    try:
        check_open(group)
    except Refused as refusal:
        return refusal
    return None


def show_alone(refusal: Refused | None) -> None:
    """Answer with a refusal alone, unless something was typed that has to come back with it."""
    if refusal is not None and request.method == "GET":
        raise refusal
