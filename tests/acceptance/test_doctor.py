"""`rowreel doctor`: every usual cause is provoked for real, and named with its fix; nothing stops at the first."""

from __future__ import annotations

import json
import os
import shutil
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme
from builders import NOW
from canaries import canary
from fakes.raw_server import RawServer
from stage import call, rowreel

from bot.adapters.google_account import connect
from bot.adapters.google_sheet import look_at
from bot.adapters.journal_opening import open_journal
from bot.adapters.sheet_builder import build, survey
from bot.adapters.state_folder import StateFolder
from bot.adapters.template_folder import BUILT_IN, load_template
from bot.cli import commands
from bot.sandbox.app import Sandbox, SandboxOptions
from bot.sandbox.serve import SandboxServer
from bot.sandbox.sheets.service import SheetsOptions
from bot.sandbox.sheets.tokens import write_service_account
from bot.sandbox.zvid.service import ZvidOptions

ROBOT = "robot@sandbox.iam.gserviceaccount.com"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxServer]:
    """Stand-ins with one sheet that is ready, in the spreadsheet `good`."""
    options = SandboxOptions(
        sheets=SheetsOptions(reads_per_minute=0, writes_per_minute=0, require_token=True),
        zvid=ZvidOptions(render="instant"),
    )
    home = tmp_path_factory.mktemp("sandbox")
    with SandboxServer(Sandbox(home, options)) as server:
        write_service_account(home, server.base_url)
        server.sandbox.sheets.create_workbook("Good", {"Videos": [[]]}, "good")
        client = connect(home / "service-account.json", server.base_url)
        book = look_at(client, "good")
        build(client, book, survey(client, book, "Videos", load_template(BUILT_IN)))
        client.close()
        yield server


@dataclass
class Patient:
    """A folder with settings, and what the doctor says of it."""

    server: SandboxServer
    folder: Path
    capture: pytest.CaptureFixture[str]
    parts: dict[str, dict[str, Any]] = field(default_factory=dict)
    code: int = 0

    def settle(self, **parts: dict[str, Any]) -> None:
        """Writes bot.toml: the good one, with these settings changed."""
        url = self.server.base_url
        usual: dict[str, dict[str, Any]] = {
            "google": {"base_url": url, "credentials": "service-account.json"},
            "zvid": {"base_url": url, "key_file": "zvid-key"},
            "watch": {"listen": "127.0.0.1:0"},
            "sheets": {"spreadsheet": "good"},
        }
        lines = []
        for name in {**usual, **parts}:
            lines.append("[[sheets]]" if name == "sheets" else f"[{name}]")
            said = {**usual.get(name, {}), **parts.get(name, {})}
            lines += [f"{key} = {json.dumps(value)}" for key, value in said.items()]
        (self.folder / "bot.toml").write_text("\n".join(lines) + "\n")

    def see(self) -> list[dict[str, str]]:
        """Everything the doctor says, in a process that is this one."""
        arguments = ["doctor", "--json", "--config", str(self.folder / "bot.toml")]
        self.code = commands.main(arguments, standalone_mode=False) or 0
        said = self.capture.readouterr().out
        assert "Traceback" not in said
        return json.loads(said)

    def wrong(self) -> list[tuple[str, str, str]]:
        """What is not fine, as (check, what is wrong, what to do)."""
        return [(one["check"], one["says"], one["fix"]) for one in self.see() if one["state"] != "ok"]

    def only(self, check: str, code: int) -> tuple[str, str]:
        """The one thing that is wrong, and the code it ends with."""
        found = self.wrong()
        assert [name for name, _, _ in found] == [check], found
        assert self.code == code
        return found[0][1:]

    def book(self, *lines: list[Any], tab: str = "Videos") -> None:
        """A spreadsheet of its own, to be looked at instead of the good one."""
        name = f"book-{self.folder.name}"
        self.server.sandbox.sheets.create_workbook("Book", {tab: list(lines)}, name)
        self.settle(sheets={"spreadsheet": name})


@pytest.fixture
def patient(
    server: SandboxServer, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Patient]:
    monkeypatch.chdir(tmp_path)
    home = server.sandbox.zvid.home
    for name in ("zvid-key", "service-account.json"):
        shutil.copy(home / name, tmp_path / name)
    made = Patient(server, tmp_path, capsys)
    made.settle()
    yield made
    server.sandbox.sheets.change(access="open", clock_ahead_seconds=0, mishaps=())
    server.sandbox.zvid.change(clock_ahead_seconds=0, mishaps=())
    server.sandbox.zvid.set_balance(1164)


# -- healthy ------------------------------------------------------------------------------


def test_everything_is_fine(patient: Patient):
    """Every room is looked at once, the address to share with is named, and nothing is changed."""
    before = patient.server.sandbox.sheets.library.open("good").revision
    found = patient.see()
    said = {one["check"]: one["says"] for one in found}

    assert [one for one in found if one["state"] != "ok" or one["fix"]] == []
    assert patient.code == 0
    assert list(said) == [
        *("settings", "program", "state folder", "robot", "journal", "template", "credentials"),
        *("google", "google clock", "google account", "sheets api", "spreadsheet", "editing"),
        *("tab", "header", "control and log", "boxes and colours"),
        *("zvid", "zvid clock", "zvid key", "credits", "price", "watch"),
    ]
    assert said["google account"].startswith(f"{ROBOT}: this is the address to share the spreadsheet with")
    assert said["credits"] == "1,164 left, enough for 129 videos at 9 each"
    assert said["price"].startswith("Promo (built in): vertical 9, square 9, wide 9 credits, says Zvid")
    assert patient.server.sandbox.sheets.library.open("good").revision == before
    assert patient.server.sandbox.zvid.calls()["submit"] == 0


# -- the ten-minute path of the README --------------------------------------------------------

REFUSED = {
    "api_disabled": (
        "sheets api",
        "the Google Sheets API is not enabled in the project of the robot's account",
        "press Enable",
    ),
    "not_shared": ("spreadsheet", "good is not shared with the robot", f"Share it, as editor, with {ROBOT}."),
    "viewer": ("editing", '"Good" is shared, but only to look at', f"Share it with {ROBOT} as editor."),
    "office_file": (
        "spreadsheet",
        "good is an Excel file opened in Drive (.xlsx)",
        "choose File, Save as Google Sheets",
    ),
    "account_refused": (
        "google account",
        f"Google does not accept {ROBOT}",
        "Look whether its key was deleted",
    ),
}


@pytest.mark.parametrize("access", REFUSED)
def test_google_says_no(patient: Patient, access: str):
    """Each of Google's refusals is told apart; Zvid is looked at all the same."""
    patient.server.sandbox.sheets.change(access=access)
    check, says, fix = REFUSED[access]
    told = patient.only(check, 1)

    assert says in told[0]
    assert fix in told[1]
    assert "zvid key" in [one["check"] for one in patient.see()]


def test_wrong_address_of_the_spreadsheet(patient: Patient):
    """404: deleted, in the bin, or mistyped."""
    patient.settle(sheets={"spreadsheet": "https://docs.google.com/spreadsheets/d/nobody-knows-me/edit"})
    says, fix = patient.only("spreadsheet", 1)

    assert says == "there is no spreadsheet nobody-knows-me, or it is in the bin"
    assert "Copy the address from the browser" in fix


def test_wrong_tab(patient: Patient):
    """The nearest name is offered."""
    patient.settle(sheets={"tab": "Video"})
    says, fix = patient.only("tab", 1)

    assert says == '"Good" has no tab "Video"; its tabs: "Videos", "Control", "Log"'
    assert fix == 'Did you mean "Videos"? Set it as [[sheets]] tab.'
    patient.settle(sheets={"tab": "Spring"})

    assert patient.only("tab", 1)[1] == "Make it with: rowreel init, or set another one as [[sheets]] tab."


def test_wrong_zvid_key(patient: Patient):
    """Refused by every question."""
    (patient.folder / "zvid-key").write_text(other := canary())
    says, fix = patient.only("zvid key", 1)

    assert says.startswith("refused (401")
    assert other not in says + fix


def test_no_zvid_key(patient: Patient):
    """A matter of settings: exit 2."""
    patient.settle(zvid={"key_file": ""})
    says, fix = patient.only("zvid key", 2)

    assert (says, fix) == ("There is no Zvid key", "Set the environment variable ZVID_API_KEY.")


def test_f_S01_a_key_in_the_place_of_its_file(patient: Patient):
    """Pasted where its file's name belongs, it is recognised, and not repeated."""
    pasted = f'{{"type": "service_account", "private_key": "-----BEGIN PRIVATE KEY-----{"MIIEvQ" * 99}"}}'
    patient.settle(google={"credentials": pasted}, zvid={"key_file": (key := f"zvid_{'1a' * 16}")})
    found = {check: (says, fix) for check, says, fix in patient.wrong()}

    assert patient.code == 2
    assert found["credentials"] == (
        "google.credentials: there stands a key itself, it seems",
        "Put it into a file, and name the file.",
    )
    assert found["zvid key"][0] == "There stands a secret itself where a file is to be named"
    assert "MIIEvQ" not in str(found)
    assert key not in str(found)


def test_a_key_with_quotes_around_it(patient: Patient, monkeypatch: pytest.MonkeyPatch):
    """Typographic ones cannot even be sent."""
    monkeypatch.setenv("ZVID_API_KEY", "“zvid_abc”")
    says, _ = patient.only("zvid key", 2)

    assert says == "The Zvid key holds a sign no key has"


# -- the header -------------------------------------------------------------------------------


def test_an_empty_tab(patient: Patient):
    """What init would add, in one line each."""
    patient.book([])
    found = {check: (says, fix) for check, says, fix in patient.wrong()}

    assert patient.code == 1
    assert found["header"] == (
        '"Videos" lacks "Approve", "Campaign", "Headline", "Subline", "Price" and 17 more columns',
        "Add what is missing with: rowreel init",
    )
    assert found["control and log"][0] == 'no tab "Control": nobody can stop the robot from the sheet'
    assert '"Videos" lacks: boxes and dropdowns' in found["boxes and colours"][0]


def test_an_odd_header(patient: Patient):
    """Twice, nearly right, with a hidden blank, and no Row ID column: each is named."""
    patient.book(["Approve", "Headlin", "Price", "Price", "CTA\u200b", "Status"])
    said = [says for check, says, _ in patient.wrong() if check == "header"]

    assert said[0] == '"Videos": "Price" is there twice, in C and D'
    assert said[1] == '"Videos": Column B is called "Headlin". Is "Headline" meant?'
    assert said[2].startswith('"Videos" lacks "Campaign", "Subline", "Accent colour"')
    assert said[3] == '"Videos": Column E, "CTA", holds a hidden zero-width blank'


def test_a_header_below_notes(patient: Patient):
    """Where it seems to be."""
    patient.book(["Ask Anna before you change anything"], [], ["Approve", "Headline", "Price", "CTA"])
    said = [says for check, says, _ in patient.wrong() if check == "header"]

    assert said == ['"Videos": it seems to be in row 3, below some notes']


# -- clocks and lines ----------------------------------------------------------------------------


@pytest.mark.parametrize(("ahead", "state"), [(30, "ok"), (-120, "warning"), (7200, "problem")])
@pytest.mark.parametrize("half", ["google", "zvid"])
def test_f_T01_a_clock_that_is_wrong(patient: Patient, half: str, ahead: int, state: str):
    """By either side's own time; Google's refusal of the account then is no mystery."""
    other = patient.server.sandbox.sheets if half == "google" else patient.server.sandbox.zvid
    other.change(clock_ahead_seconds=ahead)
    found = {one["check"]: one for one in patient.see()}
    told = found[f"{half} clock"]

    assert told["state"] == state
    assert (
        told["says"]
        == {
            30: "this machine's clock agrees",
            -120: "this machine's clock is 2 minutes ahead",
            7200: "this machine's clock is 2 hours behind",
        }[ahead]
    )
    if (half, ahead) == ("google", 7200):
        assert "reasonable timeframe" in found["google account"]["says"]
        assert "clock" in found["google account"]["fix"]


@pytest.mark.parametrize("part", ["google", "zvid"])
def test_nobody_there(patient: Patient, part: str):
    """The other side is looked at all the same."""
    patient.settle(**{part: {"base_url": "http://127.0.0.1:9"}})
    says, fix = patient.only(part, 1)

    assert "cannot be reached: " in says
    assert fix == f"Start the stand-in there, or mend {part}.base_url."


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def behind_tls(authority: trustme.CA, *names: str, **validity: datetime) -> RawServer:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names, **validity).configure_cert(context)
    return RawServer(lambda _line, _request: None, tls=context)


@pytest.mark.parametrize("part", ["google", "zvid"])
def test_f_S11_a_certificate_nobody_trusts(patient: Patient, authority: trustme.CA, part: str):
    """Self-made: refused, and there is no setting that would let it pass."""
    server = behind_tls(authority, "127.0.0.1")
    patient.settle(**{part: {"base_url": server.base_url.replace("http:", "https:")}})
    says, fix = patient.only(part, 1)
    server.close()

    assert "the other side's certificate is not trusted" in says
    assert fix == f"Check the network, a proxy in between, and {part}.base_url."
    assert server.requests == []


@pytest.mark.parametrize(
    ("names", "days", "words"),
    [
        (["127.0.0.1"], (10, 20), "is not valid yet by this machine's clock"),
        (["127.0.0.1"], (-20, -10), "is no longer valid by this machine's clock"),
        (["sheets.example"], (-20, 20), "is not trusted (IP address mismatch"),
    ],
    ids=["clock behind", "expired", "wrong host"],
)
def test_f_T02_f_S11_a_certificate_that_does_not_fit(
    patient: Patient,
    authority: trustme.CA,
    monkeypatch: pytest.MonkeyPatch,
    names: list[str],
    days: tuple[int, int],
    words: str,
):
    """From an authority this machine trusts: the clock is named where it may be the cause."""
    authority.cert_pem.write_to_path(str(patient.folder / "authority.pem"))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(patient.folder / "authority.pem"))
    begins, ends = (datetime.now(UTC).replace(tzinfo=None) + timedelta(days=day) for day in days)
    server = behind_tls(authority, *names, not_before=begins, not_after=ends)
    patient.settle(google={"base_url": server.base_url.replace("http:", "https:")})
    says, fix = patient.only("google", 1)
    server.close()

    assert words in says
    assert ("Set this machine's clock" in fix) is ("clock" in words)
    assert server.requests == []


def test_a_key_in_clear_over_the_net(patient: Patient):
    """Downgraded to http beyond this machine: said before anything is sent."""
    patient.settle(zvid={"base_url": "http://zvid.invalid"})
    found = patient.wrong()

    assert (found[0][0], found[0][1]) == (
        "zvid",
        "zvid.base_url is http: anybody on the way could read the key",
    )
    assert patient.code == 2


# -- credits, prices, templates -----------------------------------------------------------------


@pytest.mark.parametrize(("left", "state"), [(0, "problem"), (8, "problem"), (9, "ok")])
def test_credits_that_do_not_do(patient: Patient, left: int, state: str):
    """Less than a video costs."""
    patient.server.sandbox.zvid.set_balance(left)
    [told] = [one for one in patient.see() if one["check"] == "credits"]

    assert told["state"] == state
    assert told["says"].startswith(f"{left} left")
    assert patient.code == (state == "problem")


@pytest.mark.parametrize(
    ("status", "check", "words"),
    [
        (404, "zvid", "there is no render service at this address (404"),
        (429, "zvid key", "Zvid asks to wait, so nobody can tell"),
        (503, "zvid", "it has trouble of its own (503"),
    ],
)
def test_zvid_in_trouble(patient: Patient, status: int, check: str, words: str):
    """It answers, but not to us: the key is not blamed."""
    patient.server.sandbox.zvid.change(mishaps=({"answer": status, "times": 99},))
    found = patient.wrong()

    assert [(name, says.startswith(words)) for name, says, _ in found] == [(check, True)]


def test_a_key_that_may_not_see_the_account(patient: Patient):
    """Only the balance is closed to it: the key is good, and what is left is not known."""
    patient.server.sandbox.zvid.change(mishaps=({"route": "balance", "answer": 401},))
    says, _ = patient.only("credits", 0)

    assert says.startswith("the account does not say how many are left (401")


def test_a_template_that_cannot_be_used(patient: Patient):
    """Exit 2; the header cannot be judged without it, everything else is."""
    (patient.folder / "T").mkdir()
    patient.settle(sheets={"template": "T"})
    says, fix = patient.only("template", 2)
    patient.settle(sheets={"template": "produkt"})
    other, _ = patient.only("template", 2)

    assert "no contract.toml in it" in says
    assert "The built-in ones are: builtin, lesson, listing, product" in other
    assert fix.startswith("Look it over with: rowreel template check")


def test_another_built_in_template(patient: Patient):
    """By its name; its prices are asked, and the tab has none of its columns."""
    patient.settle(sheets={"template": "product"})
    found = {one["check"]: one["says"] for one in patient.see()}

    assert found["template"].startswith("Product offer (built in), version ")
    assert found["price"].startswith("Product offer (built in): vertical ")
    assert found["header"].startswith('"Videos" lacks "Picture"')


@pytest.mark.parametrize(
    ("media", "elsewhere", "state", "words"),
    [
        ({}, False, "ok", "links in rows are looked at before they are sent: pictures up to 25 MB"),
        ({"check": False}, False, "warning", "links in rows are not looked at"),
        ({"allow_private": True}, False, "ok", "links in rows are looked at"),
        ({"allow_private": True}, True, "warning", "media.allow_private is on"),
    ],
)
def test_links_in_rows(patient: Patient, media: dict[str, Any], elsewhere: bool, state: str, words: str):
    """Looked at, and never in one's own network beside the real service; a stand-in may be asked."""
    other = {"zvid": {"base_url": "http://zvid.invalid"}} if elsewhere else {}
    patient.settle(sheets={"template": "product"}, media=media, **other)
    [told] = [one for one in patient.see() if one["check"] == "media"]

    assert (told["state"], told["says"].startswith(words)) == (state, True)
    assert bool(told["fix"]) is (state == "warning")


def test_a_design_zvid_would_refuse(patient: Patient):
    """Found by the free validation of a made-up row; here by the limits of a smaller plan."""
    patient.server.sandbox.zvid.change(limit_overrides={"maxScenes": 1})
    found = patient.wrong()
    patient.server.sandbox.zvid.change(limit_overrides={})

    assert [check for check, _, _ in found] == ["price"] * 3
    assert found[0][1].startswith(
        "Promo (built in): Zvid would not accept vertical, filled with made-up values: "
    )
    assert "scenes" in found[0][1].casefold()
    assert patient.code == 2


# -- this machine ---------------------------------------------------------------------------------


def test_f_X12_settings_that_are_none(patient: Patient):
    """Every one is named with what was meant, and the rest is looked at with what is left."""
    patient.settle(
        zvid={"max_in_flite": 3, "poll_seconds": "often"}, sheets={"tab": "Videos", "interval_second": 1}
    )
    found = patient.wrong()

    assert [check for check, _, _ in found] == ["settings"] * 3
    assert {says + ". " + fix for _, says, fix in found} >= {
        "zvid.max_in_flite is not a setting. Did you mean max_in_flight?",
        "sheets.0.interval_second is not a setting. Did you mean interval_seconds?",
    }
    assert patient.code == 2
    assert [one["check"] for one in patient.see()][-2:] == ["price", "watch"]


def test_no_settings_file(patient: Patient, monkeypatch: pytest.MonkeyPatch):
    """What can be looked at without one is."""
    (patient.folder / "bot.toml").unlink()
    monkeypatch.setenv("ROWREEL_GOOGLE__BASE_URL", patient.server.base_url)
    monkeypatch.setenv("ROWREEL_ZVID__BASE_URL", patient.server.base_url)
    monkeypatch.setenv("ROWREEL_GOOGLE__CREDENTIALS", "service-account.json")
    monkeypatch.setenv("ROWREEL_WATCH__LISTEN", "")  # its usual place may be taken on this machine
    found = patient.wrong()

    assert [check for check, _, _ in found] == ["settings", "zvid key"]
    assert found[0][1].startswith("There is no ")
    assert patient.code == 2


@pytest.mark.parametrize("mode", [0o600, 0o644])
def test_f_X12_a_key_in_the_settings_file(patient: Patient, mode: int):
    """Told without repeating it; worse where everybody may read the file."""
    path = patient.folder / "bot.toml"
    key = "zvid_" + "1a" * 32
    path.write_text(f"# {key}\n{path.read_text()}")
    path.chmod(mode)
    says, fix = patient.only("secrets", 0)

    assert ("everybody on this machine may read it" in says) is (mode == 0o644)
    assert "ZVID_API_KEY" in fix
    assert "1a1a" not in says + fix


CREDENTIALS = {
    "missing": (None, "google.credentials: there is no file"),
    "folder": ("folder", "robot-key.json is a folder"),
    "dangling link": ("link", "is a link to nowhere.json, which is not there"),
    "no JSON": ("-----BEGIN", "is no JSON file"),
    "list": ("[]", "is no service account's key"),
    "OAuth client": ('{"installed": {"client_id": "x"}}', "is an OAuth client secret"),
    "own sign-in": ('{"type": "authorized_user"}', "is a person's own sign-in"),
    "cut": ('{"type": "service_account", "client_email": "r@x"}', "lacks private_key, token_uri"),
    "key spoiled": (
        '{"type": "service_account", "client_email": "r@x", "private_key": "x", "token_uri": "http://127.0.0.1:9"}',
        "The Google credentials cannot be used",
    ),
}


@pytest.mark.parametrize("what", CREDENTIALS)
def test_f_S04_credentials_that_are_none(patient: Patient, what: str):
    """Named for what they are, with where the right file comes from; a file of this machine: exit 2."""
    content, words = CREDENTIALS[what]
    path = patient.folder / "robot-key.json"
    patient.settle(google={"credentials": path.name})
    match content:
        case None:
            pass
        case "folder":
            path.mkdir()
        case "link":
            path.symlink_to("nowhere.json")
        case _:
            path.touch(0o600)
            path.write_text(content)
    says, fix = patient.only("credentials", 2)

    assert words in says
    assert fix


@pytest.mark.parametrize(
    ("name", "check"), [("service-account.json", "credentials"), ("zvid-key", "zvid key")]
)
def test_f_S04_secrets_everybody_may_read(patient: Patient, name: str, check: str):
    """A warning with the very command."""
    (patient.folder / name).chmod(0o644)
    says, fix = patient.only(check, 0)

    assert "everybody on this machine may read" in says
    assert fix == f"chmod 600 {patient.folder / name}"


def test_no_place_for_the_journal(patient: Patient):
    """A volume that is not mounted."""
    patient.settle(journal={"url": "sqlite:///volume/state/journal.db"})
    says, _ = patient.only("state folder", 2)

    assert says.startswith("there is no folder ")


def started(folder: Path) -> Path:
    """A robot that ran here once."""
    state = StateFolder(folder / "state").open(NOW)
    open_journal(folder / "state" / "journal.db", state, NOW).close()
    state.close()
    return folder / "state"


JOURNALS = {
    "gone": (lambda state: (state / "journal.db").unlink(), "is gone, though this robot worked before", 1),
    "empty": (lambda state: (state / "journal.db").write_bytes(b""), "is empty (0 bytes)", 1),
    "no journal": (
        lambda state: (state / "journal.db").write_bytes(b"x" * 9000),
        "is damaged, or no journal at all",
        1,
    ),
    "another's": (
        lambda state: (state / "installation-id").write_text("6f0f3c52-6c0e-4b2e-9a55-0d8f6a3c1e11"),
        "it is this installation's: not so",
        1,
    ),
}


@pytest.mark.parametrize("what", JOURNALS)
def test_a_journal_in_trouble(patient: Patient, what: str):
    """The same words as at start, and the way back."""
    spoil, words, code = JOURNALS[what]
    spoil(started(patient.folder))
    says, fix = patient.only("journal", code)

    assert words in says
    assert "rowreel" in fix


def test_a_cold_journal(patient: Patient):
    """A warning: the robot works, and asks before it pays."""
    state = started(patient.folder)
    (state / "journal.db").unlink()
    started(patient.folder)
    says, fix = patient.only("journal", 0)

    assert says.startswith("cold since 2026-08-03 12:00 UTC")
    assert "rowreel journal recover" in fix


def test_a_robot_is_running(patient: Patient):
    """Named by its process; one that died without a word is not."""
    state = StateFolder(patient.folder / "state").open(NOW)
    running_now = {one["check"]: one["says"] for one in patient.see()}["robot"]
    kept = (patient.folder / "state" / "robot.json").read_text()
    state.close()
    (patient.folder / "state" / "robot.json").write_text(kept)
    left_over = {one["check"]: one["says"] for one in patient.see()}["robot"]

    assert running_now == f"running (process {os.getpid()}, since {NOW.isoformat(timespec='seconds')})"
    assert left_over == "none is running here"


# -- as a command --------------------------------------------------------------------------------------


def test_plain_lines_and_the_code(patient: Patient):
    """Without a terminal: one line each with its fix, a summary, and no secret anywhere."""
    patient.settle(sheets={"tab": "Video"})
    ended = rowreel("doctor", cwd=patient.folder)
    lines = ended.stdout.splitlines()

    assert ended.returncode == 1
    assert ended.stderr == ""
    assert lines[-1].startswith("1 problem in ")
    assert any(line.startswith("PROBLEM  tab: ") and " -> Did you mean " in line for line in lines)
    assert all(line.split()[0] in {"ok", "warning", "PROBLEM"} for line in lines[:-1])
    assert (patient.folder / "zvid-key").read_text().strip() not in ended.stdout


def test_copies_without_a_folder(patient: Patient):
    """Told once, as the contradiction it is."""
    patient.settle(delivery={"to": "folder"})

    assert patient.only("settings", 2)[0] == "delivery.to is folder, but delivery.folder names none"


def test_names_of_copies_that_nothing_fills(patient: Patient):
    """A placeholder no template has would be a hole in every name."""
    patient.settle(delivery={"to": "folder", "folder": str(patient.folder), "name": "{kampagne}/{name}"})
    says, fix = patient.only("copies", 0)

    assert says.startswith("{kampagne} in delivery.name is no field of a template")
    assert "{campaign}" in fix


def test_columns_somebody_protected(patient: Patient):
    """A write of nothing does not meet them: they are looked for, and only where the robot writes."""
    book = f"{patient.server.base_url}/v4/spreadsheets/good"
    [tab] = [one for one in call(book)["sheets"] if one["properties"]["title"] == "Videos"]
    mine = {"range": {"sheetId": tab["properties"]["sheetId"]}, "editors": {"users": ["ann@example.com"]}}
    made = call(f"{book}:batchUpdate", {"requests": [{"addProtectedRange": {"protectedRange": mine}}]})
    number = made["replies"][0]["addProtectedRange"]["protectedRange"]["protectedRangeId"]
    try:
        says, fix = patient.only("protection", 0)
    finally:
        call(f"{book}:batchUpdate", {"requests": [{"deleteProtectedRange": {"protectedRangeId": number}}]})

    assert says.startswith('"Videos": the robot may not write in "Approve", "Retry", "Status"')
    assert ROBOT in fix


def test_a_header_that_is_read_below_notes(patient: Patient):
    """Where the settings say so, that is where it is looked for, and for all that belongs below it."""
    patient.book(["Ask Anna"], [], ["Approve", "Headline", "Price"])
    patient.settle(sheets={"spreadsheet": f"book-{patient.folder.name}", "header_row": 3})
    prepared = commands.main(["init", "--yes"], standalone_mode=False)
    patient.capture.readouterr()

    assert prepared == 0
    assert patient.wrong() == []
