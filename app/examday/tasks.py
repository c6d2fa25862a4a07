"""Background entry points."""

from app.core.jobs import minutely
from app.examday.services import close_ended_rooms


@minutely
def close_rooms() -> None:
    close_ended_rooms()
