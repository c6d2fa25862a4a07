"""The workbench's addresses: the sheet, its rows, and what is done to them; for leaders and staff alike."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial, update_wrapper
from io import BytesIO
from typing import Any

from flask import (
    Blueprint,
    flash,
    get_template_attribute,
    jsonify,
    redirect,
    render_template,
    request,
    send_file,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.policy import current_account
from app.accounts.throttle import TooManyAttempts, one_import
from app.core.db import db
from app.core.errors import InvalidValue, NotFound, Refused
from app.core.messages import Message
from app.core.translation import translate
from app.groups.forms import SheetForm
from app.groups.services.guards import check_open
from app.groups.sheets.columns import COLUMN_OF
from app.groups.sheets.marks import MarkKind, Reason
from app.groups.staging import matching_page, page_queries, pages, queries, services, words
from app.groups.staging.lines import sheet_lines
from app.groups.staging.models import StagedRow, StagedSheet
from app.groups.staging.room import Access, WorkbenchRoom, wants_json
from app.groups.staging.services import Stale
from app.groups.staging.states import RowState, SheetState
from app.web import current_actor

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbench_routes(bp: Blueprint, access: Access) -> None:
    """Add upload and workbench to the addresses of a group, ``/<public_id>/sheets/<sheet_id>…``."""

    def add(rule: str, name: str, view: Callable[..., ResponseReturnValue], methods: list[str]) -> None:
        guarded = access.guard(update_wrapper(partial(view, access), view))
        bp.add_url_rule(f"/<public_id>/sheets/<sheet_id>{rule}", name, guarded, methods=methods)

    bp.add_url_rule(
        "/<public_id>/import",
        "import_members",
        access.guard(update_wrapper(partial(upload, access), upload)),
        methods=["GET", "POST"],
    )
    add("", "sheet", show, ["GET", "POST"])
    add("/progress", "sheet_progress", progress, ["GET"])
    add("/rows/<int:number>", "sheet_row", row, ["GET", "POST"])
    add("/answers", "sheet_answer_all", answer_all, ["POST"])
    add("/undo", "sheet_undo", undo, ["POST"])
    add("/commit", "sheet_commit", commit, ["POST"])
    add("/update", "sheet_update", update, ["POST"])
    add("/rest.xlsx", "sheet_rest", rest, ["GET"])
    add("/discard", "sheet_discard", discard, ["GET", "POST"])


def upload(access: Access, public_id: str) -> ResponseReturnValue:
    """Take a file and stage it; what is wrong with it as a whole stands beside it (R228)."""
    group = access.get_group(public_id)
    check_open(group)
    form, headers = SheetForm(), {}
    if form.validate_on_submit():
        file = form.sheet.data
        try:
            with one_import(current_account().id):
                sheet = services.stage_sheet(
                    public_id,
                    file.filename or "",
                    file.read(),
                    account_id=access.account_id(),
                    actor=current_actor(),
                )
        except (InvalidValue, Refused) as refusal:
            form.refuse_sheet(refusal)
        except TooManyAttempts as refusal:
            form.refuse_sheet(refusal)
            headers = {"Retry-After": str(refusal.retry_after_seconds)}
        else:
            return redirect(WorkbenchRoom(access, group, sheet.public_id).url("sheet"), 303)
    page = render_template(
        "groups/import.html",
        layout=access.layout,
        access=access,
        group=group,
        form=form,
        sheets=sheet_lines(access, group, queries.list_sheets(group)),
        crumbs=access.crumbs(group),
    )
    return page, 429 if headers else 422 if form.errors else 200, headers


def show(access: Access, public_id: str, sheet_id: str) -> ResponseReturnValue:
    """Show a sheet as it stands: being read, waiting for its columns to be named, or the workbench."""
    room, sheet = _enter(access, public_id, sheet_id)
    if sheet.state is SheetState.READING:
        return _page("reading", room, sheet)
    if sheet.state is SheetState.MATCHING:
        return _match(room, sheet)
    if sheet.state is not SheetState.OPEN:
        return _page("ended", room, sheet, problem=pages.problem_of(sheet))
    return _open_page(room, sheet)


def progress(access: Access, public_id: str, sheet_id: str) -> ResponseReturnValue:
    """Tell the page how far the reading of a big file is."""
    _room, sheet = _enter(access, public_id, sheet_id)
    reading = sheet.state is SheetState.READING
    return jsonify(reading=reading, done=sheet.rows_done, total=sheet.rows_total)


def row(access: Access, public_id: str, sheet_id: str, number: int) -> ResponseReturnValue:
    """Show one row as a form, and take what was changed in it."""
    room, sheet = _enter(access, public_id, sheet_id)
    if request.method == "GET":
        return _row_page(room, sheet, number)
    before = queries.get_row(sheet, number)
    persons = {before.id_blind}
    try:
        _change(room, before)
    except Stale as stale:
        if wants_json():
            return _renewed(room, sheet, {number}, message=stale.message), 409
        return _row_page(room, sheet, number, stale=stale.message), 409
    if wants_json():
        persons.add(queries.get_row(sheet, number).id_blind)
        return _renewed(room, sheet, {number, *page_queries.list_numbers_of(sheet, persons)})
    return redirect(_after_row(room, sheet, number), 303)


def answer_all(access: Access, public_id: str, sheet_id: str) -> ResponseReturnValue:
    """Answer all marks of one reason at once."""
    room, _sheet = _enter(access, public_id, sheet_id)
    asked = request.form.get("reason", "")
    kind = request.form.get("kind")
    if asked not in set(Reason) or kind not in (None, *MarkKind):
        raise NotFound(Message("請重新整理頁面再試一次"))
    blank = COLUMN_OF.get(request.form.get("blank", ""))
    text = request.form.get("text", "")
    if blank is not None and text not in blank.options:
        flash(_("請先選一項，再按「都填這一項」。"), "attention")
        return redirect(room.sheet_url, 303)
    count = services.answer_all(
        public_id,
        sheet_id,
        reason=Reason(asked),
        accept="refuse" not in request.form,
        suggestion=request.form.get("take", type=int),
        kind=MarkKind(kind) if kind else None,
        key=blank.key if blank else None,
        text=text if blank else None,
        account_id=access.account_id(),
        actor=current_actor(),
    )
    flash(_("已處理 %(count)s 列。", count=count), "done")
    return redirect(room.sheet_url, 303)


def undo(access: Access, public_id: str, sheet_id: str) -> ResponseReturnValue:
    """Take the last act back."""
    room, _sheet = _enter(access, public_id, sheet_id)
    undone = services.undo(
        public_id,
        sheet_id,
        change_id=request.form.get("change"),
        account_id=access.account_id(),
        actor=current_actor(),
    )
    if undone is not None:
        flash(_("已復原。"), "done")
    return redirect(room.sheet_url, 303)


def commit(access: Access, public_id: str, sheet_id: str) -> ResponseReturnValue:
    """Take the good rows into the group; the others stay."""
    room, _sheet = _enter(access, public_id, sheet_id)
    result = services.commit(public_id, sheet_id, account_id=access.account_id(), actor=current_actor())
    flash(pages.committed_words(result), "done" if result.added else "attention")
    sheet = queries.get_sheet(room.group, sheet_id)
    return redirect(room.url("sheet") if sheet.state is SheetState.OPEN else f"{room.group_url}#members", 303)


def update(access: Access, public_id: str, sheet_id: str) -> ResponseReturnValue:
    """Give members the data of the sheet, where the two differ."""
    room, _sheet = _enter(access, public_id, sheet_id)
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
    room, sheet = _enter(access, public_id, sheet_id)
    name = f"{room.group.name}_待修正.xlsx"
    return send_file(
        BytesIO(services.rest_of(room.group, sheet)), _XLSX, as_attachment=True, download_name=name
    )


def discard(access: Access, public_id: str, sheet_id: str) -> ResponseReturnValue:
    """Throw a sheet away, after asking."""
    room, sheet = _enter(access, public_id, sheet_id)
    if request.method == "GET":
        return _page("discard", room, sheet, facts=pages.discard_facts(sheet, queries.count_states(sheet)))
    services.discard(public_id, sheet_id, account_id=access.account_id(), actor=current_actor())
    flash(_("檔案已丟掉，名單沒有變動。"), "done")
    return redirect(room.group_url, 303)


def _enter(access: Access, public_id: str, sheet_id: str) -> tuple[WorkbenchRoom, StagedSheet]:
    group = access.get_group(public_id)
    sheet = queries.get_sheet(group, sheet_id)
    chosen = pages.known_filter(request.values.get("show", ""))
    return WorkbenchRoom(
        access, group, sheet_id, chosen, max(1, request.values.get("page", 1, type=int))
    ), sheet


def _page(name: str, room: WorkbenchRoom, sheet: StagedSheet, **values: Any) -> str:
    return render_template(
        f"groups/sheet/{name}.html",
        layout=room.access.layout,
        room=room,
        group=room.group,
        sheet=sheet,
        **values,
    )


def _open_page(room: WorkbenchRoom, sheet: StagedSheet) -> str:
    counts = queries.count_states(sheet)
    room = room.showing(room.chosen or pages.usual_filter(counts))
    states = words.FILTERS[room.chosen]
    last = pages.last_page(sum(counts[state] for state in states))
    page = min(room.page, last)
    rows = queries.list_rows(
        sheet, states, limit=pages.ROWS_ON_A_PAGE, offset=(page - 1) * pages.ROWS_ON_A_PAGE
    )
    return _page(
        "open",
        room,
        sheet,
        rows=_views(room, sheet, rows),
        columns=words.SHOWN,
        headings=words.HEADINGS,
        page=page,
        last=last,
        notes=pages.notes_of(sheet),
        empty_text=words.EMPTY_WORDS.get(room.chosen, _("沒有這樣的列。")),
        head=_head(sheet, counts),
    )


def _views(room: WorkbenchRoom, sheet: StagedSheet, rows: Sequence[StagedRow]) -> list[pages.RowView]:
    matching = queries.get_reading(sheet).matching
    return pages.row_views(rows, room.group, matching)


def _head(sheet: StagedSheet, counts: Mapping[RowState, int]) -> pages.HeadView:
    marked = queries.repairs_by_reason(sheet)
    reasons = pages.reason_views(marked, page_queries.find_examples(sheet, marked))
    change, matching = queries.find_change(sheet), queries.get_reading(sheet).matching
    return pages.head_view(counts, reasons, pages.blank_views(marked), change, matching)


def _match(room: WorkbenchRoom, sheet: StagedSheet) -> ResponseReturnValue:
    reading = queries.get_reading(sheet)
    columns, for_all, problems = dict(reading.matching.columns), dict(reading.matching.for_all), []
    if request.method == "POST":
        columns, for_all, problems = matching_page.read_choices(request.form)
        if not problems:
            try:
                services.confirm_matching(
                    room.group.public_id,
                    room.sheet_id,
                    columns=columns,
                    for_all=for_all,
                    account_id=room.access.account_id(),
                    actor=current_actor(),
                )
            except InvalidValue as refusal:
                problems = [(refusal.message, "column-0")]
            else:
                return redirect(room.sheet_url, 303)
    page = _page(
        "matching",
        room,
        sheet,
        columns=matching_page.column_views(reading.samples, columns),
        choices=matching_page.key_choices(),
        missing=matching_page.missing_views(columns, for_all),
        lacking=matching_page.lacking_headings(columns),
        errors=problems,
    )
    return page, 422 if problems else 200


def _change(room: WorkbenchRoom, row: StagedRow) -> None:
    """Do what the form of a row asks for: what was typed first, then what was answered."""
    posted = request.form
    common: dict[str, Any] = {
        "number": row.number,
        "account_id": room.access.account_id(),
        "actor": current_actor(),
    }
    place = (room.group.public_id, room.sheet_id)
    version = posted.get("version", 0, type=int)
    changes = _typed(row)
    key, _space, number = posted.get("take", "").partition(" ")
    if key:
        changes[key] = _suggestion(row, key, number)
    if changes:
        version = services.change_row(*place, version=version, changes=changes, **common).version
    for act in ("accept", "refuse"):
        if act in posted:
            services.answer_mark(*place, version=version, key=posted[act], accept=act == "accept", **common)
    if posted.get("out") in ("0", "1"):
        services.leave_out(*place, out=posted["out"] == "1", **common)


def _typed(row: StagedRow) -> dict[str, str]:
    """Return the cells that were typed differently from what stands in the row, by column key."""
    typed = {
        column.key: request.form[f"cell-{column.key}"].strip()
        for column in words.SHOWN
        if f"cell-{column.key}" in request.form
    }
    return {key: text for key, text in typed.items() if text != row.texts.get(key, "")}


def _suggestion(row: StagedRow, key: str, number: str) -> str:
    mark = row.marks.get(key)
    if mark is None or not number.isdecimal() or int(number) >= len(mark.suggestions):
        raise Stale(row)
    return mark.suggestions[int(number)]


def _row_page(
    room: WorkbenchRoom, sheet: StagedSheet, number: int, stale: Message | None = None
) -> ResponseReturnValue:
    found = queries.get_row(sheet, number)
    [view] = _views(room, sheet, [found])
    return _page(
        "row",
        room,
        sheet,
        view=view,
        groups_of_fields=pages.field_groups(view),
        left=queries.count_states(sheet)[RowState.TO_FIX],
        stale=stale,
    )


def _after_row(room: WorkbenchRoom, sheet: StagedSheet, number: int) -> str:
    """Return where a form without script goes on: this row while it is wrong, else the next that is."""
    if "whole" not in request.form:
        return f"{room.sheet_url}#row-{number}"
    if "out" not in request.form and queries.get_row(sheet, number).state is RowState.TO_FIX:
        return room.url("row", number=number, show=room.chosen or None)
    following = [
        *queries.list_rows(sheet, (RowState.TO_FIX,), after=number, limit=1),
        *queries.list_rows(sheet, (RowState.TO_FIX,), limit=1),
    ]
    if request.form.get("then") == "next" and following:
        return room.url("row", number=following[0].number, show=room.chosen or None)
    return room.sheet_url


def _renewed(
    room: WorkbenchRoom, sheet: StagedSheet, numbers: Collection[int], message: Message | None = None
) -> Response:
    """Return the parts of the page that have changed, for the script to exchange."""
    counts = queries.count_states(sheet)
    room = room.showing(room.chosen or pages.usual_filter(counts))
    rows = queries.list_rows_by_number(db.session, sheet, numbers)
    draw_row = get_template_attribute("groups/sheet/parts.html", "row")
    draw_head = get_template_attribute("groups/sheet/parts.html", "head")
    return jsonify(
        rows={view.number: draw_row(view, room) for view in _views(room, sheet, rows)},
        head=draw_head(_head(sheet, counts), room),
        message=translate(message) if message else "",
    )
