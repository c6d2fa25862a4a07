import pytest

from app.core.errors import InvalidValue
from app.groups.readers import read_group_name, read_places


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("臺北市中山區中山國小", "臺北市中山區中山國小"),
        ("  劉家　一家人 ", "劉家 一家人"),
        ("中" * 60, "中" * 60),
    ],
)
def test_a_group_name_is_kept_in_one_line(typed: str, name: str) -> None:
    assert read_group_name(typed) == name


@pytest.mark.parametrize("typed", ["", "　", "\u200b", "中" * 61])
def test_an_empty_or_long_name_is_refused(typed: str) -> None:
    with pytest.raises(InvalidValue):
        read_group_name(typed)


@pytest.mark.requirement("R218")
@pytest.mark.parametrize(
    ("typed", "places"), [("1", 1), ("38", 38), ("３８", 38), ("38 人", 38), ("1000", 1000)]
)
def test_places_are_read_in_either_width(typed: str, places: int) -> None:
    assert read_places(typed) == places


@pytest.mark.parametrize("typed", ["0", "1001", "-3", "三十八", "3.5", "9" * 5000])
def test_other_places_are_refused(typed: str) -> None:
    with pytest.raises(InvalidValue):
        read_places(typed)
