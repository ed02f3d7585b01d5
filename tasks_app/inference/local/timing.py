"""What the times of a sentence mean for its plan."""

import re
from bisect import bisect_left
from datetime import datetime, timedelta

from tasks_app.inference.local.sentence import Sentence
from tasks_app.inference.local.times import Kind, TimeSpan
from tasks_app.inference.local.wordlists import alternation, load_data, split_words

_RULES = load_data("planning.toml")
_CLOSING = re.compile(
    rf"\s?(?:就|要|快)?(?:{alternation(split_words(_RULES['closing']['follows']))})"
    rf"|(?P<subject>[^，。；,;!?！？\s{_RULES['closing']['not_of_subject']}]{{1,6}}?)"
    rf"(?:{alternation(split_words(_RULES['closing']['follows_subject']))})"
)
_CLOSING_AHEAD = re.compile(
    rf"\b(?:{alternation(split_words(_RULES['closing']['ahead']))})(?: on| at| by)? $"
)
_OPENING = re.compile(
    r"\s?(?:就|要|才|goes |go )?"
    rf"(?:{alternation(split_words(_RULES['opening']['words']))})"
)
_CLOSING_TAIL = re.compile("了?(?:之前|以前|前)?")
_BEFORE = re.compile(_RULES["closing"]["before"], re.IGNORECASE)
_AT = re.compile(r"^(?:on|at) ", re.IGNORECASE)
_FROM_TO = re.compile(_RULES["from_to"]["marks"])
_MOVED = split_words(_RULES["moved"]["list"])
_MOVING = re.compile(r"\b(?:(?:move|postpone|reschedule)d?|push(?:ed)?)\b")
_CORRECTED = re.compile(r"(?:不对|说错了|错了)[，,、… ]{1,3}(?:应该)?是?$")
_FROM_NOW = re.compile(r"^in |(?:后|之后)$")
_SAME_HOUR = re.compile("同一|同样|same time")
_HABITS = split_words(_RULES["habits"]["ends"])
_VAGUE_DAYS = split_words(_RULES["vague_days"]["list"])
_OCCASIONS = re.compile(alternation(split_words(_RULES["occasions"]["words"])))
_CIRCUMSTANCE = re.compile(
    rf"[^，。；,;!?！？]{{0,6}}(?:{alternation(split_words(_RULES['circumstances']['words']))})"
)
_BEGINS = re.compile("开始|起(?![床来飞])")
_OF_A_THING = re.compile(r"[^，。；,;!?！？去]{0,6}的")
_TIMES_A_DAY = re.compile(r"[\d一二两三四五六]次")
_LONGEST_MOVE = 40


def main_time(sentence: Sentence, now: datetime) -> TimeSpan | None:
    """The time that the plan is about: the most exact one that is not a length."""
    spans = [
        span
        for span in sentence.times
        if span.kind is not Kind.DURATION and not _is_of_a_thing(sentence, span, now)
    ]
    if any(span.kind is Kind.RECURRING for span in spans):
        spans = [span for span in spans if not _is_beginning(sentence, span)] or spans
    days = sorted(
        span.begins
        for span in spans
        if span.begins is not None and span.kind in (Kind.DAY, Kind.POINT)
    )
    exact = [span for span in spans if not _is_narrowed(span, days)]
    return min(exact, key=lambda span: _vagueness(sentence, span), default=None)


def _is_beginning(sentence: Sentence, span: TimeSpan) -> bool:
    """下周一开始每天跑步 is done every day, from Monday on."""
    is_first = _BEGINS.match(sentence.plain, span.end) is not None
    return is_first and span.kind is not Kind.RECURRING


def _is_narrowed(span: TimeSpan, days: list[datetime]) -> bool:
    """Whether one of the `days` is within it: the month of 下个月信用卡20号还."""
    if span.kind is not Kind.PERIOD or not is_day_open(span):
        return False
    if span.begins is None or span.ends is None:
        return False
    following = bisect_left(days, span.begins)
    return following < len(days) and days[following] < span.ends


def _is_of_a_thing(sentence: Sentence, span: TimeSpan, now: datetime) -> bool:
    """整理上个月的名单 and 退上周买的裤子 are not done then."""
    has_begun = (
        span.kind is Kind.PERIOD and span.begins is not None and span.begins < now
    )
    is_over = span.is_past or has_begun
    return is_over and _OF_A_THING.match(sentence.plain, span.end) is not None


def _vagueness(
    sentence: Sentence, span: TimeSpan
) -> tuple[bool, bool, bool, bool, bool, bool]:
    return (
        not is_moved_to(sentence, span),
        span.is_past,
        is_circumstance(sentence, span),
        span.start in sentence.declined,
        span.begins is None,
        not span.has_clock,
    )


def is_circumstance(sentence: Sentence, span: TimeSpan) -> bool:
    """明天九点到十一点停水 is nothing to be done."""
    return _CIRCUMSTANCE.match(sentence.plain, span.end) is not None


def is_moved_to(sentence: Sentence, span: TimeSpan) -> bool:
    """Whether it takes the place of one said before: 改到周五; 三点，不对，四点."""
    if span.is_put_off:
        return True
    before = sentence.plain[max(0, span.start - _LONGEST_MOVE) : span.start].rstrip()
    if before.endswith(_MOVED) or _CORRECTED.search(before):
        return True
    # In English the plan stands in between: move the review to Friday.
    is_towards = before.endswith(" to") or span.text.startswith("to ")
    return is_towards and _MOVING.search(before) is not None


def said_end(sentence: Sentence, span: TimeSpan) -> int:
    """Where the words of a time end, the count of 一天三次 among them."""
    count = _TIMES_A_DAY.match(sentence.plain, span.end)
    return count.end() if count and span.kind is Kind.RECURRING else span.end


def has_hour(span: TimeSpan) -> bool:
    """Whether an hour is said, as a time of day or by the distance from now."""
    return span.has_clock and span.kind is not Kind.DURATION


def says_same_hour(span: TimeSpan) -> bool:
    """Whether it is moved to the hour that it had: 改到下周一同一时间."""
    return _SAME_HOUR.search(span.text) is not None


def is_from_now(span: TimeSpan) -> bool:
    """Whether it is said by its distance: in an hour, 半小时后."""
    return span.has_clock and _FROM_NOW.search(span.text) is not None


def is_deadline(sentence: Sentence, span: TimeSpan) -> bool:
    """Whether it must be done before; said (周五前) or by what ends then (八点关门)."""
    return (span.is_deadline and not is_habit(span)) or is_closing(sentence, span)


def is_closing(sentence: Sentence, span: TimeSpan) -> bool:
    """Whether what is told of this time is that something ends."""
    return (
        _CLOSING.match(sentence.plain, span.end) is not None
        or _closing_ahead(sentence, span) is not None
    )


def _closing_ahead(sentence: Sentence, span: TimeSpan) -> re.Match[str] | None:
    """The expires of: my passport expires on March 3."""
    before = max(0, span.start - _LONGEST_MOVE)
    return _CLOSING_AHEAD.search(sentence.plain, before, span.start)


def is_opening(sentence: Sentence, span: TimeSpan) -> bool:
    """Whether what is told of this time is that something opens: 八点开售."""
    return _OPENING.match(sentence.plain, span.end) is not None


def closing_end(sentence: Sentence, span: TimeSpan) -> int:
    """Behind what is told to end then: at the 得换证 of 驾照15号到期了得换证."""
    ending = _CLOSING.match(sentence.plain, span.end)
    ending = ending or _OPENING.match(sentence.plain, span.end)
    end = ending.end() if ending else span.end
    tail = _CLOSING_TAIL.match(sentence.plain, end)
    return tail.end() if tail else end


def closing_subject(sentence: Sentence, span: TimeSpan) -> str:
    """房租 of 八号房租到期."""
    closing = _CLOSING.match(sentence.plain, span.end)
    return (closing["subject"] or "") if closing else ""


def is_limit(said: str) -> bool:
    """Whether the words of a time say that something ends: 十号截止."""
    return said.endswith(_RULES["closing"]["ends"])


def without_limit(said: str) -> str:
    """十号 of 十号截止, March 3 of on March 3."""
    return _AT.sub("", said.removesuffix(_RULES["closing"]["ends"]))


def is_said_as_deadline(said: str) -> bool:
    """Whether the words of a time say 前 or by, so that nothing needs to be added."""
    return _BEFORE.search(said) is not None


def is_habit(span: TimeSpan) -> bool:
    """A moment of every day like bedtime, though 前 stands in it."""
    return span.text.endswith(_HABITS)


def deadline(span: TimeSpan, begins: datetime) -> datetime:
    """The moment, or the day, by which it must be done."""
    if span.kind is not Kind.PERIOD or span.ends is None or not span.is_deadline:
        return begins
    return span.ends if span.has_clock else span.ends - timedelta(days=1)


def is_day_open(span: TimeSpan) -> bool:
    """Whether the day itself is still to be chosen: 下周, 国庆; not 六号到八号."""
    if span.has_clock or _FROM_TO.search(span.text):
        return False
    return span.kind is Kind.PERIOD or any(day in span.text for day in _VAGUE_DAYS)


def is_coming_day(span: TimeSpan) -> bool:
    """Whether it is known on which day to come it is going to happen."""
    return not span.is_past and not span.is_deadline and not is_day_open(span)


def says_when(plain: str) -> bool:
    """Whether an occasion is named that no clock can show: 下班, 马上."""
    return _OCCASIONS.search(plain) is not None
