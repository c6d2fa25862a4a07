"""The portal's application factory: it wires the rooms together and holds no rule."""

from __future__ import annotations

import gc
import logging
import os
from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app import cli, extensions, web
from app.config import Mode, Settings, read_environment
from app.core import clock, logs, mail, outbox
from app.core.db import prepare_sqlite
from app.core.jobs import bind_jobs
from app.core.pdf import fonts


def create_app(settings: Settings | None = None) -> Flask:
    """Return the configured app; settings come from the environment unless they are given.

    :raises app.config.SettingsError: when the settings are unsafe or do not fit together
    """
    settings = settings or Settings.from_environment(read_environment(os.environ))
    settings.check()
    if settings.mode != Mode.TEST:
        logs.configure(logging.WARNING if settings.demo else logging.INFO)
    app = Flask(__name__)
    app.config.from_mapping(settings.flask_config())
    app.extensions["settings"] = settings
    if int(settings.proxies):
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=int(settings.proxies), x_proto=1, x_host=0)  # type: ignore[method-assign]
    Path(settings.instance).mkdir(parents=True, exist_ok=True)
    if settings.demo:
        clock.use_demo_file(Path(settings.instance, "clock"), start=clock.DEMO_START)
    _bind_core(app, settings)
    _register_rooms(app, settings)
    web.prepare(app)
    cli.register(app)
    if settings.mode != Mode.TEST:
        # What was made at the start stays: the collector need not walk through it at every large import.
        gc.freeze()
    return app


def _bind_core(app: Flask, settings: Settings) -> None:
    app.extensions["keyring"] = settings.keyring()
    app.extensions["signer"] = settings.signer()
    app.extensions["mail_transport"] = mail.transport_for(settings.mail_address)
    fonts.use_fonts([Path(name) for name in settings.pdf_fonts.split(":") if name])
    if app.logger.isEnabledFor(logging.INFO):
        app.logger.info(fonts.describe_chain())
    extensions.db.init_app(app)
    with app.app_context():
        if extensions.db.engine.dialect.name == "sqlite":
            prepare_sqlite(extensions.db.engine)
    extensions.login.init_app(app)
    extensions.csrf.init_app(app)
    extensions.limiter.init_app(app)
    extensions.babel.init_app(app, locale_selector=web.choose_locale)
    extensions.bootstrap.init_app(app)


def _register_rooms(app: Flask, settings: Settings) -> None:
    # Imported here: a room's models, jobs and commands register themselves when they are imported,
    # and whoever imports a rule from a room must not load the web with it.
    from app.accounts.own_data_views import bp as own_data
    from app.accounts.providers import bind_providers
    from app.accounts.views import bp as accounts
    from app.admin.views import bp as admin
    from app.cases import timeline as cases_timeline  # noqa: F401 - its source registers itself
    from app.cases.views import bp as cases
    from app.examday import own_data as examday_own_data  # noqa: F401 - its source registers itself
    from app.examday import tasks as examday_tasks  # noqa: F401 - its job registers itself
    from app.examday import timeline as examday_timeline  # noqa: F401 - its lines register themselves
    from app.examday.views import bp as examday
    from app.exams.commands import exams_cli
    from app.groups import documents as groups_documents  # noqa: F401 - its documents register themselves
    from app.groups import own_data as groups_own_data  # noqa: F401 - its source registers itself
    from app.groups import refunds as groups_refunds  # noqa: F401 - tells refunds about groups
    from app.groups import subscriptions as groups_subscriptions
    from app.groups import tasks as groups_tasks  # noqa: F401 - its job registers itself
    from app.groups.confirmation import own_data as confirmation_own_data  # noqa: F401 - its source registers itself
    from app.groups.confirmation import tasks as confirmation_tasks  # noqa: F401 - its jobs register themselves
    from app.groups.confirmation.views import bp as confirmation
    from app.groups.staging import tasks as staging_tasks  # noqa: F401 - its jobs register themselves
    from app.groups.views import bp as groups
    from app.mailings import own_data as mailings_own_data  # noqa: F401 - its source registers itself
    from app.mailings import timeline as mailings_timeline  # noqa: F401 - its lines register themselves
    from app.mailings.views import bp as mailings
    from app.operation.commands import audit_cli, operation_cli
    from app.operation.figures import watch_requests
    from app.operation.views import bp as operation
    from app.payments import tasks as payments_tasks  # noqa: F401 - its job registers itself
    from app.payments.books.commands import payments_cli
    from app.payments.fee_views import bp as fees
    from app.payments.gateways import bind_gateways
    from app.payments.reconciliation import tasks as reconciliation_tasks  # noqa: F401 - its jobs register themselves
    from app.payments.refunds import documents as refunds_documents  # noqa: F401 - its documents register themselves
    from app.payments.refunds.views import bp as refunds
    from app.payments.views import bp as payments
    from app.registration import own_data as registration_own_data  # noqa: F401 - its source registers itself
    from app.registration import subscriptions
    from app.registration import tasks as registration_tasks  # noqa: F401 - its job registers itself
    from app.registration.arrangement_views import bp as arrangements
    from app.registration.commands import absences_cli
    from app.registration.correction_views import bp as corrections
    from app.registration.open_data_views import bp as open_data
    from app.registration.views import bp as registration
    from app.results import documents as results_documents  # noqa: F401 - its documents register themselves
    from app.results import timeline  # noqa: F401 - its lines register themselves
    from app.results.survey_views import bp as surveys
    from app.results.views import bp as results
    from app.site.views import bp as site
    from app.tasks import deliver_outbox
    from app.tickets import subscriptions as tickets_subscriptions
    from app.tickets.commands import venues_cli
    from app.tickets.views import bp as tickets

    for room in (
        site,
        accounts,
        payments,
        fees,
        refunds,
        registration,
        open_data,
        corrections,
        arrangements,
        own_data,
        groups,
        confirmation,
        tickets,
        examday,
        cases,
        results,
        surveys,
        mailings,
        admin,
        operation,
    ):
        app.register_blueprint(room)
    if settings.demo:
        from app.demo.commands import demo_cli
        from app.demo.views import bp as demo

        app.register_blueprint(demo)
        app.cli.add_command(demo_cli)
    app.cli.add_command(absences_cli)
    app.cli.add_command(exams_cli)
    app.cli.add_command(operation_cli)
    app.cli.add_command(audit_cli)
    app.cli.add_command(venues_cli)
    app.cli.add_command(payments_cli)
    watch_requests(app)
    bind_gateways(app, settings)
    bind_providers(app, settings)
    subscriptions.connect()
    groups_subscriptions.connect()
    tickets_subscriptions.connect()
    bind_jobs(app, settings.jobs_address, secret=settings.secret_key)
    outbox.on_commit(deliver_outbox.later)
