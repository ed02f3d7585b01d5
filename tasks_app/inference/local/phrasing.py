"""The summary and the plan, made only of what was recognised."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from tasks_app.inference.contract import Entity
from tasks_app.inference.local.checklists import Slot, has_hour
from tasks_app.inference.local.classify import Evidence, Verdict
from tasks_app.inference.local.gist import gist
from tasks_app.inference.local.sentence import Sentence
from tasks_app.inference.local.things import declined_things, to_bring
from tasks_app.inference.local.times import Kind, TimeSpan
from tasks_app.inference.local.wordlists import alternation, load_data, split_words

_LONGEST_QUOTE = 40
_LONGEST_ENGLISH_QUOTE = 90
_MOST_VALUES = 6
_WEEKDAYS = "一二三四五六日"
_LONGEST_MOVE = 20
_FIRST_HOUR = 5
"""Before it, the evening of the same night is not the evening before."""


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
        spans = [
            span
            for span in self.sentence.times
            if span.kind is not Kind.DURATION and not self._is_of_a_thing(span)
        ]
        return min(spans, key=self._vagueness, default=None)

    @property
    def deed(self) -> str:
        """What is to be done, as it was said; empty if that is not clear."""
        span = self.main_time
        is_elsewhere = span is not None and is_closing(self.sentence, span)
        return gist(self.sentence, span, is_elsewhere=is_elsewhere)

    @property
    def asks_hour(self) -> bool:
        """Whether the hour matters for this plan and is not known."""
        return any("clock" in slot.settled_by for slot in self.omissions)

    def _is_of_a_thing(self, span: TimeSpan) -> bool:
        """整理上个月的名单 and 查这个月的账单 are not done then."""
        is_over = span.is_past or (
            span.kind is Kind.PERIOD
            and span.begins is not None
            and span.begins < self.now
        )
        return is_over and self.sentence.plain[span.end : span.end + 1] == "的"

    def _vagueness(self, span: TimeSpan) -> tuple[bool, bool, bool, bool, bool]:
        return (
            not _is_moved_to(self.sentence, span),
            span.is_past,
            span.start in self.sentence.declined,
            span.begins is None,
            not span.has_clock,
        )


def _is_moved_to(sentence: Sentence, span: TimeSpan) -> bool:
    """Whether a plan is put off or forward to this time: 改到周五."""
    words = split_words(load_data("phrases.toml")["moved"]["list"])
    before = sentence.plain[max(0, span.start - _LONGEST_MOVE) : span.start]
    return before.rstrip().endswith(words)


@cache
def _closing() -> re.Pattern[str]:
    words = split_words(load_data("phrases.toml")["closing"]["follows"])
    return re.compile(rf"\s?(?:就|要)?(?:{alternation(words)})")


def is_deadline(sentence: Sentence, span: TimeSpan) -> bool:
    """Whether it must be done before; said (周五前) or by what ends then (八点关门)."""
    return span.is_deadline or is_closing(sentence, span)


def is_closing(sentence: Sentence, span: TimeSpan) -> bool:
    """Whether what is told of this time is that something ends."""
    return _closing().match(sentence.plain, span.end) is not None


def summarize(understanding: Understanding) -> str:
    """What kind of plan it is, its content, and the facts found in it."""
    phrases = load_data("phrases.toml")
    verdict = understanding.verdict
    opening: str = phrases["certainty"][verdict.evidence].format(
        type=phrases["types"][verdict.task_type]
    )
    text = opening + f"：“{_quote(understanding.sentence)}”。"
    if verdict.is_declined:
        text += phrases["notes"]["declined"]
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
    return f"{said}（{_format_span(span)}）"


def _format_span(span: TimeSpan) -> str:
    """A moment, a day, or from when to when; of a deadline the end alone."""
    if span.begins is None:
        return span.text
    first = format_moment(span.begins, with_clock=span.has_clock)
    if span.is_open:
        return f"{first}起"
    if span.kind is not Kind.PERIOD or span.ends is None:
        return first
    if span.has_clock:
        is_same_day = span.begins.date() == span.ends.date()
        return f"{first}–{span.ends:%H:%M}" if is_same_day else first
    last = span.ends - timedelta(days=1)
    if span.is_deadline or last <= span.begins:
        return format_moment(last, with_clock=False)
    return f"{first}至{format_moment(last, with_clock=False)}"


def said_time(sentence: Sentence, span: TimeSpan) -> str:
    """The words of the text; in a Chinese sentence an English time becomes a date."""
    said = sentence.text[span.start : span.end].strip()
    if said.isascii() and span.begins is not None and span.kind is not Kind.RECURRING:
        return format_moment(span.begins, with_clock=span.has_clock)
    return said


def format_moment(moment: datetime, *, with_clock: bool) -> str:
    day = f"{_date(moment)} 周{_WEEKDAYS[moment.weekday()]}"
    return f"{day} {moment:%H:%M}" if with_clock else day


def _date(moment: datetime) -> str:
    return f"{moment.month}月{moment.day}日"


def _quote(sentence: Sentence) -> str:
    """The sentence without wake words and fillers."""
    kept = [
        char
        for char, plain in zip(sentence.text, sentence.plain, strict=True)
        if not (plain == " " and not char.isspace())
    ]
    text = re.sub(r"([，,、；;])[\s，,、；;]*[，,、；;]", r"\1", "".join(kept))
    text = re.sub(r"[，,、；;\s]+([。！？!?])", r"\1", text)
    content = " ".join(text.split()).strip("，,。、；;… ") or sentence.text.strip()
    longest = _LONGEST_ENGLISH_QUOTE if content.isascii() else _LONGEST_QUOTE
    return content if len(content) <= longest else content[: longest - 1] + "…"


def plan(understanding: Understanding) -> str:
    """Steps in the order in which they are to be done."""
    phrases = load_data("phrases.toml")
    if understanding.verdict.is_declined:
        steps = [phrases["declined"][understanding.verdict.task_type]]
    else:
        steps = [
            *_time_steps(understanding),
            *_preparation(understanding),
            *_open_points(understanding),
            *_not_needed(understanding),
            *_action(understanding),
        ]
    return "；".join(steps or [phrases["plan"]["unclear"]]) + "。"


def _time_steps(understanding: Understanding) -> list[str]:
    """What is to be known or done about the time; nothing if all is clear."""
    phrases = load_data("phrases.toml")["plan"]
    span = understanding.main_time
    if span is None:
        return [phrases["no_time"]]
    said = said_time(understanding.sentence, span)
    if span.is_past and span.kind is not Kind.RECURRING:
        return [phrases["past"].format(time=said)]
    if span.kind is Kind.RECURRING:
        return [_recurring_step(understanding.deed, said)]
    if span.begins is None:
        return []
    if is_deadline(understanding.sentence, span):
        return [_deadline_step(understanding, span.begins, span)]
    return _questions(understanding, span, said)


def _questions(understanding: Understanding, span: TimeSpan, said: str) -> list[str]:
    phrases = load_data("phrases.toml")["plan"]
    if _is_day_open(span):
        stretch = _format_span(span) if said_as_date(said) else said
        return [phrases["no_day"].format(time=stretch)]
    if understanding.asks_hour and not has_hour(span):
        return [phrases["no_clock"].format(time=said)]
    return []


def _recurring_step(deed: str, said: str) -> str:
    phrases = load_data("phrases.toml")["plan"]
    if not deed:
        return str(phrases["recurring"].format(time=said))
    return str(phrases["recurring_deed"].format(time=spaced(said, deed), deed=deed))


def spaced(time: str, deed: str) -> str:
    """English words are parted from what stands before them."""
    return f"{time} " if deed.isascii() else time


def _deadline_step(
    understanding: Understanding, begins: datetime, span: TimeSpan
) -> str:
    phrases = load_data("phrases.toml")
    said = said_time(understanding.sentence, span)
    if said_as_date(said):
        return str(phrases["plan"]["latest"].format(time=said))
    end, deed = phrases["closing"]["ends"], understanding.deed
    is_before = said.endswith(tuple(split_words(phrases["closing"]["before"])))
    if is_closing(understanding.sentence, span) or said.endswith(end):
        key = "closing"
    elif is_before:
        key = "deadline_deed" if deed else "deadline"
    else:
        key = "latest"
    limit = format_moment(deadline(span, begins), with_clock=span.has_clock)
    time = f"{said.removesuffix(end)}（{limit}）"
    return str(phrases["plan"][key].format(time=time, deed=deed))


def deadline(span: TimeSpan, begins: datetime) -> datetime:
    """The moment, or the day, by which it must be done."""
    if span.kind is not Kind.PERIOD or span.ends is None or not span.is_deadline:
        return begins
    return span.ends if span.has_clock else span.ends - timedelta(days=1)


def said_as_date(said: str) -> bool:
    """Whether the words are a date already, as an English time becomes one."""
    return re.match(r"\d+月\d+日 周", said) is not None


def _is_day_open(span: TimeSpan) -> bool:
    words = split_words(load_data("phrases.toml")["vague_days"]["list"])
    is_named = any(word in span.text for word in words)
    return not span.has_clock and (is_named or span.kind is Kind.PERIOD)


def _preparation(understanding: Understanding) -> list[str]:
    items = understanding.to_bring
    if not items:
        return []
    phrases = load_data("phrases.toml")["plan"]
    span, key, evening = understanding.main_time, "prepare", understanding.now
    if span is not None and _is_coming(span) and span.begins is not None:
        evening = span.begins - timedelta(days=1)
        is_night = span.has_clock and span.begins.hour < _FIRST_HOUR
        ahead = span.begins.date() - understanding.now.date()
        if ahead >= timedelta(days=1) and not is_night:
            key = "prepare_evening"
        elif not ahead:
            key = "prepare_today"
    return [phrases[key].format(items="、".join(items), date=_date(evening))]


def _is_coming(span: TimeSpan) -> bool:
    return not span.is_past and not span.is_deadline and not _is_day_open(span)


def _open_points(understanding: Understanding) -> list[str]:
    """Advice for what is missing; the question for the time is asked already."""
    return [
        slot.advice
        for slot in understanding.omissions
        if not {"clock", "time"} & slot.settled_by
        or (understanding.main_time and not understanding.asks_hour)
    ]


def _not_needed(understanding: Understanding) -> list[str]:
    declined = declined_things(understanding.sentence)
    if not declined:
        return []
    phrase = load_data("phrases.toml")["plan"]["not_needed"]
    return [phrase.format(items="、".join(declined[:_MOST_VALUES]))]


def _action(understanding: Understanding) -> list[str]:
    """What to do then, as soon as the time is known as exactly as it has to be."""
    span, verdict = understanding.main_time, understanding.verdict
    if span is None:
        return []
    is_open = span.is_past or span.kind is Kind.RECURRING or _is_day_open(span)
    is_asked = understanding.asks_hour and span.kind is not Kind.VAGUE
    if is_open or is_asked or verdict.evidence is Evidence.NONE:
        return []
    if span.kind is not Kind.VAGUE and is_deadline(understanding.sentence, span):
        return []
    deed = understanding.deed
    phrases = load_data("phrases.toml")
    tail = phrases["tails"].get(verdict.task_type, "") if has_hour(span) else ""
    pattern = phrases["plan"]["do"] if deed else phrases["act"][verdict.task_type]
    time = said_time(understanding.sentence, span)
    if span.begins is not None and not said_as_date(time):
        time += _when(span, understanding.now)
    if deed and deed.isascii():
        time = spaced(time, deed)
    elif deed and understanding.sentence.text.startswith(f"的{deed[:2]}", span.end):
        time += "的"
    return [pattern.format(time=time, deed=deed, tail=tail)]


def _when(span: TimeSpan, now: datetime) -> str:
    """The date of a time, of today the clock; the rest stands in the words."""
    if span.begins is None:
        return ""
    if span.begins.date() != now.date():
        return f"（{format_moment(span.begins, with_clock=False)}）"
    return f"（{span.begins:%H:%M}）" if span.has_clock else ""
