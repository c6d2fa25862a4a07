"""The officers' forms: assign, preliminary report, result, note, a unit's mailbox."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, StringField
from wtforms.validators import ValidationError

from app.accounts.emails import parse_email
from app.cases import readers
from app.cases.kind_types import CaseKind, Outcome
from app.cases.kinds import UNIT_NAMES
from app.cases.services import Result
from app.core.errors import DomainError
from app.core.fields import PickField, ReadAreaField, ReadField, choices_of
from app.core.forms import RefusableForm
from app.core.messages import Message
from app.core.roc_dates import parse_date

LONGEST_REPLY = 2000


class AssignForm(RefusableForm):
    unit = PickField(
        _l("權責單位"), missing=Message("請選擇權責單位"), choices=choices_of(UNIT_NAMES.items())
    )


class PreliminaryForm(RefusableForm):
    preliminary = PickField(_l("初步受理情形"), missing=Message("請選擇一項初步受理情形"))

    def __init__(self, kind: CaseKind) -> None:
        super().__init__()
        self.preliminary.choices = choices_of((each.code, each.label) for each in kind.preliminaries)


class ResultForm(RefusableForm):
    """The result and what it needs; which kind the form is for is given by `result_form`."""

    kind: CaseKind
    result = PickField(_l("處理結果"), missing=Message("請選擇處理結果"))
    until_on = ReadField(_l("新的期限"), parse_date)
    reason = ReadField(_l("延長的理由"), readers.read_line(200))
    reply = ReadAreaField(_l("給申請人的答覆"), readers.read_text(LONGEST_REPLY))

    def __init__(self) -> None:
        super().__init__()
        self.result.choices = choices_of((each.code, each.label) for each in self.kind.results)

    def validate(self, extra_validators: object = None) -> bool:
        valid = bool(super().validate(extra_validators))
        if valid and self.is_extension:
            valid = self._require(self.until_on, Message("請填寫新的期限")) & self._require(
                self.reason, Message("請寫出延長的理由")
            )
        return self._check_measures() and valid

    @property
    def outcome(self) -> Outcome | None:
        """The finding that was chosen, or the result when it has none."""
        result = self.kind.find_outcome(self.result.data)
        if result is None or not result.findings:
            return result
        return next((each for each in result.findings if each.code == self["finding"].data), None)

    @property
    def is_extension(self) -> bool:
        return self.outcome is not None and self.outcome.extends

    @property
    def measure_fields(self) -> list[tuple[Field, Field]]:
        """The tick and the words of each measure."""
        return [
            (self[f"measure_{each.code}"], self[f"measure_{each.code}_text"]) for each in self.kind.measures
        ]

    def report(self) -> Result:
        """Return what was reported; measures only where the outcome needs them."""
        chosen = self.kind.find_outcome(self.result.data)
        needs_measures = self.outcome is not None and self.outcome.needs_measures
        measures = {
            each.code: self[f"measure_{each.code}_text"].value
            for each in self.kind.measures
            if needs_measures and self[f"measure_{each.code}"].data
        }
        finding = self["finding"].data if chosen is not None and chosen.findings else None
        return Result(self.result.data, finding, measures, self.reply.value)

    def _check_measures(self) -> bool:
        if self.outcome is None or not self.outcome.needs_measures:
            return True
        valid = True
        for tick, text in self.measure_fields:
            if tick.data and not text.value:
                valid = self._require(text, Message("請寫出這項處置的說明"))
        return valid

    def _require(self, field: Any, sentence: Message) -> bool:
        if field.value or field.errors:
            return not field.errors
        field.errors = [sentence]
        return False

    def refuse(self, error: DomainError) -> None:
        if error.field == "measures":
            self.measure_fields[0][0].errors = [error.message]
        else:
            super().refuse(error)


def result_form(kind: CaseKind) -> type[ResultForm]:
    """Return the form class for the results of a kind."""
    fields: dict[str, Any] = {"kind": kind}
    findings = [finding for result in kind.results for finding in result.findings]
    if findings:
        # Needed for one result only, so an empty choice is the service's to refuse.
        fields["finding"] = PickField(
            _l("認定結果"),
            missing=Message("請選擇認定結果"),
            choices=choices_of((each.code, each.label) for each in findings),
            validate_choice=False,
        )
    for measure in kind.measures:
        fields[f"measure_{measure.code}"] = BooleanField(measure.label)
        label = Message("%(measure)s的說明", {"measure": measure.label})
        fields[f"measure_{measure.code}_text"] = ReadField(label, readers.read_line(200))
    return type(f"{kind.key.title()}ResultForm", (ResultForm,), fields)


class NoteForm(RefusableForm):
    text = ReadAreaField(_l("內部備註"), readers.read_text(1000), missing=Message("請寫下備註"))


class MailboxForm(RefusableForm):
    email = StringField(_l("申訴信箱"), filters=[lambda text: (text or "").strip()])

    def validate_email(self, field: Any) -> None:
        if not field.data:
            return
        try:
            field.data = parse_email(field.data).address
        except DomainError as error:
            raise ValidationError(error.message) from error
