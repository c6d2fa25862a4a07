"""One merchant at ECPay: numbers, keys, addresses and what its contract allows (payments.md 1.1 and 1.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Final

from app.payments.gateways.base import Method

#: Merchants whose keys ECPay publishes: anyone can sign as they do, so production refuses them.
PUBLIC_TEST_MERCHANTS: Final = frozenset({"3002607", "2000132"})
_PUBLIC_KEYS: Final = frozenset({"pwFHCqoQZGmho4w6", "5294y06JbISpM5x9"})

_PUBLIC_LIMITS: Mapping[Method, tuple[int, int]] = MappingProxyType(
    {
        Method.STORE_BARCODE: (17, 20_000),
        Method.STORE_CODE: (33, 6_000),
        Method.ATM: (11, 49_999),
        Method.CARD: (5, 199_999),
    }
)


@dataclass(frozen=True, slots=True)
class RetiredKey:
    """A pair of keys that has been replaced: it still opens what ECPay sends, it signs nothing any more.

    :ivar last_day: the last Taipei day on which messages signed with it are believed (case 28)
    """

    hash_key: str = field(repr=False)
    hash_iv: str = field(repr=False)
    last_day: date


@dataclass(frozen=True, slots=True)
class EcpaySettings:
    """One merchant at ECPay.

    :ivar base_url: scheme and host without a path, e.g. ``https://payment.ecpay.com.tw``
    :ivar vendor_url: the host of the reconciliation file, e.g. ``https://vendor.ecpay.com.tw``; empty: as
        `base_url`, where the simulator has it
    :ivar credit_check_code: the shop's constant from ECPay's console, which questions about cards carry
    :ivar retired_keys: keys still accepted for a while after a change of keys
    :ivar limits_twd: smallest and largest amount by method, inclusive; the public fee page's by
        default, a contract may differ
    """

    merchant_id: str
    hash_key: str = field(repr=False)
    hash_iv: str = field(repr=False)
    base_url: str
    vendor_url: str = ""
    credit_check_code: str = field(default="", repr=False)
    retired_keys: tuple[RetiredKey, ...] = field(default=(), repr=False)
    limits_twd: Mapping[Method, tuple[int, int]] = field(default_factory=lambda: _PUBLIC_LIMITS)

    @property
    def has_public_keys(self) -> bool:
        keys = {self.hash_key, *(old.hash_key for old in self.retired_keys)}
        return self.merchant_id in PUBLIC_TEST_MERCHANTS or not keys.isdisjoint(_PUBLIC_KEYS)

    def keys_on(self, today: date) -> list[tuple[str, str]]:
        """Return the (HashKey, HashIV) pairs that may sign on a Taipei day, the present one first."""
        retired = [(old.hash_key, old.hash_iv) for old in self.retired_keys if today <= old.last_day]
        return [(self.hash_key, self.hash_iv), *retired]


#: ECPay's published test merchant, whom the simulator plays too.
STAGE: Final = EcpaySettings(
    merchant_id="3002607",
    hash_key="pwFHCqoQZGmho4w6",
    hash_iv="EkRm7iFT261dpevs",
    base_url="https://payment-stage.ecpay.com.tw",
)
