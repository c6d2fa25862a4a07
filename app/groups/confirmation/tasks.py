"""Background entry points."""

from app.core.jobs import minutely
from app.groups.confirmation import services


@minutely
def tell_leaders() -> None:
    services.tell_leaders()


@minutely
def forget_ended() -> None:
    services.forget_ended()
