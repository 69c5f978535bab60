"""What must hold whatever happens: small checks of a troubled world, named after fault-matrix invariants."""

from __future__ import annotations

import itertools
import json
import re
from collections import Counter
from datetime import date
from typing import Any

from fakes.render_service import FakeJob
from troubled import NAMELESS, ROW_TOKEN, Acceptance, TroubledSheet, TroubledWorld

from bot.domain.cells import Cell
from bot.domain.ids import JobId, RecordId, RecordKey, TabKey
from bot.domain.intents import Intent, State
from bot.domain.jobs import JobPhase

_DRAWN = re.compile(r'"text":"([^"]*) for ')
_UNKNOWN = {State.SENDING, State.CHECKING, State.NEEDS_DECISION}
_LOOKS_A_MINUTE = 40
_SHORTEST_RETRY = 2.0


class BrokenInvariantError(AssertionError):
    """Something happened that must never happen."""


class Invariants:
    """Checks one world; each one says in words what is wrong."""

    def __init__(self, world: TroubledWorld) -> None:
        self._world = world
        self._overheard: list[str] = []
        self._last_restart = 0.0
        self._cells_seen = 0
        self.said: dict[Cell, set[Cell]] = {}
        """Headlines each row of people's ever had, by a token that only people move."""

        self.untraceable: set[TabKey] = set()
        """Tabs whose rows cannot be told apart by people any more: rows say the same, somebody copied or
        deleted one, or meddled with ids."""

        world.service.witness = self._witness_send

    def _require(self, holds: object, name: str = "", *facts: object) -> None:
        if not holds:
            raise BrokenInvariantError(f"{name}: {' '.join(map(str, facts))}")

    # -- after every step -----------------------------------------------------

    def always(self) -> None:
        """What no moment may break."""
        self._require(not self._overheard, *self._overheard)
        self._days_stay_within_their_limit()
        self._no_double_pay()
        self._every_charge_has_its_tick()
        self._states_move_along_edges()
        self._peoples_cells_are_theirs()
        self._retries_are_bounded()
        self._the_journal_believes_the_service_alone()

    def _the_journal_believes_the_service_alone(self) -> None:
        """No link and no job id is ever taken over from a cell."""
        service = self._world.service
        given = {(one.asked, one.given) for one in service.accepted}
        for intent in self._world.watched.intents.values():
            if intent.known_as is not None:
                is_known = (intent.job_id, intent.known_as) in given
                is_known = is_known or (intent.is_taken_over and intent.state is not State.COMPLETED)
                is_known = is_known or (intent.is_taken_over and intent.known_as in service.jobs)
                self._require(is_known, "I8 job id out of nowhere", intent)
            if intent.url is not None:
                job = service.jobs.get(intent.service_id)
                self._require(job and job.url == intent.url, "I8 link out of nowhere", intent)

    def _witness_send(self, job_id: JobId) -> None:
        """Asked inside a port call, where an exception would be taken for the client's."""
        state = self._world.state_on_disk(job_id)
        if state != State.SENDING:
            self._overheard.append(f"I3 sent before it was durable: {job_id} is {state} on disk")
        intent = self._world.watched.intents[job_id]
        [sheet] = [one for one in self._world.sheets if one.key == intent.key.tab]
        self._witness_price(intent, sheet)
        self._witness_sample(intent, sheet)
        self._witness_version(intent, sheet)

    def _witness_price(self, intent: Intent, sheet: TroubledSheet) -> None:
        """No more than the robot's limit for one video, nor than the row's own as it was read."""
        caps = [self._world.policy.credits_per_row]
        if sheet.key not in self.untraceable:
            caps.append(sheet.caps.get(intent.key.record))
        for cap in caps:
            is_within = cap is None or (isinstance(cap, int) and (intent.quote or 0) <= cap)
            if not is_within:
                self._overheard.append(f"Z28 beyond a row's limit: {intent.quote} where {cap} is most")

    def _witness_sample(self, intent: Intent, sheet: TroubledSheet) -> None:
        """Before somebody has said Go ahead for a version, no more rows than its sample."""
        size, version = self._world.policy.sample_size, intent.template_hash
        if size and version not in sheet.answered:
            gone = self._world.gone_first.setdefault((sheet.key, version), set())
            gone.add(intent.key.record)
            if len(gone) > size:
                self._overheard.append(f"129 more than a sample: {sorted(gone)}")

    def _witness_version(self, intent: Intent, sheet: TroubledSheet) -> None:
        """Nothing is sent but what the folder holds; what was promised with another version only after Go ahead."""
        version, believed = intent.template_hash, self._world.folder_of(sheet).believed
        if believed.template.hash != version or believed.trouble or believed.is_changing:
            self._overheard.append(f"128 sent with another version than the folder holds: {intent.job_name}")
        if self._world.watched.made_with[intent.job_id] != version and version not in sheet.answered:
            self._overheard.append(f"128 made anew without a word: {intent.job_name}")

    def _days_stay_within_their_limit(self) -> None:
        """Where prices, clock and books are as they were, no day costs more than it may."""
        cap, service = self._world.policy.credits_per_day, self._world.service
        if cap is None or not self._world.is_accountable:
            return
        spent: Counter[date] = Counter()
        for day, charge in zip(service.days, service.charges, strict=True):
            if charge.job_id not in service.refunds:
                spent[day] += charge.credits
        self._require(max(spent.values(), default=0) <= cap, "Z28 beyond a day's limit", spent, cap)

    def _no_double_pay(self) -> None:
        service = self._world.service
        # Nobody can ask a service that gives ids of its own for what a lost journal held: a person ticks anew.
        since = self._world.paid_when_forgotten if service.mode.on_send in NAMELESS else 0
        times = Counter(one.asked for one in service.accepted[since:])
        twice = [job_id for job_id, count in times.items() if count > 1]
        self._require(not twice, "I1 paid twice", twice)

    def _every_charge_has_its_tick(self) -> None:
        drawn = Counter(_headline(charge.body) for charge in self._world.service.charges)
        meant = Counter(
            text for sheet in self._world.sheets for texts in sheet.meant.values() for text in texts
        )
        extra = {text: count for text, count in drawn.items() if meant[text] < count}
        self._require(not extra, "I1 paid without a tick", "paid", extra, "ticked", dict(meant))

    def _states_move_along_edges(self) -> None:
        self._require(not self._world.watched.bad_moves, "I5 illegal move", self._world.watched.bad_moves)

    def _peoples_cells_are_theirs(self) -> None:
        written = sum(len(sheet.log) for sheet in self._world.sheets)
        if written != self._cells_seen:
            self._cells_seen = written
            wrong = self._world.changed_peoples_cells()
            self._require(not wrong, "I7 wrote into people's cells", wrong)

    def _retries_are_bounded(self) -> None:
        service = self._world.service
        for job_id, times in service.sent.items():
            allowed = 1 + service.refused[job_id]
            self._require(len(times) <= allowed, "I11 sent too often", job_id, times)
            recent = [at for at in times if at > self._last_restart]
            gaps = [later - earlier for earlier, later in itertools.pairwise(recent)]
            self._require(all(gap >= _SHORTEST_RETRY for gap in gaps), "I11 sent in haste", job_id, times)
        since = self._world.clock.monotonic() - 60
        for job_id, times in service.looked.items():
            times[:] = [at for at in times if at > since]
            self._require(len(times) <= _LOOKS_A_MINUTE, "I11 looked up too often", job_id, len(times))

    # -- after a restart ------------------------------------------------------

    def nothing_is_forgotten(self) -> None:
        """All that the journal said was durable is in the file a new process opens."""
        self._last_restart = self._world.clock.monotonic()
        watched, memories = self._world.watched, self._world.memories()
        promised = {job_id: one for memory in memories for job_id, one in memory.intents.items()}
        lost = [one.job_id for one in watched.intents.values() if promised.get(one.job_id) != one]
        self._require(not lost, "I4 forgotten or changed", lost)
        known = {one.key: one for memory in memories for one in memory.entries.values()}
        missing = [key for key, one in watched.entries.items() if known.get(key) != one]
        self._require(not missing, "I4 forgotten or changed", missing)

    # -- after a tick whose write landed --------------------------------------

    def rows_show_their_own_record(self, sheet: TroubledSheet) -> None:
        """One clean tick is enough to put every robot's cell right."""
        spoiled = sheet.spoiled()
        self._require(not spoiled, "I7 people's cells hold something else", spoiled)
        rows = [row for row in map(sheet.row, sheet.numbers) if row["Headline"] is not None]
        ids = [row["Row ID"] for row in rows]
        self._require(None not in ids and len(set(ids)) == len(ids), "I6 ids missing or shared", ids)
        for row in rows:
            self._row_is_right(row, sheet.key)

    def _row_is_right(self, row: dict[str, Cell], tab: TabKey) -> None:
        key = RecordKey(tab, RecordId(str(row["Row ID"])))
        mine = [one for one in self._world.watched.intents.values() if one.key == key]
        names = {one.job_id for one in mine} | {one.service_id for one in mine}
        self._require(row["Job ID"] is None or row["Job ID"] in names, "I6 foreign job id", row)
        if row["Status"] in {"Done", "Failed"}:
            unknown = [one.job_id for one in mine if one.state in _UNKNOWN]
            self._require(not unknown, "I9 unknown outcome shown as known", row)
        self._require(row["Status"] != "Done" or row["Video"], "I6 done without a video", row)
        if row["Video"] is None:
            return
        self._require(row["Video"] in {one.url for one in mine}, "I6 foreign link", row)
        job = next(job for job in self._world.service.jobs.values() if job.url == row["Video"])
        name = str(json.loads(job.body)["name"])
        # A row whose id and journal are both gone keeps its video by the job it names and the service confirms.
        is_adopted = any(one.known_as is not None and one.url == row["Video"] for one in mine)
        is_own = is_adopted or name.startswith(f"{row['Row ID']}-")
        self._require(is_own, "I6 video of another record", name, row)
        drawn = _headline(job.body)
        self._require(row["Status"] != "Done" or drawn == row["Headline"], "I6 other text", drawn, row)
        if tab not in self.untraceable:
            self._require(drawn in self.said[row[ROW_TOKEN]], "I6 video of another row", drawn, row)

    # -- when everything has come to rest -------------------------------------

    def others_ended(self, broken: TroubledSheet) -> None:
        """A tab out of reach keeps no other from its end."""
        open_ = self._world.watched.unended(but=broken.key)
        self._require(not open_, "I10 held up by another tab", [(one.job_id, one.state) for one in open_])

    def at_rest(self) -> None:
        """After calm nothing is open, lost or unbooked."""
        open_ = [one for one in self._world.watched.unended() if not self._waits_to_be_mended(one)]
        self._require(not open_, "I12 not at an end", [(one.job_id, one.state) for one in open_])
        edits = sum(robot.tick().edits for robot in self._world.robots)
        self._require(edits == 0, "I12 not at rest")
        self.always()
        for sheet in self._world.sheets:
            self.rows_show_their_own_record(sheet)
        self._every_job_is_known()
        self._the_ledger_adds_up()

    def _waits_to_be_mended(self, one: Intent) -> bool:
        """Approved under another version of the template, and the row does not fit the one there is: no tick is
        cleared for that, nothing is sent, and a person is told.
        """
        rows = [
            sheet.row(number)
            for sheet in self._world.sheets
            if sheet.key == one.key.tab
            for number in sheet.numbers
        ]
        return one.state is State.WAITING and any(
            row["Row ID"] == one.key.record and row["Status"] == "Needs fixing" for row in rows
        )

    def _is_forgotten(self, one: Acceptance) -> bool:
        """Paid before the journal was lost, for a promise nobody has made again or that was withdrawn, or at a
        service that cannot be asked by our id.
        """
        intent = self._world.watched.intents.get(one.asked)
        is_gone = intent is None or intent.state is State.CANCELLED or intent.service_id != one.given
        # Found again under the service's own id, as with a copied row: its video is known, its price is not.
        is_gone = is_gone or (intent is not None and intent.is_taken_over)
        return one in self._world.forgotten and is_gone

    def _every_job_is_known(self) -> None:
        service, watched = self._world.service, self._world.watched
        for one in service.accepted:
            if self._is_forgotten(one):
                continue
            intent = watched.intents.get(one.asked)
            self._require(intent, "I2 orphan", one)
            assert intent is not None
            if one.asked in watched.given_up:
                continue
            job = service.jobs[one.given]
            if intent.state is State.NEEDS_DECISION and service.mode.on_send in NAMELESS:
                continue
            self._require(intent.state is _end_of(job), "I2 job whose fate is unknown", intent.state, job)
            if job.phase is JobPhase.COMPLETED:
                self._require(intent.url == job.url, "I2 job with another link", intent.url, job.url)

    def _the_ledger_adds_up(self) -> None:
        """What was paid is booked: at the price we were told, or, where the answer was lost, at the one quoted."""
        service, watched = self._world.service, self._world.watched
        undecided = [one for one in watched.intents.values() if one.state is State.NEEDS_DECISION]
        unsure = watched.given_up | {one.job_id for one in undecided}
        paid = 0
        for one, charge in zip(service.accepted, service.charges, strict=True):
            if one.asked in unsure or self._is_forgotten(one) or one.given in service.refunds:
                continue
            is_told = one.asked in watched.told
            paid += charge.credits if is_told else _believed_price(watched.intents[one.asked])
        feared = sum(_believed_price(one) for one in undecided)
        booked = self._world.journal.spent()
        self._require(booked == paid + feared, "I15 booked otherwise than paid", booked, paid, feared)


def _headline(body: str) -> Any:
    found = _DRAWN.search(body)
    assert found is not None
    return found[1]


def _believed_price(intent: Intent) -> int:
    return intent.reserved or intent.quote or intent.price_shown


def _end_of(job: FakeJob) -> State:
    return State.COMPLETED if job.phase is JobPhase.COMPLETED else State.FAILED
