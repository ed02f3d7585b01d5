"""The values that the stages of time recognition hand on."""

from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import StrEnum
from typing import Literal, Self

Section = Literal["begin", "middle", "end"]
"""A third of a month or year."""


@dataclass(frozen=True, slots=True)
class Delta:
    """A length of time: whole calendar months and days, and exact seconds.

    24 hours from now is a moment, a day from now a date.
    """

    months: int = 0
    days: int = 0
    seconds: float = 0

    def scaled(self, factor: float) -> "Delta":
        """Half a month is 15 days, half a day 12 hours."""
        months = self.months * factor
        days = self.days * factor + round((months - int(months)) * 30)
        seconds = self.seconds * factor + (days - int(days)) * 86_400
        return Delta(int(months), int(days), seconds)

    def plus(self, other: "Delta") -> "Delta":
        return Delta(
            self.months + other.months,
            self.days + other.days,
            self.seconds + other.seconds,
        )

    @property
    def is_whole_days(self) -> bool:
        return not self.seconds


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day; `is_exact` when morning or evening is beyond doubt."""

    hour: int
    minute: int = 0
    second: int = 0
    is_exact: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What an expression says; whatever it leaves out is None."""

    year: int | None = None
    year_offset: int | None = None
    month: int | None = None
    month_offset: int | None = None
    month_part: Section | None = None
    year_part: Section | None = None
    quarter_offset: int | None = None
    months: tuple[int, int] | None = None
    """The first month and how many: a season, a quarter, half a year."""
    day: int | None = None
    is_lunar: bool | None = None
    days: int | None = None
    weeks: int | None = None
    weekdays: tuple[int, ...] | None = None
    nth: int | None = None
    """Which of the weekdays (or weeks) of a month; -1 is the last."""
    holiday: str | None = None
    day_shift: int | None = None
    """Days from the day that the rest names: 国庆前一天."""
    part: str | None = None
    clock: Clock | None = None
    same_clock: bool | None = None
    """At the hour that it is now: 明天这个时候."""
    offset: Delta | None = None
    duration: Delta | None = None
    is_throughout: bool | None = None
    """All the time until `offset` is over, not by then: 未来三天 against 三天内."""
    every: Delta | None = None
    fuzzy: str | None = None
    anchor: str | None = None

    def names(self) -> frozenset[str]:
        """The names of the fields that are said."""
        return frozenset(
            field.name
            for field in fields(self)
            if getattr(self, field.name) is not None
        )

    def merged(self, other: Self) -> Self:
        """Both together; `other` wins where both speak."""
        said = {name: getattr(other, name) for name in other.names()}
        return replace(self, **said)


@dataclass(frozen=True, slots=True)
class Atom:
    """One word of time and where it stands."""

    start: int
    end: int
    parts: Parts


@dataclass(frozen=True, slots=True)
class Expression:
    """Atoms that belong together; `until` is the second half of a range."""

    start: int
    end: int
    parts: Parts
    until: Parts | None = None
    is_deadline: bool = False
    is_open: bool = False
    """Whether it means the time from its end on: 春节后."""
    is_put_off: bool = False


class Kind(StrEnum):
    """What a time expression turned out to be."""

    POINT = "point"
    """A moment with a clock time."""
    DAY = "day"
    """One calendar day, or a part of it."""
    PERIOD = "period"
    """Several days, or a stretch between two moments."""
    DURATION = "duration"
    """A length without a beginning."""
    RECURRING = "recurring"
    """Again and again; `begins` is the first time from now on."""
    VAGUE = "vague"
    """Said, but not to be pinned down: 待会儿, 下班前."""


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """A time expression with its reading; offsets are characters of the text."""

    start: int
    end: int
    text: str
    kind: Kind
    begins: datetime | None = None
    ends: datetime | None = None
    has_clock: bool = False
    is_deadline: bool = False
    is_open: bool = False
    """From `begins` on, without an end: 春节后."""
    is_past: bool = False
    length: Delta | None = None
    """Of a duration."""
    is_put_off: bool = False
    """Whether it says by how much a plan comes later: 会推迟半小时."""
    normalized: str | None = None

    @property
    def has_date(self) -> bool:
        return self.begins is not None and self.kind is not Kind.DURATION
