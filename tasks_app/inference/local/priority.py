"""How soon and how much a plan matters.

The text decides; what the sound says may move the level by one, and only where the
text has something to say at all. How sure the engine is of the type plays no part.
"""

import re
from datetime import datetime
from functools import cache
from typing import Literal

from tasks_app.inference.contract import TaskType
from tasks_app.inference.local.sentence import Sentence
from tasks_app.inference.local.times import Kind, TimeSpan
from tasks_app.inference.local.wordlists import alternation, load_data, split_words
from tasks_app.protocol.events import Event

Level = Literal["high", "medium", "low"]
_LEVELS: tuple[Level, ...] = ("low", "medium", "high")


def priority(
    sentence: Sentence, task_type: TaskType, now: datetime, event: Event | None
) -> Level:
    """The level of the text, moved by at most one by the sound."""
    rules = load_data("priority.toml")
    points: int = _distance_points(sentence, now) + _word_points(sentence)
    is_telling = points != 0
    points += rules["types"].get(task_type, 0)
    level = int(points >= rules["medium_from"]) + int(points >= rules["high_from"])
    if is_telling and event is not None:
        level += _nudge(event)
    return _LEVELS[max(0, min(level, len(_LEVELS) - 1))]


def _distance_points(sentence: Sentence, now: datetime) -> int:
    """By the nearest moment that is still to come."""
    rules = load_data("priority.toml")
    coming = [
        moment
        for span in sentence.times
        if not span.is_past and (moment := _decisive(span, now)) is not None
    ]
    if not coming:
        return rules["deadline_points"] if _has_deadline(sentence) else 0
    hours = (min(coming) - now).total_seconds() / 3600
    steps = rules["distance"]
    points: int = next((step["points"] for step in steps if hours <= step["hours"]), 0)
    return points + (rules["deadline_points"] if _has_deadline(sentence) else 0)


def _decisive(span: TimeSpan, now: datetime) -> datetime | None:
    """When it begins; its end, if that is the limit or it has begun already."""
    if span.begins is None or span.ends is None:
        return span.begins
    has_begun = span.begins < now or span.is_deadline
    is_stretch = span.kind in (Kind.PERIOD, Kind.DAY)
    return span.ends if has_begun and is_stretch else span.begins


def _has_deadline(sentence: Sentence) -> bool:
    return any(span.is_deadline for span in sentence.times)


@cache
def _word_rules() -> tuple[tuple[re.Pattern[str], int], ...]:
    rows = load_data("priority.toml")["words"].values()
    return tuple(
        (re.compile(alternation(split_words(row["list"]))), row["points"])
        for row in rows
    )


def _word_points(sentence: Sentence) -> int:
    return sum(
        points for pattern, points in _word_rules() if pattern.search(sentence.plain)
    )


def _nudge(event: Event) -> int:
    """+1 for haste, -1 for ease, 0 where the recording cannot be trusted."""
    rules, sound = load_data("priority.toml")["audio"], event.audio_features
    if isinstance(event.emotion, str):
        is_tense = event.emotion.lower() in split_words(rules["tense_emotions"])
    else:
        is_tense = False
    if sound is None:
        return int(is_tense)
    asr = sound.asr_confidence
    if asr is not None and asr < rules["least_asr_confidence"]:
        return 0
    if is_tense or _exceeds(sound.speech_rate_wpm, rules["fast_wpm"]):
        return 1
    if _exceeds(sound.avg_volume_db, rules["loud_db"]):
        return 1
    is_slow = _exceeds(rules["slow_wpm"], sound.speech_rate_wpm)
    return -1 if is_slow and _exceeds(rules["quiet_db"], sound.avg_volume_db) else 0


def _exceeds(value: float | None, bound: float | None) -> bool:
    return value is not None and bound is not None and value > bound
