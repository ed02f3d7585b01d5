"""Which submissions are refused, why, and until when."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from tasks_app import lifecycle
from tasks_app.errors import IdempotencyConflict, RequestError
from tasks_app.lifecycle import Draft, Limits, Stored
from tasks_app.lifecycle.admission import NO_LIMITS
from tasks_app.models import Task, TaskEvent
from tasks_app.outlook import Outlook
from tasks_app.submit_rate import Quota
from tests.db.examples import ANNA, BEN, LEASE_S, completed, draft, store

pytestmark = pytest.mark.django_db

THREE_IN_TWO_S = Quota(3, 2)
BY_OWNER = Limits(of_owner=THREE_IN_TWO_S)
BY_SOURCE = Limits(of_source=THREE_IN_TWO_S)
HERE, THERE = "0123456789abcdef", "fedcba9876543210"


class Clock:
    """The time of day, moved by the test."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(timezone, "now", clock)
    return clock


def codes(limits: Limits, *drafts: Draft) -> list[str]:
    """What becomes of a batch: "stored" or "duplicate", or the refusal's code."""
    return [_code(one) for one in lifecycle.create(drafts, limits)]


def _code(submission: Stored | RequestError) -> str:
    if isinstance(submission, Stored):
        return "duplicate" if submission.is_duplicate else "stored"
    return submission.code


def several(count: int, owner: str = ANNA, source: str = "") -> list[Draft]:
    return [draft(owner=owner, source=source) for _ in range(count)]


def wait_of(limits: Limits, submission: Draft) -> float:
    """How long a submission that is refused is told to wait."""
    [refusal] = lifecycle.create([submission], limits)
    assert isinstance(refusal, RequestError)
    assert refusal.retry_after is not None
    return refusal.retry_after


STORED_3_OF_5 = ["stored"] * 3 + ["rate_limited"] * 2


# --- How often ----------------------------------------------------------------------


def test_an_owner_s_batch_is_stored_as_far_as_its_rate_allows() -> None:
    assert codes(BY_OWNER, *several(5)) == STORED_3_OF_5
    assert Task.objects.count() == TaskEvent.objects.count() == 3


def test_an_owner_is_counted_over_all_processes() -> None:
    told = [code for one in several(5) for code in codes(BY_OWNER, one)]
    assert told == STORED_3_OF_5


def test_one_owner_s_refusal_leaves_the_others_of_the_batch_stored() -> None:
    batch = [draft(owner=owner) for _ in range(4) for owner in (ANNA, BEN)]
    assert codes(BY_OWNER, *several(2), *batch) == [
        *["stored"] * 2,
        *["stored", "stored"],
        *["rate_limited", "stored"] * 2,
        *["rate_limited", "rate_limited"],
    ]
    assert Task.objects.owned_by(BEN).count() == 3


def test_a_source_is_counted_over_all_its_owners() -> None:
    batch = [draft(owner=f"client:{n}", source=HERE) for n in range(5)]
    assert codes(BY_SOURCE, *batch[:2]) == ["stored"] * 2
    assert codes(BY_SOURCE, *batch[2:]) == ["stored"] + ["rate_limited"] * 2
    assert codes(BY_SOURCE, draft(source=THERE)) == ["stored"]


def test_submissions_without_a_source_are_not_counted_by_it() -> None:
    assert codes(BY_SOURCE, *several(10)) == ["stored"] * 10
    assert codes(BY_SOURCE, *several(10)) == ["stored"] * 10
    assert codes(BY_SOURCE, draft(source=HERE)) == ["stored"]


def test_an_owner_s_rate_counts_though_its_sources_differ() -> None:
    both = Limits(of_owner=THREE_IN_TWO_S, of_source=THREE_IN_TWO_S)
    batch = [draft(source=source) for source in (HERE, THERE) * 2]
    assert codes(both, *batch) == [*["stored"] * 3, "rate_limited"]


@pytest.mark.parametrize("limits", [BY_OWNER, BY_SOURCE])
@pytest.mark.parametrize("moment", [1.0, 1.33, 1.5, 1.949, 1.951, 1.999])
def test_who_comes_when_told_is_taken(
    clock: Clock, limits: Limits, moment: float
) -> None:
    for _ in range(3):
        assert codes(limits, draft(source=HERE)) == ["stored"]
        clock.move(0.3)
    clock.move(moment - 0.9)
    wait = wait_of(limits, draft(source=HERE))
    assert 2 - moment < wait <= 2 - moment + 0.2
    clock.move(wait)
    two_more = [draft(source=HERE), draft(source=HERE)]
    assert codes(limits, *two_more) == ["stored", "rate_limited"]


def test_who_was_refused_beside_others_of_one_batch_is_taken_when_told(
    clock: Clock,
) -> None:
    *_, refusal = lifecycle.create(several(4), BY_OWNER)
    assert isinstance(refusal, RequestError)
    assert refusal.retry_after is not None
    clock.move(refusal.retry_after)
    assert codes(BY_OWNER, *several(4)) == [*["stored"] * 3, "rate_limited"]


def test_who_comes_when_told_is_taken_though_more_were_stored_than_may(
    clock: Clock,
) -> None:
    # By two processes that did not see each other.
    for _ in range(4):
        store(draft())
        clock.move(0.4)
    clock.move(wait_of(BY_OWNER, draft()))
    assert codes(BY_OWNER, draft()) == ["stored"]


def test_what_waited_for_a_slow_commit_is_counted_with_what_waited_beside_it(
    clock: Clock,
) -> None:
    drafts = [draft() for _ in range(8)]
    clock.move(60)
    outcomes = [codes(BY_OWNER, *drafts[start : start + 2]) for start in (0, 2, 4, 6)]
    assert [code for codes_ in outcomes for code in codes_].count("stored") == 3


def test_what_is_refused_does_not_count(clock: Clock) -> None:
    codes(BY_OWNER, *several(3))
    for _ in range(4):
        clock.move(0.49)
        assert codes(BY_OWNER, *several(3)) == ["rate_limited"] * 3
    clock.move(0.05)
    assert codes(BY_OWNER, *several(4)) == [*["stored"] * 3, "rate_limited"]


def test_a_cancelled_task_counts(clock: Clock) -> None:
    [*_, last] = several(3)
    codes(BY_OWNER, *several(2), last)
    lifecycle.cancel(Task.objects.get(pk=last.id), "client")
    assert codes(BY_OWNER, draft()) == ["rate_limited"]


# --- How many -----------------------------------------------------------------------


def test_an_owner_has_no_more_unfinished_tasks_than_it_may() -> None:
    limits = Limits(unfinished=3)
    assert codes(limits, *several(2)) == ["stored"] * 2
    assert codes(limits, *several(2), draft(owner=BEN)) == [
        "stored",
        "queue_full",
        "stored",
    ]
    assert wait_of(limits, draft()) > 0


def test_what_is_claimed_is_unfinished_and_what_has_ended_is_not() -> None:
    limits = Limits(unfinished=3)
    first, second, _ = batch = several(3)
    codes(limits, *batch)
    [claim] = lifecycle.claim(1, "w1", LEASE_S)
    assert codes(limits, draft()) == ["queue_full"]
    lifecycle.finish([completed(claim.task)])
    assert codes(limits, *several(2)) == ["stored", "queue_full"]
    waiting = second if claim.task.pk == first.id else first
    lifecycle.cancel(Task.objects.get(pk=waiting.id), "client")
    assert codes(limits, *several(2)) == ["stored", "queue_full"]


def test_the_queue_is_no_longer_than_it_may_be() -> None:
    limits = Limits(queue=3)
    assert codes(limits, *several(2), draft(owner=BEN)) == ["stored"] * 3
    assert codes(limits, draft(owner=BEN)) == ["queue_full"]
    assert wait_of(limits, draft(owner="client:carl")) > 0
    lifecycle.claim(1, "w1", LEASE_S)
    assert codes(limits, *several(2)) == ["stored", "queue_full"]


def test_the_queue_is_bounded_in_one_batch_and_between_two_counts() -> None:
    limits, outlook = Limits(queue=5), Outlook()
    told = [lifecycle.create(several(2), limits, outlook) for _ in range(4)]
    assert [_code(one) for batch in told for one in batch] == [
        *["stored"] * 5,
        *["queue_full"] * 3,
    ]


def test_whose_tasks_are_too_many_is_told() -> None:
    [of_owner] = lifecycle.create(several(1), Limits(unfinished=1))
    assert isinstance(of_owner, Stored)
    messages: list[str] = []
    for limits in (Limits(unfinished=1), Limits(queue=1)):
        [refusal] = lifecycle.create(several(1), limits)
        assert isinstance(refusal, RequestError)
        messages.append(str(refusal.message))
    assert messages == [
        "您未完成的任务过多，请等待其中一些结束",
        "排队任务过多，请稍后再试",
    ]


# --- Keys ---------------------------------------------------------------------------

EVERY_LIMIT = [
    BY_OWNER,
    BY_SOURCE,
    Limits(unfinished=3),
    Limits(queue=3),
    Limits(THREE_IN_TWO_S, THREE_IN_TWO_S, 3, 3),
]


def keyed(keys: str) -> list[Draft]:
    return [draft(key=key, source=HERE) for key in keys]


@pytest.mark.parametrize("limits", EVERY_LIMIT)
def test_what_is_sent_again_is_never_refused(limits: Limits) -> None:
    assert codes(limits, *keyed("abc")) == ["stored"] * 3
    for _ in range(3):
        assert codes(limits, *keyed("abcabc")) == ["duplicate"] * 6
    assert Task.objects.count() == 3


@pytest.mark.parametrize("limits", EVERY_LIMIT)
def test_what_is_sent_again_does_not_count(limits: Limits) -> None:
    told = codes(limits, *keyed("aabbaab")) + codes(limits, *keyed("bac"))
    assert told.count("stored") == 3
    assert told.count("duplicate") == 7
    [refused] = codes(limits, *keyed("d"))
    assert refused in ("rate_limited", "queue_full")


@pytest.mark.parametrize("limits", EVERY_LIMIT)
def test_a_conflict_does_not_count_and_is_told_as_such(limits: Limits) -> None:
    codes(limits, *keyed("ab"))
    conflicts = lifecycle.create([draft("另一个", key="a", source=HERE)] * 5, limits)
    assert all(isinstance(one, IdempotencyConflict) for one in conflicts)
    assert codes(limits, *keyed("c")) == ["stored"]


def test_the_key_of_a_refused_submission_is_still_free(clock: Clock) -> None:
    assert codes(BY_OWNER, *keyed("abcdd")) == STORED_3_OF_5
    clock.move(2.1)
    assert codes(BY_OWNER, draft("另一个", key="d")) == ["stored"]


# --- Without limits -----------------------------------------------------------------


@pytest.mark.parametrize("limits", [NO_LIMITS, Limits(unfinished=0, queue=0)])
def test_without_limits_nothing_is_refused(limits: Limits) -> None:
    batch: Sequence[Draft] = several(100, source=HERE)
    assert codes(limits, *batch) == ["stored"] * 100
    assert codes(limits, *several(100, source=HERE)) == ["stored"] * 100


def test_zero_in_the_settings_is_no_limit(settings: Settings) -> None:
    settings.SUBMIT_RATE = settings.ADDRESS_SUBMIT_RATE = 0
    settings.MAX_UNFINISHED_TASKS = settings.MAX_QUEUE_SIZE = 0
    assert Limits.from_settings() == NO_LIMITS


def test_the_limits_are_those_of_the_settings(settings: Settings) -> None:
    settings.SUBMIT_RATE, settings.ADDRESS_SUBMIT_RATE = 10, 0.1
    settings.MAX_UNFINISHED_TASKS, settings.MAX_QUEUE_SIZE = 7, 8
    assert Limits.from_settings() == Limits(Quota(20, 2), Quota(1, 10), 7, 8)
