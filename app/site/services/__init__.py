"""What the office publishes and what people answer: the verbs."""

from app.site.services.documents import (
    DocumentText,
    describe_document,
    publish_document,
    replace_document,
    restore_document,
    withdraw_document,
)
from app.site.services.news import (
    NewsText,
    announce,
    correct_announcement,
    draft_announcement,
    end_announcement,
    publish_announcement,
)

__all__ = [
    "DocumentText",
    "NewsText",
    "announce",
    "correct_announcement",
    "describe_document",
    "draft_announcement",
    "end_announcement",
    "publish_announcement",
    "publish_document",
    "replace_document",
    "restore_document",
    "withdraw_document",
]
