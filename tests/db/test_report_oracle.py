"""Reports of random histories are those of a plain count over all tasks there were."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pytest_django import Settings

from tasks_app import reports, rollups
from tasks_app.admin.dashboard.figures import read_figures as read_dashboard
from tasks_app.admin.dashboard.periods import parse_period
from tasks_app.management.report.figures import KEYS, Figures, read_figures
from tasks_app.reports import Calibration, Row
from tests.db import oracle
from tests.db.oracle import Fact
from tests.db.past import Past

pytestmark = pytest.mark.django_db

CHANGES = {
    "Europe/Berlin": (date(2026, 3, 29), date(2026, 10, 25)),
    "America/New_York": (date(2026, 3, 8), date(2026, 11, 1)),
    "Africa/Cairo": (date(2026, 4, 24), date(2026, 10, 30)),
    "Asia/Kolkata": (date(2026, 3, 29),),
    "Asia/Shanghai": (date(2026, 3, 29),),
    "Asia/Kathmandu": (date(2026, 3, 29),),
}
"""Days on which clocks are set, where they are; at midnight in Cairo."""
CASES = [(zone, day) for zone, days in CHANGES.items() for day in days]
MANY = ("day", "hour", "type", "engine", "owner", "status", "code")
GROUPINGS = [(by,) for by in MANY] + [("day", "engine"), ("owner", "type", "status")]
ONLY_ROWS = ("unfinished", "right", "wrong", "unsure", "accuracy", "mean_confidence")


@pytest.fixture(params=CASES, ids=lambda case: f"{case[0]} {case[1]}")
def past(request: pytest.FixtureRequest, settings: Settings) -> Past:
    settings.TIME_ZONE, day = request.param
    past = Past(str(request.param), day, ZoneInfo(settings.TIME_ZONE))
    for _ in range(4):
        past.live(30)
        past.sweep()
        past.purge()
        past.judge_anew()
    past.live(20)
    while rollups.roll_up():
        pass
    past.purge()
    return past


def as_told(value: object) -> object:
    return pytest.approx(value) if isinstance(value, float) else value


def nearly(duration: timedelta | None) -> object:
    """Of rollups; clocks that differ make a wait of nothing."""
    if duration is None:
        return None
    return pytest.approx(max(0, duration.total_seconds()), rel=0.02, abs=1e-4)


def in_seconds(duration: timedelta | None) -> float | None:
    return None if duration is None else duration.total_seconds()


def check(told: Figures, facts: list[Fact], by: Sequence[str], zone: ZoneInfo) -> None:
    groups = oracle.grouped(facts, by, zone)
    keys = [tuple(row[KEYS[one]] for one in by) for row in told.rows]
    assert sorted(keys) == sorted(groups)
    expected = [groups[key] for key in keys]
    for row, group in [*zip(told.rows, expected, strict=True), (told.total, facts)]:
        for name, value in oracle.figures(group).items():
            if name not in row:
                assert name in ONLY_ROWS
            elif name.startswith(("wait", "run")) and "accuracy" not in row:
                assert in_seconds(row[name]) == nearly(value), (by, row, name)
            else:
                assert row[name] == as_told(value), (by, row, name)


def ask(day: date, by: Sequence[str], **more: Any) -> Figures:
    period = day, day + timedelta(days=1)
    defaults: Row = {"filters": {}, "top": None, "from_rollups": False}
    return read_figures(period, by=list(by), **(defaults | more))


def test_the_rows_tell_what_a_plain_count_tells(past: Past) -> None:
    facts = oracle.on_days(past.kept.values(), past.day, past.day, past.zone)
    assert len(facts) > 30
    for by in GROUPINGS:
        check(ask(past.day, by), facts, by, past.zone)
    of_llm = [fact for fact in facts if fact.engine == "llm"]
    check(ask(past.day, ["day"], filters={"engine": "llm"}), of_llm, ["day"], past.zone)


def test_rollups_tell_what_a_plain_count_of_all_there_were_tells(past: Past) -> None:
    facts = oracle.on_days(past.ended, past.day, past.day, past.zone)
    assert len(facts) > 50
    for by in GROUPINGS:
        if "owner" not in by:
            check(ask(past.day, by, from_rollups=True), facts, by, past.zone)


def test_statistics_are_of_all_there_were(past: Past) -> None:
    told = reports.stats()
    expected = oracle.figures(past.ever)
    assert told.total_tasks == expected["submitted"]
    assert told.completed_tasks == expected["completed"]
    assert told.failed_tasks == expected["failed"]
    assert told.cancelled_tasks == expected["cancelled"]
    assert told.active_tasks == expected["unfinished"]


def test_the_dashboard_tells_what_a_plain_count_tells(past: Past) -> None:
    for days, by in ((1, "hour"), (20, "day")):
        first = past.day - timedelta(days=days - 1)
        asked = {"range": "own", "from": str(first), "to": str(past.day)}
        now = datetime.combine(past.day + timedelta(days=3), time(), past.zone)
        period, error = parse_period(asked, now)
        assert not error
        told = read_dashboard(period, now)
        facts = oracle.on_days(past.ended, first, past.day, past.zone)
        check_row(told.total, facts)
        check_all(told.steps, "begin", facts, by, past.zone)
        check_all(told.days, "day", facts, "day", past.zone)
        failed = [fact for fact in facts if fact.status == "failed"]
        check_shares(told.types, facts, "type", past.zone)
        check_shares(told.codes, failed, "code", past.zone)
        kept = oracle.on_days(past.kept.values(), first, past.day, past.zone)
        check_engines(told.engines, facts, kept)


def check_all(
    rows: Sequence[Row], key: str, facts: list[Fact], by: str, zone: ZoneInfo
) -> None:
    """Each step of a chart, also the empty ones."""
    groups = oracle.grouped(facts, [by], zone)
    assert {(row[key],) for row in rows} >= set(groups)
    for row in rows:
        check_row(row, groups.get((row[key],), []))


def check_shares(
    rows: Sequence[Row], facts: list[Fact], by: str, zone: ZoneInfo
) -> None:
    groups = oracle.grouped(facts, [by], zone)
    groups.pop(("",), None)
    assert {(row[KEYS[by]],) for row in rows} == set(groups)
    whole = sum(map(len, groups.values()))
    for row in rows:
        group = groups[row[KEYS[by]],]
        check_row(row, group)
        assert row["share"] == pytest.approx(len(group) / whole)


def check_engines(rows: Sequence[Row], facts: list[Fact], kept: list[Fact]) -> None:
    names = {fact.engine for fact in facts} - {""}
    assert {row["engine"] for row in rows} == names
    for row in rows:
        check_row(row, [fact for fact in facts if fact.engine == row["engine"]])
        judged = [
            fact
            for fact in kept
            if fact.engine == row["engine"] and fact.verdict in ("right", "wrong")
        ]
        check_calibration(row["calibration"], judged)


def check_row(row: Row, facts: list[Fact]) -> None:
    for name, value in oracle.figures(facts).items():
        if name in row and name.startswith(("wait", "run")):
            assert in_seconds(row[name]) == nearly(value), (row, name)
        elif name in row:
            assert row[name] == as_told(value), (row, name)


def check_calibration(told: Calibration | None, judged: list[Fact]) -> None:
    if told is None:
        assert judged == []
        return
    expected = oracle.figures(judged)
    assert told.judged == len(judged)
    assert told.accuracy == as_told(expected["accuracy"])
    bands = oracle.bands(judged)
    assert {round(b.low, 6): (b.right, b.wrong) for b in told.bands} == {
        low: (right, wrong) for low, right, wrong, _ in bands
    }
    assert [b.mean_confidence for b in told.bands] == pytest.approx(
        [mean for *_, mean in bands]
    )
    error = sum(abs((r + w) * mean - r) for _, r, w, mean in bands) / len(judged)
    assert told.error == pytest.approx(error)
