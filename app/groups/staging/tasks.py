"""Background entry points."""

from app.core.jobs import job, minutely
from app.groups.staging import services


@job
def read_sheet(sheet_id: str) -> None:
    services.read_staged_sheet(sheet_id)


@minutely
def tend_sheets() -> None:
    services.read_abandoned_sheets()
    services.discard_overdue_sheets()
    services.delete_old_rows()
