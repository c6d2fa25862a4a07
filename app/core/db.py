"""The database: one session per request, one unit of work per service, one way to name things."""

from __future__ import annotations

import contextlib
import logging
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, ClassVar, TypeVar

import sqlalchemy as sa
from flask_sqlalchemy_lite import SQLAlchemy
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from app.core.ids import PUBLIC_ID_LENGTH, new_public_id

log = logging.getLogger(__name__)

# Objects keep their values after a commit: a page shows what its service returned without asking again.
# What was bound to a statement is personal data more often than not: no error and no log line shows it.
db = SQLAlchemy(session_options={"expire_on_commit": False}, engine_options={"hide_parameters": True})


Step = TypeVar("Step", bound=Callable[[Session], None])


class UtcDateTime(sa.TypeDecorator[datetime]):
    """An instant: aware going in, aware UTC coming out, on both databases."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, _dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar = {
        datetime: UtcDateTime,
        date: sa.Date,
        dict[str, Any]: sa.JSON,
        list[str]: sa.JSON,
    }


class WithPublicId:
    """A row that has an address: its serial number stays inside."""

    public_id: Mapped[str] = mapped_column(sa.String(PUBLIC_ID_LENGTH), unique=True, default=new_public_id)


class WordedType(sa.TypeDecorator[str]):
    """A text of the year's data that is shown in the reader's language; stored in Chinese."""

    impl = sa.String
    cache_ok = True

    def __init__(self, length: int, wording: Callable[[str], str]) -> None:
        super().__init__(length)
        self.wording = wording

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else self.wording(value)


def choice_column(choices: type[StrEnum], *, check: str | None = None, **options: Any) -> Any:
    """Return a column that holds one of an enum's words, with a CHECK.

    :param check: the name of the CHECK, where a table has two columns of the same enum
    """
    return mapped_column(_choice_type(choices, check), **options)


def _choice_type(choices: type[StrEnum], check: str | None) -> sa.Enum:
    return sa.Enum(
        choices,
        native_enum=False,
        create_constraint=True,
        length=24,
        name=check or re.sub(r"(?<!^)(?=[A-Z])", "_", choices.__name__).lower(),
        values_callable=lambda members: [str(member.value) for member in members],
    )


@contextlib.contextmanager
def transaction() -> Iterator[Session]:
    """Open a unit of work, or join the one that is open; only the outermost commits.

    Any exception rolls all of it back. What was read before it began is read anew inside it, so
    that a decision never rests on what another request has changed meanwhile. On SQLite the write
    lock is taken at once (BEGIN IMMEDIATE): the default mode oversells places.
    """
    session = db.session
    if session.info.get("in_unit_of_work"):
        yield session
        return
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("something was changed outside a transaction()")
    session.commit()  # ends the reading that went before
    session.expire_all()
    session.info["in_unit_of_work"] = True
    try:
        session.connection(execution_options={"write": True})
        yield session
        for step in list(session.info.get("last_steps", {}).values()):
            step(session)
        session.commit()
    except BaseException:
        session.rollback()
        session.info.pop("after_commit", None)
        raise
    finally:
        session.info.pop("in_unit_of_work")
        session.info.pop("last_steps", None)
    for call in session.info.pop("after_commit", {}).values():
        try:
            call()
        except Exception:
            # What was asked for has happened: a queue that is down must not make it look undone.
            log.exception("call after the commit failed")


def last_step(name: str, make: Callable[[], Step]) -> Step:
    """Return the open unit of work's last step of a name, made when first asked for; run before the commit.

    For what must be written when everything else is, because it takes a lock that all writers need.

    :raises RuntimeError: outside a unit of work, where it would be forgotten
    """
    info = db.session.info
    if not info.get("in_unit_of_work"):
        raise RuntimeError("this belongs into a transaction()")
    step: Step = info.setdefault("last_steps", {}).setdefault(name, make())
    return step


def after_commit(name: str, call: Callable[[], None]) -> None:
    """Run a call once after the open unit of work has committed; the name keeps it from running twice.

    It may fail without anybody noticing but the log, so it only hurries what happens anyway.
    """
    db.session.info.setdefault("after_commit", {})[name] = call


def violated_constraint(error: sa.exc.IntegrityError) -> str | None:
    """Return the name of the constraint or unique index that a write ran into, on either database."""
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None:
        name: str | None = diagnosis.constraint_name
        return name
    text = str(error.orig)
    if match := re.match(r"CHECK constraint failed: (\w+)", text):
        return match[1]
    if match := re.match(r"UNIQUE constraint failed: (.+)", text):
        # SQLite names the columns, not the constraint.
        columns = [part.strip().rpartition(".") for part in match[1].split(",")]
        return _unique_over(columns[0][0], {column for _, _, column in columns})
    return None


def _unique_over(table_name: str, columns: set[str]) -> str | None:
    table = Base.metadata.tables[table_name]
    for constraint in table.constraints:
        if isinstance(constraint, sa.UniqueConstraint) and {c.name for c in constraint.columns} == columns:
            return str(constraint.name)
    for index in table.indexes:
        if index.unique and {c.name for c in index.columns} == columns:
            return index.name
    return None


def prepare_sqlite(engine: sa.Engine) -> None:
    """Set up an SQLite engine: WAL, foreign keys, and transactions that we begin ourselves."""

    @sa.event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "busy_timeout=10000", "foreign_keys=ON", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        write = connection.get_execution_options().get("write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
