"""The base classes of everything we raise on purpose, by who should hear of it."""

from __future__ import annotations

from app.core.messages import Message


class DomainError(Exception):
    """Something the person asked for cannot be done; the message tells them what to do instead.

    :ivar message: the sentence to show, in the reader's language
    :ivar field: the form field it belongs to, or None when it concerns the whole request
    """

    status_code = 409

    def __init__(self, message: Message, *, field: str | None = None) -> None:
        super().__init__(str(message))
        self.message = message
        self.field = field


class InvalidValue(DomainError, ValueError):
    """A value typed or sent to us is not what it should be."""

    status_code = 422


class NotFound(DomainError):
    """There is no such thing, or it is not the asker's: the two look alike on purpose."""

    status_code = 404


class Refused(DomainError):
    """A rule forbids it; raised from a Decision, whose clause it carries."""

    def __init__(self, message: Message, *, clause: str = "", field: str | None = None) -> None:
        super().__init__(message, field=field)
        self.clause = clause


class IllegalTransition(DomainError):
    """The thing is not in a state in which this can happen to it."""


class GatewayError(Exception):
    """A payment gateway did not answer as its protocol says; the outcome is unknown."""
