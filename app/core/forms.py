"""What every form can do: take back a refusal that only a service could know of."""

from __future__ import annotations

from flask_wtf import FlaskForm

from app.core.errors import DomainError


class RefusableForm(FlaskForm):
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
