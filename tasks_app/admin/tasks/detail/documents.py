"""The event that came with a task and the result that came of it, laid out.

Whatever is in them is shown: known fields under their names in the language of the
page, further ones under their own. Nothing relies on their shape, which a program
elsewhere or a model may have got wrong.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.utils.text import capfirst
from django.utils.translation import gettext

from tasks_app.admin.formatting import EMPTY
from tasks_app.admin.labels import ENTITY_TYPES, QUALITIES
from tasks_app.admin.tasks.detail.document_labels import (
    ANALYSIS_LABELS,
    AUDIO_LABELS,
    ENTITY_LABELS,
    EVENT_LABELS,
    INSIGHT_LABELS,
    NLU_LABELS,
    PRIVACY_LABELS,
    QUALITY_LABELS,
    SPEAKER_LABELS,
    Labels,
)

_ISO_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?"
)
_RATIOS = ("confidence", "speaker_confidence", "asr_confidence")
_OFFSETS = ("start", "end")
"""Of an entity: the text itself shows where it is."""


class Fact(NamedTuple):
    label: str
    value: str


@dataclass(frozen=True)
class Table:
    headings: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)


@dataclass(frozen=True)
class Event:
    """What a device said of an utterance."""

    transcript: str
    facts: list[Fact]
    speakers: Table
    audio: list[Fact]
    entities: Table
    tags: list[str]
    privacy: list[Fact]
    nlu: list[Fact]
    further: list[Fact]
    raw: str


@dataclass(frozen=True)
class Result:
    """What an engine made of a task, but for what the task's own columns say."""

    summary: str
    plan: str
    omissions: list[str]
    reminders: list[str]
    tags: list[str]
    entities: Table
    analysis: list[Fact]
    quality: list[Fact]
    is_degraded: bool
    further: list[Fact]
    raw: str


_LAID_OUT_OF_EVENT = {
    *EVENT_LABELS,
    *("transcript", "speakers", "audio_features", "entities", "tags", "privacy", "nlu"),
}
_LAID_OUT_OF_RESULT = {
    *("task_type", "confidence", "priority_level", "model_version", "latency_ms"),
    *("summary_text", "suggested_plan", "potential_omissions", "degraded"),
    *("reminder_suggestions", "suggested_tags", "extracted_entities"),
    *("event_analysis", "speaker_insights", "audio_quality_assessment"),
}


def lay_out_event(event: object) -> Event:
    given = _mapping(event)
    return Event(
        transcript=shown(given.get("transcript", "")),
        facts=facts_of(given, EVENT_LABELS),
        speakers=_table(given.get("speakers"), SPEAKER_LABELS),
        audio=_all_facts(given.get("audio_features"), AUDIO_LABELS),
        entities=_table(given.get("entities"), ENTITY_LABELS),
        tags=texts(given.get("tags")),
        privacy=_all_facts(given.get("privacy"), PRIVACY_LABELS),
        nlu=_all_facts(given.get("nlu"), NLU_LABELS),
        further=_further(given, _LAID_OUT_OF_EVENT),
        raw=pretty(event),
    )


def lay_out_result(result: object) -> Result:
    given = _mapping(result)
    return Result(
        summary=shown(given.get("summary_text", "")),
        plan=shown(given.get("suggested_plan", "")),
        omissions=texts(given.get("potential_omissions")),
        reminders=texts(given.get("reminder_suggestions")),
        tags=texts(given.get("suggested_tags")),
        entities=_table(given.get("extracted_entities"), ENTITY_LABELS),
        analysis=[
            *facts_of(_mapping(given.get("event_analysis")), ANALYSIS_LABELS),
            *facts_of(_mapping(given.get("speaker_insights")), INSIGHT_LABELS),
        ],
        quality=_all_facts(given.get("audio_quality_assessment"), QUALITY_LABELS),
        is_degraded=bool(given.get("degraded")),
        further=_further(given, _LAID_OUT_OF_RESULT),
        raw=pretty(result),
    )


def shown(value: object) -> str:
    """One value as people read it; documents within it are enumerated."""
    match value:
        case None:
            return EMPTY
        case str():
            return value
        case bool():
            return gettext("是") if value else gettext("否")
        case float():
            return f"{value:.6g}"
        case _:
            return _enumerated(value) or json.dumps(value, ensure_ascii=False)


def _enumerated(value: object) -> str:
    """A list or an object that holds no other; "" for what else there is."""
    match value:
        case list() if not any(map(_is_document, value)):
            return gettext("、").join(map(shown, value))
        case dict() if not any(map(_is_document, value.values())):
            return gettext("；").join(f"{k} {shown(v)}" for k, v in value.items())
        case _:
            return ""


def _is_document(value: object) -> bool:
    return isinstance(value, list | dict)


def pretty(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def texts(value: object) -> list[str]:
    """The items of a list, or the only one where there is no list."""
    if value is None:
        return []
    return [shown(item) for item in (value if isinstance(value, list) else [value])]


def facts_of(given: Mapping[str, Any], labels: Labels) -> list[Fact]:
    """Those that are given, under their labels."""
    return [
        Fact(capfirst(str(label)), _shown_as(name, given[name]))
        for name, label in labels.items()
        if given.get(name) is not None
    ]


def _shown_as(name: str, value: object) -> str:
    """With what the field's name tells of how to read it."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number and name in _RATIOS:
        return f"{value:.0%}"
    if name == "type":
        return str(ENTITY_TYPES.get(str(value), shown(value)))
    if name == "overall_quality":
        return str(QUALITIES.get(str(value), shown(value)))
    if name in ("normalized", "start_time", "end_time"):
        return _ISO_TIME.sub(_plain_time, shown(value))
    return shown(value)


def _plain_time(iso: re.Match[str]) -> str:
    """As people write it; the zone is that of who spoke."""
    day, minute, second = iso.groups()
    return f"{day} {minute}{'' if second in (None, ':00') else second}"


def _all_facts(value: object, labels: Labels) -> list[Fact]:
    """Known fields first, then whatever else there is."""
    given = _mapping(value)
    if value is not None and not given and not isinstance(value, Mapping):
        return [Fact("", shown(value))]
    return facts_of(given, labels) + _further(given, labels)


def _further(given: Mapping[str, Any], known: Iterable[str]) -> list[Fact]:
    known = set(known)
    return [Fact(name, shown(given[name])) for name in given if name not in known]


def _table(value: object, labels: Labels) -> Table:
    """Items as rows: the known columns that some item has, then further ones."""
    items = value if isinstance(value, list) else [] if value is None else [value]
    names = _columns([item for item in items if isinstance(item, Mapping)], labels)
    if not names:
        return Table([""], [[shown(item)] for item in items]) if items else Table()
    headings = [capfirst(str(labels[n])) if n in labels else n for n in names]
    return Table(headings, [_row(item, names) for item in items])


def _columns(items: Sequence[Mapping[str, Any]], labels: Labels) -> list[str]:
    used = dict.fromkeys(
        name for item in items for name in item if item[name] is not None
    )
    known = {*labels, *_OFFSETS}
    further = [name for name in used if name not in known]
    return [name for name in labels if name in used] + further


def _row(item: object, names: Sequence[str]) -> list[str]:
    if not isinstance(item, Mapping):
        return [shown(item), *[""] * (len(names) - 1)]
    return [
        _shown_as(name, item[name]) if item.get(name) is not None else ""
        for name in names
    ]


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
