"""Every address that changes something asks for the token of the form, and for a browser of this site."""

import pytest
from werkzeug.routing import AnyConverter

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
# The gateway's notices carry a signature instead; its browser returns come from its own page.
SIGNED_INSTEAD = {"payments.notify", "payments.code", "payments.come_back"}


@pytest.fixture
def protected(app):
    app.config["WTF_CSRF_ENABLED"] = True
    yield app
    app.config["WTF_CSRF_ENABLED"] = False


def unsafe_rules(app):
    return [
        (rule, method)
        for rule in app.url_map.iter_rules()
        for method in sorted(rule.methods & UNSAFE)
        if rule.endpoint not in SIGNED_INSTEAD
    ]


def some_path(app, rule, method):
    """Return an address that a rule takes; what it names need not exist, the token comes first."""
    values = {}
    for name, converter in rule._converters.items():
        values[name] = sorted(converter.items)[0] if isinstance(converter, AnyConverter) else 1
    return app.url_map.bind("localhost").build(rule.endpoint, values, method=method)


def test_every_route_that_changes_something_refuses_a_form_without_its_token(protected):
    rules = unsafe_rules(protected)

    let_through = []
    for rule, method in rules:
        response = protected.test_client().open(
            some_path(protected, rule, method), method=method, data={"a": "b"}
        )
        if response.status_code != 400:
            let_through.append(f"{method} {rule.rule}: {response.status_code}")

    assert len(rules) > 20
    assert let_through == []


@pytest.mark.parametrize(
    ("sender", "accepted"),
    [("same-origin", True), ("none", True), ("cross-site", False), ("same-site", False)],
)
def test_a_form_that_the_browser_says_comes_from_another_site_is_refused(protected, client, sender, accepted):
    token = client.page("/national/login").select_one('input[name="csrf_token"]')["value"]

    response = client.post(
        "/national/login",
        data={"csrf_token": token, "email": "a@example.tw", "password": "x"},
        headers={"Sec-Fetch-Site": sender},
    )

    assert response.status_code == (422 if accepted else 400)


def test_the_exempt_addresses_are_still_there(app):
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}

    assert endpoints >= SIGNED_INSTEAD
