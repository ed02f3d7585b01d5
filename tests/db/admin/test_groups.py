"""The groups that the migration makes, on a fresh database and on a grown one."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.test import Client

from tests.db.admin.steps import (
    LIST,
    claim,
    complete,
    logged_in,
    page_of,
    run_action,
    submit,
)

REVIEWERS = {
    "view_task",
    "view_taskevent",
    "view_review",
    "view_serverprocess",
    "view_workerprocess",
    "review_task",
}
OPERATORS = REVIEWERS | {"cancel_task", "retry_task", "export_task", "purge_task"}
RIGHTS = """
    SELECT auth_group.name, auth_permission.codename, auth_permission.name
    FROM auth_group_permissions
    JOIN auth_group ON auth_group.id = group_id
    JOIN auth_permission ON auth_permission.id = permission_id
"""


def migrate(data_dir: Path, *arguments: str) -> None:
    command = [sys.executable, "manage.py", "migrate", "--verbosity=0", *arguments]
    environment = {"PULSEWEAVE_DATA_DIR": str(data_dir), "PATH": os.environ["PATH"]}
    subprocess.run(command, cwd=settings.BASE_DIR, env=environment, check=True)


def check(data_dir: Path) -> None:
    with closing(sqlite3.connect(data_dir / "db.sqlite3")) as database:
        rows = database.execute(RIGHTS).fetchall()
        twice = database.execute(
            "SELECT codename FROM auth_permission GROUP BY content_type_id, codename"
            " HAVING count(*) > 1"
        ).fetchall()
    found: dict[str, set[str]] = {}
    for group, codename, _name in rows:
        found.setdefault(group, set()).add(codename)
    assert found == {"reviewers": REVIEWERS, "operators": OPERATORS}
    assert twice == []
    names = {codename: name for _group, codename, name in rows}
    assert names["review_task"] == "可以复核任务"
    assert names["view_task"] == "Can view 任务"


def test_a_fresh_database_has_them(tmp_path: Path) -> None:
    migrate(tmp_path)
    check(tmp_path)
    migrate(tmp_path)
    check(tmp_path)


def test_a_database_that_was_there_before_gets_them(tmp_path: Path) -> None:
    migrate(tmp_path, "tasks_app", "0004")
    migrate(tmp_path)
    check(tmp_path)


def test_a_database_that_goes_back_and_forth_keeps_them(tmp_path: Path) -> None:
    migrate(tmp_path)
    migrate(tmp_path, "tasks_app", "0004")
    migrate(tmp_path)
    check(tmp_path)


def member_of(group: str) -> Client:
    user = User.objects.create_user(group, is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    return logged_in(user)


@pytest.mark.django_db
def test_a_reviewer_reviews_and_an_operator_does_the_rest() -> None:
    done, *_ = submit("开会")
    complete(claim())
    [waiting] = submit("等")
    reviewer, operator = member_of("reviewers"), member_of("operators")
    assert reviewer.get(page_of(done)).status_code == 200
    assert reviewer.get("/admin/tasks_app/workerprocess/").status_code == 200
    form = {"verdict": "right"}
    assert reviewer.post(f"{LIST}{done.pk}/review/", form).status_code == 302
    assert run_action(reviewer, "cancel_selected", waiting).status_code == 403
    assert run_action(operator, "cancel_selected", waiting).status_code == 302
    assert run_action(operator, "purge_selected", waiting).status_code == 200
    assert operator.get("/admin/auth/user/").status_code == 403
