"""What the office publishes and what people answer: the verbs."""

from app.site.services.news import (
    NewsText,
    announce,
    correct_announcement,
    draft_announcement,
    end_announcement,
    publish_announcement,
)

__all__ = [
    "NewsText",
    "announce",
    "correct_announcement",
    "draft_announcement",
    "end_announcement",
    "publish_announcement",
]
