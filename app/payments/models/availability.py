"""What stands in the way of a method: the office has closed it, or its gateway has not answered."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, choice_column
from app.payments.gateways.base import Method


class MethodClosure(Base):
    """A method that is not offered for a while; who closed and opened it is in the audit log."""

    __tablename__ = "method_closures"

    method: Mapped[Method] = choice_column(Method, primary_key=True)
    text: Mapped[str] = mapped_column(sa.String(100))
    text_en: Mapped[str | None] = mapped_column(sa.String(200))  # NULL: in Chinese only
    until: Mapped[datetime | None]  # NULL: until somebody opens it
    closed_at: Mapped[datetime]


class GatewaySilence(Base):
    """A question that a gateway did not answer as its protocol says; gone once it answers again."""

    __tablename__ = "gateway_silences"

    id: Mapped[int] = mapped_column(primary_key=True)
    gateway: Mapped[str] = mapped_column(sa.String(20), index=True)
    at: Mapped[datetime]  # the machine's own time: the demo's clock stands still
