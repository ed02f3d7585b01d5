"""Reports worked out from lists in plain Python, by the definitions of the README.

Nothing here knows the code that it is compared with. A group is a tuple of keys.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

Figures = dict[str, Any]
FINAL = ("completed", "failed", "cancelled")


@dataclass(frozen=True)
class Fact:
    """All that a report may tell of one task."""

    created: datetime
    status: str
    started: datetime | None
    ended: datetime | None
    owner: str
    engine: str
    task_type: str
    code: str
    tokens: tuple[int, int, int] | None
    cost: Decimal | None
    confidence: float | None
    verdict: str | None

    @property
    def is_final(self) -> bool:
        return self.status in FINAL


def key_of(fact: Fact, by: str, zone: ZoneInfo) -> object:
    local = fact.created.astimezone(zone)
    match by:
        case "day":
            return local.date()
        case "hour":
            # Back to the last time at which the clock showed a full hour.
            return fact.created - timedelta(
                minutes=local.minute,
                seconds=local.second,
                microseconds=local.microsecond,
            )
        case "type":
            return fact.task_type
    return getattr(fact, by)


def grouped(
    facts: Iterable[Fact], by: Sequence[str], zone: ZoneInfo
) -> dict[tuple[object, ...], list[Fact]]:
    groups: defaultdict[tuple[object, ...], list[Fact]] = defaultdict(list)
    for fact in facts:
        groups[tuple(key_of(fact, one, zone) for one in by)].append(fact)
    return groups


def on_days(
    facts: Iterable[Fact], first: date, last: date, zone: ZoneInfo
) -> list[Fact]:
    return [f for f in facts if first <= f.created.astimezone(zone).date() <= last]


def nearest_rank(durations: Iterable[timedelta], percent: int) -> timedelta | None:
    """The smallest that so many percent of all do not exceed."""
    given = list(durations)
    for candidate in sorted(given):
        within = sum(duration <= candidate for duration in given)
        if within * 100 >= percent * len(given):
            return candidate
    return None


def figures(facts: Sequence[Fact]) -> Figures:
    """What the rows tell of one group."""

    def count(is_one: Callable[[Fact], bool]) -> int:
        return len([fact for fact in facts if is_one(fact)])

    completed = count(lambda f: f.status == "completed")
    failed = count(lambda f: f.status == "failed")
    right = count(lambda f: f.verdict == "right")
    wrong = count(lambda f: f.verdict == "wrong")
    tokens = [f.tokens for f in facts if f.tokens is not None]
    sure = [
        f.confidence
        for f in facts
        if f.verdict in ("right", "wrong") and f.confidence is not None
    ]
    return {
        "submitted": len(facts),
        "completed": completed,
        "failed": failed,
        "cancelled": count(lambda f: f.status == "cancelled"),
        "unfinished": count(lambda f: f.status in ("pending", "processing")),
        "failure_rate": _ratio(failed, completed + failed),
        "input_tokens": sum(t[0] for t in tokens),
        "cached_tokens": sum(t[1] for t in tokens),
        "output_tokens": sum(t[2] for t in tokens),
        "total_cost": sum((f.cost for f in facts if f.cost is not None), Decimal(0)),
        **times(facts),
        "right": right,
        "wrong": wrong,
        "unsure": count(lambda f: f.verdict == "unsure"),
        "accuracy": _ratio(right, right + wrong),
        "mean_confidence": sum(sure) / len(sure) if sure else None,
    }


def times(facts: Iterable[Fact]) -> Figures:
    begun = [(f, f.started) for f in facts if f.started is not None]
    waits = [started - f.created for f, started in begun]
    runs = [f.ended - started for f, started in begun if f.ended is not None]
    return {
        f"{kind}_p{percent}": nearest_rank(durations, percent)
        for kind, durations in (("wait", waits), ("run", runs))
        for percent in (50, 90, 99)
    }


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def bands(judged: Iterable[Fact]) -> list[tuple[float, int, int, float]]:
    """Where each begins, right and wrong ones, and how sure they were on average."""
    told = []
    for tenth in range(10):
        inside = [
            fact
            for fact in judged
            if fact.confidence is not None
            and min(round(fact.confidence * 100) // 10, 9) == tenth
        ]
        if inside:
            right = sum(fact.verdict == "right" for fact in inside)
            sure = sum(fact.confidence or 0 for fact in inside) / len(inside)
            told.append((tenth / 10, right, len(inside) - right, sure))
    return told
