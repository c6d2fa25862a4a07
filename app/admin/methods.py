"""The payments desk's page of methods: which gateway takes each, and closing one for a while (S019)."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.accounts.permissions import Permission
from app.accounts.policy import permission_required
from app.admin.method_forms import ClosureForm
from app.admin.payments import bp
from app.core import clock
from app.core.errors import DomainError, NotFound
from app.core.messages import Message
from app.payments import availability
from app.payments.gateways import gateway_for
from app.payments.gateways.base import Method
from app.payments.words import METHOD_NAMES
from app.web import current_actor

handles = permission_required(Permission.PAYMENTS)


@bp.get("/methods")
@handles
def methods() -> str:
    now = clock.now()
    lines = [
        (method, gateway, availability.find_closure(method, now=now), availability.is_silent(gateway.name))
        for method in Method
        if (gateway := gateway_for(method)) is not None
    ]
    return render_template(
        "admin/methods/index.html",
        lines=lines,
        without=[METHOD_NAMES[method] for method in Method if gateway_for(method) is None],
        names=METHOD_NAMES,
    )


@bp.route("/methods/<method>/close", methods=["GET", "POST"])
@handles
def close_method(method: str) -> ResponseReturnValue:
    """Ask for the notice, show once more what payers will read, then close."""
    closed, form = _method(method), ClosureForm()
    if form.validate_on_submit():
        try:
            availability.check_until(form.until, now=clock.now())
            if request.form.get("confirmed") != "yes":
                page = "admin/methods/confirm.html"
                return render_template(page, method=closed, names=METHOD_NAMES, form=form)
            availability.close_method(
                closed,
                text=form.text.value,
                text_en=form.text_en.value or None,
                until=form.until,
                actor=current_actor(),
            )
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_l("已暫停，繳費頁面立刻顯示說明。"), "done")
            return redirect(url_for(".methods"), 303)
    page = render_template("admin/methods/close.html", method=closed, names=METHOD_NAMES, form=form)
    return page, form.status_code


@bp.route("/methods/<method>/open", methods=["GET", "POST"])
@handles
def open_method(method: str) -> ResponseReturnValue:
    closed = _method(method)
    if request.method == "GET":
        closure = availability.find_closure(closed, now=clock.now())
        return render_template("admin/methods/open.html", method=closed, names=METHOD_NAMES, closure=closure)
    availability.open_method(closed, actor=current_actor())
    flash(_l("已恢復。"), "done")
    return redirect(url_for(".methods"), 303)


def _method(value: str) -> Method:
    """Return the method of an address; raises NotFound for one that nobody takes."""
    if value not in set(Method) or gateway_for(Method(value)) is None:
        raise NotFound(Message("找不到這個頁面"))
    return Method(value)
