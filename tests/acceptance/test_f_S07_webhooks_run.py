"""The real robot, told by the stand-in's signed webhooks that a video has ended; and without them."""

from __future__ import annotations

import http.client
import re
import time
from pathlib import Path

from stage import call, free_port, rowreel, running, tick, until


def prepared(folder: Path, base_url: str, poll_seconds: float) -> tuple[str, str]:
    """Settings with webhooks; gives (the account's key, the webhook's secret)."""
    port = free_port()
    settings = (
        (folder / "bot.toml").read_text().replace("poll_seconds = 0.5", f"poll_seconds = {poll_seconds}")
    )
    where = f"http://127.0.0.1:{port}/zvid"
    (folder / "bot.toml").write_text(
        f'{settings}[webhooks]\nlisten = "127.0.0.1:{port}"\npublic_url = "{where}"\n'
    )
    key = (folder / "S" / "zvid-key").read_text().strip()
    made = call(f"{base_url}/api/webhooks", {"url": where}, **{"x-api-key": key})
    return key, str(made.get("webhook", made)["secret"])


def test_f_S07_a_webhook_is_sooner_than_the_next_poll(place: tuple[Path, str, str]):
    """Polls are a quarter of an hour apart, and the row is done in seconds; the doctor finds all in order."""
    folder, base_url, sheet = place
    _, secret = prepared(folder, base_url, poll_seconds=900)
    with running("run", cwd=folder, ZVID_WEBHOOK_SECRET=secret) as robot:
        until(base_url, sheet, "Ready to approve")
        began = time.monotonic()
        tick(base_url, sheet)
        until(base_url, sheet, "Done")
        took = time.monotonic() - began
        doctor = rowreel("doctor", cwd=folder, ZVID_WEBHOOK_SECRET=secret)
        wrong = rowreel("doctor", cwd=folder, ZVID_WEBHOOK_SECRET="whsec_another")
        robot.terminate()
        _, said = robot.communicate(timeout=10)

    assert took < 60
    assert "webhooks_listening" in said
    assert "ok       webhooks: " in doctor.stdout, doctor.stdout
    assert "ZVID_WEBHOOK_SECRET is not the secret of this webhook" in wrong.stdout, wrong.stdout


def test_f_S07_f_S08_without_any_webhook_and_in_a_flood(place: tuple[Path, str, str]):
    """They are lost on the way, all of them, and somebody forges hundreds: polling finds the video in the same time."""
    folder, base_url, sheet = place
    _, secret = prepared(folder, base_url, poll_seconds=0.5)
    call(f"{base_url}/sandbox/zvid/faults", {"webhook_deliveries": "never"}, method="PUT")
    with running("run", cwd=folder, ZVID_WEBHOOK_SECRET=secret):
        until(base_url, sheet, "Ready to approve")
        tick(base_url, sheet)
        answers = [forged(folder) for _ in range(400)]
        until(base_url, sheet, "Done")

    assert set(answers) == {400, 429}


def forged(folder: Path) -> int:
    """A call that nobody signed, at the address the settings name."""
    [where] = re.findall(r'public_url = "http://(\S+)/zvid"', (folder / "bot.toml").read_text())
    line = http.client.HTTPConnection(where, timeout=5)
    line.request("POST", "/zvid", b'{"jobId":"x"}', {"Content-Type": "application/json"})
    status = line.getresponse().status
    line.close()
    return status


def test_f_S07_no_secret_no_listener(place: tuple[Path, str, str]):
    """Whoever listens without a secret would believe anybody: refused at start, with the fix. Who only looks needs none."""
    folder, base_url, _ = place
    prepared(folder, base_url, poll_seconds=1)
    ended = rowreel("run", cwd=folder)
    looked = rowreel("plan", cwd=folder)

    assert ended.returncode == 2
    assert looked.returncode == 0, looked.stderr
    assert "Set ZVID_WEBHOOK_SECRET or webhooks.secret_file." in ended.stderr
