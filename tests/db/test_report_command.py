"""`manage.py report`, as people, programs and cron use it."""

import csv
import io
import json
import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone, translation
from pytest_django import Settings

from tasks_app import lifecycle, rollups
from tasks_app.management.report.rendering import width
from tests.db.at_once import at_once
from tests.db.recorded import WEEK, RecordedTask

pytestmark = pytest.mark.django_db
PERIOD = ("--from=2026-03-02", "--to=2026-03-03")


@pytest.fixture(autouse=True)
def week() -> None:
    for recorded in WEEK:
        recorded.store()


def report(*arguments: str) -> str:
    out = io.StringIO()
    call_command("report", *arguments, stdout=out)
    return out.getvalue()


def rows(*arguments: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(report("--format=csv", *arguments))))


# --- Forms --------------------------------------------------------------------------


def test_csv_is_a_head_and_a_line_for_each_group() -> None:
    monday, tuesday = rows(*PERIOD)
    assert monday == {
        "day": "2026-03-02",
        "submitted": "3",
        "completed": "2",
        "failed": "1",
        "cancelled": "0",
        "unfinished": "0",
        "failure_rate": "0.333333",
        "input_tokens": "450",
        "cached_tokens": "60",
        "output_tokens": "60",
        "total_cost": "0.00210000",
        "wait_p50_s": "1.5",
        "wait_p90_s": "2.5",
        "wait_p99_s": "2.5",
        "run_p50_s": "4.0",
        "run_p90_s": "15.0",
        "run_p99_s": "15.0",
        "right": "1",
        "wrong": "1",
        "unsure": "0",
        "accuracy": "0.5",
        "mean_confidence": "0.85",
    }
    assert (tuesday["day"], tuesday["run_p50_s"]) == ("2026-03-03", "0.004")
    assert tuesday["accuracy"] == ""


def test_json_has_the_period_the_rows_and_the_total() -> None:
    told = json.loads(report("--format=json", "--by=type,engine", *PERIOD))
    assert (told["since"], told["until"], told["by"]) == (
        "2026-03-02T00:00:00+08:00",
        "2026-03-04T00:00:00+08:00",
        ["type", "engine"],
    )
    groups = [(r["task_type"], r["engine"], r["submitted"]) for r in told["rows"]]
    assert groups == [("trip", "llm", 3), ("work", "local", 1)]
    total = told["total"]
    assert (total["task_type"], total["submitted"]) == (None, 4)
    assert (total["run_p50_s"], total["total_cost"]) == (2.0, "0.00210000")
    assert total["failure_rate"] == 0.25


def test_a_table_is_aligned_though_characters_are_wide() -> None:
    RecordedTask("2026-03-02T11:00", engine="引擎甲").store()
    lines = report("--by=engine", *PERIOD).splitlines()
    assert len({width(line) for line in lines}) == 1
    assert lines[0].startswith("引擎    提交数")
    assert lines[-1].split()[:2] == ["合计", "5"]
    assert "33.3%" in lines[1]
    assert "1.5 / 2.5 / 2.5" in lines[1]


def test_a_table_of_nothing_has_its_head_and_a_total() -> None:
    head, total = report("--from=2020-01-01", "--to=2020-01-01").splitlines()
    assert head.startswith("日期")
    assert "–" in total


def test_it_speaks_english() -> None:
    with translation.override("en"):
        head, *_rows, total = report("--by=day", *PERIOD).splitlines()
    assert head.split()[:3] == ["Date", "Submitted", "Completed"]
    assert total.startswith("Total")


def test_the_commands_of_the_readme_run() -> None:
    readme = (django_settings.BASE_DIR / "README.md").read_text()
    commands = re.findall(r"^\S+ manage\.py report(.*)$", readme, re.MULTILINE)
    assert len(commands) == 4
    for command in commands:
        arguments = command.split("#")[0].split(">")[0].split()
        assert report(*arguments)


# --- What is asked ------------------------------------------------------------------


def test_a_day_given_as_the_end_belongs_to_the_period_a_time_does_not() -> None:
    assert [
        row["submitted"] for row in rows("--from=2026-03-03", "--to=2026-03-03")
    ] == ["1"]
    until_ten = rows("--from=2026-03-02", "--to=2026-03-02T10:00")
    assert [row["submitted"] for row in until_ten] == ["2"]
    assert rows("--from=2026-03-02T10:00:01", "--to=2026-03-03T23:59:59") == []


def test_by_default_it_is_of_the_seven_days_until_now() -> None:
    today = timezone.localdate()
    for days in (0, 6, 7):
        RecordedTask(f"{today - timedelta(days=days)}T00:00").store()
    assert [row["day"] for row in rows()] == [
        str(today - timedelta(days=days)) for days in (6, 0)
    ]
    assert [row["day"] for row in rows("--from=today", "--to=today")] == [str(today)]
    assert rows("--from=yesterday", "--to=yesterday") == []


@pytest.mark.parametrize(
    ("by", "groups"),
    [
        ("hour", ["2026-03-02T00:00:00+08:00", "2026-03-02T09:00:00+08:00",
                  "2026-03-02T10:00:00+08:00", "2026-03-03T23:00:00+08:00"]),
        ("type", ["trip", "work"]),
        ("engine", ["llm", "local"]),
        ("owner", ["client:anna", "client:ben"]),
        ("status", ["completed", "failed"]),
        ("code", ["", "llm_timeout"]),
    ],
)  # fmt: skip
def test_groups(by: str, groups: list[str]) -> None:
    assert [next(iter(row.values())) for row in rows(f"--by={by}", *PERIOD)] == groups


def test_filters_and_the_largest_groups() -> None:
    assert [r["submitted"] for r in rows("--type=trip", *PERIOD)] == ["3"]
    assert [r["submitted"] for r in rows("--engine=local", *PERIOD)] == ["1"]
    assert [r["submitted"] for r in rows("--status=failed", *PERIOD)] == ["1"]
    assert [r["submitted"] for r in rows("--owner=client:ben", *PERIOD)] == ["1"]
    [largest] = rows("--by=type", "--top=1", *PERIOD)
    assert (largest["task_type"], largest["submitted"]) == ("trip", "3")
    told = json.loads(report("--by=owner", "--top=1", "--format=json", *PERIOD))
    assert told["total"]["submitted"] == 4, "of all, not of those that are listed"


@pytest.mark.parametrize("by", ["hour", "day", "type", "engine", "status", "code"])
def test_rollups_tell_the_same_but_what_they_do_not_know(by: str) -> None:
    rollups.roll_up()
    exact = rows(f"--by={by}", *PERIOD)
    near = rows(f"--by={by}", "--rollups", *PERIOD)
    assert len(exact) == len(near)
    for row, rolled_up in zip(exact, near, strict=True):
        assert rolled_up.keys() < row.keys()
        for name, value in rolled_up.items():
            if name.endswith("_s"):
                assert float(value) == pytest.approx(float(row[name]), rel=0.02)
            else:
                assert value == row[name]


def test_rollups_have_what_retention_deleted_and_tasks_say_that_it_is_missing(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    rollups.roll_up()
    lifecycle.purge(0)
    settings.RETENTION_S = 60
    assert rows(*PERIOD) == []
    assert "--rollups" in capsys.readouterr().err
    assert [row["submitted"] for row in rows("--rollups", *PERIOD)] == ["3", "1"]
    assert capsys.readouterr().err == ""


def test_rollups_are_of_full_hours_and_say_so() -> None:
    rollups.roll_up()
    by_rows = rows("--from=2026-03-02T09:00", "--to=2026-03-02T11:00")
    by_sums = rows("--rollups", "--from=2026-03-02T09:00", "--to=2026-03-02T11:00")
    assert [row["submitted"] for row in [*by_rows, *by_sums]] == ["2", "2"]
    for wrong in ("--from=2026-03-02T09:30", "--to=2026-03-03T00:00:01"):
        with pytest.raises(CommandError, match="整点"):
            report("--rollups", *PERIOD, wrong)


# --- Where it goes ------------------------------------------------------------------


def test_who_reads_may_have_enough_before_all_is_said() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "w") as out:
        call_command("report", *PERIOD, stdout=out)
        with pytest.raises(SystemExit) as ended:
            call_command("report", "--fail-above=0", *PERIOD, stdout=out)
    assert ended.value.code == 2


def test_a_full_disk_is_an_error() -> None:
    with open("/dev/full", "w") as out, pytest.raises(CommandError, match="无法输出"):
        call_command("report", *PERIOD, stdout=out)


def test_figures_are_told_where_chinese_cannot_be(tmp_path: Path) -> None:
    with (tmp_path / "report").open("w", encoding="ascii") as out:
        call_command("report", *PERIOD, stdout=out)
    head, monday, *_rest = (tmp_path / "report").read_text().splitlines()
    assert head.startswith(r"\u65e5\u671f")
    assert monday.startswith("2026-03-02")


# --- Exit codes ---------------------------------------------------------------------


@pytest.mark.parametrize("limit", ["24.9%", "0.249", "0"])
def test_a_failure_rate_above_the_limit_ends_with_2(
    limit: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        report(f"--fail-above={limit}", *PERIOD)
    assert ended.value.code == 2
    assert "25.00%" in capsys.readouterr().err


@pytest.mark.parametrize("limit", ["25%", "0.25", "100%", "1"])
def test_a_failure_rate_within_the_limit_is_fine(limit: str) -> None:
    assert report(f"--fail-above={limit}", *PERIOD)
    assert report(f"--fail-above={limit}", "--from=2020-01-01", "--to=2020-01-01")


@pytest.mark.parametrize(
    "wrong",
    [
        "--by=colour",
        "--by=",
        "--by=day,day",
        "--from=2026-02-30",
        "--from=then",
        "--from=0001-01-01",
        "--to=9999-12-31",
        "--to=9999-12-31T23:59:59Z",
        "--to=2026-03-01",
        "--format=xml",
        "--top=0",
        "--top=-1",
        "--top=9223372036854775808",
        "--engine=\udcff",
        "--owner=\udcff",
        "--type=\0",
        "--fail-above=5",
        "--fail-above=nan",
        "--fail-above=-1%",
        "--status=lost",
    ],
)
def test_wrong_arguments_are_refused(wrong: str) -> None:
    with pytest.raises(CommandError):
        report(*PERIOD, wrong)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("by", ["rows", "rollups"])
def test_the_groups_add_up_to_the_total_though_tasks_come_meanwhile(by: str) -> None:
    def come_meanwhile(execute: Any, *statement: Any) -> Any:
        told = execute(*statement)
        at_once(lambda: (RecordedTask("2026-03-02T11:00").store(), rollups.roll_up()))
        return told

    rollups.roll_up()
    options = ["--rollups"] if by == "rollups" else []
    with connection.execute_wrapper(come_meanwhile):
        told = json.loads(report("--format=json", *options, *PERIOD))
    assert sum(row["submitted"] for row in told["rows"]) == told["total"]["submitted"]
    assert rows(*PERIOD)[0]["submitted"] > "3"


def test_rollups_are_not_asked_about_owners() -> None:
    for arguments in ("--by=owner", "--owner=client:anna"):
        with pytest.raises(CommandError):
            report("--rollups", arguments)


def in_a_shell(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, str(django_settings.BASE_DIR / "manage.py"), "report"]
    environment = {
        "PULSEWEAVE_DATA_DIR": str(django_settings.DATA_DIR),
        "DATABASE_URL": "sqlite:////nowhere/db.sqlite3",
    }
    return subprocess.run(
        [*command, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "arguments", [["--by=colour"], ["--colour"], ["--from=2026-03-02"], []]
)
def test_a_shell_is_told_by_the_exit_code_and_a_sentence(arguments: list[str]) -> None:
    ended = in_a_shell(*arguments)
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert "Traceback" not in ended.stderr
    assert len(ended.stderr.splitlines()[-1]) > 10
