from app.core.messages import Message
from app.registration.status import Tag, TimelineItem
from app.registration.timeline import UpperFact, with_upper_facts

SCORE = TimelineItem(Message("成績單"), Tag.NEUTRAL, Message("尚未開放下載"), key="score")
TEST = TimelineItem(Message("認證"), Tag.DONE, Message("已舉行"), key="test")


def fact(key: str, label: str) -> UpperFact:
    action = (Message("下載"), "/x")
    return UpperFact(key, Message(label), Tag.DONE, Message("完成"), Message("今天"), action)


def labels(items: list[TimelineItem], *facts: UpperFact) -> list[tuple[str, bool]]:
    return [(str(item.title), found is not None) for item, found in with_upper_facts(items, facts)]


def test_what_a_room_above_knows_better_replaces_the_line_in_its_place() -> None:
    assert labels([SCORE, TEST], fact("score", "成績")) == [("成績", True), ("認證", False)]


def test_what_only_a_room_above_knows_follows_at_the_end() -> None:
    found = labels([SCORE], fact("refund", "退費 1"), fact("refund", "退費 2"))

    assert found == [("成績單", False), ("退費 1", True), ("退費 2", True)]


def test_of_an_ended_registration_the_refund_is_still_told() -> None:
    assert labels([], fact("refund", "退費")) == [("退費", True)]


def test_a_line_of_its_own_may_follow_a_known_one() -> None:
    post = UpperFact("post", Message("成績單寄送"), Tag.DONE, Message("已寄出"), after="score")

    assert labels([SCORE, TEST], post) == [("成績單", False), ("成績單寄送", True), ("認證", False)]
    assert labels([TEST], post) == [("認證", False), ("成績單寄送", True)]


def test_a_note_from_above_stands_under_its_line() -> None:
    fact = UpperFact("score", Message("成績單"), Tag.DONE, Message("完成"), note=Message("請留意信箱。"))

    [(line, _fact)] = with_upper_facts([SCORE], [fact])

    assert line.note == Message("請留意信箱。")
