import pytest

from app.accounts.redirects import safe_next


@pytest.mark.parametrize(
    "target",
    ["/", "/registrations", "/registrations/new?round=multi-112-08", "/groups/a_B-9/members?page=2&q=1"],
)
def test_a_path_on_this_site_is_where_one_goes_next(target):
    assert safe_next(target, default="/home") == target


@pytest.mark.parametrize(
    "target",
    [
        None,
        "",
        "registrations",
        "https://evil.example/",
        "https:evil.example",
        "https:///evil.example",
        "//evil.example",
        "///evil.example",
        "/a//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/registrations\r\nSet-Cookie: a=b",
        "/registrations\n",
        "/報名",
        "/" + "a" * 500,
    ],
)
def test_any_other_target_is_left_aside(target):
    assert safe_next(target, default="/home") == "/home"
