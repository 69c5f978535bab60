"""Holds what was paid, promised and shown against each other, out of the files of both sides and the sheet."""

from __future__ import annotations

import contextlib
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from soak_people import Row, Wishes, headline_in, root


@dataclass(frozen=True, slots=True)
class Video:
    """A job as the service keeps it."""

    job: str
    headline: str
    state: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of everybody's wishes; every list is empty where all is well."""

    jobs: int
    promised: int
    """Intents of the journal that were sent."""

    charges: int
    """Less those given back for failed videos."""

    rows: int
    done: int
    paid_twice: tuple[str, ...]
    unasked: tuple[str, ...]
    unpromised: tuple[str, ...]
    wrong_links: tuple[str, ...]
    unfinished: tuple[str, ...]

    @property
    def complaints(self) -> list[str]:
        """What is not as it should be, in words."""
        lists = {
            "paid twice": self.paid_twice,
            "paid though nobody asked": self.unasked,
            "paid though the journal promised nothing": self.unpromised,
            "wrong links": self.wrong_links,
            "rows that did not come to their end": self.unfinished,
        }
        return [f"{name}: {len(found)}, like {found[0]}" for name, found in lists.items() if found]


class Books:
    """Reads the service's own file; each job's drawing is read once."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._headlines: dict[str, str] = {}

    def videos(self) -> dict[str, Video]:
        """Every job, by the name of its file or, while it has none, its id."""
        with _reading(self._home / "zvid.db") as zvid:
            lines = zvid.execute("SELECT id, video, state FROM jobs").fetchall()
            for job, *_ in lines:
                if job not in self._headlines:
                    [project] = zvid.execute("SELECT project FROM jobs WHERE id = ?", (job,)).fetchone()
                    self._headlines[job] = headline_in(project)
        return {video or job: Video(job, self._headlines[job], state) for job, video, state in lines}

    def strangers(self, rows: Sequence[Row], videos: dict[str, Video]) -> list[str]:
        """Rows that are done and link to another row's video."""
        return [
            f"{row['Headline']} links to {linked.headline if linked else row['Video']}"
            for row in rows
            if row["Status"] == "Done"
            and row["Video"]
            and not ((linked := _linked(row, videos)) and root(linked.headline) == root(row["Headline"]))
        ]

    def verdict(self, rows: Sequence[Row], wishes: Wishes) -> Verdict:
        """The whole account, when everything has come to rest."""
        videos = self.videos()
        made = [one for one in videos.values() if one.state != "failed"]
        with _reading(self._home / "zvid.db") as zvid:
            charges = Counter(
                job for (job,) in zvid.execute("SELECT job_id FROM ledger WHERE kind = 'reserve'")
            )
            refunds = zvid.execute("SELECT count(*) FROM ledger WHERE kind = 'refund'").fetchone()[0]
        with _reading(self._home / "state" / "journal.db") as journal:
            sent = "SELECT coalesce(known_as, job_id) FROM intents WHERE sent_at IS NOT NULL"
            promised = {job for (job,) in journal.execute(sent)}
        times = Counter(one.headline for one in made)
        twice = [f"{job}, charged {count} times" for job, count in charges.items() if count > 1]
        twice += [
            f"{headline}, made {count} times, wanted again {wishes.retries[headline]} times"
            for headline, count in times.items()
            if count > 1 + wishes.retries[headline]
        ]
        return Verdict(
            jobs=len(videos),
            promised=len(promised),
            charges=charges.total() - refunds,
            rows=len(rows),
            done=sum(self._is_done(row, videos) for row in rows),
            paid_twice=tuple(twice),
            unasked=tuple(sorted({one.headline for one in videos.values()} - wishes.ticked)),
            unpromised=tuple(sorted({one.job for one in videos.values()} - promised)),
            wrong_links=tuple(self.strangers(rows, videos)),
            unfinished=tuple(
                f"{row['Headline']}: {row['Status']}, {row['What to do']}"
                for row in rows
                if not self._is_done(row, videos)
            ),
        )

    @staticmethod
    def _is_done(row: Row, videos: dict[str, Video]) -> bool:
        """Done, with a link to a video that shows the very words of the row."""
        linked = _linked(row, videos)
        return row["Status"] == "Done" and linked is not None and linked.headline == row["Headline"]


def _linked(row: Row, videos: dict[str, Video]) -> Video | None:
    return videos.get(unquote(PurePosixPath(urlsplit(str(row["Video"])).path).name))


@contextmanager
def _reading(file: Path) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=10)) as connection:
        yield connection
