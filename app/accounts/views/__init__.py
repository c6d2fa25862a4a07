"""The pages of an account."""

from app.accounts.views import (  # noqa: F401 - they add their routes
    account,
    captcha,
    passwords,
    providers,
    signing,
    staff,
)
from app.accounts.views.room import bp

__all__ = ["bp"]
