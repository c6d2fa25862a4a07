"""Background entry points."""

from app.core.jobs import minutely
from app.payments.asking import ask_gateways
from app.payments.reminders import remind_payers


@minutely
def ask_what_became_of_attempts() -> None:
    ask_gateways()


@minutely
def remind_of_last_day() -> None:
    remind_payers()
