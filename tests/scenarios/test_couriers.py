"""Couriers: real threads, two at a time, and nothing they meet stops the others."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

from builders import TAB, intent

from bot.domain.delivery import DeliveryProblem, Looked, Undelivered
from bot.domain.ids import TabKey
from bot.domain.intents import State
from bot.planner.delivering import Fetch, Found, LookAt, Order
from bot.reconciler.couriers import Couriers

LOOKED = Looked(is_stored=None, is_alive=True)


def fetches(count: int, tab: TabKey = TAB) -> list[Order]:
    videos = [intent(f"r{number:03d}x", State.COMPLETED) for number in range(count)]
    return [Fetch(tab, one, one.job_name) for one in videos]


def look(number: int = 7) -> LookAt:
    return LookAt(TAB, intent(f"rl{number:02d}x", State.COMPLETED), "https://cdn.example/v.mp4", None)


class Stage:
    """Couriers whose errands take as long as the test says."""

    def __init__(self, found: Callable[[Order], Found] = lambda _order: LOOKED) -> None:
        self.under_way = threading.Semaphore(0)
        self.may_end = threading.Semaphore(0)
        self.news = threading.Semaphore(0)
        self.begun: list[Order] = []
        self._found = found
        self.couriers = Couriers(self._carry_out, self.news.release)

    def _carry_out(self, order: Order) -> Found:
        self.begun.append(order)
        self.under_way.release()
        assert self.may_end.acquire(timeout=10)
        return self._found(order)

    def let(self, count: int) -> None:
        """So many errands end."""
        self.may_end.release(count)
        for _ in range(count):
            assert self.news.acquire(timeout=10)


def test_two_at_a_time_and_none_twice():
    """However often they are ordered; what was not begun is forgotten when it is ordered no more."""
    stage = Stage()
    ordered = fetches(5)
    stage.couriers.send(TAB, ordered)
    for _ in range(2):
        assert stage.under_way.acquire(timeout=10)
    third = stage.under_way.acquire(timeout=0.1)
    stage.couriers.send(TAB, ordered[:3])
    stage.let(3)
    back = stage.couriers.returned(TAB)
    stage.couriers.send(TAB, ordered[:3])
    elsewhere = stage.couriers.returned(replace(TAB, tab=99))
    stage.couriers.written_down([order for order, _ in back])
    stage.couriers.close()

    assert third is False
    assert sorted(one.intent.job_id for one in stage.begun) == sorted(
        one.intent.job_id for one in ordered[:3]
    )
    assert (len(back), elsewhere, stage.couriers.returned(TAB)) == (3, [], [])


def test_mistake_of_ours_is_an_answer_and_no_end():
    """The video's own try failed; the next one is made by the same courier."""

    def breaks(order: Order) -> Found:
        raise LookupError(order.tab)

    stage = Stage(breaks)
    stage.couriers.send(TAB, [*fetches(2), look()])
    stage.let(3)
    found = [one for _, one in stage.couriers.returned(TAB)]
    stage.couriers.close()

    assert found.count(Undelivered(DeliveryProblem.BUG, "LookupError")) == 2
    assert found.count(Looked(None, None)) == 1


def test_trouble_of_the_storage_lays_other_copies_aside():
    """None is loaded in vain; looks at links go on."""
    stage = Stage(
        lambda order: LOOKED if isinstance(order, LookAt) else Undelivered(DeliveryProblem.NO_ROOM, "")
    )
    stage.couriers.send(TAB, [*fetches(9), look()])
    for _ in range(2):
        assert stage.under_way.acquire(timeout=10)
    stage.let(2)
    assert stage.under_way.acquire(timeout=10)
    stage.let(1)
    stage.couriers.close()

    assert [type(one) for one in stage.begun].count(LookAt) == 1
    assert len(stage.begun) <= 4


def test_nothing_is_begun_after_the_end():
    """Orders that come too late are nobody's."""
    stage = Stage()
    stage.couriers.close()
    stage.couriers.send(TAB, fetches(3))

    assert not stage.under_way.acquire(timeout=0.1)
    assert stage.begun == []
