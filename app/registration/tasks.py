"""Background entry points."""

from app.core.jobs import minutely
from app.registration.services import cancel_lapsed_registrations, void_uncorrected_registrations


@minutely
def end_lapsed_registrations() -> None:
    cancel_lapsed_registrations()


@minutely
def void_uncorrected() -> None:
    void_uncorrected_registrations()
