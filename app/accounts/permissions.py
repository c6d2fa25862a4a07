"""What staff may do, by name; every staff page states the one it needs (W017)."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    REVIEW = "review"
    UNMASK = "unmask"
    CORRECT = "correct"
    SEATING = "seating"
    PAYMENTS = "payments"
    REFUNDS_PREPARE = "refunds_prepare"
    REFUNDS_DECIDE = "refunds_decide"
    RESULTS = "results"
    PUBLISH_RESULTS = "publish_results"
    CASES = "cases"
    CASES_ASSIGN = "cases_assign"
    MAILINGS = "mailings"
    NEWS = "news"
    AUDIT = "audit"
    STAFF = "staff"
    ACCOMMODATION = "accommodation"
