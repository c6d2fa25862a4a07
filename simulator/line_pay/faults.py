"""What goes wrong at LINE Pay when somebody asked for it: slow, broken or refusing answers, one call each."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any, Final

CALLS: Final = ("request", "check", "confirm", "details", "refund")
_LONGEST_SECONDS: Final = 120


class WrongFault(Exception):
    """The JSON sent does not say what is to go wrong; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Fault:
    """How one call goes wrong.

    :ivar seconds: how long the answer takes
    :ivar code: a return code to answer with instead of the true one
    :ivar status: an HTTP status to answer with, and a page of HTML; None: none of that
    :ivar done: whether what was asked for is done nevertheless
    """

    call: str
    seconds: float = 0
    code: str | None = None
    status: int | None = None
    done: bool = False


class Faults:
    """The faults to come, in the order in which they were asked for; kept in this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Fault] = []

    def add(self, fault: Fault, *, times: int = 1) -> None:
        with self._lock:
            self._waiting += [fault] * times

    def take(self, call: str) -> Fault | None:
        """Return the next fault of a call and forget it."""
        with self._lock:
            found = next((fault for fault in self._waiting if fault.call == call), None)
            if found:
                self._waiting.remove(found)
            return found

    def clear(self) -> None:
        with self._lock:
            self._waiting.clear()


def read_fault(sent: Any) -> tuple[Fault, int]:
    """Return the fault that JSON describes and how often it happens; raises WrongFault."""
    if not isinstance(sent, dict) or set(sent) - {"call", "seconds", "code", "status", "done", "times"}:
        raise WrongFault("請送出 JSON 物件，欄位為 call、seconds、code、status、done、times。")
    if sent.get("call") not in CALLS:
        raise WrongFault(f"call 請填 {'、'.join(CALLS)} 其中之一。")
    seconds, times = sent.get("seconds", 0), sent.get("times", 1)
    if not isinstance(seconds, int | float) or not 0 <= seconds <= _LONGEST_SECONDS:
        raise WrongFault(f"seconds 請填 0 到 {_LONGEST_SECONDS}。")
    if not isinstance(times, int) or not 1 <= times <= 100:
        raise WrongFault("times 請填 1 到 100 的整數。")
    code, status = sent.get("code"), sent.get("status")
    if code is not None and not (isinstance(code, str) and len(code) == 4 and code.isdecimal()):
        raise WrongFault("code 請填四位數字文字。")
    if status is not None and not (isinstance(status, int) and 200 <= status <= 599):
        raise WrongFault("status 請填 200 到 599。")
    return Fault(sent["call"], float(seconds), code, status, bool(sent.get("done", False))), times
