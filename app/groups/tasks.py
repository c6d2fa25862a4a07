"""Background entry points."""

from app.core.jobs import minutely
from app.groups.services import cancel_lapsed_groups


@minutely
def end_lapsed_groups() -> None:
    cancel_lapsed_groups()
