"""The summary and the plan, made only of what was recognised."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tasks_app.inference.contract import Entity
from tasks_app.inference.local.checklists import Slot, has_hour
from tasks_app.inference.local.classify import Evidence, Verdict
from tasks_app.inference.local.sentence import Sentence
from tasks_app.inference.local.things import declined_things, to_bring
from tasks_app.inference.local.times import Kind, TimeSpan
from tasks_app.inference.local.wordlists import load_data

_LONGEST_QUOTE = 40
_MOST_VALUES = 6
_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Understanding:
    """Everything that was recognised in one sentence."""

    sentence: Sentence
    now: datetime
    verdict: Verdict
    entities: list[Entity]
    omissions: list[Slot]

    def values(self, kind: str) -> list[str]:
        """The different values of the entities of one type, in order."""
        found = (entity.value for entity in self.entities if entity.type == kind)
        return list(dict.fromkeys(found))[:_MOST_VALUES]

    @property
    def to_bring(self) -> list[str]:
        """The things that the sentence asks to bring or to think of."""
        places = to_bring(self.sentence)
        found = (
            entity.value
            for entity in self.entities
            if entity.type == "item" and entity.start in places
        )
        return list(dict.fromkeys(found))[:_MOST_VALUES]

    @property
    def main_time(self) -> TimeSpan | None:
        """The time that the plan is about: the most exact one that is not a length."""
        spans = [span for span in self.sentence.times if span.kind is not Kind.DURATION]
        return min(spans, key=_vagueness, default=None)


def _vagueness(span: TimeSpan) -> tuple[bool, bool, bool]:
    return (span.is_past, span.begins is None, not span.has_clock)


def summarize(understanding: Understanding) -> str:
    """What kind of plan it is, its content, and the facts found in it."""
    phrases = load_data("phrases.toml")
    verdict = understanding.verdict
    opening: str = phrases["certainty"][verdict.evidence].format(
        type=phrases["types"][verdict.task_type]
    )
    text = opening + f"：“{_quote(understanding.sentence)}”。"
    facts = [
        pattern.format(values=_fact_values(understanding, kind))
        for kind, pattern in phrases["facts"].items()
        if understanding.values(kind)
    ]
    return text + ("；".join(facts) + "。" if facts else "")


def _fact_values(understanding: Understanding, kind: str) -> str:
    if kind != "time":
        return "、".join(understanding.values(kind))
    spans = list(understanding.sentence.times)[:_MOST_VALUES]
    return "、".join(describe_time(understanding.sentence, span) for span in spans)


def describe_time(sentence: Sentence, span: TimeSpan) -> str:
    """As it was said, and the date it means: 明早七点（3月5日 周四 07:00）."""
    said = sentence.text[span.start : span.end].strip()
    if span.begins is None or span.kind is Kind.RECURRING:
        return said
    return f"{said}（{format_moment(span.begins, with_clock=span.has_clock)}）"


def said_time(sentence: Sentence, span: TimeSpan) -> str:
    """The words of the text; in a Chinese sentence an English time becomes a date."""
    said = sentence.text[span.start : span.end].strip()
    if said.isascii() and span.begins is not None and span.kind is not Kind.RECURRING:
        return format_moment(span.begins, with_clock=span.has_clock)
    return said


def format_moment(moment: datetime, *, with_clock: bool) -> str:
    day = f"{moment.month}月{moment.day}日 周{_WEEKDAYS[moment.weekday()]}"
    return f"{day} {moment:%H:%M}" if with_clock else day


def _quote(sentence: Sentence) -> str:
    """The sentence without wake words and fillers."""
    kept = [
        char
        for char, plain in zip(sentence.text, sentence.plain, strict=True)
        if not (plain == " " and not char.isspace())
    ]
    content = (
        " ".join("".join(kept).split()).strip("，,。、；; ") or sentence.text.strip()
    )
    if len(content) <= _LONGEST_QUOTE:
        return content
    return content[: _LONGEST_QUOTE - 1] + "…"


def plan(understanding: Understanding) -> str:
    """Steps in the order in which they are to be done."""
    steps = [
        *_time_steps(understanding),
        *_preparation(understanding),
        *_open_points(understanding),
        *_not_needed(understanding),
        *_action(understanding),
    ]
    return "；".join(steps) + "。"


def _time_steps(understanding: Understanding) -> list[str]:
    phrases = load_data("phrases.toml")["plan"]
    span = understanding.main_time
    if span is None:
        return [phrases["no_time"]]
    said = said_time(understanding.sentence, span)
    if span.is_past and span.kind is not Kind.RECURRING:
        return [phrases["past"].format(time=said)]
    if span.is_deadline:
        return [phrases["deadline"].format(time=said)]
    if span.kind is Kind.RECURRING:
        return [phrases["recurring"].format(time=said)]
    if not has_hour(span) and span.kind in (Kind.DAY, Kind.PERIOD):
        return [phrases["no_clock"].format(time=said)]
    return []


def _preparation(understanding: Understanding) -> list[str]:
    items = understanding.to_bring
    if not items:
        return []
    phrases = load_data("phrases.toml")["plan"]
    span = understanding.main_time
    key = "prepare"
    if span is not None and span.begins is not None and not span.is_past:
        ahead = span.begins.date() - understanding.now.date()
        key = "prepare_evening" if ahead >= timedelta(days=1) else "prepare_now"
    return [phrases[key].format(items="、".join(items))]


def _open_points(understanding: Understanding) -> list[str]:
    """Advice for what is missing; the question for the time is asked already."""
    asked = not _has_clock(understanding)
    return [
        slot.advice
        for slot in understanding.omissions
        if not (asked and "clock" in slot.settled_by)
    ]


def _has_clock(understanding: Understanding) -> bool:
    return any(has_hour(span) for span in understanding.sentence.times)


def _not_needed(understanding: Understanding) -> list[str]:
    declined = declined_things(understanding.sentence)
    if not declined:
        return []
    phrase = load_data("phrases.toml")["plan"]["not_needed"]
    return [phrase.format(items="、".join(declined[:_MOST_VALUES]))]


def _action(understanding: Understanding) -> list[str]:
    span = understanding.main_time
    if span is None or span.is_past or span.is_deadline or not has_hour(span):
        return []
    is_unclear = understanding.verdict.evidence is Evidence.NONE
    if is_unclear or span.kind is Kind.RECURRING:
        return []
    places = understanding.values("place")
    table = load_data("phrases.toml")["act_at" if places else "act"]
    return [
        table[understanding.verdict.task_type].format(
            time=said_time(understanding.sentence, span), place="".join(places[-1:])
        )
    ]
