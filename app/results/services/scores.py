"""Taking in a score sheet: the good rows count, the others are reported cell by cell."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy.orm import Session

from app.core import audit, clock
from app.core.actors import Actor
from app.core.db import transaction
from app.core.errors import Refused
from app.core.messages import Message
from app.core.spreadsheets import Limits, read_workbook
from app.exams.queries import get_round
from app.groups.sheets.packing import pack
from app.registration.models import Registration
from app.registration.services import record_absence, withdraw_absence
from app.results import queries
from app.results.models import Score, ScoreImport
from app.results.score_sheet import ScoreEntry, WrongCell, read_scores
from app.results.services.marks import lock_round

_LONGEST_FILE_NAME = 120
# A whole round in one sheet; an upload is still at most 5 MiB.
_LIMITS = Limits(filled_rows=25_000, physical_rows=30_000)


def import_scores(round_code: str, file_name: str, content: bytes, *, actor: Actor) -> ScoreImport:
    """Import a score sheet and return the report of what became of each row.

    Every good row counts at once and replaces what stood there before; what it replaces is on record.
    Absences are handed to the registration room, where the rule of R043 asks for them. After publication
    a changed score shows only when the round is published once more.

    :param file_name: only shown
    :raises NotFound: when there is no such round
    :raises Refused: when nobody has said yet what the parts are worth
    :raises InvalidValue: when the file as a whole cannot be used; nothing is stored then
    """
    exam_round = get_round(round_code)
    scheme = queries.find_scheme(exam_round.id)
    if scheme is None:
        raise Refused(Message("請先設定各科滿分與通過標準，再匯入成績"))
    # Read before the transaction: a slow file must not keep others from writing.
    sheet = read_scores(
        read_workbook(content, limits=_LIMITS),
        round_code=round_code,
        names=queries.expected_names(exam_round.id),
        full=scheme.full,
        incidents=queries.incidents_of(exam_round),
        expected=queries.expected_codes(exam_round.id, clock.now()),
    )
    with transaction() as session:
        exam_round = get_round(round_code)
        lock_round(session, exam_round)
        counts = _take_in(session, exam_round.id, sheet.entries, actor=actor)
        report = {name: counts[name] for name in ("new", "changed", "unchanged")}
        report |= {"blank": sheet.blank, "refused": [_refused(each) for each in sheet.errors]}
        stored = ScoreImport(
            exam_round=exam_round,
            file_name=file_name[-_LONGEST_FILE_NAME:],
            imported_at=clock.now(),
            report=report,
        )
        session.add(stored)
        audit.record("results.import_scores", exam_round, actor, refused=len(sheet.errors), **counts)
    return stored


def _take_in(session: Session, round_id: int, entries: list[ScoreEntry], *, actor: Actor) -> Counter[str]:
    registrations = queries.registrations_by_number(session, [entry.number for entry in entries])
    known = {score.registration_id: score for score in queries.list_scores(session, round_id)}
    counts: Counter[str] = Counter()
    for entry in entries:
        registration = registrations[entry.number]
        score = known.get(registration.id)
        if score is None:
            score = Score(registration=registration)
            session.add(score)
            outcome = "new"
        elif _figures(score) == (entry.parts, list(entry.incidents)):
            outcome = "unchanged"
        else:
            outcome = "changed"
            audit.record("score.change", registration, actor, old=_told(score), new=_told_entry(entry))
        counts[outcome] += 1
        if outcome != "unchanged":
            _fill(score, entry)
            _note_absence(registration, absent=entry.parts is None, first=outcome == "new", actor=actor)
    return counts


def _fill(score: Score, entry: ScoreEntry) -> None:
    parts = entry.parts
    score.attended = parts is not None
    score.listening = parts.listening if parts else None
    score.speaking = parts.speaking if parts else None
    score.reading = parts.reading if parts else None
    score.incidents = list(entry.incidents)
    score.entered_at = clock.now()


def _note_absence(registration: Registration, *, absent: bool, first: bool, actor: Actor) -> None:
    if absent:
        record_absence(registration, actor=actor)
    elif not first:
        withdraw_absence(registration, actor=actor)


def _figures(score: Score) -> tuple[object, list[str]]:
    return score.parts, score.incidents


def _told(score: Score) -> list[Any]:
    return [score.listening, score.speaking, score.reading, score.incidents]


def _told_entry(entry: ScoreEntry) -> list[Any]:
    parts = entry.parts
    figures = [parts.listening, parts.speaking, parts.reading] if parts else [None, None, None]
    return [*figures, list(entry.incidents)]


def _refused(error: WrongCell) -> dict[str, Any]:
    return {
        "row": error.row,
        "number": error.number[:20],
        "column": error.column,
        "written": error.written[:60],
        "message": pack(error.message),
    }
