"""The public pages."""

from app.site.views import documents, information, news, year  # noqa: F401 - they add their routes
from app.site.views.room import bp

__all__ = ["bp"]
