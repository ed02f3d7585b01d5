"""The admin around the tasks."""

import re
from datetime import timedelta
from importlib import import_module

import pytest
from django.conf import settings
from django.contrib.admin import site
from django.contrib.auth.models import Group, User
from django.core.checks import Tags, run_checks
from django.test import Client
from django.utils import timezone

from tasks_app.models import STALE_AFTER, ServerProcess
from tests.db.admin.steps import LIST, claim, fail, page_of, run_action, submit
from tests.db.examples import worker_row

PROCESSES = "/admin/tasks_app/serverprocess/"


def test_the_admin_is_as_django_wants_it() -> None:
    """`manage.py check` may look before the addresses load the admin."""
    import_module(settings.ROOT_URLCONF)
    assert len(site._registry) > 3
    assert run_checks(tags=[Tags.admin]) == []


def test_server_processes_are_live_until_their_heartbeat_stops(
    admin_client: Client,
) -> None:
    now = timezone.now()
    row = ServerProcess.objects.create(started_at=now, heartbeat_at=now)
    assert "在线" in admin_client.get(PROCESSES).text
    row.heartbeat_at = now - STALE_AFTER - timedelta(seconds=1)
    row.save()
    content = admin_client.get(PROCESSES).text
    assert "失联" in content
    assert "在线" not in content


def test_a_worker_shows_its_pause_and_its_probing(admin_client: Client) -> None:
    workers = "/admin/tasks_app/workerprocess/"
    row = worker_row()
    until = timezone.now().replace(microsecond=0) + timedelta(minutes=1)
    for paused_until, state in [
        (None, "在线"),
        (until, "暂停"),
        (until - timedelta(minutes=2), "试探"),
    ]:
        row.paused_until, row.pause_reason = paused_until, "账户余额不足"
        row.save()
        content = admin_client.get(workers).text
        states = re.findall(r">\s*(在线|暂停|试探|失联)\s*<", content)
        assert states == [state]
        assert "账户余额不足" in content
        if paused_until is not None:
            assert f"{timezone.localtime(paused_until):%Y-%m-%d %H:%M:%S}" in content


@pytest.mark.parametrize("model", ["user", "group"])
def test_accounts_have_the_same_theme(admin_client: Client, model: str) -> None:
    content = admin_client.get(f"/admin/auth/{model}/add/").text
    assert "border-base-200" in content


def test_a_user_can_be_created_and_given_a_new_password(admin_client: Client) -> None:
    first, second = "long-first-word", "long-second-word"
    account = {"username": "anna", "usable_password": "true"}
    passwords = {"password1": first, "password2": first}
    admin_client.post("/admin/auth/user/add/", account | passwords)
    user = User.objects.get(username="anna")
    assert user.check_password(first)
    passwords = {"password1": second, "password2": second, "usable_password": "true"}
    admin_client.post(f"/admin/auth/user/{user.pk}/password/", passwords)
    user.refresh_from_db()
    assert user.check_password(second)


def test_a_user_is_given_rights_by_groups_alone(admin_client: Client) -> None:
    user = User.objects.create_user("anna")
    address = f"/admin/auth/user/{user.pk}/change/"
    page = admin_client.get(address).text
    assert page.count('type="checkbox" name="groups"') == Group.objects.count()
    assert "user_permissions" not in page
    [group] = Group.objects.filter(name="reviewers")
    form = {"username": "anna", "is_staff": "on", "is_active": "on"}
    joined = {"date_joined_0": "2026/03/02", "date_joined_1": "10:00"}
    admin_client.post(address, {**form, **joined, "groups": [str(group.pk)]})
    user = User.objects.get(pk=user.pk)
    assert user.has_perm("tasks_app.review_task")


def test_the_admin_speaks_chinese_and_leads_back_to_the_page(
    admin_client: Client,
) -> None:
    (task,) = submit("开会")
    for address in ("/admin/", LIST, f"{LIST}?q=nothing", page_of(task)):
        content = admin_client.get(address).text
        assert "PulseWeave" in content
        assert 'href="/"' in content
        visible = re.sub(r"<(script|style).*?</\1>|<[^>]*>", " ", content, flags=re.S)
        english = "Filters|results?|Id|Search|Home|Apply|Reset|Light|Dark|Who|How"
        assert not re.findall(rf"\b(?:{english})\b", visible)


def test_the_admin_asks_no_other_host(admin_client: Client) -> None:
    (task,) = submit("开会")
    pages = [admin_client.get(at) for at in ("/admin/", LIST, page_of(task))]
    for page in (*pages, Client().get("/admin/login/")):
        tags = re.findall(r"<(?:link|script|img|iframe)\b[^>]*", page.text)
        assert tags
        assert [tag for tag in tags if re.search(r"(?:href|src)=.[^ ]*//", tag)] == []


def test_the_admin_lets_no_script_in_but_those_of_its_files(
    admin_client: Client,
) -> None:
    (task,) = submit("开会")
    for address in ("/admin/", "/admin/login/", LIST, page_of(task)):
        response = admin_client.get(address, follow=True)
        policy = response.headers["Content-Security-Policy"]
        [scripts] = re.findall(r"script-src ([^;]*)", policy)
        assert scripts == "'self' 'unsafe-eval'"
        assert not re.search(r"<script(?![^>]* src=)", response.text)
        assert not re.search(r"<[^>]*\son\w+=", response.text)
    assert "unsafe" not in admin_client.get("/").headers["Content-Security-Policy"]


def test_staff_choose_a_language_and_keep_it(admin_client: Client) -> None:
    form = {"language": "en", "next": LIST}
    assert admin_client.post("/language/", form).headers["Location"] == LIST
    assert 'lang="en"' in admin_client.get(LIST).text
    elsewhere = {"language": "en", "next": "https://elsewhere.example/"}
    assert admin_client.post("/language/", elsewhere).headers["Location"] == "/"


def test_who_logs_in_without_a_page_in_mind_gets_to_the_first(db: None) -> None:
    User.objects.create_user("anna", password="a long word", is_staff=True)
    form = {"username": "anna", "password": "a long word"}
    response = Client().post("/admin/login/", form)
    assert response.headers["Location"] == "/admin/"


def test_errors_are_told_in_the_visitor_s_language(admin_client: Client) -> None:
    for english, chinese, address in (
        ("There is no such page", "没有这个页面", "/x"),
        ("makes no sense", "无法处理这个请求", f"{LIST}?x=1"),
        ("Not allowed", "没有权限", f"{LIST}add/"),
    ):
        admin_client.cookies["django_language"] = "zh-hans"
        said = admin_client.get(address).text
        assert chinese in said
        assert "tasks_app/error.css" in said
        admin_client.cookies["django_language"] = "en"
        assert english in admin_client.get(address).text


def test_questions_in_english_have_no_chinese_signs(admin_client: Client) -> None:
    done, failed = submit("a", "b")
    fail(claim()[0], "llm_timeout", "late")
    admin_client.cookies["django_language"] = "en"
    pages = (
        run_action(admin_client, "purge_selected", done, failed),
        run_action(admin_client, "export_selected", done, failed),
        admin_client.get(f"{LIST}export/?status=failed&q=a"),
    )
    for page in pages:
        # The switch of languages names each in its own.
        shown = page.text.replace("简体中文", "")
        assert re.findall("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]", shown) == []


def test_a_form_from_before_the_login_is_explained(admin_client: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/admin/login/", {"username": "admin"})
    assert response.status_code == 403
    assert "这个表单已失效" in response.text
    assert 'href="/admin/"' in response.text


def test_a_fault_of_ours_is_told_without_its_details(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr("tasks_app.admin.dashboard.views.read_live", fail)
    admin_client.raise_request_exception = False
    response = admin_client.get("/admin/")
    assert response.status_code == 500
    assert "出错了" in response.text
    assert "secret" not in response.text
