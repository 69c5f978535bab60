"""A copy into a folder, killed before and after each of its steps: the next try ends as if nothing had been."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

SCRIPT = """
import json, os, sys
from pathlib import Path
from bot.adapters.folder_storage import FolderStorage
from bot.domain.delivery import Digest
import hashlib

here = Path(sys.argv[1])
content = b"video" * 1000
digest = Digest(len(content), hashlib.sha256(content).hexdigest())
(here / "loaded").write_bytes(content)
STEPS = ("open", "mkdir", "fsync", "write", "link", "unlink", "stat")

def keep(out):
    return FolderStorage(out).keep("day/name", ".mp4", here / "loaded", digest)

def dies(out, at, after):
    left = [at]
    def mortal(real):
        def step(*given, **named):
            left[0] -= 1
            if left[0] == 0 and not after:
                os._exit(9)
            found = real(*given, **named)
            if left[0] == 0:
                os._exit(9)
            return found
        return step
    for name in STEPS:
        setattr(os, name, mortal(getattr(os, name)))
    keep(out)
    os._exit(0)

ends = []
for at in range(1, 100):
    codes = []
    for after in (False, True):
        out = here / f"out-{at}-{after}"
        out.mkdir()
        child = os.fork()
        if child == 0:
            dies(out, at, after)
        codes.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        seen = [one.name for one in out.rglob("*") if one.is_file() and not one.name.startswith(".")]
        half = any((out / "day" / one).stat().st_size != len(content) for one in seen)
        name = keep(out)
        files = sorted(str(one.relative_to(out)) for one in out.rglob("*") if one.is_file())
        ends.append([codes[-1], half, name, files])
    if codes == [0, 0]:
        break
print(json.dumps(ends))
"""


def test_f_P01_killed_at_any_step_of_a_copy(tmp_path: Path):
    """There is never half a file under a name, never a second one, and nothing left over after the next try."""
    ended = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path)], capture_output=True, text=True, timeout=60, check=True
    )
    ends = json.loads(ended.stdout)
    deaths = [one for one in ends if one[0] == 9]

    assert len(deaths) > 20
    assert [one[1:] for one in ends] == [[False, "day/name.mp4", ["day/name.mp4"]]] * len(ends)
