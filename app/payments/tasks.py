"""Background entry points."""

from app.core.jobs import minutely
from app.payments.asking import ask_gateways
from app.payments.refunds.through_gateway import settle_in_transit
from app.payments.reminders import remind_payers


@minutely
def ask_what_became_of_attempts() -> None:
    ask_gateways()


@minutely
def find_out_about_refunds() -> None:
    settle_in_transit()


@minutely
def remind_of_last_day() -> None:
    remind_payers()
