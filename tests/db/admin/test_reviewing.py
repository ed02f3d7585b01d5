"""The queue of results to review, and the review on a task's page."""

from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tasks_app.models import Review, Task
from tests.db.admin.steps import (
    HOSTILE,
    LIST,
    claim,
    complete,
    logged,
    page_of,
    staff_with,
    submit,
)

pytestmark = pytest.mark.django_db

QUEUE = f"{LIST}review/"


def reviewer(name: str = "rita") -> Client:
    return staff_with("view_task", "review_task", name=name)


def results(*texts: str) -> list[Task]:
    """Completed meetings, the first the least sure."""
    tasks = submit(*texts)
    complete(claim())
    for n, task in enumerate(tasks, 1):
        Task.objects.filter(pk=task.pk).update(confidence=n / 10)
    return tasks


def review_of(task: Task) -> str:
    return f"{LIST}{task.pk}/review/"


def test_the_queue_shows_one_task_after_the_other() -> None:
    first, second = results("第一件事", "第二件事")
    client = reviewer()
    page = client.get(QUEUE)
    assert page.context["task"] == first
    assert "待复核：2 个" in page.text
    shown = client.post(
        f"{review_of(first)}?queue=1", {"verdict": "right"}, follow=True
    )
    assert shown.context["task"] == second
    assert "第一件事" in shown.text
    shown = client.post(
        f"{review_of(second)}?queue=1", {"corrected_type": "trip"}, follow=True
    )
    assert shown.context["task"] is None
    assert "没有待复核的任务了" in shown.text
    verdicts = list(
        Review.objects.order_by("pk").values_list("verdict", "corrected_type")
    )
    assert sorted(verdicts) == [("right", ""), ("wrong", "trip")]
    assert logged(second) == ["复核为不正确，应为出行"]


def test_a_skipped_task_comes_no_more_to_whoever_skipped_it() -> None:
    first, second = results("一", "二")
    client = reviewer()
    shown = client.post(QUEUE, {"skip": str(first.pk)}, follow=True)
    assert shown.context["task"] == second
    assert client.post(QUEUE, {"skip": "garbage"}, follow=True).status_code == 200
    assert not Review.objects.exists()


def test_a_review_on_the_page_can_be_changed_by_whoever_saw_it() -> None:
    [task] = results("开会")
    client = reviewer()
    form = {"verdict": "wrong", "corrected_type": "work", "note": HOSTILE, "seen": ""}
    page = client.post(review_of(task), form, follow=True)
    assert "已保存复核" in page.text
    assert page.context["review"].note == HOSTILE
    assert HOSTILE not in page.text
    assert "工作" in page.text
    form = {"verdict": "right", "seen": page.context["seen"]}
    client.post(review_of(task), form)
    assert Review.objects.get().verdict == "right"


def test_the_later_of_two_reviewers_is_told_and_loses_no_word() -> None:
    [task] = results("开会")
    rita, otto = reviewer(), reviewer("otto")
    for client in (rita, otto):
        assert client.get(QUEUE).context["task"] == task
    rita.post(f"{review_of(task)}?queue=1", {"verdict": "right"})
    form = {"verdict": "unsure", "note": "看不清", "seen": ""}
    told = otto.post(f"{review_of(task)}?queue=1", form)
    assert told.status_code == 200
    assert "刚刚被别人复核过" in told.text
    assert "rita" in told.text
    assert "看不清" in told.text
    assert Review.objects.get().reviewer == User.objects.get(username="rita")
    assert len(logged(task)) == 1
    # Having seen it, otto may insist.
    otto.post(review_of(task), {**form, "seen": told.context["seen"]})
    assert Review.objects.get().verdict == "unsure"


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({}, "请选择结论"),
        ({"verdict": "right", "corrected_type": "trip"}, "更正类型只能"),
        ({"corrected_type": "meeting"}, "更正类型只能"),
        ({"verdict": "right", "note": "长" * 1001}, "1000"),
        ({"verdict": "nonsense"}, "nonsense"),
        ({"verdict": "right", "seen": "garbage"}, "not a time"),
    ],
)
def test_a_review_that_is_none_is_refused(form: dict[str, str], told: str) -> None:
    [task] = results("开会")
    page = reviewer().post(review_of(task), form)
    assert page.status_code == 200
    assert told in page.text
    assert not Review.objects.exists()


def test_a_note_s_lines_count_as_the_browser_counts_them() -> None:
    [task] = results("开会")
    note = "长\n" * 499 + "短短"
    form = {"verdict": "right", "note": note.replace("\n", "\r\n")}
    reviewer().post(review_of(task), form)
    assert Review.objects.get().note == note


def test_what_has_no_result_has_no_review() -> None:
    [waiting] = submit("等")
    client = reviewer()
    assert client.get(review_of(waiting)).status_code == 404
    assert client.post(review_of(waiting), {"verdict": "right"}).status_code == 404
    assert client.get(f"{LIST}{uuid4()}/review/").status_code == 404
    assert 'name="verdict"' not in client.get(page_of(waiting)).text


def test_what_people_and_models_wrote_is_shown_and_not_run() -> None:
    [task] = results(HOSTILE)
    Task.objects.filter(pk=task.pk).update(
        result={"summary_text": HOSTILE}, task_type=HOSTILE[:20], model_version=HOSTILE
    )
    assert HOSTILE not in reviewer().get(QUEUE).text
