"""The workbench's addresses: the sheet, its rows, and what is done to them; for leaders and for staff alike."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from io import BytesIO
from typing import Any

from flask import Blueprint, flash, get_template_attribute, jsonify, redirect, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.errors import DomainError, NotFound
from app.groups.sheets.marks import Reason
from app.groups.staging import matching_page, pages, queries, services
from app.groups.staging.models import StagedSheet
from app.groups.staging.rest_sheet import build_rest
from app.groups.staging.room import Access, WorkbenchRoom, wants_json
from app.groups.staging.services import Stale
from app.groups.staging.states import GOOD, RowState, SheetState
from app.web import current_actor

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MOST_IN_ONE_ADDRESS = 100_000


def workbench_routes(bp: Blueprint, access: Access) -> None:
    """Add the workbench to the addresses of a group, ``/<public_id>/sheets/<sheet_id>…``."""

    def add(rule: str, name: str, view: Callable[..., ResponseReturnValue], methods: list[str]) -> None:
        guarded = access.guard(partial(view, access))
        bp.add_url_rule(f"/<public_id>/sheets/<sheet_id>{rule}", name, guarded, methods=methods)

    add("", "sheet", show, ["GET", "POST"])
    add("/progress", "sheet_progress", progress, ["GET"])
    add("/rows/<int:number>", "sheet_row", row, ["GET", "POST"])
    add("/answers", "sheet_answer_all", answer_all, ["POST"])
    add("/undo", "sheet_undo", undo, ["POST"])
    add("/commit", "sheet_commit", commit, ["POST"])
    add("/update", "sheet_update", update, ["POST"])
    add("/rest.xlsx", "sheet_rest", rest, ["GET"])
    add("/discard", "sheet_discard", discard, ["GET", "POST"])


def show(access: Access, public_id: str, sheet_id: str) -> ResponseReturnValue:
    """Show a sheet as it stands: being read, waiting for its columns to be named, or the workbench."""
    group = access.get_group(public_id)
    sheet = queries.get_sheet(group, sheet_id)
    room = _room(access, group, sheet)
    if sheet.state is SheetState.READING:
        return _page("reading", room, sheet)
    if sheet.state is SheetState.MATCHING:
        return _match(room, sheet)
    if sheet.state is not SheetState.OPEN:
        return _page("ended", room, sheet, problem=pages.problem_of(sheet))
    counts = queries.count_states(sheet)
    room = room.showing(pages.known_filter(room.chosen) or pages.usual_filter(counts))
    states = pages.FILTERS[room.chosen]
    last = pages.last_page(sum(counts.get(state, 0) for state in states))
    rows = queries.list_rows(sheet, states, page=min(room.page, last), limit=pages.ROWS_ON_A_PAGE)
    return _page(
        "open",
        room,
        sheet,
        rows=pages.row_views(rows, queries.members_of(rows)),
        columns=pages.SHOWN,
        headings=pages.HEADINGS,
        page=min(room.page, last),
        last=last,
        notes=pages.notes_of(sheet),
        empty_text=pages.EMPTY_WORDS.get(room.chosen, _("沒有這樣的列。")),
        **_head(room, sheet, counts),
    )


def progress(access: Access, public_id: str, sheet_id: str) -> ResponseReturnValue:
    """Tell the page how far the reading of a big file is."""
    sheet = queries.get_sheet(access.get_group(public_id), sheet_id)
    return jsonify(
        reading=sheet.state is SheetState.READING, done=sheet.rows_done, total=sheet.rows_total
    )


def row(access: Access, public_id: str, sheet_id: str, number: int) -> ResponseReturnValue:
    """Show one row as a form, and take what was changed in it."""
    group = access.get_group(public_id)
    sheet = queries.get_sheet(group, sheet_id)
    room = _room(access, group, sheet)
    if request.method == "GET":
        return _row_page(room, sheet, number)
    try:
        changed = _change(access, room, number)
    except Stale as stale:
        if wants_json():
            return _renewed(room, [number], message=str(stale.message)), 409
        return _row_page(room, sheet, number, stale=stale), 409
    if wants_json():
        return _renewed(room, [each.number for each in changed])
    return redirect(_after(room, sheet, number), 303)


def answer_all(access: Access, public_id: str, sheet_id: str) -> ResponseReturnValue:
    """Answer all marks of one reason at once."""
    room = _room_of(access, public_id, sheet_id)
    taken = request.form.get("take", type=int)
    count = services.answer_all(
        public_id,
        sheet_id,
        reason=_reason(request.form.get("reason", "")),
        accept="refuse" not in request.form,
        suggestion=taken,
        account_id=access.account_id(),
        actor=current_actor(),
    )
    flash(ngettext("改了 %(num)s 列。", "改了 %(num)s 列。", count), "done")
    return redirect(room.sheet_url, 303)


def undo(access: Access, public_id: str, sheet_id: str) -> ResponseReturnValue:
    """Take the last act back."""
    room = _room_of(access, public_id, sheet_id)
    undone = services.undo(public_id, sheet_id, account_id=access.account_id(), actor=current_actor())
    if undone is not None:
        flash(_("已復原。"), "done")
    return redirect(room.sheet_url, 303)


def commit(access: Access, public_id: str, sheet_id: str) -> ResponseReturnValue:
    """Take the good rows into the group; the others stay."""
    room = _room_of(access, public_id, sheet_id)
    result = services.commit(public_id, sheet_id, account_id=access.account_id(), actor=current_actor())
    flash(pages.committed_words(result), "done" if result.added else "attention")
    sheet = queries.get_sheet(room.group, sheet_id)
    target = room.url("sheet") if sheet.state is SheetState.OPEN else f"{room.group_url}#members"
    return redirect(target, 303)


def update(access: Access, public_id: str, sheet_id: str) -> ResponseReturnValue:
    """Give members the data of the sheet, where the two differ."""
    room = _room_of(access, public_id, sheet_id)
    count = services.update_known(
        public_id,
        sheet_id,
        numbers=request.form.getlist("number", type=int),
        account_id=access.account_id(),
        actor=current_actor(),
    )
    flash(_("名單上 %(count)s 位考生的資料已照檔案更新。", count=count), "done")
    return redirect(room.sheet_url, 303)


def rest(access: Access, public_id: str, sheet_id: str) -> ResponseReturnValue:
    """Hand out the rows that have not gone in, as a sheet with the mistakes noted in its cells."""
    group = access.get_group(public_id)
    sheet = queries.get_sheet(group, sheet_id)
    content = build_rest(group, sheet)
    name = _("%(group)s_待修正.xlsx", group=group.name)
    return send_file(BytesIO(content), _XLSX, as_attachment=True, download_name=name)


def discard(access: Access, public_id: str, sheet_id: str) -> ResponseReturnValue:
    """Throw a sheet away, after asking."""
    room = _room_of(access, public_id, sheet_id)
    if request.method == "GET":
        sheet = queries.get_sheet(room.group, sheet_id)
        facts = pages.discard_facts(sheet, queries.count_states(sheet))
        return _page("discard", room, sheet, facts=facts)
    services.discard(public_id, sheet_id, account_id=access.account_id(), actor=current_actor())
    flash(_("檔案已丟掉，名單沒有變動。"), "done")
    return redirect(room.group_url, 303)
