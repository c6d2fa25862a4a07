"""What a decided result says when it is printed: score report and certificate as finished text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from app.core.clock import taipei_day
from app.core.identity import mask_id
from app.core.messages import Message, Wording
from app.core.numerals import clause_wording
from app.core.roc_dates import date_message, format_roc_document, format_roc_long, format_roc_year
from app.core.signing import Statement, verification_url
from app.core.translation import translate_for
from app.examday.incidents import PART_NAMES, Incident, Part, read_incidents
from app.exams.choices import Level
from app.exams.models import Round
from app.exams.words import LEVEL_NAMES, exam_wording, name_wording, with_area, with_dialect
from app.results import queries
from app.results.certificate_numbers import format_certificate_number, level_letter
from app.results.certificate_pdf import CertificateContent
from app.results.grading import LEVELS_FROM_ABOVE, Marks, Outcome
from app.results.points import FULL_SCORE, format_points
from app.results.queries import Standing
from app.results.report_pdf import PartLine, ReportContent
from app.results.words import outcome_message

SCORE_REPORT, CERTIFICATE = "S", "C"
_ABSENT_CLAIM = "A"
_NOT_PASSED_CLAIM = "N"


def score_statement(standing: Standing) -> Statement:
    """Return what the code of a score report says: the ticket number, the outcome and the total."""
    result = standing.result
    letter = level_letter(result.level) if result.level else _NOT_PASSED_CLAIM
    claim = _ABSENT_CLAIM if result.outcome == Outcome.ABSENT else f"{letter}-{result.total}"
    day = taipei_day(result.decided_at)
    return Statement(SCORE_REPORT, standing.seat.ticket.number, result.version, day, claim)


def report_contents(
    standings: Iterable[Standing], exam_round: Round, *, base_url: str, language: str = "zh"
) -> Iterator[ReportContent]:
    """Yield the content of one score report after the other, all of one round."""
    scheme, marks = queries.find_scheme(exam_round.id), queries.marks_of(exam_round.id)
    full = scheme.full if scheme else None
    for standing in standings:
        lines = tuple(
            PartLine(
                _part_wording(part),
                format_points(full.of(part)) if full else "–",
                tuple(format_points(marks[level].parts.of(part)) for level in _levels(marks)),
                format_points(standing.result.parts.of(part)) if standing.result.parts else "–",
            )
            for part in Part
        )
        yield _report(standing, exam_round, lines, marks, base_url, language)


def certificate_contents(
    standings: Iterable[Standing], *, base_url: str, language: str = "zh"
) -> Iterator[CertificateContent]:
    """Yield the content of one certificate after the other; who has none is left out."""
    return (_certificate(each, base_url, language) for each in standings if each.certificate is not None)


def _report(
    standing: Standing,
    exam_round: Round,
    lines: tuple[PartLine, ...],
    marks: Mapping[Level, Marks],
    base_url: str,
    language: str,
) -> ReportContent:
    seat, result, candidate = standing.seat, standing.result, standing.seat.registration
    facts = exam_round.exam_year.facts
    happened = read_incidents(" ".join(result.incidents), queries.incidents_of(exam_round))
    absent = result.outcome == Outcome.ABSENT
    outcome = outcome_message(result.grade)
    return ReportContent(
        **_office(facts),
        exam_title=exam_wording(exam_round.exam_year.title),
        round_name=exam_round.name,
        test_date=format_roc_long(exam_round.test_on),
        area=with_area(candidate.offering.area),
        dialect=with_dialect(candidate.dialect),
        ticket_number=seat.ticket.number,
        name=candidate.chinese_name,
        masked_id_number=mask_id(candidate.id_number),
        level_names=tuple(Wording(str(LEVEL_NAMES[level]), LEVEL_NAMES[level]) for level in _levels(marks)),
        parts=lines,
        totals=tuple(format_points(marks[level].total) for level in _levels(marks)),
        full_total=format_points(FULL_SCORE),
        deducted=f"−{format_points(result.deducted)}" if result.deducted else "",
        total="–" if absent else format_points(result.total),
        outcome=Wording(str(outcome), outcome),
        incidents=tuple(str(translate_for(language, _incident_line(each))) for each in happened),
        notes=tuple(str(translate_for(language, note)) for note in _notes(exam_round, result.outcome)),
        recheck_until=format_roc_long(exam_round.recheck_until),
        mailbox=name_wording(facts["contacts"]["mailbox"]),
        version=result.version,
        issued_at=max(result.decided_at, exam_round.score_opens_at),
        verification_url=verification_url(base_url, score_statement(standing)),
        language=language,
    )


def _part_wording(part: Part) -> Wording:
    return Wording(str(Message("%(part)s測驗", {"part": PART_NAMES[part]})), PART_NAMES[part])


def _incident_line(incident: Incident) -> Message:
    values = {
        "label": incident.label,
        "clause": clause_wording(incident.clause),
        "effect": incident.effect,
    }
    return Message("%(label)s（%(clause)s）：%(effect)s", values)


def _notes(exam_round: Round, outcome: Outcome) -> tuple[Message, ...]:
    if outcome == Outcome.ABSENT:
        return (Message("您沒有應試，這次認證沒有成績。"),)
    first, last = format_roc_long(exam_round.recheck_from), format_roc_long(exam_round.recheck_until)
    notes = [
        Message(
            "對成績有疑問，請於 %(first)s至 %(last)s以掛號寄出次頁的「成績複查申請表」，郵戳為憑。",
            {"first": first, "last": last},
        ),
        Message("複查不得要求重新評閱、提供閱覽答案卷或錄音檔，也不得要求告知閱卷委員之姓名或其他相關資料。"),
    ]
    if outcome == Outcome.PASSED:
        day = format_roc_long(exam_round.certificate_from)
        chase = format_roc_long(exam_round.certificate_chase_after)
        values = {"day": day, "chase": chase}
        notes.append(Message("合格證書自 %(day)s起以掛號寄發；%(chase)s仍未收到，請電洽總試務中心。", values))
        notes.append(Message("合格證書只發一張，以達到的較高級別為準。"))
    return tuple(notes)


def _certificate(standing: Standing, base_url: str, language: str) -> CertificateContent:
    certificate, candidate = standing.certificate, standing.seat.registration
    if certificate is None:
        raise ValueError("no certificate to print")
    year = candidate.exam_round.exam_year
    level = LEVEL_NAMES[certificate.level]
    statement = Statement(
        CERTIFICATE, certificate.number, 1, certificate.issued_on, level_letter(certificate.level)
    )
    values = {"year": format_roc_year(year.roc_year), "level": level, "dialect": candidate.dialect}
    title = Message("%(year)s年度客語能力%(level)s認證", values)
    sentence = Message(
        "參加本會%(year)s年度客語能力%(level)s認證（%(dialect)s腔），成績合格，特發給此證。", values
    )
    return CertificateContent(
        organiser=name_wording(year.facts["organiser"]["name"]),
        title=Wording(str(Message("%(title)s合格證書", {"title": title})), title),
        number=format_certificate_number(certificate.number),
        name=candidate.chinese_name,
        birth_date=date_message(candidate.birth_on),
        masked_id_number=mask_id(candidate.id_number),
        sentence=Wording(str(sentence), sentence),
        issued_on=format_roc_document(certificate.issued_on),
        verification_url=verification_url(base_url, statement),
        language=language,
    )


def _levels(marks: Mapping[Level, Marks]) -> list[Level]:
    return [level for level in LEVELS_FROM_ABOVE if level in marks]


def _office(facts: Mapping[str, Any]) -> dict[str, Any]:
    contacts, implementer = facts["contacts"], facts["implementer"]
    return {
        "organiser": name_wording(facts["organiser"]["name"]),
        "implementer": name_wording(implementer["name"]),
        "office_name": name_wording(implementer["office"]),
        "office_address": name_wording(contacts["address"]),
        "office_phones": tuple(contacts["phones"]),
    }
