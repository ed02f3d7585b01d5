"""What staff thinks of types: who looks at which, and what is kept of it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from tasks_app.errors import NotAnotherType, NotReviewable, ReviewedMeanwhile
from tasks_app.inference.contract import TaskType
from tasks_app.models import Review, Task, TaskQuerySet, Verdict
from tasks_app.states import Status

NOTE_LENGTH = 1000
REVIEWABLE = (Status.COMPLETED, Status.FAILED)
"""What has a type: of a result, or as far as the text alone tells."""
_AT_WORK = timedelta(minutes=10)
"""Who has reviewed within this time is still at it."""
_SHARED = 50
"""So many tasks at the head of the queue are dealt out among those at work."""


@dataclass(frozen=True)
class Judgement:
    """What a reviewer says of one task's type."""

    verdict: Verdict
    corrected_type: str = ""
    """Only of what is wrong, and then not the type that was predicted; "" = unknown."""
    note: str = ""

    def fits(self, task: Task) -> bool:
        if not self.corrected_type:
            return True
        is_known = self.corrected_type in list(TaskType)
        is_another = self.corrected_type != task.task_type
        return self.verdict is Verdict.WRONG and is_known and is_another


def review(
    task_id: UUID, judgement: Judgement, reviewer_id: int, seen: datetime | None
) -> Review:
    """Record a judgement, in place of the one that the reviewer has seen, if any.

    `seen` is the time of that one.

    Raises:
        NotReviewable: the task has neither completed nor failed.
        NotAnotherType: the correction is none.
        ReviewedMeanwhile: the latest review is not the one that was seen.
    """
    with transaction.atomic():
        task = _locked([task_id], *REVIEWABLE).first()
        if task is None:
            raise NotReviewable
        if not judgement.fits(task):
            raise NotAnotherType
        latest = Review.objects.filter(pk=task_id).first()
        if (latest.reviewed_at if latest else None) != seen:
            raise ReviewedMeanwhile
        new = _review_of(task_id, judgement, reviewer_id)
        new.save(force_insert=latest is None)
    return new


def mark_right(task_ids: Collection[UUID], reviewer_id: int) -> list[UUID]:
    """Find right those of these results that nobody has reviewed; which they are."""
    with transaction.atomic():
        results = _locked(task_ids, Status.COMPLETED)
        completed = set(results.values_list("pk", flat=True))
        reviewed = Review.objects.filter(pk__in=completed)
        unreviewed = completed.difference(reviewed.values_list("pk", flat=True))
        right = Judgement(Verdict.RIGHT)
        Review.objects.bulk_create(
            _review_of(task_id, right, reviewer_id) for task_id in unreviewed
        )
    return sorted(unreviewed)


def next_to_review(reviewer_id: int, skipped: Iterable[UUID] = ()) -> Task | None:
    """The least sure result that nobody has reviewed; None if there is none.

    Reviewers who are at work together are dealt different ones.
    """
    unreviewed = _unreviewed().exclude(pk__in=list(skipped))
    # By nothing else: ties are many, and sorting them would read them all.
    head = list(
        unreviewed.order_by("confidence").values_list("pk", flat=True)[:_SHARED]
    )
    recent = Review.objects.filter(reviewed_at__gt=timezone.now() - _AT_WORK)
    others = recent.order_by().values_list("reviewer_id", flat=True).distinct()
    at_work = sorted({reviewer_id, *filter(None, others)})
    mine = at_work.index(reviewer_id)
    dealt = [task_id for task_id in head if task_id.int % len(at_work) == mine]
    return Task.objects.filter(pk__in=(dealt or head)[:1]).first()


def count_to_review(limit: int) -> int:
    """How many there are; counted up to a limit."""
    return _unreviewed().order_by()[:limit].count()


def _unreviewed() -> TaskQuerySet:
    return Task.objects.filter(status=Status.COMPLETED, review__isnull=True)


def _locked(task_ids: Collection[UUID], *statuses: Status) -> TaskQuerySet:
    """So that one reviewer comes after the other."""
    tasks = Task.objects.filter(pk__in=task_ids, status__in=statuses)
    return tasks.order_by("pk").select_for_update()


def _review_of(task_id: UUID, judgement: Judgement, reviewer_id: int) -> Review:
    return Review(
        task_id=task_id,
        verdict=judgement.verdict,
        corrected_type=judgement.corrected_type,
        note=judgement.note[:NOTE_LENGTH],
        reviewer_id=reviewer_id,
        reviewed_at=timezone.now(),
    )
