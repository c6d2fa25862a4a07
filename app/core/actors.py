"""Who does something: handed to every service that changes anything, and kept in the audit log."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ActorKind(StrEnum):
    VISITOR = "visitor"
    APPLICANT = "applicant"
    STAFF = "staff"
    GATEWAY = "gateway"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """:ivar account_id: None for visitors, gateways and the system itself
    :ivar address: the client's network address, None for background work
    :ivar request_id: ties together what one request did, None for background work
    """

    kind: ActorKind
    account_id: int | None = None
    address: str | None = None
    request_id: str | None = None


SYSTEM = Actor(ActorKind.SYSTEM)
