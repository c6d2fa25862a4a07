"""A leader's pages."""

from app.groups.confirmation import leader_views  # noqa: F401 - it adds its routes
from app.groups.views import (  # noqa: F401 - they add their routes
    copying,
    extra_sessions,
    imports,
    members,
    overview,
    submission,
    template_files,
)
from app.groups.views.room import bp

__all__ = ["bp"]
