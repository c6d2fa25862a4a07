"""Cases that arrive at the same moment, on real connections with real commits."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask

from app.cases import services
from app.cases.models import Case
from app.cases.services import Application
from app.core import clock
from app.core.actors import SYSTEM
from app.core.db import db
from tests.factories.cases import make_application


def file_at_once(app: Flask, applications: list[Application]) -> list[str]:
    start, now = Barrier(len(applications)), clock.now()

    def file(application: Application) -> str:
        with app.app_context(), clock.fixed(now):
            start.wait()
            return services.file_case(application, actor=SYSTEM).number

    with ThreadPoolExecutor(len(applications)) as pool:
        return list(pool.map(file, applications))


@pytest.mark.requirement("W012")
def test_no_number_is_given_out_twice(live_app: Flask) -> None:
    numbers = file_at_once(live_app, [make_application() for _ in range(8)])

    assert sorted(numbers) == [f"1120501{serial:04}" for serial in range(1, 9)]


def test_a_button_pressed_twice_at_once_makes_one_case(live_app: Flask) -> None:
    numbers = file_at_once(live_app, [make_application(form_token="a" * 22)] * 4)

    with live_app.app_context():
        assert set(numbers) == {"11205010001"}
        assert db.session.scalar(sa.select(sa.func.count(Case.id))) == 1
