"""A leader's pages."""

from app.groups.confirmation import leader_views  # noqa: F401 - as below
from app.groups.views import extra_sessions, imports, members, overview, submission  # noqa: F401 - they add their routes
from app.groups.views.room import bp

__all__ = ["bp"]
