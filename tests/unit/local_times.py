"""Asking the local engine for times, on a Wednesday at ten in Shanghai."""

from datetime import datetime

from tasks_app.inference.local.normalize import normalize
from tasks_app.inference.local.times import TimeSpan, find_times
from tests.unit.local_requests import NOW

ZONE = "+08:00"


def read(text: str, now: datetime = NOW) -> list[TimeSpan]:
    return find_times(normalize(text), now)


def read_one(text: str, now: datetime = NOW) -> TimeSpan:
    (span,) = read(text, now)
    return span
