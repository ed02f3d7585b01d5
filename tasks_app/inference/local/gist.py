"""What is to be done, in the words that were said: a clause without its time."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tasks_app.inference.local.sentence import Sentence
from tasks_app.inference.local.times import Kind, TimeSpan
from tasks_app.inference.local.timing import (
    closing_end,
    closing_subject,
    is_circumstance,
    said_end,
    says_when,
)
from tasks_app.inference.local.trimming import (
    cut_moving,
    is_bare,
    is_told,
    trimmed,
    trimmed_before_time,
)
from tasks_app.inference.local.wordlists import alternation, load_data, split_words

_RULES = load_data("gist.toml")
_CLAUSE = re.compile(r"(?:[^，,。；;！!？?\n:：]|(?<=\d)[:：](?=\d))+")
_INSTEAD = re.compile(rf"改(?=[{load_data('speech.toml')['instead']}])|(?<=了)(?=去)")
_REMEMBER = re.compile(alternation(split_words(_RULES["remember"])))
_SIDE_NOTE = re.compile(
    rf"{alternation(split_words(_RULES['side_notes']))}|{_REMEMBER.pattern}"
)
_REASON_BEGINS = split_words(_RULES["reasons_begin"])
_REASON_ENDS = split_words(_RULES["reasons_end"])
_PREPARING = split_words(_RULES["preparing"])
_KEEPS_ENDING = split_words(_RULES["keeps_ending"])
_STATE = re.compile(rf"(?:{alternation(split_words(_RULES['states']))})$")
_LONGEST = 24
_LONGEST_ENGLISH = 60
_LONGEST_SUBJECT = 10
_LONGEST_CLAUSE = 120

Stretch = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Deed:
    """What is to be done; the time, if it is told too, stands behind `before`."""

    before: str = ""
    after: str = ""
    is_subject: bool = False
    """Whether only what ends then is known, not what to do: 停车费 of 停车费到期."""

    @property
    def text(self) -> str:
        """Without the time: 胰岛素饭前打 becomes 打胰岛素."""
        if len(self.after) == 1 and self.after not in _RULES["stays_behind"]:
            return self.after + self.before
        return self.before + self.after

    @property
    def is_short(self) -> bool:
        longest = _LONGEST_ENGLISH if self.text.isascii() else _LONGEST
        return 1 < len(self.text) <= longest


@dataclass(frozen=True, slots=True)
class _Search:
    """A sentence, and the time for whose deed it is searched."""

    sentence: Sentence
    span: TimeSpan | None
    is_moved: bool


def gist(
    sentence: Sentence,
    span: TimeSpan | None,
    *,
    is_elsewhere: bool = False,
    is_moved: bool = False,
    places: frozenset[str] = frozenset(),
) -> Deed:
    """The deed that belongs to `span`, else the first one; empty if none is clear.

    `is_elsewhere`: the clause of `span` tells of something else: 驿站八点关门. What is
    only one of `places` says too little, if there is more.
    """
    search = _Search(sentence, span, is_moved)
    ranked = _ranked(search, is_elsewhere)
    telling = [clause for clause in ranked if not _is_preparing(search, clause)]
    found = [_deed(search, clause) for clause in telling or ranked]
    if is_elsewhere and span is not None:
        found.append(Deed(after=_subject(sentence, span), is_subject=True))
    if len(found) > 1 and _wants_object(found[0], found[1]):
        found[0] = Deed(after=found[0].text + _STATE.sub("", found[1].text))
    told = [deed for deed in found if deed.is_short]
    full = (deed for deed in told if not is_bare(deed.text, places))
    return next(full, told[0] if told else Deed())


def _wants_object(verb: Deed, other: Deed) -> bool:
    """账单2300，18号前还: what is paid stands in the other clause."""
    is_alone = len(verb.text) == 1 and not verb.text.isascii()
    is_said = verb.text in other.text or other.text.startswith(_KEEPS_ENDING)
    return is_alone and other.is_short and not is_said


def _ranked(search: _Search, is_elsewhere: bool) -> list[Stretch]:
    """The clauses that may hold the deed, the likeliest first."""
    sentence, span = search.sentence, search.span
    clauses = list(_clauses(sentence))
    wanted = [clause for clause in clauses if not _is_declined(sentence, clause)]
    if search.is_moved:
        wanted += [clause for clause in clauses if clause not in wanted]
    if span is None:
        wanted.sort(key=lambda clause: not says_when(sentence.plain[slice(*clause)]))
    else:
        near = [clause for clause in wanted if clause[0] <= span.start < clause[1]]
        others = [
            clause
            for clause in wanted
            if clause not in near and not _has_hour_of_its_own(search, clause)
        ]
        if is_elsewhere:
            near = [(closing_end(sentence, span), clause[1]) for clause in near]
        wanted = near + others
    return sorted(wanted, key=lambda clause: _is_reason(search, clause))


def _clauses(sentence: Sentence) -> Iterator[Stretch]:
    """What is done instead of something is a clause of its own: 不跑了改去游泳."""
    for clause in _CLAUSE.finditer(sentence.plain):
        start, end = clause.span()
        if sentence.negated:
            for turn in _INSTEAD.finditer(sentence.plain, start, end):
                if turn.start() > start:
                    yield start, turn.start()
                start = turn.end()
        yield start, end


def _has_hour_of_its_own(search: _Search, clause: Stretch) -> bool:
    """Whether it tells of something else that day: 七点出门，十点的飞机."""
    span = search.span
    if span is None or not span.has_clock or search.is_moved:
        return False
    return any(
        time.kind is Kind.POINT and time.begins != span.begins
        for time in search.sentence.times
        if clause[0] <= time.start < clause[1]
    )


def _subject(sentence: Sentence, span: TimeSpan) -> str:
    """停车费 of 停车费明天到期."""
    start = max(match.start() for match in _starts(sentence, span.start))
    before = trimmed_before_time(sentence.said(start, span.start))
    return before + closing_subject(sentence, span)


def _starts(sentence: Sentence, position: int) -> Iterable[re.Match[str]]:
    clauses = _CLAUSE.finditer(sentence.plain)
    return (clause for clause in clauses if clause.start() <= position)


def _is_declined(sentence: Sentence, clause: Stretch) -> bool:
    stretch = range(clause[0], _before_note(sentence, clause))
    return not sentence.negated.isdisjoint(stretch)


def _before_note(sentence: Sentence, clause: Stretch) -> int:
    """Where the clause turns to something else: 去机场 | 记得带身份证."""
    start, end = clause
    note = _SIDE_NOTE.search(sentence.plain, start + 1, end)
    return end if note is None else note.start()


def _is_reason(search: _Search, clause: Stretch) -> bool:
    """What is so or has happened; a condition with its deed in one clause is none."""
    text = search.sentence.plain[slice(*clause)].strip()
    if _is_condition(text):
        return _RULES["conclusion"] not in text
    is_timed = search.span is not None and search.span.start in range(*clause)
    if is_timed and search.span and is_circumstance(search.sentence, search.span):
        return True
    return text.endswith("了") and not text.startswith(_KEEPS_ENDING) and not is_timed


def _is_preparing(search: _Search, clause: Stretch) -> bool:
    """病历找出来 only gets something ready for what is done at the time."""
    span = search.span
    if span is None or span.start in range(*clause):
        return False
    if is_circumstance(search.sentence, span):
        return False
    return search.sentence.plain[slice(*clause)].strip().endswith(_PREPARING)


def _is_condition(text: str) -> bool:
    return text.startswith(_REASON_BEGINS) or text.endswith(_REASON_ENDS)


def _deed(search: _Search, clause: Stretch) -> Deed:
    sentence, (start, end) = search.sentence, clause
    if end - start > _LONGEST_CLAUSE:
        return Deed()
    if _is_condition(sentence.plain[start:end].strip()):
        start = max(start, sentence.plain.find(_RULES["conclusion"], start, end) + 1)
    deed = _deed_in(search, (start, _before_note(sentence, clause)))
    note = _REMEMBER.search(sentence.plain, start, end)
    if deed.text or note is None:
        return deed
    return Deed(after=trimmed(_without_times(search, (note.end(), end))))


def _deed_in(search: _Search, clause: Stretch) -> Deed:
    start, end = clause
    span = _time_in(search, clause)
    if span is None or not start <= span.start < end or _is_owner(search, span):
        told = _without_times(search, clause)
        return Deed(after=trimmed(cut_moving(told) if search.is_moved else told))
    told = _without_times(search, (start, span.start))
    before = trimmed_before_time(cut_moving(told) if search.is_moved else told)
    rest = _without_times(search, (min(said_end(search.sentence, span), end), end))
    return _joined(before, rest, is_told=is_told(trimmed(told + ".")))


def _joined(before: str, rest: str, *, is_told: bool) -> Deed:
    after = trimmed(_conclusion(rest))
    if not before or not after:
        return Deed(after=before or after)
    if before.isascii() or after.isascii():
        # What follows an English time needs its preposition: see Tom | about the car.
        return Deed(before, " " + trimmed(rest, is_start=False))
    is_subject = len(before) <= _LONGEST_SUBJECT and not is_told
    return Deed(before, after) if is_subject else Deed(after=after)


def _conclusion(rest: str) -> str:
    """去爬山 of 要是不下雨就去爬山, where a condition follows the time."""
    cut = rest.find(_RULES["conclusion"]) + 1 if _is_condition(rest.strip()) else 0
    return rest[cut:]


def _time_in(search: _Search, clause: Stretch) -> TimeSpan | None:
    """`span`, or a time of another clause that names its day: 后天拔牙，三点半."""
    (start, end), span = clause, search.span
    if span is None or span.begins is None or start <= span.start < end:
        return span
    times = search.sentence.times
    return next(
        (t for t in times if start <= t.start < end and _is_same_day(t, span)), None
    )


def _is_same_day(one: TimeSpan, other: TimeSpan) -> bool:
    if one.begins is None or other.begins is None:
        return False
    return one.begins.date() == other.begins.date()


def _without_times(search: _Search, stretch: Stretch) -> str:
    """The words without times of the same day, or of the day before it was moved."""
    sentence, (start, end) = search.sentence, stretch
    told, position = "", start
    for time in sentence.times:
        if position <= time.start < end and _is_told_elsewhere(search, time):
            told += sentence.said(position, time.start).rstrip()
            position = min(end, time.end + sentence.plain.startswith("的", time.end))
    return told + sentence.said(position, end)


def _is_told_elsewhere(search: _Search, time: TimeSpan) -> bool:
    span = search.span
    if span is None or time.kind is Kind.DURATION or _is_owner(search, time):
        return False
    return search.is_moved or _is_same_day(time, span)


def _is_owner(search: _Search, time: TimeSpan) -> bool:
    """Monday's meeting is prepared, not on Monday."""
    return search.sentence.plain.startswith("'s", time.end)
