"""The real robot tells people, beside the sheet; and the doctor looks whether it could."""

from __future__ import annotations

import json
import os
import threading
import time
from pathlib import Path

import pytest
from canaries import canary
from fakes.messages import MailHouse
from fakes.raw_server import RawServer, answer, serving
from stage import call, rowreel, running, until

from bot.cli import commands

ADDRESS = f"/services/{canary('{}')}"


def tick(base_url: str, key: str, rows: int) -> None:
    """Somebody adds rows and ticks them all."""
    lines = [[True, None, f"Film {number}", None, "€ 5"] for number in range(rows)]
    call(
        f"{base_url}/v4/spreadsheets/{key}/values/Videos!A2:E{rows + 1}?valueInputOption=RAW",
        {"values": lines},
        method="PUT",
    )


def heard(server: RawServer) -> list[str]:
    """Every text that came, in the order in which it came."""
    return [json.loads(one.partition(b"\r\n\r\n")[2])["text"] for one in server.requests]


def hears(server: RawServer, count: int) -> bool:
    """Whether so many messages came, after at most twenty seconds."""
    for _ in range(100):
        if len(server.requests) >= count:
            return True
        time.sleep(0.2)
    return False


def test_f_P02_a_batch_is_told_of_once_also_by_a_robot_that_was_killed(place: tuple[Path, str, str]):
    """Killed right after the message came, it does not send it again; its address is in no log."""
    folder, base_url, key = place
    with serving(lambda line, _: line.sendall(answer("200 OK", b"ok"))) as slack:
        where = {"NOTIFY_SLACK_URL": slack.base_url + ADDRESS}
        with running("run", cwd=folder, **where):
            until(base_url, key, "Ready to approve")
            tick(base_url, key, 2)
            assert hears(slack, 1)
        with running("run", cwd=folder, **where):
            time.sleep(4)

    assert heard(slack) == ["Videos: 2 of 2 done in 1 min, 18 credits."]
    assert slack.requests[0].startswith(f"POST {ADDRESS} HTTP".encode())


def test_somebody_who_never_answers_delays_nothing(place: tuple[Path, str, str]):
    """The key is refused and mended, the row is made, and the robot leaves at once, all the while."""
    folder, base_url, key = place
    over = threading.Event()
    with serving(lambda _line, _request: over.wait(30)) as slack:
        good = (folder / "S" / "zvid-key").read_text()
        with running("run", cwd=folder, NOTIFY_SLACK_URL=slack.base_url, ZVID_API_KEY=canary()):
            until(base_url, key, "Ready to approve")
            tick(base_url, key, 1)
            assert hears(slack, 1)
        with running("run", cwd=folder, NOTIFY_SLACK_URL=slack.base_url, ZVID_API_KEY=good) as robot:
            until(base_url, key, "Done")
            robot.terminate()
            robot.wait(9)
        over.set()

    assert heard(slack)[0] == "The Zvid key was refused. Rows are safe. An admin must renew the key."


# -- the doctor --------------------------------------------------------------------------


@pytest.fixture
def ask(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    """What the doctor says of [notify] with these settings."""
    for name in [one for one in os.environ if one.startswith("NOTIFY_")]:
        monkeypatch.delenv(name)

    def ask(*arguments: str, **notify: object) -> list[tuple[str, str, str]]:
        lines = [f"{key} = {json.dumps(value)}" for key, value in notify.items()]
        (tmp_path / "bot.toml").write_text(
            '[google]\nbase_url = "http://127.0.0.1:9"\ncredentials = "anonymous"\n'
            '[zvid]\nbase_url = "http://127.0.0.1:9"\n'
            f'[[sheets]]\nspreadsheet = "none"\n[notify]\n{chr(10).join(lines)}\n'
        )
        commands.main(
            ["doctor", "--json", "--config", str(tmp_path / "bot.toml"), *arguments], standalone_mode=False
        )
        said = json.loads(capsys.readouterr().out)
        return [(one["state"], one["says"], one["fix"]) for one in said if one["check"].startswith("notify")]

    return ask


def test_the_doctor_says_nothing_of_what_nobody_wants(ask):
    """Without [notify] nobody is told, and that is fine."""
    assert ask() == []


def test_the_doctor_says_when_there_is_nobody_to_send_a_test_to(ask):
    """Whoever asks for a message waits for it."""
    [(state, says, _)] = ask("--notify")

    assert (state, says) == ("warning", "no message was sent: the settings name nobody to be told")


def test_the_doctor_sends_a_test_only_when_asked(ask, tmp_path: Path):
    """Before that it looks whether somebody is there."""
    house = MailHouse()
    with serving(lambda line, _: line.sendall(answer("200 OK", b""))) as server:
        for name in ("slack", "webhook"):
            (tmp_path / f"{name}-url").write_text(f"{server.base_url}/services/T0\n")
            (tmp_path / f"{name}-url").chmod(0o600)
        settings = {
            "slack_url_file": "slack-url",
            "webhook_url_file": "webhook-url",
            "mail_to": ["team@example.org"],
            "mail_from": "robot@example.org",
            "smtp_host": "127.0.0.1",
            "smtp_port": house.port,
            "smtp_security": "none",
        }
        looked = ask(**settings)
        methods = [one.split()[0] for one in server.requests]
        mail_then = len(house.mail)
        sent = ask("--notify", **settings)
        house.close()

    assert [one[0] for one in looked + sent] == ["ok"] * 6
    assert (methods, mail_then) == ([b"HEAD", b"HEAD"], 0)
    assert [one.split()[0] for one in server.requests[2:]] == [b"POST", b"POST"]
    assert [one["Subject"] for one in house.mail] == ["Rowreel: This is a test"]
    assert sent[0][1] == "a test message was taken (answered 200)"


@pytest.mark.parametrize(
    ("address", "says", "fix"),
    [
        ("http://hooks.example/T0", "begins with http://, which anybody can read", "Use https://"),
        ("hooks.example", "holds is no address", "It should begin with https://"),
        ("https://[", "holds is no address", "Copy it again."),
    ],
)
def test_the_doctor_knows_an_address_that_is_none(
    ask, monkeypatch: pytest.MonkeyPatch, address: str, says: str, fix: str
):
    """And repeats nothing of it."""
    monkeypatch.setenv("NOTIFY_SLACK_URL", address)
    [(state, said, mend)] = ask()

    assert state == "problem"
    assert says in said
    assert (mend, address not in said) == (fix, True)


def test_the_doctor_names_who_refuses(ask, monkeypatch: pytest.MonkeyPatch):
    """A webhook that was deleted, found out by a test message alone."""
    with serving(lambda line, _: line.sendall(answer("404 Gone", b"no_team"))) as server:
        monkeypatch.setenv("NOTIFY_SLACK_URL", server.base_url + ADDRESS)
        looked, sent = ask(), ask("--notify")

    assert looked[0][0] == "ok"
    assert sent == [
        (
            "problem",
            "no message would get through (answered 404)",
            "Make a new webhook there, and put its address into NOTIFY_SLACK_URL or the file in notify.slack_url_file.",
        )
    ]


def test_the_doctor_finds_secrets_others_may_read(ask, tmp_path: Path):
    """An address is a secret like a key; one that is not there is told by its file."""
    (tmp_path / "slack-url").write_text("http://127.0.0.1:9/")
    (tmp_path / "slack-url").chmod(0o644)
    found = ask(slack_url_file="slack-url", webhook_url_file="nowhere")

    assert found[0] == (
        "warning",
        f"everybody on this machine may read {tmp_path}/slack-url",
        f"chmod 600 {tmp_path}/slack-url",
    )
    assert found[1][1:] == (
        "no message would get through (not reached (ConnectError))",
        "Check the network, and the address.",
    )
    assert found[2][1:] == (
        f"The file {tmp_path}/nowhere cannot be read",
        "Mend it, or set NOTIFY_WEBHOOK_URL.",
    )


@pytest.mark.parametrize(
    ("notify", "says"),
    [
        ({"mail_to": ["a@example.org"]}, "notify.mail_to needs notify.mail_from and notify.smtp_host."),
        (
            {
                "mail_to": ["a@b.c"],
                "mail_from": "a@b.c",
                "smtp_host": "mail.example",
                "smtp_security": "none",
            },
            "notify.smtp_security may be none only for a mail server on this machine",
        ),
        ({"quiet_hours": "22-7"}, "notify.quiet_hours"),
    ],
)
def test_settings_that_contradict_themselves(tmp_path: Path, notify: dict[str, object], says: str):
    """Refused at start, with the setting's name."""
    lines = [f"{key} = {json.dumps(value)}" for key, value in notify.items()]
    (tmp_path / "bot.toml").write_text(f'[[sheets]]\nspreadsheet = "none"\n[notify]\n{chr(10).join(lines)}\n')
    ended = rowreel("run", cwd=tmp_path)

    assert ended.returncode == 2
    assert says in ended.stderr
