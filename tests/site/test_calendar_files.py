from tests.client import CheckingClient


def test_the_year_comes_as_a_calendar_file(client: CheckingClient) -> None:
    answer = client.get("/calendar.ics")

    assert answer.mimetype == "text/calendar"
    assert answer.text.count("BEGIN:VEVENT") == 13 * 7
    assert "UID:nat-112-01-test@localhost" in answer.text
    assert "DTSTART;VALUE=DATE:20230902" in answer.text


def test_a_round_comes_alone_and_its_period_ends_on_its_last_day(client: CheckingClient) -> None:
    text = client.get("/rounds/multi-112-08/calendar.ics").text

    assert text.count("BEGIN:VEVENT") == 7
    assert "DTSTART;VALUE=DATE:20230501\r\nDTEND;VALUE=DATE:20230701" in text


def test_a_round_that_does_not_exist_has_no_calendar(client: CheckingClient) -> None:
    assert client.get("/rounds/nat-999-01/calendar.ics").status_code == 404
