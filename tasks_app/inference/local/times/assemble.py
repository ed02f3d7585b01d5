"""Joining neighbouring atoms into expressions: 明天 + 早上 + 七点."""

import re
from dataclasses import replace

from tasks_app.inference.local.times.model import Atom, Delta, Expression, Parts
from tasks_app.inference.local.wordlists import alternation, load_data, split_words

_GLUE = re.compile(r" ?(?:的|,|，|-|at|on|in|in the|of|of the|the|for)? ?")
_RANGE = re.compile(r" ?(?:到|至|直到|[-~—–～]{1,2}|to|until|till|through) ?")
_FROM = re.compile(r"(?:从|自|from |between )$")
_DEADLINE_PREFIX = re.compile(
    r"(?:最晚|最迟|不晚于|截止到?|截至|赶在|务必在"
    r"|by|before|until|no later than) ?(?:在|于)?$"
)
_DEADLINE_SUFFIX = re.compile(
    r" ?(?:之前|以前|前(?!面|台|夫|妻|任|边|排|往|进|后|端|景|男|女)|截止|为止|结束前"
    r"|之内|以内|内(?![容部科衣裤存心向外场地蒙幕勤行测径胆陆饰服网环涵讧脏急]))"
)
_TRAILING = re.compile(
    r" ?(?:之后|以后|之间|左右|期间)"
    r"|后(?!面|边|来|门|台|背|期|勤|院|排|备|续|天|年)"
)
_MOVED_FROM = re.compile(
    r"\b(?:mov|reschedul|postpon|push|shift|chang)\w{1,4}"
    r" (?:[\w' ]{1,30} )?from\b"
)
"""What stands behind it is no stretch: moved from Monday to Tuesday."""
_PUT_OFF = re.compile(
    rf"(?:{alternation(split_words(load_data('times.toml')['put_off']['words']))})"
    r"(?:了|约|大概|by| ){0,3}$"
)
_MOVED_TO = re.compile(
    rf"(?:{alternation(split_words(load_data('planning.toml')['moved']['list']))}) ?$"
)
_STARTS_WITH_BY = re.compile(r"(?:by|before|until|till) ")

_DATE_FIELDS = frozenset(
    [
        "year",
        "year_offset",
        "month",
        "month_offset",
        "month_part",
        "year_part",
        "quarter_offset",
        "months",
        "day",
        "is_lunar",
        "days",
        "weeks",
        "weekdays",
        "nth",
        "holiday",
        "day_shift",
    ]
)
_WEEK = Delta(days=7)
_AND = re.compile(r" ?(?:和|、|跟|及|与|以及|还有|and)? ?")
_SHARED = (
    (frozenset({"clock", "part"}), _DATE_FIELDS | {"every"}),
    (frozenset({"weekdays", "clock", "part"}), frozenset({"weeks", "every"})),
    (
        frozenset({"day", "clock", "part"}),
        frozenset({"year", "year_offset", "month", "month_offset", "every"}),
    ),
)
"""What the second of two takes over from the first, by what it says itself."""
_LONGEST_MOVE = 50
_LONELY = frozenset({"fuzzy", "duration"})
_ONE_DAY = frozenset({"day", "days", "weekdays"})
_HOUR = frozenset({"clock", "part"})
_OF_YEAR = frozenset({"month", "months", "holiday", "year_part"})
_OF_MONTH = frozenset({"day", "nth", "month_part"})
_OF_ANCHOR = frozenset({"offset", "duration"})
_AFTERWARDS = re.compile(r" ?(?:之?后|以后|过后)$")


def assemble(text: str, atoms: list[Atom]) -> list[Expression]:
    """The expressions that `atoms` (from left to right) form in `text`."""
    found: list[Expression] = []
    for atom in atoms:
        joined = _joined(text, found[-1], atom) if found else None
        if joined is None:
            parts = _continued(text, found[-1], atom) if found else atom.parts
            found.append(Expression(atom.start, atom.end, parts))
        else:
            found[-1] = joined
    found = _with_shared_hours(text, found)
    whole = (_with_surroundings(text, expression) for expression in found)
    put_off = (_as_put_off(text, expression) for expression in whole)
    return [_with_own_hour(text, expression) for expression in put_off]


def _with_shared_hours(text: str, found: list[Expression]) -> list[Expression]:
    """The hour said behind the last of several days holds for each: 周二和周四七点."""
    for index in reversed(range(len(found) - 1)):
        left, right = found[index : index + 2]
        if _AND.fullmatch(text[left.end : right.start]) and _shares_hour(left, right):
            hour = {name: getattr(right.parts, name) for name in _HOUR}
            parts = replace(left.parts, **hour)
            found[index] = replace(left, parts=parts, until=right.until)
    return found


def _shares_hour(left: Expression, right: Expression) -> bool:
    first, second = left.parts.names(), right.parts.names()
    if left.until is not None or not first <= _DATE_FIELDS | {"every"}:
        return False
    if right.until is not None and not right.until.names() <= _HOUR:
        return False
    is_weekend = not left.parts.every and len(left.parts.weekdays or ()) > 1
    are_days = first & _ONE_DAY and second & _ONE_DAY
    return bool(are_days and second & _HOUR) and not is_weekend


def _joined(text: str, left: Expression, atom: Atom) -> Expression | None:
    gap = text[left.end : atom.start]
    if len(gap) > 10:
        return None
    if gap in ("", " ", "的") and (of_anchor := _from_anchor(text, left, atom)):
        return of_anchor
    if _GLUE.fullmatch(gap) and (gap.strip() != "-" or not _both(left, atom, "clock")):
        joined = _merged(left, atom)
        if joined is not None:
            return joined
    is_range = _RANGE.fullmatch(gap) or (
        gap == " and " and text.endswith("between ", 0, left.start)
    )
    if not is_range or left.until is not None or _is_moved(text, left):
        return None
    if not _can_range(left.parts, atom.parts):
        return None
    return replace(left, end=atom.end, until=atom.parts)


def _is_moved(text: str, left: Expression) -> bool:
    start = max(0, left.start - _LONGEST_MOVE)
    return _MOVED_FROM.search(text, start, left.start + len("from ")) is not None


def _continued(text: str, left: Expression, atom: Atom) -> Parts:
    """What an enumeration says once holds for each: 下周三和周五, 每天八点和十二点."""
    if left.until is not None or not _AND.fullmatch(text[left.end : atom.start]):
        return atom.parts
    said = atom.parts.names()
    shared = next((fields for own, fields in _SHARED if said <= own), frozenset())
    common = left.parts.names() & shared
    return replace(atom.parts, **{name: getattr(left.parts, name) for name in common})


def _from_anchor(text: str, left: Expression, atom: Atom) -> Expression | None:
    """How long before or after: 出发前两小时, an hour before dinner."""
    first, second = left.parts, atom.parts
    if first.anchor and first.duration is None and second.names() <= _OF_ANCHOR:
        is_counted = first.anchor.endswith(("前", "后"))
    else:
        is_counted = (
            first.names() == {"duration"}
            and second.names() == {"anchor"}
            and not text.startswith("for ", left.start)
            and text.startswith(("before ", "after "), atom.start)
        )
    if left.until is not None or not is_counted:
        return None
    said = text[left.start : atom.end]
    parts = replace(first, anchor=said, duration=None)
    return replace(left, end=atom.end, parts=parts)


def _both(left: Expression, atom: Atom, field: str) -> bool:
    return field in left.parts.names() and field in atom.parts.names()


def _merged(left: Expression, atom: Atom) -> Expression | None:
    if left.until is not None and _repeats(left.parts, left.until, atom.parts):
        parts = _expanded_weekdays(left.parts, left.until).merged(atom.parts)
        return Expression(left.start, atom.end, parts)
    last = left.parts if left.until is None else left.until
    if not can_merge(last, atom.parts):
        return None
    merged = _counted_from_today(last, atom.parts).merged(atom.parts)
    if left.until is None:
        return replace(left, end=atom.end, parts=merged)
    parts = left.parts
    if atom.parts.names() <= _DATE_FIELDS and not parts.names() & _DATE_FIELDS:
        parts = parts.merged(atom.parts)
    return replace(left, end=atom.end, parts=parts, until=merged)


def can_merge(left: Parts, right: Parts) -> bool:
    """Whether both may be said of the same moment."""
    first, second = left.names(), right.names()
    if not second:
        return bool(first & _DATE_FIELDS) and not first & _HOUR
    if first & second or (first | second) & _LONELY:
        return False
    if "offset" in first | second:
        return _offset_goes_with(left, right)
    return not ("anchor" in first and second & _DATE_FIELDS)


def _offset_goes_with(left: Parts, right: Parts) -> bool:
    """三天后 takes 下午三点; 半小时后 takes nothing."""
    offset, other = (left, right) if left.offset else (right, left)
    if offset.offset is None or not offset.offset.is_whole_days:
        return False
    is_hour = other.names() <= {"part", "clock", "weekdays"}
    return is_hour or _counted_from_today(offset, other).offset is None


def _counted_from_today(left: Parts, right: Parts) -> Parts:
    """三年后 as the year of 十一月, 两个月后 as the month of 15号, and the like."""
    offset = left.offset
    if offset is None or left.names() != {"offset"} or offset.seconds:
        return left
    within, months = right.names(), offset.months
    if offset.days == 0 and months > 0:
        if within & _OF_YEAR and months % 12 == 0:
            return Parts(year_offset=months // 12)
        if within & _OF_MONTH or right.days == 0:
            return Parts(month_offset=months)
    is_weeks = months == 0 and offset.days > 0 and offset.days % 7 == 0
    if is_weeks and ("weekdays" in within or right.days == 0):
        return Parts(weeks=offset.days // 7)
    return left


def _can_range(left: Parts, right: Parts) -> bool:
    loose = {"fuzzy", "anchor", "every", "duration", "offset"}
    if right.names() & loose or left.names() & (loose - {"every"}):
        return False
    return bool(right.names() & left.names()) or bool(right.clock and left.clock)


def _repeats(first: Parts, last: Parts, further: Parts) -> bool:
    """Whether a range of weekdays is meant as each of them: 周一到周五 (每天) 九点."""
    if first.names() != {"weekdays"} or last.names() != {"weekdays"}:
        return False
    return further.every is not None or further.names() <= {"clock", "part"}


def _expanded_weekdays(first: Parts, last: Parts) -> Parts:
    """周一到周五 as the five days, every week."""
    begin, end = (first.weekdays or (0,))[0], (last.weekdays or (6,))[-1]
    days = tuple(range(begin, end + 1)) or (begin,)
    return replace(first, weekdays=days, every=_WEEK)


def _as_put_off(text: str, said: Expression) -> Expression:
    """What comes half an hour later is not half an hour from now: 推迟半小时后开."""
    length = said.parts.duration or said.parts.offset
    if length is None or said.parts.names() - {"offset", "duration"}:
        return said
    if not _PUT_OFF.search(text, max(0, said.start - _LONGEST_MOVE), said.start):
        return said
    parts = Parts(duration=length)
    return replace(said, parts=parts, is_deadline=False, is_put_off=True)


def _with_own_hour(text: str, said: Expression) -> Expression:
    """同一时间, to which a plan is moved, is the hour that it had, not that of now."""
    before = max(0, said.start - _LONGEST_MOVE)
    if not said.parts.same_clock or not _MOVED_TO.search(text, before, said.start):
        return said
    return replace(said, parts=replace(said.parts, same_clock=None))


def _with_surroundings(text: str, expression: Expression) -> Expression:
    """Takes in what stands around it: 最晚, 之前, 左右."""
    before = text[max(0, expression.start - 14) : expression.start]
    start, end = expression.start, expression.end
    prefix = _DEADLINE_PREFIX.search(before)
    suffix = _DEADLINE_SUFFIX.match(text, end)
    trailing = _TRAILING.match(text, end)
    if suffix:
        end = suffix.end()
    elif trailing:
        end = trailing.end()
    if expression.until is not None:
        opening = _FROM.search(before)
        start -= len(opening[0]) if opening else 0
    said, parts = text[expression.start : expression.end], expression.parts
    is_deadline = bool(
        prefix
        or suffix
        or _STARTS_WITH_BY.match(said)
        or (parts.anchor and not parts.every and said.endswith("前"))
        or (parts.duration and parts.offset and not parts.is_throughout)
    )
    is_open = bool(trailing and not suffix and _AFTERWARDS.search(trailing[0]))
    return replace(
        expression, start=start, end=end, is_deadline=is_deadline, is_open=is_open
    )
