"""The extensions: created here, bound to the app in create_app."""

from __future__ import annotations

from flask import g, request
from flask_bootstrap import Bootstrap5
from flask_limiter import Limiter
from flask_login import LoginManager
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError

from app.core.clients import client_network
from app.core.db import db
from app.core.translation import PortalBabel

__all__ = ["babel", "bootstrap", "csrf", "db", "limiter", "login"]


class StrictCSRFProtect(CSRFProtect):
    """Asks for the token, and that the browser does not name another site as the sender (security 2)."""

    def protect(self, apply_exemptions: bool = False) -> None:
        super().protect(apply_exemptions)
        sender = request.headers.get("Sec-Fetch-Site", "none")
        if g.get("csrf_valid") and sender not in ("same-origin", "none"):
            raise CSRFError("the form was sent from another site")


babel = PortalBabel()
bootstrap = Bootstrap5()
csrf = StrictCSRFProtect()
limiter = Limiter(key_func=client_network)
login = LoginManager()
