"""The page of one task."""

import re
from uuid import uuid4

import pytest
from django.test import Client

from tasks_app import lifecycle
from tests.db.admin.steps import HOSTILE, LIST, claim, complete, fail, page_of, submit


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


def test_the_timeline_has_every_move_in_order(admin_client: Client) -> None:
    (task,) = submit("开会")
    lifecycle.release(claim(worker="w1"), "worker_stopping")
    complete(claim(worker="w2"))
    response = admin_client.get(page_of(task))
    (timeline,) = response.context["inline_admin_formsets"]
    moves = [row.original for row in timeline]
    assert [move.revision for move in moves] == [1, 2, 3, 4, 5]
    words = "客户端|工作进程 w1|worker_stopping|工作进程 w2"
    assert re.findall(words, response.text[response.text.index("events-data") :]) == [
        "客户端",
        "工作进程 w1",
        "工作进程 w1",
        "worker_stopping",
        "工作进程 w2",
        "工作进程 w2",
    ]


def test_what_others_wrote_is_never_markup(admin_client: Client) -> None:
    (task,) = submit(HOSTILE, event={"transcript": HOSTILE, HOSTILE: HOSTILE})
    complete(claim(worker=HOSTILE), HOSTILE, omissions=[HOSTILE])
    (failed,) = submit(HOSTILE, owner=f"client:{HOSTILE[:50]}")
    fail(claim()[0], HOSTILE[:40], HOSTILE)
    for address in (LIST, page_of(task), page_of(failed)):
        content = admin_client.get(address).text
        assert "&lt;script&gt;alert(1)" in content
        assert "<script>alert(1)" not in content
        assert "<img src=x" not in content


@pytest.mark.parametrize("unknown", ["garbage", "0", str(uuid4())])
def test_an_unknown_task_leads_back(admin_client: Client, unknown: str) -> None:
    address = f"{LIST}{unknown}/change/"
    assert admin_client.get(address).status_code == 302
