"""The serials of a bank's virtual accounts: each is given out once for a last day of payment."""

from __future__ import annotations

from datetime import date

from sqlalchemy.dialects import postgresql, sqlite

from app.core.db import transaction
from app.payments.models import AccountSerial


def take_serial(due_on: date) -> int:
    """Return the next serial of a day, from 0; nobody else gets it, whatever becomes of this one."""
    with transaction() as session:
        on_server = session.get_bind().dialect.name == "postgresql"
        insert = (postgresql if on_server else sqlite).insert(AccountSerial).values(due_on=due_on, last=0)
        taken = insert.on_conflict_do_update(index_elements=["due_on"], set_={"last": AccountSerial.last + 1})
        serial: int = session.scalars(
            taken.returning(AccountSerial.last), execution_options={"populate_existing": True}
        ).one()
    return serial
