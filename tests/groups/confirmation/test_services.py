from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa

from app.accounts.tokens import digest_of
from app.core import clock
from app.core.actors import SYSTEM, Actor
from app.core.audit import AuditEntry
from app.core.db import db
from app.core.errors import NotFound, Refused
from app.groups import queries as groups
from app.groups.confirmation import queries, services
from app.groups.confirmation.models import ConfirmationLink, ConfirmationReport
from app.groups.confirmation.rules import Access, MemberState, ReportedField
from app.groups.confirmation.services.asking import Slips
from app.groups.models import Group
from app.groups.services import add_member, cancel_group, change_member, remove_member, submit_group
from app.groups.services.carrying import read_candidate
from app.registration.models import Registration
from tests.factories.accounts import make_leader
from tests.factories.groups import LEADER, fill, make_group
from tests.factories.ids import make_national_id
from tests.factories.registrations import make_candidate
from tests.groups.confirmation.asking import confirm, give_slips, make_asking_group, seen
from tests.mailbox import Mailbox

At = Callable[[str], None]

pytestmark = pytest.mark.usefixtures("app")


def _states(group: Group) -> list[MemberState]:
    return [each.state for each in queries.list_standings(group, groups.list_members(group))]


def _access(token: str) -> Access | None:
    opened = queries.find_opened(token, clock.now())
    return None if opened is None else opened.access


def _change(group: Group, member: Registration, **changes: object) -> None:
    candidate = replace(read_candidate(member), **changes)
    change_member(group.public_id, group.account_id, member.public_id, candidate, actor=SYSTEM)


def _report(link: ConfirmationLink, text: str = "名字應該是黃𠊎堃") -> None:
    services.report_mistake(link.token, ReportedField.NAME, text, actor=SYSTEM)


def _actions() -> list[str]:
    query = sa.select(AuditEntry.action).where(AuditEntry.action.like("confirmation.%"))
    return list(db.session.scalars(query.order_by(AuditEntry.id)))


# ---- asking ----


def test_nobody_is_asked_unless_the_leader_wishes(actor: Actor) -> None:
    group = fill(make_group(), free=4)

    assert not queries.is_on(group)
    with pytest.raises(Refused):
        services.slip_links(group.public_id, group.account_id, Slips(), actor=actor)
    with pytest.raises(Refused):
        services.send_links(group.public_id, group.account_id, actor=actor)

    services.switch_on(group.public_id, group.account_id, actor=actor)
    assert queries.is_on(group)
    assert _states(group) == [MemberState.NOT_ASKED] * 4


def test_switching_off_closes_the_links_and_on_again_opens_the_same() -> None:
    group = make_asking_group()
    links = give_slips(group)

    services.switch_off(group.public_id, group.account_id, actor=SYSTEM)
    assert _access(links[0].token) is Access.GONE

    services.switch_on(group.public_id, group.account_id, actor=SYSTEM)
    assert _access(links[0].token) is Access.OPEN
    assert _actions().count("confirmation.switch_on") == 2


def test_another_leaders_group_is_not_there(actor: Actor) -> None:
    group, other = make_asking_group(), make_leader()

    for act in (services.switch_on, services.switch_off, services.send_links):
        with pytest.raises(NotFound):
            act(group.public_id, other.id, actor=actor)


def test_a_submitted_group_asks_nobody_any_more(actor: Actor) -> None:
    group = make_asking_group()
    submit_group(group.public_id, group.account_id, actor=actor)

    with pytest.raises(Refused):
        services.slip_links(group.public_id, group.account_id, Slips(), actor=actor)


def test_a_slip_printed_twice_is_the_same_slip_and_no_two_are_alike() -> None:
    group = make_asking_group()

    first, second = give_slips(group), give_slips(group)

    assert [link.token for link in first] == [link.token for link in second]
    assert len({link.token for link in first}) == 4
    assert all(len(link.token) == 43 for link in first)


def test_what_is_stored_opens_nothing() -> None:
    [link, *_] = give_slips(make_asking_group())
    token = link.token

    assert link.digest == digest_of(token)
    assert token.encode() not in link.token_sealed
    assert _access(link.public_id) is None
    assert _access(link.digest.hex()) is None


def test_slips_are_for_those_who_have_not_confirmed_or_for_one() -> None:
    group = make_asking_group("黃𠊎堃", "徐玉蘭", "范姜宇軒")
    links = give_slips(group)
    confirm(links[0])
    _report(links[1])

    assert [each.registration.chinese_name for each in give_slips(group)] == ["徐玉蘭", "范姜宇軒"]
    only = Slips(member_id=links[0].registration.public_id)
    assert [each.token for each in give_slips(group, only)] == [links[0].token]


# ---- by mail ----


def test_only_who_has_a_mailbox_of_their_own_is_mailed(mailbox: Mailbox, actor: Actor) -> None:
    group = make_asking_group("黃𠊎堃", "徐玉蘭")
    candidate = make_candidate(chinese_name="鍾宇翔", email="yuxiang@example.tw")
    add_member(group.public_id, group.account_id, candidate, actor=actor)

    assert services.send_links(group.public_id, group.account_id, actor=actor) == 1

    [mail] = mailbox.all()
    assert mail.to == "yuxiang@example.tw"
    text = mail.text
    assert "鍾宇翔 您好" in text
    assert "/confirm/" in text
    assert LEADER.phone not in text
    assert candidate.identity.value not in text
    assert _states(group) == [MemberState.NOT_ASKED] * 2 + [MemberState.WAITING]
    assert len(give_slips(group, Slips(only_without_mail=True))) == 2


def test_mails_are_sent_again_the_next_day_to_those_who_have_not_answered(mailbox: Mailbox, at: At) -> None:
    group = make_asking_group("黃𠊎堃", "徐玉蘭", own_mail=True)
    assert services.send_links(group.public_id, group.account_id, actor=SYSTEM) == 2
    assert services.send_links(group.public_id, group.account_id, actor=SYSTEM) == 0
    first = give_slips(group)[0]
    confirm(first)

    at("2023-05-02 00:00")

    assert services.send_links(group.public_id, group.account_id, actor=SYSTEM) == 1
    assert [mail.to for mail in mailbox.all()] == [
        "family0@example.tw",
        "family1@example.tw",
        "family1@example.tw",
    ]


# ---- answering ----


def test_a_member_confirms_what_was_seen(actor: Actor) -> None:
    group = make_asking_group()
    [link, *_] = give_slips(group)

    services.confirm(link.token, seen(link.registration), actor=actor)
    services.confirm(link.token, seen(link.registration), actor=actor)

    assert _states(group)[0] is MemberState.CONFIRMED
    assert _actions().count("confirmation.confirm") == 1


def test_what_was_changed_meanwhile_is_not_confirmed(actor: Actor) -> None:
    group = make_asking_group()
    [link, *_] = give_slips(group)
    before = seen(link.registration)
    _change(group, link.registration, chinese_name="黃涯堃")

    with pytest.raises(services.SeenOld):
        services.confirm(link.token, before, actor=actor)
    for nonsense in ("", "00", "é"):
        with pytest.raises(services.SeenOld):
            services.confirm(link.token, nonsense, actor=actor)
    assert _states(group)[0] is MemberState.WAITING


def test_a_change_after_the_confirmation_voids_it_and_the_link(actor: Actor) -> None:
    group = make_asking_group()
    [link, *_] = give_slips(group)
    old = link.token
    confirm(link)

    _change(group, link.registration, chinese_name="黃涯堃")

    assert _states(group)[0] is MemberState.CHANGED
    assert _access(old) is Access.CHANGED
    with pytest.raises(services.LinkClosed):
        services.confirm(old, seen(link.registration), actor=actor)
    [new, *_] = give_slips(group)
    assert new.token != old
    assert (_access(old), _access(new.token)) == (None, Access.OPEN)
    assert _states(group)[0] is MemberState.WAITING


def test_what_is_not_shown_may_change() -> None:
    group = make_asking_group()
    [link, *_] = give_slips(group)
    confirm(link)

    _change(group, link.registration, mobile="0922333444", email="family@example.tw")

    assert _states(group)[0] is MemberState.CONFIRMED


def test_with_another_persons_number_the_link_shows_nobody() -> None:
    group = make_asking_group()
    [link, *_] = give_slips(group)
    somebody = make_candidate(id_number=make_national_id(), chinese_name="曾秀琴")

    change_member(group.public_id, group.account_id, link.registration.public_id, somebody, actor=SYSTEM)

    assert _access(link.token) is Access.CHANGED
    assert _states(group)[0] is MemberState.CHANGED


def test_a_removed_members_link_is_gone() -> None:
    group = make_asking_group()
    [link, *_] = give_slips(group)

    remove_member(group.public_id, group.account_id, link.registration.public_id, actor=SYSTEM)

    assert _access(link.token) is Access.GONE
    assert len(_states(group)) == 3


def test_links_end_with_the_registration_period(at: At, actor: Actor) -> None:
    [link, *_] = give_slips(make_asking_group())

    at("2023-06-09 23:59:59")
    assert _access(link.token) is Access.OPEN
    at("2023-06-10 00:00")
    assert _access(link.token) is Access.ENDED
    with pytest.raises(services.LinkClosed):
        services.confirm(link.token, seen(link.registration), actor=actor)


def test_after_submission_a_link_only_shows(at: At, actor: Actor) -> None:
    group = make_asking_group()
    [link, *_] = give_slips(group)
    submit_group(group.public_id, group.account_id, actor=actor)

    assert _access(link.token) is Access.READ_ONLY
    with pytest.raises(services.LinkClosed):
        services.confirm(link.token, seen(link.registration), actor=actor)
    with pytest.raises(services.LinkClosed):
        _report(link)
    at("2023-06-10 00:00")
    assert _access(link.token) is Access.ENDED


def test_a_cancelled_groups_links_are_gone(actor: Actor) -> None:
    group = make_asking_group()
    [link, *_] = give_slips(group)

    cancel_group(group.public_id, group.account_id, actor=actor)

    assert _access(link.token) is Access.GONE


def test_the_leader_puts_down_a_signed_slip(actor: Actor) -> None:
    group = make_asking_group()
    [member, *_] = groups.list_members(group)

    services.confirm_on_paper(group.public_id, group.account_id, member.public_id, actor=actor)

    [standing, *_] = queries.list_standings(group, groups.list_members(group))
    assert standing.state is MemberState.CONFIRMED
    assert standing.link is not None
    assert standing.link.on_paper


# ---- reporting ----


def test_a_mistake_is_reported_and_dealt_with(actor: Actor) -> None:
    group = make_asking_group()
    [link, *_] = give_slips(group)
    confirm(link)

    _report(link, "名字第二個字是「𠊎」")

    [report] = queries.list_reports(group)
    assert report.text == "名字第二個字是「𠊎」"
    assert "𠊎".encode() not in report.text_sealed
    assert _states(group)[0] is MemberState.REPORTED

    # Mended: the same slip shows the new data, because what was confirmed no longer counts.
    _change(group, link.registration, chinese_name="黃𠊎塹")
    services.settle_report(group.public_id, group.account_id, report.public_id, actor=actor)
    services.settle_report(group.public_id, group.account_id, report.public_id, actor=actor)
    assert _states(group)[0] is MemberState.WAITING
    confirm(link)
    assert _states(group)[0] is MemberState.CONFIRMED
    assert _actions().count("confirmation.settle") == 1


def test_a_sixth_open_report_is_refused() -> None:
    [link, *_] = give_slips(make_asking_group())
    for _ in range(5):
        _report(link)

    with pytest.raises(Refused):
        _report(link)


def test_reports_of_an_hour_are_one_mail_to_the_leader(mailbox: Mailbox, at: At) -> None:
    group = make_asking_group("黃𠊎堃", "徐玉蘭", "范姜宇軒", "鍾宇翔")
    first, second, third, fourth = give_slips(group)
    _report(first, "這些字不寄出去")
    [mail] = mailbox.all()
    assert mail.to == LEADER.email
    assert "黃𠊎堃（姓名）" in mail.text
    assert "這些字" not in mail.text

    at("2023-05-01 09:20")
    _report(second)
    _report(third)
    _report(fourth)
    newest = queries.list_reports(group)[0]
    assert newest.registration_id == fourth.registration_id
    services.settle_report(group.public_id, group.account_id, newest.public_id, actor=SYSTEM)
    at("2023-05-01 09:59")
    assert services.tell_leaders() == 0
    at("2023-05-01 10:00")
    assert services.tell_leaders() == 1
    assert services.tell_leaders() == 0

    assert "2 處錯誤：徐玉蘭（姓名）、范姜宇軒（姓名）" in mailbox.last().text


def test_reports_of_removed_members_tell_nobody() -> None:
    group = make_asking_group()
    first, second, *_ = give_slips(group)
    _report(first)
    _report(second)

    remove_member(group.public_id, group.account_id, second.registration.public_id, actor=SYSTEM)

    assert list(queries.list_groups_to_tell()) == []
    assert len(queries.list_reports(group)) == 1


# ---- forgetting ----


def test_links_and_reports_are_deleted_thirty_days_after_the_period(at: At) -> None:
    [link, *_] = give_slips(make_asking_group())
    _report(link)

    at("2023-07-09 12:00")
    assert services.forget_ended() == 0
    at("2023-07-10 00:00")
    assert services.forget_ended() == 4
    assert services.forget_ended() == 0

    assert db.session.scalars(sa.select(ConfirmationLink)).all() == []
    assert db.session.scalars(sa.select(ConfirmationReport)).all() == []


def test_the_number_of_queries_does_not_grow_with_the_members(count_queries: Callable) -> None:
    small, large = make_asking_group("黃𠊎堃"), make_asking_group(*["徐玉蘭"] * 6)
    counts = []
    for group in (small, large):
        for link in give_slips(group):
            confirm(link)
        db.session.expire_all()
        with count_queries() as statements:
            queries.list_standings(group, groups.list_members(group))
        counts.append(len(statements))

    assert counts[0] == counts[1]
