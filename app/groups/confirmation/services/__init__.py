"""The verbs of confirmation; each is one transaction.

A leader asks, by mail and on paper, and deals with what is reported; a member confirms or reports; the
clock tells the leader and forgets what is no longer needed.
"""

from app.groups.confirmation.services.answering import LinkClosed, SeenOld, confirm, report_mistake
from app.groups.confirmation.services.asking import (
    confirm_on_paper,
    send_links,
    settle_report,
    slip_links,
    switch_off,
    switch_on,
)
from app.groups.confirmation.services.upkeep import forget_ended, tell_leaders

__all__ = [
    "LinkClosed",
    "SeenOld",
    "confirm",
    "confirm_on_paper",
    "forget_ended",
    "report_mistake",
    "send_links",
    "settle_report",
    "slip_links",
    "switch_off",
    "switch_on",
    "tell_leaders",
]
