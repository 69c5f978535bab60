"""Where the robot's web servers listen, and who may call them by which name."""

from __future__ import annotations

import pytest

from bot.domain.listening import Place, is_called, read_place


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("127.0.0.1:9464", Place("127.0.0.1", 9464)),
        (" localhost:0 ", Place("localhost", 0)),
        ("[::1]:65535", Place("::1", 65535)),
        ("0.0.0.0:80", Place("0.0.0.0", 80)),  # noqa: S104 - only read
    ],
)
def test_an_address_and_a_port(text: str, place: Place):
    """Both are named; what is read is written the same way again."""
    assert read_place(text) == place
    assert str(place) == text.strip()


@pytest.mark.parametrize(
    "text",
    ["9464", ":9464", "localhost", "localhost:70000", "::1:9464", "[::g]:1", "[1.]:1", "a b:1", "", "x:-1"],
)
def test_anything_else_is_told_how_to_write_it(text: str):
    """A port alone would have to mean one's own machine or the whole world: it says neither."""
    with pytest.raises(ValueError, match=r"like 127\.0\.0\.1:9464"):
        read_place(text)


@pytest.mark.parametrize(
    ("host", "is_local"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),  # noqa: S104 - only read
        ("::", False),
        ("192.168.1.5", False),
        ("robot.lan", False),
    ],
)
def test_f_S09_what_only_this_machine_reaches(host: str, is_local: bool):
    """All addresses at once is everybody; a name may lead anywhere."""
    assert Place(host, 9464).is_local is is_local


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1:9464",
        "localhost",
        "LOCALHOST:1",
        "localhost.",
        "[::1]:9464",
        "10.1.2.3:9464",
        "robot.lan:9464",
    ],
)
def test_f_S09_names_it_answers_to(host: str):
    """This machine's own names, plain addresses, and what the settings allow."""
    assert is_called(host, frozenset({"robot.lan"}))


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:9464",
        "127.0.0.1.evil.example",
        "localhost:x",
        "localhost:80@evil",
        "",
        "[evil.example]",
    ],
)
def test_f_S09_a_name_that_was_led_here_is_not_answered(host: str):
    """A page on the web whose own name suddenly means this machine reads nothing."""
    assert not is_called(host)
