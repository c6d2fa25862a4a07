"""What a review found missing is made good by the candidate, or the registration is void (R068)."""

from __future__ import annotations

from collections.abc import Sequence

from app.core import audit, clock
from app.core.actors import SYSTEM, Actor
from app.core.db import transaction
from app.core.errors import InvalidValue
from app.core.messages import Message
from app.core.uploads import Document
from app.registration import queries, rules
from app.registration.correction_models import Correction, CorrectionFile
from app.registration.services.endings import end_registration
from app.registration.states import ReviewEvent, next_review_state


def answer_correction(
    public_id: str, account_id: int, text: str, documents: Sequence[Document], *, actor: Actor
) -> Correction:
    """Answer what was found missing; the registration goes back to the review.

    :raises NotFound: when the account has no such registration
    :raises Refused: when nothing is asked for, or the last day has passed
    :raises InvalidValue: when there is neither a text nor a document
    """
    if not text and not documents:
        raise InvalidValue(Message("請寫下說明，或上傳要補的文件"), field="answer")
    with transaction() as session:
        registration = queries.get_registration_for_update(session, public_id, account_id)
        correction = queries.find_open_correction(registration)
        now = clock.now()
        rules.check_can_answer(
            asked=correction is not None,
            lapse=queries.find_lapse_of(registration, now),
            form_state=registration.form_state,
        ).raise_if_refused()
        correction.answer, correction.answered_at = text, now
        for document in documents:
            correction.files.append(
                CorrectionFile(
                    suffix=document.suffix, size_bytes=len(document.content), content=document.content
                )
            )
        registration.review_state = next_review_state(registration.review_state, ReviewEvent.CORRECT)
        audit.record("registration.correct", registration, actor, files=len(documents))
    return correction


def void_uncorrected_registrations() -> int:
    """End the registrations whose missing items were not made good in time, and return how many (R068).

    Members of groups among them: the group goes on without them.
    """
    now = clock.now()
    ended = 0
    for public_id, account_id in queries.list_uncorrected(clock.taipei_day(now)):
        with transaction() as session:
            registration = queries.get_registration_for_update(session, public_id, account_id)
            lapse = queries.find_lapse_of(registration, now)
            if lapse is not None:
                end_registration(registration, lapse, now=now, actor=SYSTEM)
                ended += 1
    return ended
