"""Holds: what the service's answers say about the account, and when each hold lifts."""

from __future__ import annotations

import pytest
from builders import failure

from bot.domain.failures import FailureClass, ProblemCode
from bot.domain.holds import Account, Hold, HoldKind
from bot.domain.window import Window

F = FailureClass
UNREACHED = failure(F.TRANSIENT, ProblemCode.NET)
KINDS = {F.DENIED: HoldKind.KEY, F.EXHAUSTED: HoldKind.CREDITS, F.THROTTLED: HoldKind.RATE}


def held(kind: FailureClass, **facts: object) -> Account:
    return Account().after_failure(failure(kind, **facts), 100.0)


def kind(account: Account) -> HoldKind | None:
    return account.hold.kind if account.hold else None


@pytest.mark.parametrize("cause", KINDS)
def test_refused_for_the_account_s_sake(cause):
    """A refused key, too few credits or a limit hold everything at once."""
    assert kind(held(cause)) is KINDS[cause]


def test_wrong_address():
    """Nothing of the service stands at the address: other words, the same hold."""
    account = Account().after_failure(failure(F.DENIED, ProblemCode.ADDRESS), 100.0)

    assert kind(account) is HoldKind.ADDRESS
    assert account.hold is not None
    assert account.hold.until == 400


@pytest.mark.parametrize("cause", sorted(set(F) - set(KINDS) - {F.TRANSIENT, F.IN_DOUBT}))
def test_refused_for_the_row_s_sake(cause):
    """What is one row's matter holds nobody else."""
    assert held(cause) == Account()


def test_cold_start_ends_at_its_time():
    """Nothing shortens it, and nothing is to be found out: it is simply over."""
    cold = Account(Hold(HoldKind.COLD, 250.0))
    refused = cold.after_failure(failure(F.DENIED), 100.0)

    assert refused == cold
    assert kind(cold.at(249.0)) is HoldKind.COLD
    assert cold.at(250.0).hold is None


@pytest.mark.parametrize("cause", [F.TRANSIENT, F.IN_DOUBT])
@pytest.mark.parametrize("code", [ProblemCode.NET, ProblemCode.SERVICE, ProblemCode.UNSURE])
def test_f_Z26_service_that_only_fails(cause, code):
    """One doubt says nothing; three in a row without any good answer, and nothing more is sent into the outage."""
    account = Account()
    kinds = []
    for _ in range(3):
        account = account.after_failure(failure(cause, code), 100.0)
        kinds.append(kind(account))

    assert kinds == [None, None, HoldKind.NETWORK]


def test_our_own_bug_is_no_outage():
    """A call that broke on our side says nothing of the service."""
    account = Account()
    for _ in range(9):
        account = account.after_failure(failure(F.IN_DOUBT, ProblemCode.BUG), 100.0)

    assert account == Account()


def test_account_nobody_heard_of_yet():
    """Nothing stands in the way, and the window is as wide as the settings say."""
    assert Account.fresh(12, 0.5) == Account(None, 0, Window.open(12), 0.5)


def test_f_Z09_complaint_halves_the_window_once():
    """Three requests that left together and were all refused are one complaint; the next one halves again."""
    account = Account(window=Window.open(12))
    for _ in range(3):
        account = account.after_failure(failure(F.THROTTLED, retry_after=5), 100.0, was_paid=True)
    once = account.window.width
    account = account.at(106.0).after_failure(failure(F.THROTTLED), 106.0, was_paid=True)

    assert (once, account.window.width) == (6, 3)


def test_limit_on_free_calls_leaves_the_window_alone():
    """Too many questions are not too many jobs."""
    assert Account(window=Window.open(12)).after_failure(failure(F.THROTTLED), 1.0).window == Window.open(12)


def test_f_Z09_window_widens_with_what_is_accepted():
    """Only a paid answer counts."""
    account = Account(window=Window(12, 3))
    for paid in (True, True, False, True, True):
        account = account.after_success(was_let_in=True, has_paid=paid)

    assert account.window == Window(12, 4)


def test_f_Z09_what_left_together_with_the_refused_does_not_widen():
    """Seven of eight were taken: that is why the eighth was not."""
    account = Account(window=Window.open(8)).after_failure(failure(F.THROTTLED), 1.0, was_paid=True)
    for _ in range(7):
        account = account.after_success(was_let_in=True, has_paid=True)

    assert account.window == Window(8, 4)


def test_f_Z26_after_an_outage_the_window_starts_at_one():
    """From the third failure on; it stays so when the way is open again."""
    account = Account(window=Window.open(12))
    for _ in range(3):
        account = account.after_failure(UNREACHED, 1.0)
    account = account.after_success(was_let_in=False, has_paid=False)

    assert (account.hold, account.window.width) == (None, 1)


@pytest.mark.parametrize(("share", "gap"), [(0.0, 7.5), (0.5, 11.25), (1.0, 15.0)])
def test_f_Z26_installations_come_back_at_different_moments(share, gap):
    """The first look after an outage is spread by who we are."""
    account = Account(unreached=2, share=share).after_failure(UNREACHED, 100.0)

    assert account.hold is not None
    assert account.hold.until == 100 + gap


def test_third_call_that_does_not_get_through():
    """Twice may happen; from the third in a row on everything holds."""
    once = Account().after_failure(UNREACHED, 1.0)
    twice = once.after_failure(UNREACHED, 2.0)

    assert (kind(once), kind(twice)) == (None, None)
    assert kind(twice.after_failure(UNREACHED, 3.0)) is HoldKind.NETWORK


def test_a_call_that_gets_through_between():
    """Any answer starts the count anew."""
    account = Account().after_failure(UNREACHED, 1.0).after_failure(UNREACHED, 2.0)
    account = account.after_success(was_let_in=False, has_paid=False)

    assert kind(account.after_failure(UNREACHED, 3.0)) is None


@pytest.mark.parametrize(("asked", "waited"), [(None, 60), (0, 1), (-1, 1), (0.2, 1), (90, 90), (1e9, 3600)])
def test_told_to_wait(asked, waited):
    """A wait the service asks for is kept, between a second and an hour."""
    account = held(F.THROTTLED, retry_after=asked)

    assert account.hold is not None
    assert account.hold.until == 100 + waited


def test_rate_limit_ends_by_itself():
    """At its time a limit is simply over; other holds stand until an answer lifts them."""
    limited, refused = held(F.THROTTLED, retry_after=30), held(F.DENIED)

    assert kind(limited.at(129.0)) is HoldKind.RATE
    assert kind(limited.at(130.0)) is None
    assert kind(refused.at(1e9)) is HoldKind.KEY
    assert Account().at(5.0) == Account()


@pytest.mark.parametrize(
    ("hold", "was_let_in", "has_paid", "stands"),
    [
        (HoldKind.NETWORK, False, False, False),
        (HoldKind.KEY, False, False, True),
        (HoldKind.KEY, True, False, False),
        (HoldKind.ADDRESS, True, False, False),
        (HoldKind.CREDITS, True, False, True),
        (HoldKind.CREDITS, True, True, False),
        (HoldKind.RATE, True, False, True),
        (HoldKind.RATE, True, True, True),
    ],
)
def test_what_lifts_a_hold(hold, was_let_in, has_paid, stands):
    """An answer opens the way, a price shows that the key works, an accepted render that there are credits."""
    account = Account(Hold(hold, 0)).after_success(was_let_in=was_let_in, has_paid=has_paid)

    assert (account.hold is not None) is stands


def test_f_Z26_calls_that_left_together_are_one_outage():
    """A line that breaks under eight calls at once holds no longer than under three."""
    account = Account.fresh(8)
    for _ in range(8):
        account = account.after_failure(UNREACHED, 100.0)

    assert account.hold is not None
    assert account.hold.until == 115
    assert account.window.after_accepted().after_accepted().after_accepted().width == 4


@pytest.mark.parametrize("cause", [F.DENIED, F.EXHAUSTED])
def test_refusals_that_left_together_are_one(cause):
    """Three sends refused at once are looked into as soon as one would be; the next refusal doubles the wait."""
    account, alone = held(cause), held(cause)
    for _ in range(2):
        account = account.after_failure(failure(cause), 101.0)

    assert account.hold == alone.hold is not None
    assert account.hold is not None
    later = account.after_failure(failure(cause), account.hold.until)
    assert later.hold is not None
    assert later.hold.looks == 1


def test_looks_thin_out():
    """The longer a cause stays, the more seldom it is looked into, up to five minutes."""
    account, gaps, now = Account(unreached=9), [], 0.0
    for _ in range(8):
        account = account.after_failure(UNREACHED, now)
        assert account.hold is not None
        gaps.append(account.hold.until - now)
        now = account.hold.until

    assert gaps == sorted(gaps)
    assert (gaps[0], gaps[-1]) == (15, 300)


def test_credits_named_by_the_service():
    """What is needed and what is left is kept for the people who top up."""
    account = held(F.EXHAUSTED, credits=(15, 8))

    assert account.hold is not None
    assert (account.hold.needed, account.hold.left) == (15, 8)
