"""Background entry points."""

from app.core.jobs import job, minutely
from app.payments.reconciliation import services


@job
def read_reconciliation_file(file_id: str) -> None:
    services.read_file(file_id)


@minutely
def tend_reconciliation_files() -> None:
    services.read_abandoned_files()
