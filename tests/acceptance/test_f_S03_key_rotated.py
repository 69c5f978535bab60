"""The key is changed at Zvid while the robot works."""

from __future__ import annotations

from pathlib import Path

from canaries import canary
from stage import call, free_port, rowreel, rows_of, running, until


def test_f_S03_a_key_that_is_changed_while_the_robot_runs(tmp_path: Path):
    """The old one is refused and holds; started with the new one, the robot follows what is under way and sends what
    waited, under the same numbers.
    """
    port = str(free_port())
    base_url = f"http://127.0.0.1:{port}"
    with running("sandbox", "--dir", "S", "--port", port, cwd=tmp_path) as sandbox:
        sandbox.stdout.readline()
        sheet = call(f"{base_url}/v4/spreadsheets", {"sheets": [{"properties": {"title": "Videos"}}]})
        key = sheet["spreadsheetId"]
        (tmp_path / "bot.toml").write_text(
            f'[google]\nbase_url = "{base_url}"\ncredentials = "anonymous"\n'
            f'[zvid]\nbase_url = "{base_url}"\nkey_file = "S/zvid-key"\npoll_seconds = 0.5\n'
            f'[queue]\nundo_seconds = 0\n[watch]\nlisten = ""\n'
            f'[[sheets]]\nspreadsheet = "{key}"\ninterval_seconds = 0.5\n'
        )
        assert rowreel("init", "--yes", cwd=tmp_path).returncode == 0
        row = f"{base_url}/v4/spreadsheets/{key}/values/Videos!A{{0}}:E{{0}}?valueInputOption=RAW"
        call(row.format(2), {"values": [[False, None, "First", None, "€ 5"]]}, method="PUT")
        old = (tmp_path / "S" / "zvid-key").read_text().strip()
        with running("run", cwd=tmp_path, ZVID_API_KEY=old) as robot:
            until(base_url, key, "Ready to approve")
            call(row.format(2), {"values": [[True, None, "First", None, "€ 5"]]}, method="PUT")
            until(base_url, key, "Rendering")
            before = rows_of(base_url, key)[0]["Job ID"]
            sandbox.kill()
            sandbox.wait(10)
            (tmp_path / "S" / "zvid-key").write_text(canary())
            with running("sandbox", "--dir", "S", "--port", port, cwd=tmp_path) as again:
                again.stdout.readline()
                call(row.format(3), {"values": [[False, None, "Second", None, "€ 5"]]}, method="PUT")
                until(base_url, key, "Ready to approve", row=1)
                call(row.format(3), {"values": [[True, None, "Second", None, "€ 5"]]}, method="PUT")
                until(base_url, key, "On hold", row=1)
                held = rows_of(base_url, key)
                robot.terminate()
                robot.wait(15)
                with running("run", cwd=tmp_path):
                    until(base_url, key, "Done", row=1)
                    until(base_url, key, "Done")
                after = rows_of(base_url, key)
                jobs = call(
                    f"{base_url}/api/jobs", **{"x-api-key": (tmp_path / "S" / "zvid-key").read_text().strip()}
                )

    assert held[1]["What to do"] == "The Zvid key was refused. Rows are safe. An admin must renew the key."
    assert held[0]["Status"].startswith("Rendering")
    assert after[0]["Job ID"] == before
    assert jobs["pagination"]["total"] == 2
