"""The portal read in English, link by link, as each of its readers: no Chinese but what people typed, and no
sentences that stand together without a space, as Chinese ones do."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator
from urllib.parse import urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup, Comment, Doctype
from flask import Flask

from app.accounts.models import Account
from app.core.db import db
from tests.client import CheckingClient
from tests.factories.accounts import make_account, make_leader, make_staff
from tests.factories.cases import make_case
from tests.factories.groups import fill, make_group, make_submitted_group
from tests.factories.registrations import make_draft, make_paid, make_submitted
from tests.factories.results import make_published
from tests.factories.seating import load_example_venues, make_approved
from tests.test_wording import CHINESE

# Names and addresses of persons, schools and venues, as the factories and the example files give them.
TYPED = re.compile(
    "認證委員會第 2 次會議決議|"
    "「申訴書」|聽力測驗的分數與預期差距很大。"
    "|鍾美珍|鍾○珍|徐玉蘭|徐○蘭|徐春梅|徐○梅|徐大明|徐○明|黃大宏|黃○宏"
    "|母親|銅鑼國小|苗栗縣|銅鑼鄉|中正路\\S*|○+|臺北市\\S*|國立\\S+"
    "|第 ?[0-9]+ ?試場|彭老師|[\\w○]*(?:國小|國中|高中|大學|校區)[\\w ]*"
)
READ_OUT = ("alt", "title", "aria-label", "placeholder", "data-label", "data-filter-label", "data-copied")
MOST_PAGES = 150


def chinese_in(html: str) -> set[str]:
    """Return the Chinese that a reader of a page sees or hears, but for what is marked as Chinese."""
    page = BeautifulSoup(html, "html5lib")
    for element in page.select('[lang^="zh"]') + page.select("script, style, svg title"):
        element.decompose()
    texts = [str(text) for text in page.find_all(string=True) if not isinstance(text, Comment | Doctype)]
    for name in READ_OUT:
        texts += [str(element[name]) for element in page.find_all(attrs={name: True})]
    rest = (TYPED.sub("", text).strip() for text in texts)
    return {text for text in rest if CHINESE.search(text)}


GLUED = re.compile(r"\w*[a-z0-9)][.:;,!?][A-Z][a-z]\w*|\w+[.:;,!?]?\x00\w+|\w+[.:;,!?]\x00[^\W_]\w*")
IN_A_SENTENCE = ("a", "strong", "b", "em", "time", "code")


def glued_in(html: str) -> set[str]:
    """Return the places where a page's sentences, or the parts of one, stand together without a space."""
    page = BeautifulSoup(html, "html5lib")
    for element in page.select("script, style, svg, option, nav, .visually-hidden"):
        element.decompose()
    for element in page.find_all(IN_A_SENTENCE):
        element.insert(0, "\x00")
        element.append("\x00")
        element.unwrap()
    page.smooth()
    texts = (re.sub(r"\s*\x00+(?=\s)|(?<=\s)\x00+", "", str(text)) for text in page.find_all(string=True))
    return {match[0].replace("\x00", "|") for text in texts for match in GLUED.finditer(text)}


def read_all(client: CheckingClient, *starts: str) -> dict[str, str]:
    """Return what is still Chinese or glued on the pages that links lead to, with the first of them."""
    found: dict[str, str] = {}
    waiting, seen = deque(starts), set(starts)
    client.get("/?lang=en")
    while waiting and len(seen) < MOST_PAGES * 4:
        path = waiting.popleft()
        response = client.get(path, follow_redirects=True)
        assert response.status_code < 500, path
        if response.mimetype != "text/html":
            continue
        html = response.get_data(as_text=True)
        found = dict.fromkeys(chinese_in(html) | glued_in(html), path) | found
        for link in BeautifulSoup(html, "html5lib").select("a[href]"):
            address = urlsplit(urljoin(f"http://localhost{path}", str(link["href"])))
            onward = address.path + (f"?{address.query}" if address.query else "")
            kind = re.sub(r"[A-Za-z0-9_-]{20,}|=[^&]*", "*", onward)
            if address.netloc == "localhost" and kind not in seen and _is_a_page(address.path, address.query):
                seen |= {kind}
                waiting.append(onward)
    return found


def _is_a_page(path: str, query: str) -> bool:
    return not path.startswith(("/static/", "/demo")) and "lang=" not in query and "text=" not in query


@pytest.fixture
def english(
    app: Flask, client: CheckingClient, sign_in: Callable[[Account], None]
) -> Iterator[Callable[..., dict[str, str]]]:
    def english(account: Account | None, *starts: str) -> dict[str, str]:
        if account is not None:
            sign_in(account)
        # With the tokens that forms carry outside of tests: the client looks for ids that stand twice.
        app.config["WTF_CSRF_ENABLED"] = True
        return read_all(client, *starts)

    yield english
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.mark.parametrize(
    ("html", "places"),
    [
        ("<p>Step 1 of 4:<strong>Create an account</strong></p>", {"4:|Create"}),
        ("<p>A new one.<a href='/'>Sign up again</a>and choose</p>", {"one.|Sign", "again|and"}),
        ("<p>We pass it on.Accepted: at any time.</p>", {"on.Accepted"}),
        (
            "<p>Sent to <strong>a.lin@example.tw</strong>. See <a href='/'>this</a> (<em>too</em>).</p>",
            set(),
        ),
        ("<ul><li>Open the list.</li><li>Close it.</li></ul>", set()),
    ],
)
def test_sentences_that_stand_together_are_found(html: str, places: set[str]) -> None:
    assert glued_in(html) == places


def test_a_visitor_reads_english(app: Flask, english: Callable[..., dict[str, str]]) -> None:
    assert english(None, "/", "/rounds", "/help", "/calendar", "/downloads", "/privacy", "/cases/new") == {}


def test_a_candidate_reads_english(app: Flask, english: Callable[..., dict[str, str]]) -> None:
    account = make_account()
    make_draft(account)
    make_submitted(account)
    make_paid(account)

    assert english(account, "/registrations", "/account", "/cases/mine") == {}


def test_a_candidate_reads_ticket_and_results_in_english(
    app: Flask, at: Callable[[str], None], english: Callable[..., dict[str, str]]
) -> None:
    people = make_published({"徐玉蘭": ("到考", 30, 35.5, 15, "D11"), "徐大明": ("到考", 3, 4, 2)})
    at("2023-12-10 09:00")

    for one in people:
        account = db.session.get_one(Account, one.account_id)
        assert english(account, f"/registrations/{one.public_id}") == {}


def test_a_leader_reads_english(app: Flask, english: Callable[..., dict[str, str]]) -> None:
    leader = make_leader()
    fill(make_group(leader), paying=1, free=1)
    make_submitted_group(leader)

    assert english(leader, "/groups") == {}


def test_staff_read_english(app: Flask, english: Callable[..., dict[str, str]]) -> None:
    load_example_venues()
    make_approved()
    make_paid()
    make_submitted_group()
    make_case("appeal")

    assert english(make_staff(), "/admin/") == {}
