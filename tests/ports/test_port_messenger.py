"""Whoever carries messages: the fake, both webhooks and mail, against real servers on loopback."""

from __future__ import annotations

import hashlib
import hmac
import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
import trustme
from builders import NOW
from canaries import canary
from fakes.messages import FakeMessenger, MailHouse
from fakes.raw_server import RawServer, answer, serving
from pydantic import SecretStr

from bot.adapters.hooks import JsonHook, SlackHook, slack_text
from bot.adapters.mail import Mail, MailServer
from bot.adapters.system_clock import SystemClock
from bot.domain.letters import Delivery, Item, Letter, Outcome, Parcel
from bot.domain.news import Topic
from bot.ports import Messenger
from bot.reconciler.runners import Runners

LETTER = Letter(
    "0badcafe",
    NOW,
    "Rowreel: 2 things to know",
    (
        Item(Topic.DECISION, "Videos", "Row 4 needs a decision. Look at Zvid.", (4,), ("r7k3q",)),
        Item(None, "Q&A <b>", "48 of 50 done in 21 min, 720 credits.", (17, 33)),
    ),
    is_urgent=True,
    link="https://sheet.example/d/1?a=1&b=2",
)
SECRET = canary("whsec_{}")
ADDRESS = f"/services/{canary('{}')}"
PASSWORD = canary("pw_{}")


def url(server: RawServer, scheme: str = "http") -> SecretStr:
    return SecretStr(f"{scheme}://127.0.0.1:{server.port}{ADDRESS}")


def hook(kind: type[SlackHook | JsonHook], where: SecretStr, seconds: float = 20) -> Messenger:
    return kind(where, SystemClock(), seconds)


def mail(port: int, security: str = "none", password: str = "", seconds: float = 20) -> Mail:
    given = SecretStr(password) if password else None
    server = MailServer("127.0.0.1", port, security, "robot" if password else "", given)  # type: ignore[arg-type]
    return Mail(server, "robot@example.org", ("team@example.org",), seconds)


# -- every messenger ------------------------------------------------------------------


@dataclass
class Post:
    """A messenger of one kind, whose other side is in a certain mood."""

    kind: str
    stack: ExitStack

    def whose(self, mood: Outcome) -> Messenger:
        """The other side accepts, refuses, is busy, or hangs up in the middle."""
        if self.kind == "fake":
            return FakeMessenger(mood)
        if self.kind == "mail":
            return mail(self._mail_port(mood))
        status = {Outcome.REFUSED: "404 No", Outcome.NOT_NOW: "503 Busy"}.get(mood, "200 OK")
        hangs_up = mood is Outcome.IN_DOUBT
        server = self.stack.enter_context(
            serving(lambda line, _: True if hangs_up else line.sendall(answer(status, b"ok")))
        )
        return hook(SlackHook if self.kind == "slack" else JsonHook, url(server))

    def _mail_port(self, mood: Outcome) -> int:
        said = {Outcome.REFUSED: "550 nobody here", Outcome.NOT_NOW: "450 not now"}.get(mood)
        house = MailHouse(
            refuses={"team@example.org": said} if said else {}, hangs_up=mood is Outcome.IN_DOUBT
        )
        self.stack.callback(house.close)
        return house.port


@pytest.fixture(params=["fake", "slack", "webhook", "mail"])
def post(request: pytest.FixtureRequest) -> Iterator[Post]:
    with ExitStack() as stack:
        yield Post(request.param, stack)


@pytest.mark.parametrize("mood", tuple(Outcome))
def test_what_became_of_a_try(post: Post, mood: Outcome):
    """Taken, refused for good, refused for now, or nobody knows: each is told from the others."""
    assert post.whose(mood).deliver(LETTER).outcome is mood


# -- over HTTP ------------------------------------------------------------------------------


@pytest.fixture
def taken() -> Iterator[RawServer]:
    with serving(lambda line, _: line.sendall(answer("200 OK", b"ok"))) as server:
        yield server


def head_and_body(server: RawServer) -> tuple[dict[str, str], bytes]:
    head, _, body = server.requests[-1].partition(b"\r\n\r\n")
    lines = (one.partition(": ") for one in head.decode().split("\r\n")[1:])
    return {name.lower(): value for name, _, value in lines}, body


def test_slack_reads_text_and_no_markup(taken: RawServer):
    """Nobody is mentioned by what a tab is called, and a link stays one."""
    hook(SlackHook, url(taken)).deliver(LETTER)
    _, body = head_and_body(taken)

    assert json.loads(body)["text"] == (
        "Rowreel: 2 things to know\n"
        "Videos: Row 4 needs a decision. Look at Zvid.\n"
        "Q&amp;A &lt;b&gt;: 48 of 50 done in 21 min, 720 credits.\n"
        "https://sheet.example/d/1?a=1&amp;b=2"
    )
    assert taken.requests[0].startswith(f"POST {ADDRESS} ".encode())


def test_one_thing_is_said_once():
    """The subject would only repeat it."""
    alone = Letter("1", NOW, "Rowreel: Hello", (Item(None, "", "Hello <!channel>"),), is_urgent=False)

    assert slack_text(alone) == "Hello &lt;!channel&gt;"


def test_programs_get_facts_and_a_signature(taken: RawServer):
    """Over the time and the very bytes, so that neither can be changed or used again later."""
    JsonHook(url(taken), SystemClock(), 3, SecretStr(SECRET)).deliver(LETTER)
    headers, body = head_and_body(taken)
    signed = f"{headers['x-rowreel-timestamp']}.".encode() + body

    assert headers["x-rowreel-signature"] == (
        f"sha256={hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()}"
    )
    assert abs(int(headers["x-rowreel-timestamp"]) - time.time()) < 5
    assert headers["x-rowreel-id"] == json.loads(body)["id"] == "0badcafe"
    assert json.loads(body)["items"][0] == {
        "topic": "decision needed",
        "tab": "Videos",
        "text": "Row 4 needs a decision. Look at Zvid.",
        "rows": [4],
        "row_ids": ["r7k3q"],
    }


def test_without_a_secret_nothing_is_signed(taken: RawServer):
    """An empty signature would look like one."""
    hook(JsonHook, url(taken)).deliver(LETTER)

    assert "x-rowreel-signature" not in head_and_body(taken)[0]


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Elsewhere", "308 Elsewhere"])
def test_f_S07_redirects_are_not_followed(taken: RawServer, status: str):
    """A message goes where somebody said, and nowhere else."""
    elsewhere = f"Location: http://127.0.0.1:{taken.port}/"
    with serving(lambda line, _: line.sendall(answer(status, b"", elsewhere))) as server:
        said = hook(SlackHook, url(server)).deliver(LETTER)

    assert (said.outcome, taken.requests) == (Outcome.REFUSED, [])


@pytest.mark.parametrize(("header", "wait"), [("90", 90.0), ("soon", 0.0), ("9" * 20, 0.0)])
def test_who_asks_to_wait_is_heard(header: str, wait: float):
    """In seconds; anything else leaves it to the ladder."""
    with serving(lambda line, _: line.sendall(answer("429 Slow", b"", f"Retry-After: {header}"))) as server:
        said = hook(SlackHook, url(server)).deliver(LETTER)

    assert (said.outcome, said.retry_after) == (Outcome.NOT_NOW, wait)


def drip(line, _request):
    """One byte now and then, for ever."""
    line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while not threading.Event().wait(0.05):
        line.sendall(b"x")


def flood(line, _request):
    """An answer without an end."""
    line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
    while True:
        line.sendall(b"x" * 65536)


@pytest.mark.parametrize(("script", "outcome"), [(drip, Outcome.IN_DOUBT), (flood, Outcome.DELIVERED)])
def test_answers_are_bounded(script: Callable[..., object], outcome: Outcome):
    """In time and in size: a chatty side holds no thread."""
    began = time.monotonic()
    with serving(script) as server:
        said = hook(SlackHook, url(server), 0.5).deliver(LETTER)

    assert said.outcome is outcome
    assert time.monotonic() - began < 3


@pytest.mark.parametrize("kind", [SlackHook, JsonHook])
def test_nobody_there(kind: type[SlackHook | JsonHook]):
    """Surely nothing was sent."""
    said = hook(kind, SecretStr(f"http://127.0.0.1:9{ADDRESS}")).deliver(LETTER)

    assert (said.outcome, said.detail) == (Outcome.NOT_NOW, "not reached (ConnectError)")


# -- certificates ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def certificate(authority: trustme.CA, name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


def test_f_S11_a_webhook_nobody_vouches_for(authority: trustme.CA):
    """Refused before a byte of the message left; there is no setting that would let it pass."""
    context = certificate(authority, "127.0.0.1")
    with serving(lambda line, _: line.sendall(answer("200 OK")), tls=context) as server:
        said = hook(SlackHook, url(server, "https")).deliver(LETTER)

    assert said.outcome is Outcome.NOT_NOW
    assert "certificate is not trusted" in said.detail
    assert server.requests == []


def test_f_S11_a_mail_server_nobody_vouches_for(authority: trustme.CA):
    """It learns neither the password nor the message."""
    house = MailHouse(tls=certificate(authority, "127.0.0.1"), password=PASSWORD)
    said = mail(house.port, "starttls", PASSWORD).deliver(LETTER)
    house.close()

    assert said.outcome is Outcome.NOT_NOW
    assert "certificate is not trusted" in said.detail
    assert (house.sign_ins, house.mail) == (0, [])


# -- mail -------------------------------------------------------------------------------------


def test_mail_says_it_all():
    """As plain text, with an id by which a second copy is known, and nobody is asked to answer it."""
    house = MailHouse()
    said = mail(house.port).deliver(LETTER)
    house.close()
    [found] = house.mail

    assert said.outcome is Outcome.DELIVERED
    assert found["Subject"] == "Rowreel: 2 things to know"
    assert (found["From"], found["To"]) == ("robot@example.org", "team@example.org")
    assert found["Message-ID"] == "<0badcafe@rowreel.invalid>"
    assert found["Auto-Submitted"] == "auto-generated"
    assert found.get_content().replace("\r\n", "\n") == (
        "Videos: Row 4 needs a decision. Look at Zvid.\n\n"
        "Q&A <b>: 48 of 50 done in 21 min, 720 credits.\n\n"
        "https://sheet.example/d/1?a=1&b=2\n"
    )


@pytest.mark.parametrize("outcome", [Outcome.DELIVERED, Outcome.REFUSED])
def test_signing_in_by_starttls(
    authority: trustme.CA, monkeypatch: pytest.MonkeyPatch, tmp_path, outcome: Outcome
):
    """The password leaves only under a certificate this machine trusts."""
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    house = MailHouse(tls=certificate(authority, "127.0.0.1"), password=PASSWORD)
    given = PASSWORD if outcome is Outcome.DELIVERED else "wrong"
    messenger = mail(house.port, "starttls", given)
    said = [messenger.greet(), messenger.deliver(LETTER)]
    house.close()

    assert [one.outcome for one in said] == [outcome, outcome]
    assert len(house.mail) == (outcome is Outcome.DELIVERED)
    assert not any(PASSWORD in one.detail for one in said)


def test_a_server_that_cannot_starttls_gets_nothing():
    """No downgrade: in the clear nothing is said."""
    house = MailHouse()
    said = mail(house.port, "starttls").deliver(LETTER)
    house.close()

    assert said.outcome is Outcome.NOT_NOW
    assert house.mail == []


def test_mail_is_bounded_in_time():
    """A greeting of one byte now and then never ends by itself."""

    def drip_greeting(line, _request):
        while not threading.Event().wait(0.05):
            line.sendall(b"2")

    began = time.monotonic()
    with serving(drip_greeting, reads_requests=False) as server:
        said = mail(server.port, seconds=0.5).deliver(LETTER)

    assert said.outcome is Outcome.NOT_NOW
    assert time.monotonic() - began < 3


def test_some_recipients_are_refused():
    """The others have it: it is delivered, and said."""
    house = MailHouse(refuses={"gone@example.org": "550 nobody here"})
    server = MailServer("127.0.0.1", house.port, "none")
    said = Mail(server, "robot@example.org", ("team@example.org", "gone@example.org"), 3).deliver(LETTER)
    house.close()

    assert (said.outcome, said.detail) == (Outcome.DELIVERED, "accepted, but not for 1 of 2")


# -- a look without a message ------------------------------------------------------------------


def test_greeting_a_webhook_tells_nobody_anything(taken: RawServer):
    """The front page is asked for its head; the address stays with us."""
    said = hook(SlackHook, url(taken)).greet()

    assert said.outcome is Outcome.DELIVERED
    assert taken.requests[0].startswith(b"HEAD / ")
    assert ADDRESS.encode() not in taken.requests[0]


def test_what_is_said_of_a_try_holds_no_secret():
    """Whatever the other side echoes."""

    def echo(line, request):
        line.sendall(answer("400 Bad", request))

    with serving(echo) as server:
        said = JsonHook(url(server), SystemClock(), 3, SecretStr(SECRET)).deliver(LETTER)

    assert said.detail == "answered 400"


# -- carried by threads -------------------------------------------------------------------------


class Broken:
    """A mistake of ours that quotes what it must not."""

    def deliver(self, *_given: Letter) -> Delivery:
        raise RuntimeError(ADDRESS)

    def greet(self) -> Delivery:
        raise RuntimeError(ADDRESS)


def test_f_P08_a_channel_that_hangs_delays_no_other():
    """Each has a thread of its own; the end of the robot waits for none of them for long."""
    over = threading.Event()
    came = threading.Event()
    with (
        serving(lambda _line, _request: over.wait(20)) as stuck,
        serving(lambda line, _: line.sendall(answer("200 OK", b"ok"))) as quick,
    ):
        runners = Runners({"a": hook(SlackHook, url(stuck), 20), "b": hook(SlackHook, url(quick))})
        runners.on_back = came.set
        for channel in runners.channels:
            runners.send(Parcel(LETTER, channel))
        assert came.wait(5)
        back = runners.returned()
        began = time.monotonic()
        runners.wait(0.2)
        waited = time.monotonic() - began
        busy = set(runners.busy)
        over.set()

    assert [(parcel.channel, one.outcome) for parcel, one in back] == [("b", Outcome.DELIVERED)]
    assert busy == {"a"}
    assert 0.1 < waited < 2


def test_a_mistake_in_a_messenger_is_a_doubt():
    """It says nothing of what it was about, and the next letter is carried."""
    runners = Runners({"a": Broken()})
    found = []
    for _ in range(2):
        runners.send(Parcel(LETTER, "a"))
        runners.wait(5)
        found += runners.returned()

    assert [one.outcome for _, one in found] == [Outcome.IN_DOUBT] * 2
    assert found[0][1].detail == "our mistake (RuntimeError)"
