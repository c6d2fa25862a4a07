"""What every form can do: take back a refusal, and come back in the other language with what was typed."""

from __future__ import annotations

from typing import Any

from flask import g
from flask_wtf import FlaskForm

from app.core.errors import DomainError


class PortalForm(FlaskForm):
    """A form that can be read in the other language in the middle of being filled in.

    The switch sends the form like any button, and `web` takes note of it: then nothing has been
    submitted, nothing is valid and nothing wrong, and the page comes back with what was typed.
    """

    def is_submitted(self) -> bool:
        return not g.get("switches_language") and super().is_submitted()

    def validate(self, extra_validators: Any = None) -> bool:
        return not g.get("switches_language") and super().validate(extra_validators)


class RefusableForm(PortalForm):
    """A form whose service may refuse what it can check only with the database."""

    def refuse(self, error: DomainError) -> None:
        """Put an error's sentence beside its field, or above the form when it concerns all of it."""
        if error.field in self._fields:
            self[error.field].errors = [*self[error.field].errors, error.message]
        else:
            self.form_errors.append(error.message)

    @property
    def status_code(self) -> int:
        """Return what its page answers: 422 for wrong fields, 409 for a refusal of the whole, else 200."""
        if any(field.errors for field in self):
            return 422
        return 409 if self.form_errors else 200
