"""The switches of the console: what is on, until when, and how often it struck."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import orjson

from bot.sandbox.console import hands
from bot.sandbox.console.cards import CARDS, Card
from bot.sandbox.console.tally import Tally
from bot.sandbox.sheets.service import SheetsStandIn
from bot.sandbox.sheets.wire import Json
from bot.sandbox.zvid.service import ZvidStandIn

LOST_ANSWER = "lost-answer"
SHOWN_LATE_SECONDS = 5
_DEEDS = {
    "sort-now": hands.sorting,
    "sort-between": hands.sorting,
    "insert-between": hands.inserting,
    "delete-row": hands.deleting,
}


class Desk:
    """Safe to use from any thread. Faults end by themselves: whoever asks next finds them over."""

    def __init__(
        self,
        home: Path,
        sheets: SheetsStandIn,
        zvid: ZvidStandIn,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._sheets = sheets
        self._zvid = zvid
        self._clock = clock
        self._lock = threading.RLock()
        self._until: dict[str, float] = {}
        self._struck: Counter[str] = Counter()
        self._usual_delay = 0.0
        # A process that is killed meanwhile must not leave the account empty for good.
        self._put_aside = home / "credits-put-aside.json"
        self._cards = {card.id: card for card in CARDS}
        self.tally = Tally(zvid)

    def start(self) -> None:
        """Watches the ticks from now on, and gives back credits an earlier process kept."""
        self._give_credits_back()
        self._sheets.library.on_change = self.tally.look

    def is_on(self, name: str) -> bool:
        if name not in self._until:
            return False
        with self._lock:
            self._end_what_is_over()
            return name in self._until

    def struck(self, name: str) -> None:
        with self._lock:
            self._struck[name] += 1

    def tell(self) -> Json:
        """Everything the page shows."""
        with self._lock:
            self._end_what_is_over()
            now = self._clock()
            faults = [
                {
                    **asdict(card),
                    "on": card.id in self._until,
                    "secondsLeft": max(0, round(self._until.get(card.id, now) - now)),
                    "count": self._struck[card.id],
                }
                for card in CARDS
            ]
        return {"faults": faults, "tally": self.tally.count(self._sheets.library)}

    def turn(self, name: str, *, on: bool) -> str:
        """Switches a fault, or does it once; answers why nothing came of it, if so. Raises KeyError."""
        card = self._cards[name]
        with self._lock:
            self._end_what_is_over()
            if not on:
                self._end(name)
                return ""
            if card.kind in {"hand", "ambush"}:
                return self._lay_hands(card)
            if name not in self._until:
                self._begin(card)
            self._until[name] = self._clock() + card.seconds
        return ""

    def all_off(self) -> None:
        with self._lock:
            for name in tuple(self._until):
                self._end(name)

    # ------------------------------------------------------------ how a fault begins and ends

    def _begin(self, card: Card) -> None:
        if card.kind == "account":
            balance = self._zvid.balance()
            self._put_aside.write_bytes(orjson.dumps({"credits": balance}))
            self._zvid.set_balance(0)
        elif card.id == LOST_ANSWER:
            # A lost answer alone would be found again at the first look, too soon to be seen.
            self._usual_delay = self._zvid.switches().visibility_delay_seconds
            self._zvid.change(visibility_delay_seconds=SHOWN_LATE_SECONDS)

    def _lay_hands(self, card: Card) -> str:
        library = self._sheets.library
        with library.lock:
            place = next(iter(hands.places(library)), None)
            if place is None:
                return "There is no sheet with the robot's columns yet."
            requests = _DEEDS[card.id](place)
            if not requests:
                return "There are too few rows for that."
            if card.kind == "hand":
                hands.carry_out(library, place, requests)
                self._struck[card.id] += 1
                return ""
        for other in tuple(self._until):
            if self._cards[other].kind == "ambush":
                self._end(other)
        self._sheets.change(hands=[{"sheet_id": place.tab.sheet_id, "requests": requests}])
        self._until[card.id] = self._clock() + card.seconds
        return ""

    def _end_what_is_over(self) -> None:
        now = self._clock()
        for name, until in tuple(self._until.items()):
            if self._cards[name].kind == "ambush" and not self._sheets.faults.now.hands:
                del self._until[name]
                self._struck[name] += 1
            elif until <= now:
                self._end(name)

    def _end(self, name: str) -> None:
        if self._until.pop(name, None) is None:
            return
        match self._cards[name].kind:
            case "ambush":
                self._sheets.change(hands=[])
            case "account":
                self._give_credits_back()
        if name == LOST_ANSWER:
            self._zvid.change(visibility_delay_seconds=self._usual_delay)

    def _give_credits_back(self) -> None:
        if self._put_aside.exists():
            kept = int(orjson.loads(self._put_aside.read_bytes())["credits"])
            self._zvid.set_balance(self._zvid.balance() + kept)
            self._put_aside.unlink()
