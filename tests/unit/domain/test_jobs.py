"""Jobs: only two looks that say the same end one."""

from __future__ import annotations

import pytest
from builders import failure

from bot.domain.failures import FailureClass
from bot.domain.ids import JobId
from bot.domain.jobs import Absent, Job, JobPhase, agreed

ID = JobId("3f0c2a7e-5d55-5b1e-9a53-8c1d6f1f2ab1")
DONE = Job(ID, JobPhase.COMPLETED, "completed", 100, "https://cdn.example/1.mp4")
FAILED = Job(ID, JobPhase.FAILED, "failed", failed_reason="Disk on fire.")
ACTIVE = Job(ID, JobPhase.ACTIVE, "active", 60)


@pytest.mark.parametrize(
    ("job", "has_ended"),
    [
        (DONE, True),
        (FAILED, True),
        (ACTIVE, False),
        (Job(ID, JobPhase.WAITING, "stalled"), False),
        (Job(ID, JobPhase.COMPLETED, "completed"), False),
    ],
)
def test_what_may_be_an_end(job, has_ended):
    """A failure, or a video with its link."""
    assert job.has_ended is has_ended


@pytest.mark.parametrize(
    ("job", "looks"),
    [(DONE, True), (FAILED, True), (ACTIVE, False), (Job(ID, JobPhase.COMPLETED, "completed"), True)],
)
def test_what_looks_like_an_end(job, looks):
    """A word that ends a job, with or without what belongs to it."""
    assert job.looks_ended is looks


@pytest.mark.parametrize("job", [DONE, FAILED])
def test_f_Z21_the_same_twice_is_an_end(job):
    """The second answer counts."""
    assert agreed(job, job) == job


def test_links_may_be_signed_anew():
    """Two links to one video are no contradiction; the later one is taken."""
    again = Job(ID, JobPhase.COMPLETED, "completed", 100, "https://cdn.example/1.mp4?signed=2")

    assert agreed(DONE, again) == again


@pytest.mark.parametrize(
    "then",
    [FAILED, ACTIVE, Absent(ID), failure(FailureClass.IN_DOUBT), Job(ID, JobPhase.COMPLETED, "completed")],
)
def test_f_Z21_anything_else_is_none(then):
    """Whatever the second look is, the job still goes on, and nothing of its end is kept."""
    job = agreed(DONE, then)

    assert not job.has_ended
    assert (job.url, job.failed_reason) == (None, None)


def test_later_answer_tells_how_far_it_is():
    """What goes on is told from the look that saw it go on."""
    assert agreed(FAILED, ACTIVE) == ACTIVE
