"""`rowreel demo --template`: another template's rows, pictures and videos."""

from __future__ import annotations

from pathlib import Path

from stage import free_port, rowreel, rows_of, running


def test_a_template_is_shown_by_its_name(tmp_path: Path):
    """A row with a picture of the stand-in's own becomes a video; the folder remembers what it shows."""
    port = str(free_port())
    command = ("demo", "--until-done", "--no-browser", "--dir", "D", "--port", port)

    ended = rowreel(*command, "--template", "product", "--rows", "1", cwd=tmp_path)
    again = rowreel(*command, cwd=tmp_path)
    other = rowreel(*command, "--template", "listing", cwd=tmp_path)
    with running("sandbox", "--dir", "D", "--port", port, cwd=tmp_path) as sandbox:
        assert sandbox.stdout is not None
        sandbox.stdout.readline()
        row = rows_of(f"http://127.0.0.1:{port}", "rowreel-demo")[0]

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "1 of 1 done, 9 credits." in ended.stdout
    assert "Glow table lamp" in ended.stdout
    assert row["Picture"] == f"http://127.0.0.1:{port}/media/pictures/product-lamp-coral.jpg"
    assert (again.returncode, "Resuming" in again.stdout) == (0, True)
    assert (other.returncode, "shows another template" in other.stderr) == (2, True)


def test_an_unknown_template_is_told(tmp_path: Path):
    """With the names there are; nothing is made."""
    ended = rowreel("demo", "--no-browser", "--template", "prodct", cwd=tmp_path)

    assert ended.returncode == 2
    assert "builtin, lesson, listing, product" in ended.stderr
    assert list(tmp_path.iterdir()) == []
