"""The blueprint of the room, and what every page of it begins with."""

from __future__ import annotations

from flask import Blueprint

from app.accounts.models import AccountKind
from app.accounts.policy import current_account, kind_required
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
