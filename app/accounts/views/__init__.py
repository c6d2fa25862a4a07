"""The pages of an account."""

from app.accounts.views import account, captcha, passwords, providers, signing  # noqa: F401 - they add their routes
from app.accounts.views.room import bp

__all__ = ["bp"]
