"""Open data (S017, S018)."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest

from app.exams.choices import Dialect
from tests.client import CheckingClient
from tests.factories.registrations import FREE, make_candidate, make_submitted


def read_csv(client: CheckingClient, name: str) -> list[dict[str, str]]:
    answer = client.get(f"/open-data/{name}.csv")
    assert answer.mimetype == "text/csv"
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


@pytest.mark.requirement("S018")
def test_each_data_set_is_described_with_licence_and_fields(client: CheckingClient) -> None:
    text = client.page("/open-data").main.get_text()

    assert "政府資料開放授權條款－第1版" in text
    for name in ("rounds", "places", "statistics"):
        document = client.get(f"/open-data/{name}.json").json
        assert document["licence"] in text
        assert document["title"] in text
        for record in document["records"]:
            assert list(record) == list(document["fields"])


@pytest.mark.requirement("S018", "R009")
def test_json_and_csv_say_the_same(client: CheckingClient) -> None:
    records = client.get("/open-data/rounds.json").json["records"]
    rows = read_csv(client, "rounds")

    assert len(rows) == len(records) == 13
    assert rows[0] == {name: str(value) for name, value in records[0].items()}
    assert rows[0]["test_date"] == "2023-09-02"


@pytest.mark.requirement("S017")
def test_places_left_are_counted_now(client: CheckingClient) -> None:
    make_submitted(area="苗栗")

    places = {(row["round"], row["area"]): row["places_left"] for row in read_csv(client, "places")}

    assert places["nat-112-01", "苗栗"] == "1199"
    assert places["nat-112-01", "臺北"] == "1200"
    assert len(places) == 2 * 16 + 11


@pytest.mark.requirement("S017")
def test_people_are_counted_after_the_close_and_only_in_company(
    client: CheckingClient, at: Callable[[str], None]
) -> None:
    for dialect, people in ((Dialect.SIXIAN, 6), (Dialect.HAILU, 5), (Dialect.DAPU, 1)):
        for _ in range(people):
            make_submitted(candidate=make_candidate(dialect=dialect, birth_on=FREE))
    make_submitted()  # not paid, so not complete

    assert read_csv(client, "statistics") == []
    at("2023-06-10 00:00")
    rows = [row for row in read_csv(client, "statistics") if row["round"] == "nat-112-01"]
    counts = {row["value"]: row["people"] for row in rows}
    assert counts == {"苗栗": "12", "四縣": "6", "海陸": "", "大埔": ""}


def test_an_unknown_data_set_is_not_found(client: CheckingClient) -> None:
    client.page("/open-data/accounts.json", status=404)


@pytest.mark.parametrize("name", ["rounds", "places", "statistics"])
def test_a_data_set_asks_little(
    client: CheckingClient, count_queries: Callable[[], object], at: Callable[[str], None], name: str
) -> None:
    at("2023-12-31 00:00")

    with count_queries() as queries:
        client.get(f"/open-data/{name}.csv")

    assert len(queries) <= 6, queries
