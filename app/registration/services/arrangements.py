"""Special arrangements: the candidate names aids and sends proof, the office answers (R185, R253)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.core import audit, clock
from app.core.actors import Actor
from app.core.db import transaction
from app.core.errors import InvalidValue, NotFound
from app.core.messages import N_, Message
from app.core.uploads import Document
from app.registration import arrangement_rules as rules
from app.registration import mails, queries
from app.registration.arrangement_rules import GIVEN, MOST_FILES, ArrangementState
from app.registration.models import Arrangement, ArrangementFile, Registration


def describe_arrangement(
    public_id: str, account_id: int, aids: str | None, documents: Sequence[Document], *, actor: Actor
) -> Registration:
    """Keep which aids are brought along and add proof, before the registration is sent.

    :param aids: None: no aid is brought along
    :raises NotFound: when the account has no such registration
    :raises Refused: when nothing was asked for, or it is sent already
    :raises InvalidValue: when there would be more than five files
    """
    with transaction() as session:
        registration = queries.get_registration_for_update(session, public_id, account_id)
        arrangement = _open(session, registration)
        if len(arrangement.files) + len(documents) > MOST_FILES:
            text = N_("證明文件最多 %(most)s 個，請先移除不要的檔案")
            raise InvalidValue(Message(text, {"most": MOST_FILES}), field="files")
        arrangement.aids = aids
        for document in documents:
            arrangement.files.append(
                ArrangementFile(
                    suffix=document.suffix, size_bytes=len(document.content), content=document.content
                )
            )
        session.flush()
        audit.record("registration.describe_arrangement", registration, actor, files=len(documents))
    return registration


def remove_arrangement_file(public_id: str, account_id: int, file_id: str, *, actor: Actor) -> None:
    """Take a proof back, before the registration is sent.

    :raises NotFound: when the account has no such registration, or it no such file
    :raises Refused: when it is sent already
    """
    with transaction() as session:
        registration = queries.get_registration_for_update(session, public_id, account_id)
        arrangement = _open(session, registration)
        file = next((each for each in arrangement.files if each.public_id == file_id), None)
        if file is None:
            raise NotFound(Message("沒有這份文件，可能已經移除"))
        arrangement.files.remove(file)
        audit.record("registration.remove_arrangement_file", registration, actor)


def drop_arrangement(session: Session, registration: Registration) -> None:
    """Delete aids and proof of a draft whose request was taken back, in the open unit of work."""
    if registration.accommodation_sealed is None and registration.arrangement is not None:
        session.delete(registration.arrangement)


def decide_arrangement(
    public_id: str,
    state: ArrangementState,
    *,
    provided: str | None,
    reply: str | None,
    actor: Actor,
) -> Registration:
    """Answer a request, or answer it anew; the candidate is told by mail that there is an answer.

    :param provided: what is provided on the exam day, for ticket and room list
    :param reply: why not all that was asked for, for the candidate alone
    :raises NotFound: when there is no such registration
    :raises Refused: when there is nothing to answer, the exam is over, or the answer says too little
    """
    with transaction() as session:
        registration = next(iter(queries.list_for_update(session, [public_id])), None)
        if registration is None:
            raise NotFound(Message("沒有這份報名，請從列表重新選擇"))
        rules.check_can_decide(
            registration.form_state,
            asked=registration.accommodation_sealed is not None,
            today=clock.today(),
            test_on=registration.exam_round.test_on,
        ).raise_if_refused()
        rules.check_answer(state, arrangement=provided, reply=reply).raise_if_refused()
        arrangement = registration.arrangement or Arrangement(registration=registration)
        arrangement.state, arrangement.decided_at = state, clock.now()
        arrangement.provided = provided if state in GIVEN else None
        arrangement.reply = reply or None
        session.add(arrangement)
        session.flush()
        # Which answer it was says something about the person: the log keeps only that there is one.
        audit.record("registration.decide_arrangement", registration, actor)
        leader = session.get_one(Account, registration.account_id) if registration.in_group else None
        mails.tell_arrangement_decided(registration, leader_email=leader.email if leader else None)
    return registration


def _open(session: Session, registration: Registration) -> Arrangement:
    rules.check_can_describe(
        registration.form_state, asked=registration.accommodation_sealed is not None
    ).raise_if_refused()
    arrangement = registration.arrangement
    if arrangement is None:
        arrangement = Arrangement(registration=registration, state=ArrangementState.WAITING)
        session.add(arrangement)
    return arrangement
