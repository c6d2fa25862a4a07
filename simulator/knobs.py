"""The knobs: what a tester may set, and what then goes otherwise than it should (README.md says how)."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import Any


class WrongKnob(Exception):
    """There is no such knob or it cannot be set so; the sentence says what is wrong."""


@dataclass(frozen=True, slots=True)
class Knobs:
    """:ivar latency: notices of barcode payments are due two days later, as the real ones
    :ivar hold_codes: notices of issued codes wait until somebody asks for deliveries: the result comes first
    :ivar retry_minutes: how long a notice that was not accepted waits until its next delivery
    :ivar file_without: trade numbers whose line is missing in the file
    :ivar file_unknown: how many lines of unknown trades stand in the file
    :ivar file_amounts: trade numbers with another amount in the file
    :ivar file_utf8: the file comes in UTF-8 although Big5 was asked for
    :ivar file_throttle: one file a minute, by the machine's clock
    """

    latency: bool = False
    hold_codes: bool = False
    retry_minutes: int = 0
    file_without: list[str] = field(default_factory=list)
    file_unknown: int = 0
    file_amounts: dict[str, int] = field(default_factory=dict)
    file_utf8: bool = False
    file_throttle: bool = False


def read_knobs(sent: Any) -> dict[str, Any]:
    """Return the knobs to turn; raises WrongKnob."""
    if not isinstance(sent, dict):
        raise WrongKnob("請送出 JSON 物件。")
    kinds = {each.name: type(getattr(Knobs(), each.name)) for each in fields(Knobs)}
    for name, value in sent.items():
        if name not in kinds:
            raise WrongKnob(f"沒有這個旋鈕：{name}。")
        if type(value) is not kinds[name]:
            raise WrongKnob(f"{name} 的值要是 {kinds[name].__name__}。")
    return sent


def shown(knobs: Knobs) -> dict[str, Any]:
    return asdict(knobs)
