"""Background entry points."""

from app.core.jobs import minutely
from app.payments.reminders import remind_payers


@minutely
def remind_of_last_day() -> None:
    remind_payers()
