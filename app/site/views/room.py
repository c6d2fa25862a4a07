"""The blueprint of the public pages: everybody's, without signing in."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("site", __name__)
