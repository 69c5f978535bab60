"""Links in rows through the real command: from the wire to the words in the sheet."""

from __future__ import annotations

import json
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes.raw_server import RawServer, answer, serving
from fakes.web import PAGE, PNG
from stage import call, rowreel, rows_of

import bot

ANSWERS = {
    "/shoe.png": answer("200 OK", PNG, "Content-Type: image/png"),
    "/page.png": answer("200 OK", PAGE, "Content-Type: image/png"),
    "/locked.png": answer("403 Forbidden", PAGE),
}
FIELD = '\n[fields.picture]\ncolumn = "Picture"\ntype = "image"\n'
ROWS = ("shoe", "page", "locked")


@pytest.fixture
def site() -> Iterator[RawServer]:
    """Three links: a picture, and two that are none."""

    def script(line: socket.socket, request: bytes) -> None:
        line.sendall(ANSWERS[request.split()[1].decode()])

    with serving(script) as server:
        yield server


def with_pictures(folder: Path, base_url: str, key: str, site: RawServer, media: str) -> None:
    """The built-in template with a picture of its own, in the sheet and in the settings; three rows."""
    shutil.copytree(Path(bot.__file__).parent / "templates" / "builtin", folder / "pictures")
    contract = folder / "pictures" / "contract.toml"
    contract.write_text(contract.read_text() + FIELD)
    for project in (folder / "pictures").glob("*.json"):
        # Named where it changes nothing that is drawn: the stand-in loads no pictures from elsewhere.
        drawn = json.loads(project.read_text())
        drawn["visuals"] = [
            *drawn.get("visuals", []),
            {"type": "TEXT", "text": "{{picture}}", "condition": False},
        ]
        project.write_text(json.dumps(drawn))
    settings = (folder / "bot.toml").read_text()
    (folder / "bot.toml").write_text(
        settings.replace("[[sheets]]", f"{media}\n[[sheets]]") + 'template = "pictures"\n'
    )
    assert rowreel("init", "--yes", cwd=folder).returncode == 0
    header = call(f"{base_url}/v4/spreadsheets/{key}/values/Videos!1:1")["values"][0]
    lines = []
    for name in ROWS:
        cells = {
            "Approve": True,
            "Headline": f"A {name}",
            "Price": "€ 5",
            "Picture": f"{site.base_url}/{name}.png",
        }
        lines.append([cells.get(column) for column in header])
    body = {"values": lines}
    call(f"{base_url}/v4/spreadsheets/{key}/values/Videos!A2?valueInputOption=RAW", body, method="PUT")


def said(base_url: str, key: str) -> dict[str, tuple[str, str, str]]:
    return {
        row["Headline"].removeprefix("A "): (row["Status"], row["What to do"], row["Problem code"])
        for row in rows_of(base_url, key)
    }


NEEDS_FIXING = {
    "page": (
        "Needs fixing",
        '"Picture" is a web page, not a picture. Use the direct link to the file.',
        "MEDIA-PAGE",
    ),
    "locked": (
        "Needs fixing",
        '"Picture" needs a sign-in. Share it as "Anyone with the link".',
        "MEDIA-PRIVATE",
    ),
}


def test_one_round_says_what_is_wrong_with_links(place: tuple[Path, str, str], site: RawServer):
    """`plan` looks as well, and changes nothing; `once` stays until what it looked at is told."""
    folder, base_url, key = place
    with_pictures(folder, base_url, key, site, "[media]\nallow_private = true")

    plan = json.loads(rowreel("plan", "--json", cwd=folder).stdout)
    assert (plan[0]["need_fixing"], plan[0]["links_not_looked_at"]) == (2, 0)
    once = rowreel("once", cwd=folder)

    assert once.returncode == 0, once.stderr
    shown = said(base_url, key)
    assert {name: shown[name] for name in NEEDS_FIXING} == NEEDS_FIXING
    assert shown["shoe"][0] == "On hold"
    assert len(site.requests) == 2 * len(ROWS)


def test_f_M01_machines_inside_are_never_asked(place: tuple[Path, str, str], site: RawServer):
    """With the settings as they come, a link to the robot's own machine is told of, and nobody is asked."""
    folder, base_url, key = place
    with_pictures(folder, base_url, key, site, "")
    once = rowreel("once", cwd=folder)

    assert once.returncode == 0, once.stderr
    text = '"Picture" link is not open to the web. Use a link that anybody can open.'
    assert set(said(base_url, key).values()) == {("Needs fixing", text, "MEDIA-PRIVATE")}
    assert site.connections == 0
