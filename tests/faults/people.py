"""What people do to a sheet, drawn by chance: type, tick, untick, sort, insert, delete, copy, spoil."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import count

from fakes.sheet import Box
from invariants import Invariants
from troubled import CAP, NAMELESS, ROW_TOKEN, TroubledSheet, TroubledWorld

from bot.domain.cells import Cell, is_ticked
from bot.domain.contract import RobotColumn
from bot.domain.control import BoardColumn

MOST_ROWS = 6
_MOST_COLUMNS = 32
_NO_LIMIT = "plenty"
_FEW_TEXTS = ("Alpha", "Bravo", "Charlie", "A headline that is much too long for it")
_SPOILED = (None, "Done", "https://cdn.example/else.mp4", 7, True)

_LIES: dict[RobotColumn, tuple[Cell, ...]] = {
    RobotColumn.STATUS: ("Done", "Ready to approve", "Waiting", "Needs a decision"),
    RobotColumn.ATTEMPT: (0, 1, 2, 7),
    RobotColumn.CREDITS: (0, 9, 9_000),
}


class People:
    """Hands in a sheet. Every tick carries a token of its own, every row one that moves with it."""

    def __init__(
        self,
        sheet: TroubledSheet,
        checks: Invariants,
        chance: random.Random,
        world: TroubledWorld,
        *,
        meddles: bool = False,
    ) -> None:
        """Those who meddle also cut and paste, fill down, sort some columns only, and play with ids."""
        self.sheet = self._sheet = sheet
        self._sheets = tuple(world.sheets)
        self._pays_again = world.service.mode.on_send in NAMELESS
        self._world = world
        self._checks = checks
        self._chance = chance
        self._tokens = count(1 + 100_000 * sheet.key.tab)
        self._texts_differ = chance.random() < 0.5
        """Whether no two rows ever say the same, so that it can be told whose video a row shows."""

        if not self._texts_differ:
            self._lose_track()
        self._deleted: list[list[Box]] = []
        self._missing: list[str] = []
        """Names of the robot's columns somebody deleted."""

        deeds: tuple[tuple[Callable[[int], str], int], ...] = (
            (self._insert, 4),
            (self._type, 3),
            (self._choose_format, 1),
            (self._approve, 9),
            (self._untick, 2),
            (self._retry, 2),
            (self._sort, 3),
            (self._delete, 1),
            (self._put_back, 1),
            (self._copy, 1),
            (self._paste_from_another_tab, 1),
            (self._spoil_id, 1),
            (self._note, 1),
            (self._go_ahead, 1),
            (self._spoil_cell, 2),
            (self._limit_cost, 1),
            (self._insert_column, 1),
            (self._move_column, 1),
            (self._delete_column, 1),
            *((deed, 1) for deed in (self._meddlings() if meddles else ())),
        )
        self._deeds = [deed for deed, _ in deeds]
        self._weights = [weight for _, weight in deeds]

    def do_something(self) -> str:
        """One deed, told in words."""
        numbers = self._sheet.numbers
        if len(numbers) < 2:
            return self._insert(2)
        [deed] = self._chance.choices(self._deeds, self._weights)
        return f"{self._sheet.key.tab}: {deed(self._chance.choice(numbers))}"

    def _lose_track(self) -> None:
        self._checks.untraceable.add(self._sheet.key)

    def _new_text(self) -> str:
        text = self._chance.choice(_FEW_TEXTS)
        return f"{text} {next(self._tokens)}" if self._texts_differ else text

    def _insert(self, number: int) -> str:
        if len(self._sheet.numbers) >= MOST_ROWS:
            return self._type(number)
        text, token = self._new_text(), next(self._tokens)
        cells: dict[str, Cell] = {"Headline": text, ROW_TOKEN: token, "Approve": False, "Retry": False}
        self._sheet.insert(number, cells)
        self._checks.said[token] = {text}
        ticked = self._approve(number) if self._chance.random() < 0.5 else "unticked"
        return f"insert row {number}: {text}, {ticked}"

    def _type(self, number: int) -> str:
        text = self._new_text()
        self._sheet.type(number, "Headline", text)
        token = self._sheet.cell(number, ROW_TOKEN)
        if token is None:
            # The robot wrote below the table, where a row had been until then.
            token = next(self._tokens)
            self._sheet.type(number, ROW_TOKEN, token)
        self._checks.said.setdefault(token, set()).add(text)
        return f"type in row {number}: {text}"

    def _note(self, number: int) -> str:
        """Beside the data, or part of it: that is the template's matter."""
        self._sheet.type(number, "Notes", self._chance.choice([None, "soon", "later"]))
        return f"note something in row {number}"

    def _limit_cost(self, number: int) -> str:
        most = self._chance.choice([None, None, 5, 9, 40, _NO_LIMIT])
        self._sheet.type(number, CAP, most)
        return f"let row {number} cost {most} at most"

    def mend_limits(self) -> str:
        """A row whose limit nobody can read waits for its author."""
        for number in self._sheet.numbers:
            if self._sheet.cell(number, CAP) == _NO_LIMIT:
                self._sheet.type(number, CAP, None)
        return "mend limits"

    def _choose_format(self, number: int) -> str:
        chosen = self._chance.choice([None, "wide", "square"])
        self._sheet.type(number, "Format", chosen)
        return f"choose format {chosen} in row {number}"

    def _approve(self, number: int) -> str:
        return self._tick(number, "Approve")

    def _retry(self, number: int) -> str:
        return self._tick(number, "Retry")

    def _tick(self, number: int, box: str) -> str:
        if is_ticked(self._sheet.cell(number, box)):
            return f"leave {box} of row {number} ticked"
        self._sheet.tick(number, box)
        self._sheet.type(number, f"{box} token", next(self._tokens))
        return f"tick {box} of row {number}"

    def _go_ahead(self, _number: int) -> str:
        return self.go_ahead()

    def go_ahead(self) -> str:
        """The box on Control; where the robot never knew these ticks, it stands for each of them as of now."""
        self._sheet.say(BoardColumn.GO_AHEAD, True)
        self._world.hear_go_ahead(self._sheet)
        self._sheet.robot_forgot()
        if self._pays_again or self._world.is_edited:
            # Such a service cannot be asked what was paid before, and a template of other fields makes other
            # videos of the same texts: whoever says so pays for them again.
            for number in self._sheet.numbers:
                self._tick_anew(number, "Approve")
        return "tick Go ahead on Control"

    def _untick(self, number: int) -> str:
        box = self._chance.choice(["Approve", "Approve", "Retry"])
        self._sheet.untick(number, box)
        return f"untick {box} of row {number}"

    def _sort(self, _number: int) -> str:
        reverse = self._chance.random() < 0.5
        self._sheet.sort("Headline", reverse=reverse)
        return f"sort {'downwards' if reverse else 'upwards'}"

    def _delete(self, number: int) -> str:
        self._deleted.append(self._sheet.delete(number))
        self._lose_track()
        return f"delete row {number}"

    def _put_back(self, number: int) -> str:
        if not self._deleted or len(self._sheet.numbers) >= MOST_ROWS:
            return "think about an undo"
        self._sheet.put_back(number, self._deleted.pop())
        if self._pays_again and self._world.forgotten:
            # Nobody remembers the row, and nobody can be asked: its tick is as good as a new one.
            for box in ("Approve", "Retry"):
                self._tick_anew(number, box)
        return f"put back row {number}"

    def _copy(self, number: int) -> str:
        if len(self._sheet.numbers) >= MOST_ROWS:
            return "think about a copy"
        target = self._chance.choice([2, number, number + 1])
        self._sheet.copy(number, target)
        self._lose_track()
        for box in ("Approve", "Retry"):
            # A tick the robot never took, copied, is two ticks of a person.
            if self._sheet.cell(target, f"{box} token") not in self._sheet.meant:
                self._tick_anew(target, box)
        if self._sheet.cell(target, "Row ID") is None:
            self._become_new(target)
        return f"copy row {number} to {target}"

    def _paste_from_another_tab(self, number: int) -> str:
        """A whole row of another tab, robot's cells too, inserted here: on this tab it is a row like any other."""
        others = [sheet for sheet in self._sheets if sheet is not self._sheet and len(sheet.numbers)]
        if not others or len(self._sheet.numbers) >= MOST_ROWS:
            return "think about a paste"
        other = self._chance.choice(others)
        source = self._chance.choice(other.numbers)
        self._sheet.put_back(number, [other.cell(source, name) for name in self._sheet.header])
        self._sheet.type(number, ROW_TOKEN, next(self._tokens))
        self._lose_track()
        for box in ("Approve", "Retry"):
            self._tick_anew(number, box)
        return f"paste row {source} of tab {other.key.tab} at {number}"

    def _become_new(self, number: int) -> None:
        """A copy that does not carry the id any more is a row like any other; so its ticks are its own."""
        for box in ("Approve", "Retry"):
            token = self._sheet.cell(number, f"{box} token")
            if [self._sheet.cell(other, f"{box} token") for other in self._sheet.numbers].count(token) > 1:
                self._tick_anew(number, box)

    def _tick_anew(self, number: int, box: str) -> None:
        if is_ticked(self._sheet.cell(number, box)):
            self._sheet.type(number, f"{box} token", next(self._tokens))

    def _spoil_id(self, number: int) -> str:
        others = [self._sheet.cell(other, "Row ID") for other in self._sheet.numbers]
        spoiled = self._chance.choice([None, None, "Done", "r7k3qm", *others])
        self._sheet.type(number, "Row ID", spoiled)
        self._lose_track()
        self._become_new(number)
        return f"spoil the id of row {number}: {spoiled}"

    def _spoil_cell(self, number: int) -> str:
        column = self._chance.choice([one for one in RobotColumn if one is not RobotColumn.ROW_ID])
        # A plausible lie: what another row, or this one at another time, rightly shows there.
        lies = [sheet.cell(other, column) for sheet in self._sheets for other in sheet.numbers]
        value = self._chance.choice([*_SPOILED, *_LIES.get(column, ()), *lies])
        self._sheet.type(number, column, value)
        return f"spoil {column} of row {number}: {value}"

    # -- columns --------------------------------------------------------------

    def _insert_column(self, _number: int) -> str:
        if len(self._sheet.header) > _MOST_COLUMNS:
            return "think about a column"
        self._deleted.clear()
        place, name = self._chance.randint(0, len(self._sheet.header)), f"Mood {next(self._tokens)}"
        self._sheet.insert_column(place, self._chance.choice(["", name]))
        return f"insert a column at {place}"

    def _move_column(self, _number: int) -> str:
        self._deleted.clear()  # an undo would take the move back first
        names = [name for name in self._sheet.header if name]
        name, place = self._chance.choice(names), self._chance.randrange(len(names))
        self._sheet.move_column(name, place)
        return f"move column {name} to {place}"

    def _delete_column(self, _number: int) -> str:
        """One of the robot's; a new one is put in its place later."""
        if self._missing:
            return self.mend_columns()
        self._deleted.clear()
        name = self._chance.choice(list(RobotColumn))
        self._sheet.delete_column(name)
        self._missing.append(name)
        if name == RobotColumn.ROW_ID:
            self._lose_track()
        return f"delete column {name}"

    def mend_columns(self) -> str:
        """What `rowreel init` does: every missing column is there again, empty."""
        told = f"put back columns {self._missing}"
        self._deleted.clear()
        for name in self._missing:
            self._sheet.insert_column(len(self._sheet.header), name)
        self._missing.clear()
        return told

    # -- meddling -------------------------------------------------------------

    def _meddlings(self) -> tuple[Callable[[int], str], ...]:
        return (
            self._swap_ids,
            self._fill_ids_down,
            self._tick_all,
            self._cut_and_paste,
            self._cut_and_paste_own_columns,
            self._sort_own_columns,
            self._paste_all_anew,
            self._clear_all_and_undo,
        )

    def _swap_ids(self, number: int) -> str:
        other = self._chance.choice(self._sheet.numbers)
        ids = [self._sheet.cell(one, "Row ID") for one in (number, other)]
        for one, record in zip((other, number), ids, strict=True):
            self._sheet.type(one, "Row ID", record)
        self._lose_track()
        if self._sheet.cell(number, "Headline") == self._sheet.cell(other, "Headline"):
            # Nobody can see from the sheet that these did not change places, and ticks with them.
            for one in (number, other):
                for box in ("Approve", "Retry"):
                    self._tick_anew(one, box)
        return f"swap the ids of rows {number} and {other}"

    def _fill_ids_down(self, number: int) -> str:
        for below in range(number + 1, self._sheet.numbers[-1] + 1):
            self._sheet.type(below, "Row ID", self._sheet.cell(number, "Row ID"))
            self._become_new(below)
        self._lose_track()
        return f"fill the id of row {number} down"

    def _tick_all(self, _number: int) -> str:
        for number in self._sheet.numbers:
            self._approve(number)
        return "tick all rows"

    def _cut_and_paste(self, number: int) -> str:
        to = self._chance.choice(self._sheet.numbers)
        self._sheet.put_back(to, self._sheet.delete(number))
        return f"move row {number} to {to}"

    def _cut_and_paste_own_columns(self, number: int) -> str:
        """The robot's cells stay behind in a row without data."""
        last = self._sheet.numbers[-1] + 1
        self._sheet.cut(number, last, self._own_columns())
        return f"cut people's cells of row {number} and paste them below"

    def _sort_own_columns(self, _number: int) -> str:
        self._sheet.sort_only(self._own_columns(), "Headline")
        self._lose_track()  # where one is edited as well, nobody can tell which one it was
        return "sort people's columns alone"

    def _paste_all_anew(self, _number: int) -> str:
        """The same table once more, without the robot's columns: its cells are cleared."""
        for number in self._sheet.numbers:
            for name in RobotColumn:
                self._sheet.type(number, name, None)
        return "paste the whole table anew"

    def _clear_all_and_undo(self, _number: int) -> str:
        gone = [self._sheet.delete(2) for _ in self._sheet.numbers]
        for cells in reversed(gone):
            self._sheet.put_back(2, cells)
        return "clear all rows and undo it"

    def _own_columns(self) -> list[str]:
        return [name for name in self._sheet.header if name and name not in set(RobotColumn)]
