"""The list of tasks: what it shows, how it is searched and narrowed."""

from datetime import datetime
from urllib.parse import parse_qs
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tasks_app.models import Review, Task, Verdict
from tests.db.admin.steps import HOSTILE, LIST, claim, complete, fail, page_of, submit


def listed(client: Client, **query: str) -> set[UUID]:
    response = client.get(LIST, query)
    assert response.status_code == 200
    return {task.pk for task in response.context["cl"].result_list}


def test_the_list_tells_how_each_task_stands(admin_client: Client) -> None:
    (task,) = submit("和设计组开会", owner="client:0123456789abcdef")
    complete(claim())
    content = admin_client.get(LIST).text
    for shown in ("和设计组开会", "已完成", "会议", "访客 01234567", page_of(task)):
        assert shown in content


def test_the_list_takes_as_many_queries_for_thirty_tasks_as_for_one(
    admin_client: Client,
) -> None:
    user = User.objects.create_user("anna")

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            admin_client.get(LIST)
        return len(captured)

    submit("第一个")
    # An engine is one look-up more of the filter.
    complete(claim())
    Task.objects.update(user=user)
    queries()
    for_one = queries()
    submit(*["另一个"] * 29)
    Task.objects.update(user=user)
    complete(claim(15))
    assert queries() == for_one


def test_the_list_does_not_load_the_documents(admin_client: Client) -> None:
    submit("带事件", event={"transcript": "带事件"})
    with CaptureQueriesContext(connection) as captured:
        admin_client.get(LIST)
    assert not [q for q in captured if '"event"' in q["sql"] or '"result"' in q["sql"]]


@pytest.mark.parametrize("written", ["{}", " {}\n", "urn:uuid:{}"])
def test_a_task_is_found_by_its_id(admin_client: Client, written: str) -> None:
    task, _other = submit("一", "二")
    assert listed(admin_client, q=written.format(task.pk)) == {task.pk}
    assert listed(admin_client, q=task.pk.hex.upper()) == {task.pk}


def test_the_tasks_of_a_visitor_are_found_by_the_visitors_id(
    admin_client: Client,
) -> None:
    visitor = uuid4()
    mine = submit("一", "二", owner=f"client:{visitor}")
    submit("三")
    assert listed(admin_client, q=str(visitor)) == {task.pk for task in mine}


def test_tasks_are_found_by_the_id_of_their_event(admin_client: Client) -> None:
    event: dict[str, object] = {"event_id": "evt_7", "transcript": "买牛奶"}
    (task,) = submit("买牛奶", event=event)
    submit("evt_7 是什么", event={"transcript": "evt_7 是什么"})
    assert listed(admin_client, q=" evt_7 ") == {task.pk}


def test_tasks_are_found_by_their_owner_or_the_owners_name(
    admin_client: Client,
) -> None:
    anna = User.objects.create_user("anna")
    mine = submit("一", "二", owner=f"user:{anna.pk}")
    submit("anna 的生日")
    for words in ("anna", f"user:{anna.pk}"):
        assert listed(admin_client, q=words) == {task.pk for task in mine}


def test_tasks_are_found_that_have_all_the_words(admin_client: Client) -> None:
    both, milk, quoted = submit("Buy milk on 周五", "买 MILK", 'say "on  time"')
    for words, found in {
        "milk": {both, milk},
        "周五 milk": {both},
        "周": {both},
        "周六": set(),
        '"on  time"': {quoted},
        "on milk": {both},
    }.items():
        assert listed(admin_client, q=words) == {task.pk for task in found}, words


@pytest.mark.parametrize(
    "garbage",
    ["%", "'; DROP TABLE--", "\0", '"unbalanced', "x " * 4000, "0" * 33, HOSTILE],
)
def test_searching_for_garbage_finds_nothing_and_fails_nothing(
    admin_client: Client, garbage: str
) -> None:
    submit("买牛奶")
    response = admin_client.get(LIST, {"q": garbage})
    assert response.status_code == 200
    assert HOSTILE not in response.text


def test_filters_narrow_the_list(admin_client: Client) -> None:
    (done,) = submit("开会")
    complete(claim())
    submit("买牛奶")
    for name, value in [
        ("status", "completed"),
        ("task_type", "meeting"),
        ("engine", "local"),
    ]:
        assert listed(admin_client, **{name: value}) == {done.pk}
    assert listed(admin_client, task_type="trip") == set()
    Task.objects.filter(pk=done.pk).update(priority_level="high")
    assert listed(admin_client, priority_level="high") == {done.pk}
    assert listed(admin_client, priority_level="low") == set()


def test_failures_are_found_by_their_code(admin_client: Client) -> None:
    (failed,) = submit("开会")
    fail(claim()[0], "llm_timeout", "超时")
    submit("买牛奶")
    assert listed(admin_client, error_code="llm_timeout") == {failed.pk}
    assert listed(admin_client, error_code="llm_busy") == set()
    assert 'value="llm_timeout"' in admin_client.get(LIST).text


def test_reviewed_tasks_are_told_from_others(admin_client: Client) -> None:
    reviewed, other = submit("开会", "买牛奶")
    complete(claim())
    Review.objects.create(
        task=reviewed, verdict=Verdict.RIGHT, reviewed_at=timezone.now()
    )
    assert listed(admin_client, reviewed="yes") == {reviewed.pk}
    assert listed(admin_client, reviewed="no") == {other.pk}


def test_each_condition_can_be_dropped_alone(admin_client: Client) -> None:
    query = {"status": "failed", "owner": "user:7", "created_at_from": "2026-03-02"}
    conditions = admin_client.get(LIST, query).context["cl"].conditions
    dropped = {link.title: parse_qs(link.query[1:]) for link in conditions}
    assert dropped["状态: 失败"].keys() == {"owner", "created_at_from"}
    assert dropped["所有者: user:7"].keys() == {"status", "created_at_from"}
    assert dropped["创建时间: 2026-03-02–"].keys() == {"status", "owner"}


def test_a_range_of_days_has_the_whole_of_its_first_and_last_day(
    admin_client: Client,
) -> None:
    shanghai = ZoneInfo("Asia/Shanghai")
    moments = [
        datetime(2026, 3, 1, 23, 59, 59, tzinfo=shanghai),
        datetime(2026, 3, 2, 0, 0, 0, tzinfo=shanghai),
        datetime(2026, 3, 3, 23, 59, 59, tzinfo=shanghai),
        datetime(2026, 3, 4, 0, 0, 0, tzinfo=shanghai),
    ]
    tasks = [submit("一", created_at=moment)[0].pk for moment in moments]
    for first, last in [("2026-03-02", "2026-03-03"), ("2026/03/02", "2026/03/03")]:
        days = {"created_at_from": first, "created_at_to": last}
        assert listed(admin_client, **days) == set(tasks[1:3])
    assert listed(admin_client, created_at_from="2026-03-04") == {tasks[3]}


@pytest.mark.parametrize(
    "query",
    [
        {"status": "\0"},
        {"engine": "nobody's"},
        {"created_at_from": "31.02.2026", "created_at_to": "\0"},
        {"created_at_from": "0001-01-01", "created_at_to": "9999-12-31"},
        {"owner": "\0"},
        {"id": "garbage"},
        {"p": "garbage", "o": "99.-x"},
        {"p": "before.1.garbage"},
        {"p": f"after.{10**30}.{UUID(int=0)}"},
        {"p": f"oldest.1.{UUID(int=0)}"},
        {"nonsense__foo": "1"},
        {"text__regex": "(a+)+"},
        {"created_at__month": "3"},
        {"created_at__year": "9999"},
        {"created_at__year": "1", "created_at__month": "1", "created_at__day": "1"},
        {"created_at__year": "2026", "created_at__month": "13"},
        {"created_at__year": "2026", "created_at__day": "3"},
        {"created_at__year": "x"},
    ],
)
def test_garbage_in_the_address_is_no_server_error(
    admin_client: Client, query: dict[str, str]
) -> None:
    submit("买牛奶")
    assert admin_client.get(LIST, query, follow=True).status_code in (200, 400)
