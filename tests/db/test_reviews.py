"""What staff thinks of results."""

from datetime import datetime, timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from tasks_app import lifecycle, reports, reviews
from tasks_app.errors import NotAnotherType, NotReviewable, ReviewedMeanwhile
from tasks_app.models import Review, Task, Verdict
from tasks_app.reviews import Judgement
from tests.db.at_once import at_once
from tests.db.examples import claimed, completed, failed, pending

RIGHT, UNSURE = Judgement(Verdict.RIGHT), Judgement(Verdict.UNSURE)


def person(name: str = "rita") -> int:
    return User.objects.create_user(name).pk


def results(*confidences: float) -> list[Task]:
    """Completed tasks; of type shopping."""
    tasks = claimed(len(confidences))
    lifecycle.finish([completed(task) for task in tasks])
    for task, confidence in zip(tasks, confidences, strict=True):
        Task.objects.filter(pk=task.pk).update(confidence=confidence)
    return tasks


@pytest.mark.django_db
def test_a_review_says_what_by_whom_and_when() -> None:
    [task], rita = results(0.5), person()
    before = timezone.now()
    judgement = Judgement(Verdict.WRONG, "trip", "要去机场")
    reviews.review(task.pk, judgement, rita, seen=None)
    review = Review.objects.get(task=task)
    said = (review.verdict, review.corrected_type, review.note, review.reviewer_id)
    assert said == ("wrong", "trip", "要去机场", rita)
    assert before <= review.reviewed_at <= timezone.now()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "judgement",
    [
        Judgement(Verdict.RIGHT, "trip"),
        Judgement(Verdict.UNSURE, "trip"),
        Judgement(Verdict.WRONG, "shopping"),
        Judgement(Verdict.WRONG, "nonsense"),
    ],
)
def test_a_correction_corrects(judgement: Judgement) -> None:
    [task] = results(0.5)
    with pytest.raises(NotAnotherType):
        reviews.review(task.pk, judgement, person(), seen=None)
    assert not Review.objects.exists()


@pytest.mark.django_db
def test_the_type_of_what_failed_is_corrected_and_judges_no_engine() -> None:
    [task], rita = claimed(), person()
    lifecycle.finish([failed(task)])
    assert reviews.next_to_review(rita) is None
    assert reviews.mark_right([task.pk], rita) == []
    reviews.review(task.pk, Judgement(Verdict.WRONG, "trip"), rita, seen=None)
    assert Review.objects.get(task=task).corrected_type == "trip"
    [row] = reports.tasks().in_all().with_accuracy()
    assert (row["wrong"], row["accuracy"]) == (0, None)
    today = timezone.localdate()
    assert reports.calibration(today, today + timedelta(days=1)) == []


@pytest.mark.django_db
def test_what_has_no_type_is_not_reviewed() -> None:
    [waiting], rita = pending(), person()
    for task_id in (waiting.pk, uuid4()):
        with pytest.raises(NotReviewable):
            reviews.review(task_id, RIGHT, rita, seen=None)
    assert reviews.mark_right([waiting.pk], rita) == []


@pytest.mark.django_db
def test_a_review_that_was_not_seen_is_not_written_over() -> None:
    [task] = results(0.5)
    rita, otto = person(), person("otto")
    first = reviews.review(task.pk, RIGHT, rita, seen=None)
    with pytest.raises(ReviewedMeanwhile):
        reviews.review(task.pk, UNSURE, otto, seen=None)
    assert Review.objects.get().verdict == "right"
    reviews.review(task.pk, UNSURE, otto, seen=first.reviewed_at)
    assert Review.objects.get().reviewer_id == otto
    with pytest.raises(ReviewedMeanwhile):
        reviews.review(task.pk, RIGHT, rita, seen=first.reviewed_at)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_review_at_once_one_is_told() -> None:
    people = [person("rita"), person("otto")]
    for seen in (None, "latest"):
        [task] = results(0.5)
        at: datetime | None = None
        if seen:
            at = reviews.review(task.pk, RIGHT, people[0], seen=None).reviewed_at
        told = at_once(*[partial(tell, task, who, at) for who in people])
        assert sorted(told) == ["reviewed meanwhile", "taken"]


def tell(task: Task, reviewer_id: int, seen: datetime | None) -> str:
    try:
        reviews.review(task.pk, UNSURE, reviewer_id, seen)
    except ReviewedMeanwhile:
        return "reviewed meanwhile"
    return "taken"


@pytest.mark.django_db
def test_marking_leaves_reviews_as_they_are() -> None:
    seen, unseen = results(0.5, 0.6)
    rita = person()
    reviews.review(seen.pk, UNSURE, rita, seen=None)
    assert reviews.mark_right([seen.pk, unseen.pk], rita) == [unseen.pk]
    assert Review.objects.get(task=seen).verdict == "unsure"
    assert Review.objects.get(task=unseen).verdict == "right"


@pytest.mark.django_db
def test_the_least_sure_of_what_nobody_reviewed_comes_first() -> None:
    tasks, rita = results(0.9, 0.3, 0.6), person()
    pending()
    order: list[object] = []
    while task := reviews.next_to_review(rita):
        assert reviews.count_to_review(10) == 3 - len(order)
        reviews.review(task.pk, RIGHT, rita, seen=None)
        order.append(task.pk)
    assert order == [tasks[1].pk, tasks[2].pk, tasks[0].pk]


@pytest.mark.django_db
def test_what_is_skipped_waits_for_others() -> None:
    [first, second], rita = results(0.1, 0.2), person()
    assert reviews.next_to_review(rita, [first.pk]) == second
    assert reviews.next_to_review(rita, [first.pk, second.pk]) is None
    assert reviews.next_to_review(person("otto")) == first


@pytest.mark.django_db
def test_those_who_review_together_are_dealt_different_tasks() -> None:
    results(*[0.1] * 40)
    people = [person("rita"), person("otto"), person("ines")]
    for who in people:
        task = reviews.next_to_review(who)
        assert task is not None
        reviews.review(task.pk, RIGHT, who, seen=None)
    shown = [reviews.next_to_review(who) for who in people]
    assert None not in shown
    assert len(set(shown)) == 3


@pytest.mark.django_db
def test_whoever_is_left_alone_gets_all() -> None:
    tasks = results(*[0.1] * 9)
    rita, otto = person(), person("otto")
    for who in (otto, rita):
        reviews.mark_right([tasks.pop().pk], who)
    Review.objects.filter(reviewer=otto).update(
        reviewed_at=timezone.now() - timedelta(hours=1)
    )
    for _ in tasks:
        task = reviews.next_to_review(rita)
        assert task is not None
        reviews.mark_right([task.pk], rita)
    assert reviews.next_to_review(rita) is None
