"""An uploaded file becomes staged rows: at once, by a job, or once the leader has said what a column is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core import clock
from app.core.actors import SYSTEM
from app.core.audit import AuditEntry
from app.core.db import db, transaction
from app.core.errors import InvalidValue, NotFound, Refused
from app.groups import queries as groups
from app.groups.sheets.packing import unpack
from app.groups.staging import queries, services
from app.groups.staging.models import StagedChange, StagedRow, StagedSheet
from app.groups.staging.services import files, reading
from app.groups.staging.states import SheetState
from tests.factories.accounts import make_leader
from tests.factories.groups import SHEETS, make_group
from tests.groups.staging.desk import Desk, own_sheet, people, stage

COLUMNS = {"chinese_name": 0, "id_number": 1, "birth_on": 2}
FOR_ALL = {
    "foreign": "本國",
    "phone_mobile": "0912-345-678",
    "dialect": "四縣",
    "background": "父或母為客家人",
    "occupation": "學生",
    "education": "小學(含)以下",
}


def small_steps(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every sheet of more than five rows be read by a job, two rows at a time."""
    object.__setattr__(app.extensions["settings"], "import_rows", "5")
    monkeypatch.setattr(reading, "_BATCH", 2)


@pytest.fixture
def large(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Large sheets are read by a job; those that were asked for are listed, not run."""
    small_steps(app, monkeypatch)
    asked: list[str] = []
    monkeypatch.setattr("app.groups.staging.tasks.read_sheet.later", asked.append)
    yield asked
    object.__setattr__(app.extensions["settings"], "import_rows", "1000")


def actions() -> list[str]:
    return list(db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)))


@pytest.mark.usefixtures("app")
class TestAtOnce:
    def test_upload_commit_and_discard_are_on_record(self) -> None:
        desk = stage(members=people(2))
        desk.commit()
        stage(desk.group, people(1, first=5)).discard()

        assert [each for each in actions() if each.startswith("group.")] == [
            "group.create",
            "group.stage_sheet",
            "group.commit_sheet",
            "group.stage_sheet",
            "group.discard_sheet",
        ]
        assert actions().count("registration.create") == 2

    def test_what_is_stored_can_only_be_opened_with_the_key(self) -> None:
        desk = stage(members=people(1))

        row = desk.row(2)

        assert row.texts["chinese_name"] == "黃家豪"
        for name in ("黃家豪", row.texts["id_number"]):
            assert name.encode() not in row.body_sealed

    def test_a_file_that_cannot_be_used_leaves_nothing(self) -> None:
        group = make_group()

        with pytest.raises(InvalidValue):
            stage(group, (SHEETS / "last_years_template.xlsx").read_bytes())
        with pytest.raises(InvalidValue):
            stage(group, (SHEETS / "empty.xlsx").read_bytes())

        assert queries.list_sheets(group) == []

    def test_another_leader_has_no_such_group(self) -> None:
        group = make_group()

        with pytest.raises(NotFound):
            services.stage_sheet(group.public_id, "a", b"x", account_id=make_leader().id, actor=SYSTEM)

    def test_the_office_acts_on_the_leaders_behalf_on_record(self) -> None:
        desk = stage(members=people(2))

        services.commit(desk.group.public_id, desk.sheet.public_id, account_id=None, actor=SYSTEM)

        entry = db.session.scalars(
            sa.select(AuditEntry).where(AuditEntry.action == "group.commit_sheet")
        ).one()
        assert entry.details["on_behalf"] is True
        assert {member.account_id for member in groups.list_members(desk.group)} == {desk.group.account_id}

    def test_discarding_twice_changes_nothing(self) -> None:
        desk = stage(members=people(2))
        desk.type(2, chinese_name="黃小明")

        desk.discard()
        desk.discard()

        assert desk.sheet.state is SheetState.DISCARDED
        assert desk.counts() == {"ready": 2}  # how it stood
        for model in (StagedRow, StagedChange):
            assert db.session.scalar(sa.select(sa.func.count()).select_from(model)) == 0


@pytest.mark.usefixtures("app")
class TestOwnSheets:
    @pytest.fixture
    def content(self) -> bytes:
        members = people(3)
        rows = [[each["chinese_name"], each["id_number"], each["birth_on"]] for each in members]
        return own_sheet(("學生姓名", "身分證字號", "生日"), rows)

    @pytest.fixture
    def desk(self, content: bytes) -> Desk:
        return stage(members=content, name="三年二班.xlsx")

    def confirm(self, desk: Desk, **changes: Any) -> StagedSheet:
        asked = {"columns": COLUMNS, "for_all": FOR_ALL} | changes
        sheet: StagedSheet = desk.confirm_matching(**asked)
        return sheet

    def test_headings_without_anybody_below_are_refused_before_they_are_asked_about(self) -> None:
        with pytest.raises(InvalidValue, match="沒有考生"):
            stage(members=own_sheet(("學生姓名", "身分證字號", "生日"), []), name="空白.xlsx")

    def test_what_the_page_does_not_ask_about_stays_as_it_was_proposed(self) -> None:
        rows = [[each["chinese_name"], "黃明", each["phone_mobile"]] for each in people(2)]
        desk = stage(members=own_sheet(("姓名", "家長姓名", "電話"), rows), name="家長.xlsx")

        columns = {"chinese_name": 0, "emergency_name": 1, "phone_mobile": 2}
        self.confirm(desk, columns=columns)

        assert desk.row(2).texts["emergency_relation"] == "家長"
        assert "emergency_relation" not in desk.row(2).marks

    def test_the_leader_says_which_column_is_which(self, desk: Desk) -> None:
        assert desk.sheet.state is SheetState.MATCHING
        samples = dict(queries.get_reading(desk.sheet).samples)
        assert samples["學生姓名"][0] == "黃家豪"

        sheet = self.confirm(desk)

        assert sheet.state is SheetState.OPEN
        assert sum(desk.counts().values()) == 3
        assert desk.row(2).texts["dialect"] == "四縣"
        assert sheet.content_sealed is None

    def test_the_names_must_be_pointed_out_the_rest_can_be_filled_in_row_by_row(self, desk: Desk) -> None:
        with pytest.raises(InvalidValue, match="中文姓名"):
            self.confirm(
                desk, columns={key: place for key, place in COLUMNS.items() if key != "chinese_name"}
            )

        self.confirm(desk, for_all=FOR_ALL | {"dialect": ""})

        assert desk.counts() == {"to_fix": sum(desk.counts().values())}

    def test_an_answer_for_all_must_be_readable(self, desk: Desk) -> None:
        with pytest.raises(InvalidValue):
            self.confirm(desk, for_all=FOR_ALL | {"dialect": "客語"})

    @pytest.mark.parametrize("place", [0, 77, -1])
    def test_a_place_is_used_once_and_exists(self, desk: Desk, place: int) -> None:
        with pytest.raises(InvalidValue):
            self.confirm(desk, columns=COLUMNS | {"email": place})

    def test_confirming_twice_is_refused(self, desk: Desk) -> None:
        self.confirm(desk)

        with pytest.raises(Refused):
            self.confirm(desk)

    def test_the_headings_are_remembered_for_the_leader(self, desk: Desk) -> None:
        self.confirm(desk)

        with transaction() as session:
            memories = queries.list_heading_memories(session, desk.group.account_id)

        assert memories["學生姓名"].column_key == "chinese_name"

    def test_what_an_own_sheet_has_no_column_for_is_kept_by_the_member(
        self, desk: Desk, content: bytes
    ) -> None:
        self.confirm(desk)
        desk.type(2, english_name="Huang, Chia-Hao", accommodation="輪椅")
        desk.commit()
        again = stage(desk.group, content)
        self.confirm(again)

        assert again.counts() == {"known": 3}


@pytest.mark.usefixtures("large")
class TestByAJob:
    def test_a_large_sheet_is_left_to_a_job(self, large: list[str]) -> None:
        desk = stage(members=people(9))

        assert (desk.sheet.state, large) == (SheetState.READING, [desk.sheet.public_id])
        assert desk.sheet.content is not None

        services.read_staged_sheet(desk.sheet.public_id)

        assert desk.counts() == {"ready": 9}
        assert (desk.sheet.state, desk.sheet.rows_done, desk.sheet.rows_total) == (SheetState.OPEN, 9, 9)
        assert desk.sheet.content_sealed is None

    def test_a_large_own_sheet_is_read_as_it_was_confirmed(self) -> None:
        rows = [[each["chinese_name"], each["id_number"], each["birth_on"]] for each in people(9)]
        desk = stage(members=own_sheet(("學生姓名", "身分證字號", "生日"), rows), name="一年級.xlsx")

        desk.confirm_matching(columns=COLUMNS, for_all=FOR_ALL | {"dialect": ""})
        services.read_staged_sheet(desk.sheet.public_id)

        assert desk.sheet.state is SheetState.OPEN
        assert desk.counts() == {"to_fix": 9}

    def test_a_job_that_runs_twice_reads_once(self) -> None:
        desk = stage(members=people(9))

        services.read_staged_sheet(desk.sheet.public_id)
        services.read_staged_sheet(desk.sheet.public_id)

        assert desk.counts() == {"ready": 9}

    def test_progress_is_seen_while_it_reads(self, monkeypatch: pytest.MonkeyPatch) -> None:
        desk = stage(members=people(9))
        seen = []
        step = reading._step

        def watched(*arguments: Any, **more: Any) -> None:
            step(*arguments, **more)
            db.session.refresh(desk.sheet)
            seen.append((desk.sheet.rows_done, desk.sheet.rows_total))

        monkeypatch.setattr(reading, "_step", watched)
        services.read_staged_sheet(desk.sheet.public_id)

        assert seen == [(0, 9), (2, 9), (4, 9), (6, 9), (8, 9), (9, 9)]

    def test_what_a_dead_worker_left_is_read_anew(self, monkeypatch: pytest.MonkeyPatch) -> None:
        desk = stage(members=people(9))
        with monkeypatch.context() as broken:
            broken.setattr(reading, "_open_read", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
            with pytest.raises(KeyboardInterrupt):
                services.read_staged_sheet(desk.sheet.public_id)
        db.session.expire_all()
        assert desk.sheet.rows_done == 9

        assert services.read_abandoned_sheets() == 0  # it may still be alive
        with transaction():
            desk.sheet.touched_at = clock.system_now() - timedelta(minutes=3)
        assert services.read_abandoned_sheets() == 1

        assert desk.counts() == {"ready": 9}
        assert desk.sheet.state is SheetState.OPEN

    def test_a_slow_worker_that_was_given_up_writes_nothing_more(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        desk = stage(members=people(9))
        inner = files.open_file

        def slow(*arguments: Any) -> Any:
            monkeypatch.setattr(files, "open_file", inner)
            services.read_staged_sheet(desk.sheet.public_id)  # another worker, quicker
            return inner(*arguments)

        monkeypatch.setattr(files, "open_file", slow)
        services.read_staged_sheet(desk.sheet.public_id)

        assert desk.counts() == {"ready": 9}

    def test_a_file_that_cannot_be_used_says_why(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(files, "is_large", lambda _: True)
        desk = stage(members=(SHEETS / "last_years_template.xlsx").read_bytes())

        services.read_staged_sheet(desk.sheet.public_id)
        db.session.expire_all()

        assert desk.sheet.state is SheetState.FAILED
        assert "111" in str(unpack(desk.sheet.problem or {}))
        assert desk.sheet.content_sealed is None

    def test_a_file_on_which_workers_die_is_given_up(self) -> None:
        desk = stage(members=people(9))
        with transaction():
            desk.sheet.attempt = 3

        services.read_staged_sheet(desk.sheet.public_id)
        db.session.expire_all()

        assert desk.sheet.state is SheetState.FAILED

    def test_a_sheet_that_is_discarded_meanwhile_stays_so(self, monkeypatch: pytest.MonkeyPatch) -> None:
        desk = stage(members=people(9))
        inner = files.open_file

        def slow(*arguments: Any) -> Any:
            desk.discard()
            return inner(*arguments)

        monkeypatch.setattr(files, "open_file", slow)
        services.read_staged_sheet(desk.sheet.public_id)
        db.session.expire_all()

        assert desk.sheet.state is SheetState.DISCARDED
        assert queries.list_rows(desk.sheet) == []


@pytest.mark.usefixtures("app")
class TestTending:
    def test_what_is_staged_goes_when_registration_has_closed(self, at: Callable[[str], None]) -> None:
        desk = stage(members=people(2, dialect="?"))
        at("2024-01-01 09:00")

        assert services.discard_overdue_sheets() == 1

        assert desk.sheet.state is SheetState.DISCARDED
        assert queries.list_rows(desk.sheet) == []
        assert services.discard_overdue_sheets() == 0

    def test_rows_of_a_finished_sheet_are_kept_for_thirty_days(self, at: Callable[[str], None]) -> None:
        at("2023-05-01 09:00")
        desk = stage(members=people(2))
        desk.commit()

        assert services.delete_old_rows() == 0
        with transaction():
            desk.sheet.finished_at = clock.now() - timedelta(days=31)
        assert services.delete_old_rows() == 1

        assert desk.counts() == {"in": 2}
        assert queries.list_rows(desk.sheet) == []
        assert groups.count_members(desk.group) == 2


def test_a_job_is_asked_for_and_run(live_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    small_steps(live_app, monkeypatch)
    with live_app.app_context():
        desk = stage(make_group(), people(9))
        db.session.expire_all()

        assert desk.counts() == {"ready": 9}
