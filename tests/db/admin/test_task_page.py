"""The page of one task."""

import html
import json
import re
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tasks_app import lifecycle
from tasks_app.inference.contract import EventInsights, Result
from tasks_app.models import Review, Task, TaskEvent, Verdict
from tasks_app.protocol.events import Event
from tests.db.admin.hostile import hostile_tasks
from tests.db.admin.steps import LIST, claim, complete, fail, page_of, submit

EVENT_FIELDS = tuple(Event.model_fields)
RESULT_FIELDS = (*Result.model_fields, *EventInsights.model_fields)


def test_a_result_is_laid_out_for_people(admin_client: Client) -> None:
    (task,) = submit("开会", event={"transcript": "开会"})
    complete(claim(), "改首页", omissions=["没有说地点", "没有说时间"])
    content = admin_client.get(page_of(task)).text
    for shown in ("会议", "87%", "概括 改首页", "安排 改首页"):
        assert shown in content
    assert "<li>没有说地点</li><li>没有说时间</li>" in content
    assert "{\n  &quot;transcript&quot;: &quot;开会&quot;\n}" in content


def test_a_failure_says_why(admin_client: Client) -> None:
    (task,) = submit("开会")
    fail(claim()[0], "provider_timeout", "模型没有及时回答")
    content = admin_client.get(page_of(task)).text
    assert "provider_timeout" in content
    assert "模型没有及时回答" in content


def text_of(page: str) -> str:
    """What is seen of a page, with single spaces."""
    visible = re.sub(r"<(script|style).*?</\1>|<[^>]*>", " ", page, flags=re.S)
    return " ".join(html.unescape(visible).split())


def test_the_timeline_has_every_move_in_order(admin_client: Client) -> None:
    (task,) = submit("开会")
    lifecycle.release(claim(worker="w1"), "worker_stopping")
    complete(claim(worker="w2"))
    shown = text_of(admin_client.get(page_of(task)).text)
    moves = (
        "等待处理 客户端",
        "处理中 工作进程 w1",
        "等待处理 工作进程 w1 worker_stopping",
        "处理中 第 2 次尝试 工作进程 w2",
        "已完成 工作进程 w2",
    )
    places = [shown.index(move, shown.index("经过")) for move in moves]
    assert places == sorted(places)


def test_the_timeline_tells_how_long_each_step_took(admin_client: Client) -> None:
    (task,) = submit("开会")
    complete(claim())
    for revision, seconds in ((2, 3), (3, 95)):
        at = task.created_at + timedelta(seconds=seconds)
        TaskEvent.objects.filter(task=task, revision=revision).update(at=at)
    page = admin_client.get(page_of(task)).text
    assert "+3 秒" in page
    assert "+1.53 分钟" in page
    assert re.findall(r'<rect x="(.*?)" width="(.*?)"', page) == [
        ("0.00%", "3.16%"),
        ("3.16%", "96.84%"),
    ]


@pytest.mark.parametrize(
    ("eta_s", "told"),
    [
        (2.5, "排在第 3 位，预计 2.5 秒后结束 → 实际 4 秒，晚 1.5 秒"),
        (10.0, "排在第 3 位，预计 10 秒后结束 → 实际 4 秒，早 6 秒"),
        (None, "排在第 3 位"),
    ],
)
def test_a_prediction_stands_beside_what_came_of_it(
    admin_client: Client, eta_s: float | None, told: str
) -> None:
    (task,) = submit("开会")
    TaskEvent.objects.update(queue_position=3, eta_s=eta_s)
    assert "实际" not in admin_client.get(page_of(task)).text
    complete(claim())
    Task.objects.update(completed_at=task.created_at + timedelta(seconds=4))
    assert told in text_of(admin_client.get(page_of(task)).text)


def test_staff_who_moved_a_task_are_named(admin_client: Client) -> None:
    anna = User.objects.create_user("anna")
    (task,) = submit("开会")
    for actor, told in {
        f"staff:{anna.pk}": "管理员 anna",
        "staff:4711": "管理员 4711",
        "staff:²": "管理员 ²",
        f"staff:{10**40}": f"管理员 {10**40}",
        "sweeper": "巡检",
    }.items():
        TaskEvent.objects.update(actor=actor)
        assert told in text_of(admin_client.get(page_of(task)).text)


def test_retries_and_what_they_retry_lead_to_each_other(admin_client: Client) -> None:
    first, second = submit("开会", "开会")
    Task.objects.filter(pk=second.pk).update(retry_of=first)
    pages = [admin_client.get(page_of(task)).text for task in (first, second)]
    assert "后来的重试" in pages[0]
    assert f'href="{page_of(second)}"' in pages[0]
    assert "重试自" in pages[1]
    assert f'href="{page_of(first)}"' in pages[1]


def test_the_owners_other_tasks_are_near(admin_client: Client) -> None:
    task, other = submit("开会", "买牛奶", owner="client:a&b")
    (foreign,) = submit("交房租")
    page = admin_client.get(page_of(task)).text
    assert f'href="{page_of(other)}"' in page
    assert page_of(foreign) not in page
    all_of_them = f"{LIST}?owner=client%3Aa%26b"
    assert f'href="{all_of_them}"' in page
    assert len(admin_client.get(all_of_them).context["cl"].result_list) == 2


def test_a_review_is_shown(admin_client: Client) -> None:
    (task,) = submit("开会")
    complete(claim())
    Review.objects.create(
        task=task,
        verdict=Verdict.WRONG,
        corrected_type="trip",
        note="其实是出差",
        reviewer=User.objects.create_user("anna"),
        reviewed_at=task.created_at,
    )
    shown = text_of(admin_client.get(page_of(task)).text)
    assert "不正确 → 出行 anna ·" in shown
    assert "其实是出差" in shown


def test_tokens_and_cost_are_shown(admin_client: Client) -> None:
    (task,) = submit("开会")
    complete(claim())
    Task.objects.update(
        prompt_tokens=900,
        cached_prompt_tokens=700,
        completion_tokens=50,
        cost=Decimal("0.00120000"),
    )
    shown = text_of(admin_client.get(page_of(task)).text)
    assert "输入 900（命中缓存 700），输出 50" in shown
    assert "费用 0.0012 " in shown


def test_the_page_takes_as_many_queries_however_long_the_story(
    admin_client: Client,
) -> None:
    def queries(task: Task) -> int:
        with CaptureQueriesContext(connection) as captured:
            admin_client.get(page_of(task))
        return len(captured)

    short, long = submit("一", "二", owner="user:7")
    queries(short)
    for _turn in range(5):
        lifecycle.release(claim(), "worker_stopping")
    submit(*["三"] * 5, owner="user:7")
    assert queries(long) == queries(short)


def test_what_others_wrote_is_never_markup(admin_client: Client) -> None:
    for task in hostile_tasks():
        for address in (LIST, page_of(task)):
            content = admin_client.get(address).text
            assert "&lt;script&gt;alert(1)" in content or address != LIST
            for markup in ("<script>alert", "<img src=x", "<svg/onload", "\ufeff<b>"):
                assert markup not in content


ODD: list[object] = [
    *(None, True, 0, -1.5, 1e22, "", "文", [], {}, [[]], [{}], [None], {"": {}}),
    ["文", {"type": 1}, None],
    {"文": ["文", {"文": None}]},
]


@pytest.mark.parametrize("odd", ODD)
def test_documents_of_any_shape_are_shown(admin_client: Client, odd: object) -> None:
    (task,) = submit("开会")
    complete(claim())
    for document in (odd, dict.fromkeys((*EVENT_FIELDS, *RESULT_FIELDS), odd)):
        Task.objects.update(event=document, result=document)
        response = admin_client.get(page_of(task))
        assert response.status_code == 200
        if document is not None:
            found = re.findall(
                r'<pre class="task-json">(.*?)</pre>', response.text, re.S
            )
            raw = [json.loads(html.unescape(one)) for one in found]
            assert raw == [document, document]


@pytest.mark.parametrize("unknown", ["garbage", "0", str(uuid4())])
def test_an_unknown_task_leads_back(admin_client: Client, unknown: str) -> None:
    address = f"{LIST}{unknown}/change/"
    assert admin_client.get(address).status_code == 302
