"""The paid API behind a certificate that is not right: nothing is sent, and no setting would have it otherwise."""

from __future__ import annotations

import ssl
import warnings
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import certifi
import pytest
import trustme
from canaries import canary
from fakes.raw_server import RawServer, answer, serving
from pydantic import SecretStr

from bot.adapters.render_api import ZvidService
from bot.adapters.system_clock import SystemClock
from bot.domain.failures import Failure, FailureClass, ProblemCode
from bot.domain.ids import JobId
from bot.domain.jobs import Accepted
from bot.settings import Settings

JOB = JobId("3f0c2a7e-5d55-5b1e-9a53-8c1d6f1f2ab1")
ACCEPTED = f'{{"jobId":"{JOB}","status":"queued","creditsReserved":9}}'.encode()


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine trusts the authority: whatever is refused now is refused for another reason."""
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setattr(certifi, "where", lambda: str(tmp_path / "authority.pem"))


def behind(
    authority: trustme.CA, name: str = "127.0.0.1", days: tuple[int, int] = (-10, 10)
) -> ssl.SSLContext:
    begins, ends = (datetime.now(UTC).replace(tzinfo=None) + timedelta(days=day) for day in days)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name, not_before=begins, not_after=ends).configure_cert(context)
    return context


def submitted(server: RawServer) -> Accepted | Failure:
    """What the paid request comes to."""
    url = server.base_url.replace("http:", "https:")
    clock = SystemClock()
    with closing(ZvidService(url, SecretStr(canary()), timeout_seconds=3, clock=clock)) as service:
        return service.submit(JOB, "{}")


@pytest.fixture
def script() -> Iterator[object]:
    return lambda line, _request: line.sendall(answer("202 Accepted", ACCEPTED))


@pytest.mark.usefixtures("trusted")
def test_f_S11_a_good_certificate(authority: trustme.CA, script):
    """All that follows is refused for what is wrong with it, and not for being TLS."""
    with serving(script, tls=behind(authority)) as server:
        said = submitted(server)

    assert said == Accepted(JOB, 9)


def test_f_S11_self_signed(authority: trustme.CA, script, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Nor does the environment make it good: the usual variables are not read for the paid service."""
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.setenv(name, str(tmp_path / "authority.pem"))
    with serving(script, tls=behind(authority)) as server:
        said = submitted(server)

    assert isinstance(said, Failure)
    assert (said.kind, said.code) == (FailureClass.TRANSIENT, ProblemCode.CERTIFICATE)
    assert server.requests == []


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize(
    ("name", "days", "words"),
    [
        ("127.0.0.1", (-20, -10), "is no longer valid"),
        ("127.0.0.1", (10, 20), "is not valid yet"),
        ("api.zvid.example", (-10, 10), "is not trusted"),
    ],
    ids=["expired", "not yet", "wrong host"],
)
def test_f_S11_from_an_authority_everybody_trusts(
    authority: trustme.CA, script, name: str, days: tuple[int, int], words: str
):
    """Refused before the key or the payload left: surely nothing was sent."""
    with serving(script, tls=behind(authority, name, days)) as server:
        said = submitted(server)

    assert isinstance(said, Failure)
    assert (said.kind, said.code) == (FailureClass.TRANSIENT, ProblemCode.CERTIFICATE)
    assert words in said.detail
    assert server.requests == []


@pytest.mark.usefixtures("trusted")
def test_f_S11_downgrade(authority: trustme.CA, script):
    """A server, or somebody in between, that speaks only what was given up years ago."""
    context = behind(authority)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    with serving(script, tls=context) as server:
        said = submitted(server)

    assert isinstance(said, Failure)
    assert said.kind is FailureClass.TRANSIENT
    assert server.requests == []


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("status", ["301 Moved", "307 Elsewhere", "308 Elsewhere"])
def test_f_S11_sent_to_a_place_in_the_clear(authority: trustme.CA, script, status: str):
    """A redirect is no way around: neither key nor payload follows it."""
    with serving(script) as clear:
        elsewhere = f"Location: {clear.base_url}/api/render/api-key"
        with serving(
            lambda line, _: line.sendall(answer(status, b"", elsewhere)), tls=behind(authority)
        ) as server:
            said = submitted(server)

    assert isinstance(said, Failure)
    assert clear.requests == []


def test_f_S11_there_is_no_such_setting():
    """Nothing anybody could set turns the check off."""
    names = {
        f"{part}.{name}"
        for part, one in Settings.model_fields.items()
        for name in getattr(one.annotation, "model_fields", {})
    }

    assert "zvid.base_url" in names
    assert [one for one in names if any(word in one for word in ("verify", "insecure", "tls", "cert"))] == []
