"""An approval is taken back while nobody knows whether its request arrived; then it turns out it did not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fakes.world import World

from bot.domain.intents import State


def untick(world: World) -> None:
    world.sheet.untick(2)


def edit(world: World) -> None:
    world.sheet.type(2, "Headline", "Summer")


def delete(world: World) -> None:
    world.sheet.delete(2)


@pytest.mark.parametrize("take_back", [untick, edit, delete])
def test_request_that_never_arrived_is_not_sent_again(world: World, take_back: Callable[[World], None]):
    """Nothing was sent, and nobody approves it any more: it is cancelled, not sent."""
    world.add("Spring")
    world.look()
    world.service.lost_requests = 1
    world.approve("Spring")
    in_doubt = world.states()
    take_back(world)
    world.settle()

    assert in_doubt == [State.CHECKING]
    assert world.states() == [State.CANCELLED]
    assert world.service.charges == []
