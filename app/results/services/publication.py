"""Publishing a round: every score is graded, results and certificates are made, changes are new versions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.core import audit, clock
from app.core.actors import Actor
from app.core.db import db, transaction
from app.core.decisions import Decision
from app.examday.incidents import read_incidents
from app.exams.choices import Level
from app.exams.models import Round
from app.exams.queries import get_round
from app.results import queries, rules
from app.results.grading import ABSENT, Grade, Outcome, grade
from app.results.models import Publication, Result, Score
from app.results.services.certificates import bring_certificates_up_to_date
from app.results.services.marks import lock_round

# A score, its result as it was last published, and the grade that it comes to now.
Line = tuple[Score, Result | None, Grade]


@dataclass(frozen=True, slots=True)
class PublicationCounts:
    """What a round comes to.

    :ivar passed: per level that the round has
    :ivar new: results that were not published before
    :ivar corrected: published ones that are different now
    """

    passed: dict[Level, int]
    not_passed: int
    absent: int
    new: int
    corrected: int


def preview(exam_round: Round) -> PublicationCounts:
    """Return what publishing the round now would come to; grades what there is and stores nothing.

    :raises Refused: when the marks of a level are not set (Q14)
    """
    return _counts(exam_round, _decide_all(db.session, exam_round))


def publish_results(round_code: str, *, actor: Actor) -> PublicationCounts:
    """Publish the results of a round; they are seen from 09:00 of the announcement day (R151).

    Publishing once more takes over scores that have been corrected since, each as a new version of its
    result, and changes nothing else. Certificates follow: one for the higher level (R060), numbered in
    the order of the tickets; whoever has not passed after all loses theirs.

    :raises NotFound: when there is no such round
    :raises Refused: while marks or scores are missing (Q14)
    """
    with transaction() as session:
        exam_round = get_round(round_code)
        lock_round(session, exam_round)
        check_can_publish(exam_round).raise_if_refused()
        lines = _decide_all(session, exam_round)
        counts = _counts(exam_round, lines)
        for score, result, decided in lines:
            _store(session, score, result, decided, actor=actor)
        session.flush()
        bring_certificates_up_to_date(
            session,
            exam_round,
            [(score.registration, decided.level) for score, _, decided in lines],
            actor=actor,
        )
        _mark_published(session, exam_round, changed=bool(counts.new or counts.corrected))
        audit.record(
            "results.publish",
            exam_round,
            actor,
            people=len(lines),
            new=counts.new,
            corrected=counts.corrected,
        )
    return counts


def check_can_publish(exam_round: Round) -> Decision:
    """Return whether a round's results can be published now, and why not."""
    areas = queries.area_scores(exam_round)
    levels = [Level(level) for level in exam_round.levels]
    return rules.check_can_publish(
        rules.check_marks_set(levels, queries.marks_of(exam_round.id)),
        test_on=exam_round.test_on,
        seated=sum(area.seated for area in areas),
        entered=sum(area.entered for area in areas),
        without_codes=len(queries.list_scores_without_codes(exam_round.id, clock.now())),
        today=clock.today(),
    )


def _decide_all(session: Session, exam_round: Round) -> list[Line]:
    marks = queries.marks_of(exam_round.id)
    levels = [Level(level) for level in exam_round.levels]
    rules.check_marks_set(levels, marks).raise_if_refused()
    incidents = queries.incidents_of(exam_round)
    asked = {level: marks[level] for level in levels}
    known = {result.registration_id: result for result in queries.list_results(session, exam_round.id)}
    lines = []
    for score in queries.list_scores(session, exam_round.id):
        happened = read_incidents(" ".join(score.incidents), incidents)
        decided = grade(score.parts, happened, asked) if score.parts else ABSENT
        lines.append((score, known.get(score.registration_id), decided))
    return lines


def _counts(exam_round: Round, lines: Sequence[Line]) -> PublicationCounts:
    outcomes = Counter(decided.outcome for _, _, decided in lines)
    passed = Counter(decided.level for _, _, decided in lines)
    return PublicationCounts(
        passed={Level(level): passed[Level(level)] for level in exam_round.levels},
        not_passed=outcomes[Outcome.NOT_PASSED],
        absent=outcomes[Outcome.ABSENT],
        new=sum(result is None for _, result, _ in lines),
        corrected=sum(
            result is not None and _differs(score, result, decided) for score, result, decided in lines
        ),
    )


def _differs(score: Score, result: Result, decided: Grade) -> bool:
    return (result.grade, result.incidents) != (decided, score.incidents)


def _store(session: Session, score: Score, result: Result | None, decided: Grade, *, actor: Actor) -> None:
    if result is None:
        result = Result(registration=score.registration, version=1)
        session.add(result)
    elif _differs(score, result, decided):
        result.version += 1
        audit.record("result.correct", score.registration, actor, version=result.version)
    else:
        return
    parts = decided.parts
    result.outcome, result.level = decided.outcome, decided.level
    result.listening = parts.listening if parts else None
    result.speaking = parts.speaking if parts else None
    result.reading = parts.reading if parts else None
    result.deducted, result.total = decided.deducted, decided.total
    result.incidents, result.decided_at = list(score.incidents), clock.now()


def _mark_published(session: Session, exam_round: Round, *, changed: bool) -> None:
    publication = queries.find_publication(exam_round.id)
    if publication is None:
        session.add(Publication(round_id=exam_round.id, published_at=clock.now()))
    elif changed:
        publication.revised_at = clock.now()
