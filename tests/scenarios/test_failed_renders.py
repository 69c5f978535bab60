"""The service could not finish a video, or did not want the row at all."""

from __future__ import annotations

from fakes.world import World

from bot.domain.failures import Failure, FailureClass, ProblemCode
from bot.domain.intents import State

REFUSED = Failure(
    FailureClass.REJECTED,
    ProblemCode.ZVID_REJECT,
    "400: Validation failed",
    fields=(("visuals[0].text", "Text is not allowed"),),
)


def test_failed_render_is_not_tried_again_by_itself(world: World):
    """The row says so and the Log why, the credits came back, and nothing more is sent."""
    world.service.failing_renders = ["Failed to download media"]
    world.add("Spring")
    world.approve("Spring")
    world.settle()
    world.wait(1800)

    assert world.shown("Spring") == "Failed"
    assert world.shown("Spring", "What to do") == (
        "Zvid could not finish this video. Not charged. Tick Retry, or ask the video team."
    )
    assert 'It said: "Failed to download media"' in str(world.sheet.diary[0][3])
    assert world.charges_for("Spring") == len(world.service.refunds) == 1


def test_retry_after_a_failure_makes_the_video(world: World):
    """One tick in Retry, one new attempt under another job id."""
    world.service.failing_renders = ["Failed to download media"]
    world.add("Spring")
    world.approve("Spring")
    world.settle()
    world.sheet.tick(2, "Retry")
    world.wait(16)
    world.settle()

    assert world.shown("Spring") == "Done"
    assert world.shown("Spring", "Attempt") == 2
    assert world.states() == [State.FAILED, State.COMPLETED]
    assert len(world.service.jobs) == 2


def test_content_the_service_refuses_is_not_sent_again(world: World):
    """The tick is cleared with the service's reason; a new tick on the same content is refused at once."""
    world.service.refusals["ask"] = [REFUSED]
    world.add("Spring")
    world.approve("Spring")
    world.wait(60)
    told = world.shown("Spring", "What to do")
    world.approve("Spring")
    world.wait(60)

    assert told == "Zvid did not accept the row: Text is not allowed"
    assert world.shown("Spring") == "Needs fixing"
    assert world.shown("Spring", "Approve") is False
    assert world.service.charges == []


def test_refused_content_mended_and_approved(world: World):
    """After an edit the row is like new."""
    world.service.refusals["submit"] = [REFUSED]
    world.add("Spring")
    world.approve("Spring")
    world.sheet.type(2, "Headline", "Summer")
    world.look()
    world.approve("Summer")
    world.settle()

    assert world.shown("Summer") == "Done"
    assert len(world.service.charges) == 1


def test_video_without_a_link_is_not_done(world: World):
    """A job that says completed but names no file goes on being asked about."""
    world.add("Spring")
    world.approve("Spring")
    [job] = world.service.under_way
    world.service.finish()
    job_url, type(job).url = type(job).url, None
    try:
        world.wait(120)
        without_link = world.shown("Spring")
    finally:
        type(job).url = job_url
    world.settle()

    assert without_link != "Done"
    assert world.shown("Spring") == "Done"
