"""The first page of the admin: this moment, the address, and who may see it."""

import json
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tasks_app import lifecycle, rollups
from tasks_app.models import Review, ServerProcess
from tests.db.admin.steps import (
    HOSTILE,
    claim,
    complete,
    staff_with,
    submit,
    submit_and_claim,
)
from tests.db.examples import worker_row
from tests.db.recorded import WEEK

INDEX = "/admin/"
LIVE = "/admin/dashboard/live/"
FIGURES = "/admin/dashboard/figures/"
DATA = '<script id="board-charts"'

pytestmark = pytest.mark.django_db


# --- This moment ---------------------------------------------------------------------


def test_the_live_numbers_are_those_of_this_moment(admin_client: Client) -> None:
    now = timezone.now()
    worker_row("w1", capacity=8, in_flight=2)
    ServerProcess.objects.create(started_at=now, heartbeat_at=now, connections=5)
    submit("开会", "开会", "买牛奶", created_at=now - timedelta(seconds=40))
    complete(claim(2)[:1])
    answer = admin_client.get(LIVE)
    assert answer.headers["Content-Type"] == "application/json"
    assert "no-store" in answer.headers["Cache-Control"]
    told = answer.json()["texts"]
    assert told["oldest_waiting"].endswith(" 秒")
    assert float(told.pop("oldest_waiting").split()[0]) >= 40
    assert told == {
        "active_connections": "5",
        "total_tasks": "3",
        "active_tasks": "2",
        "completed_tasks": "1",
        "failed_tasks": "0",
        "queue_size": "1",
        "processing_tasks": "1",
        "cancelled_tasks": "0",
        "load": "1 / 8",
        "workers": "1",
    }


def test_a_worker_that_leaves_its_provider_alone_comes_first(
    admin_client: Client,
) -> None:
    until = timezone.now() + timedelta(minutes=5)
    worker_row("a")
    worker_row("b", paused_until=until, pause_reason=HOSTILE)
    told = admin_client.get(LIVE).json()
    assert [(w["name"], w["is_paused"]) for w in told["workers"]] == [
        ("b", True),
        ("a", False),
    ]
    assert HOSTILE in told["workers"][0]["state"]
    assert told["alert"] == "有工作进程暂停了对服务商的调用。"
    page = admin_client.get(INDEX).text
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_it_says_when_nobody_works(admin_client: Client) -> None:
    assert "没有在线的工作进程" in admin_client.get(LIVE).json()["alert"]
    worker_row(capacity=4)
    assert admin_client.get(LIVE).json()["alert"] == ""
    submit("开会", created_at=timezone.now() - timedelta(minutes=1))
    assert "没有工作进程领取" in admin_client.get(LIVE).json()["alert"]


# --- The page -------------------------------------------------------------------------


def test_a_fresh_installation_says_how_to_begin(admin_client: Client) -> None:
    page = admin_client.get(INDEX).text
    assert "还没有任务" in page
    assert "seed_demo" in page
    assert "board-charts" not in page
    submit("开会")
    page = admin_client.get(INDEX).text
    assert "还没有任务" not in page
    assert "这段时间里没有" in page


def test_the_period_is_in_the_address(admin_client: Client) -> None:
    submit("开会")
    page = admin_client.get(INDEX, {"range": "7d"}).text
    assert '<a href="?range=7d" aria-current="true">' in page
    today = timezone.localdate()
    own = {"range": "own", "from": str(today - timedelta(days=2)), "to": str(today)}
    page = admin_client.get(INDEX, own).text
    assert f'name="from" value="{own["from"]}"' in page
    assert "aria-current" not in page.split("board-presets")[1].split("</nav>")[0]


@pytest.mark.parametrize(
    "asked",
    [
        {"range": "own"},
        {"range": "own", "from": "2026-02-31", "to": "2026-03-01"},
        {"range": "own", "from": "2026-03-02", "to": "2026-03-01"},
        {"range": "own", "from": "2020-01-01", "to": "2026-03-01"},
        {"range": "own", "from": "\0", "to": HOSTILE},
        {"range": "own", "from": "0001-01-01", "to": "9999-12-31"},
        {"range": "own", "from": "0001-01-01", "to": "0001-01-01"},
        {"range": "own", "from": "1899-12-31", "to": "1900-01-02"},
    ],
)
def test_a_period_that_is_none_is_explained(
    admin_client: Client, asked: dict[str, str]
) -> None:
    answer = admin_client.get(INDEX, asked)
    assert answer.status_code == 200
    assert answer.context["period"].name == "24h"
    assert 'role="alert">' in answer.text


def test_nothing_is_asked_again_that_would_be_the_same(admin_client: Client) -> None:
    complete(submit_and_claim("开会"))
    tag = admin_client.get(INDEX).context["figures_tag"]

    def ask(**more: str) -> int:
        headers = {"If-None-Match": tag}
        return admin_client.get(FIGURES, more, headers=headers).status_code

    assert ask() == 304
    assert ask(range="7d") == 200
    assert ask(lang="en") == 200
    assert ask(lang="zh-hans") == 304
    rollups.roll_up()
    assert ask() == 200


def test_a_review_that_is_deleted_changes_the_figures(admin_client: Client) -> None:
    kept, erased = (
        recorded.store() for recorded in WEEK if recorded.verdict in ("right", "wrong")
    )
    rollups.roll_up()

    def tag() -> str:
        return str(admin_client.get(FIGURES).headers["ETag"])

    Review.objects.filter(pk=kept.pk).update(reviewed_at=timezone.now())
    before = tag()
    assert tag() == before
    lifecycle.erase([erased.pk])
    assert tag() != before


def test_scripts_are_files_and_data_is_json(admin_client: Client) -> None:
    complete(submit_and_claim("开会"))
    rollups.roll_up()
    page = admin_client.get(INDEX).text
    board = page[page.index('id="board"') : page.index("</script>", page.index(DATA))]
    assert re.findall(r"<script[^>]*>", board) == [
        '<script id="board-charts" type="application/json">'
    ]
    assert not re.search(r"<[^>]*\s(?:on\w+|style)=", board)
    data = re.search(r'"board-charts"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert data
    assert json.loads(data[1])["throughput"]["kind"] == "stacked"


# --- Rights ---------------------------------------------------------------------------


def test_who_may_not_view_tasks_sees_no_numbers() -> None:
    submit("开会")
    outsider = staff_with("view_user")
    page = outsider.get(INDEX)
    assert page.status_code == 200
    assert "board" not in page.text
    assert outsider.get(LIVE).status_code == 403
    assert outsider.get(FIGURES).status_code == 403


def test_who_may_view_tasks_sees_all() -> None:
    reviewer = staff_with("view_task")
    for address in (INDEX, LIVE, FIGURES):
        assert reviewer.get(address).status_code == 200
    for address in (LIVE, FIGURES):
        assert reviewer.post(address).status_code == 405


def test_visitors_are_asked_to_log_in(client: Client) -> None:
    for address in (INDEX, LIVE, FIGURES):
        answer = client.get(address)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/admin/login/")
