"""When things are to be seen, and how strongly."""

from __future__ import annotations

import pytest

BLACK, WHITE, RED, BLUE = "#000000", "#ffffff", "#ff0000", "#0000ff"


def level(picture) -> int:
    return picture.getpixel((20, 20))[0]


def scene(name: str, seconds: float, colour: str, **more) -> dict:
    return {"id": name, "duration": seconds, "backgroundColor": colour, **more}


def test_fade_in_grows_evenly(shoot, box):
    """From nothing to all of it, each frame a step, then it stays."""
    visual = box(WHITE, enterBegin=0.2, enterEnd=1.2, enterAnimation="fade")
    shot = shoot({"backgroundColor": BLACK, "duration": 2, "frameRate": 20, "visuals": [visual]})
    levels = [level(frame) for frame in shot.frames]

    assert max(levels[:5]) <= 3
    rise = levels[4:25]
    assert rise == sorted(rise)
    assert all(abs(value - index * 255 / 20) < 9 for index, value in enumerate(rise))
    assert min(levels[25:]) > 250


def test_fade_out_falls_evenly_and_ends(shoot, box):
    visual = box(WHITE, exitBegin=0.5, exitEnd=1.5, exitAnimation="fade")
    shot = shoot({"backgroundColor": BLACK, "duration": 2, "frameRate": 20, "visuals": [visual]})
    levels = [level(frame) for frame in shot.frames]

    assert min(levels[:10]) > 250
    assert levels[10:31] == sorted(levels[10:31], reverse=True)
    assert max(levels[31:]) <= 3


def test_without_an_animation_it_is_a_cut(shoot, box):
    """Only enterBegin means it appears at once."""
    shot = shoot(
        {"backgroundColor": BLACK, "duration": 1, "visuals": [box(WHITE, enterBegin=0.5, exitEnd=0.7)]}
    )

    assert [level(frame) > 128 for frame in shot.frames] == [False] * 5 + [True] * 3 + [False] * 2


def test_overlapping_fades_are_composed_not_averaged(shoot, box):
    """Two elements on one spot that fade at once: each frame is what laying one over the other gives."""
    pair = [box(WHITE, enterEnd=1, enterAnimation="fade") for _ in range(2)]
    shot = shoot({"backgroundColor": BLACK, "duration": 1.5, "visuals": pair})

    assert abs(level(shot.frames[5]) - 255 * 0.75) < 8  # 1 - (1 - 0.5)^2


def test_distant_fades_of_different_length_run_side_by_side(shoot, box):
    slow = box(WHITE, enterEnd=1, enterAnimation="fade")
    quick = box(WHITE, x=200, y=100, enterEnd=0.5, enterAnimation="fade")
    frame = shoot({"backgroundColor": BLACK, "duration": 1.5, "visuals": [slow, quick]}).frames[4]

    assert abs(level(frame) - 255 * 0.4) < 8
    assert abs(frame.getpixel((220, 120))[0] - 255 * 0.8) < 8


def test_scenes_cut_at_the_exact_frame(shoot, near):
    shot = shoot({"frameRate": 25, "scenes": [scene("a", 1.2, RED), scene("b", 0.8, BLUE)]})

    assert len(shot.frames) == 50
    assert near(shot.frames[29].getpixel((20, 20)), (255, 0, 0))
    assert near(shot.frames[30].getpixel((20, 20)), (0, 0, 255))


def test_fade_between_scenes_shortens_the_film(shoot):
    """Both scenes share the transition: 2 + 2 - 1 seconds, a half of each in its middle."""
    first = scene("a", 2, BLACK, transition="fade", transitionDuration=1, transitionId="b")
    shot = shoot({"scenes": [first, scene("b", 2, WHITE)]})
    levels = [level(frame) for frame in shot.frames]

    assert (len(levels), shot.made.seconds) == (30, 3.0)
    assert max(levels[:10]) <= 3
    assert levels[10:21] == sorted(levels[10:21])
    assert abs(levels[15] - 128) < 9
    assert min(levels[20:]) > 250


@pytest.mark.parametrize("target", [None, "none", "elsewhere"])
def test_a_transition_that_leads_elsewhere_is_a_cut(shoot, target):
    first = scene("a", 1, BLACK, transition="fade", transitionId=target)
    levels = [level(frame) for frame in shoot({"scenes": [first, scene("b", 1, WHITE)]}).frames]

    assert [value > 128 for value in levels] == [False] * 10 + [True] * 10
    assert len(set(levels)) == 2


def test_times_are_local_to_the_scene(shoot, box):
    """A second into the second scene is two seconds into the film."""
    late = box(WHITE, enterBegin=1)
    shot = shoot({"scenes": [scene("a", 1, BLACK), scene("b", 2, BLACK, visuals=[late])]})

    assert [level(frame) > 128 for frame in shot.frames] == [False] * 20 + [True] * 10


def test_project_visuals_play_over_all_scenes(shoot, box, near):
    overlay = box("#00ff00", enterBegin=0.5)
    shot = shoot(
        {"visuals": [overlay], "scenes": [scene("a", 1, RED, visuals=[box(BLUE)]), scene("b", 1, BLUE)]}
    )

    assert near(shot.frames[4].getpixel((20, 20)), (0, 0, 255))
    assert near(shot.frames[5].getpixel((20, 20)), (0, 255, 0))
    assert near(shot.frames[19].getpixel((20, 20)), (0, 255, 0))


def test_three_scenes_at_once_are_all_mixed(shoot):
    """A short scene between two long fades is seen with both neighbours."""
    scenes = [
        scene("a", 2, BLACK, transition="fade", transitionDuration=0.9),
        scene("b", 1, WHITE, transition="fade", transitionDuration=0.9),
        scene("c", 2, BLACK),
    ]
    levels = [level(frame) for frame in shoot({"scenes": scenes}).frames]

    assert len(levels) == 32
    # At 1.6 s: b covers a by 5/9, c covers both by 4/9.
    assert abs(levels[16] - 255 * (5 / 9) * (5 / 9)) < 9


def test_an_automatic_scene_ends_with_its_last_element(shoot, box):
    scenes = [{"id": "a", "duration": -1, "visuals": [box(RED, exitEnd=1.5)]}, scene("b", 1, BLUE)]

    assert len(shoot({"duration": 0.5, "scenes": scenes}).frames) == 25
