"""The WSGI entry: ``gunicorn wsgi:app`` and ``flask --app wsgi …``."""

import sys

from app import create_app
from app.config import SettingsError

try:
    app = create_app()
except SettingsError as error:
    sys.exit(f"{error}\n(`make demo` once sets up a demo that commands use; README, Settings, for the rest)")
