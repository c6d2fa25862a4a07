"""The verbs of results: marks are set, scores come in, a round is published, a certificate is revoked."""

from app.results.services.certificates import revoke_certificate
from app.results.services.marks import MarkPlan, set_marks
from app.results.services.publication import PublicationCounts, preview, publish_results
from app.results.services.scores import import_scores

__all__ = [
    "MarkPlan",
    "PublicationCounts",
    "import_scores",
    "preview",
    "publish_results",
    "revoke_certificate",
    "set_marks",
]
