"""The period of time that the dashboard tells of, as its address says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.forms import DateField
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tasks_app.reports import as_moment
from tasks_app.rollups import begin_of_hour

PRESETS: dict[str, str | Promise] = {
    "24h": _("24 小时"),
    "7d": _("7 天"),
    "30d": _("30 天"),
}
CUSTOM = "own"
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_LONGEST_BY_HOUR = 8 * _DAY
_MOST_DAYS = 366
_EARLIEST = date(1900, 1, 1)
"""The first days that can be written are none in other time zones."""


@dataclass(frozen=True)
class Period:
    """From `since` until just before `until`."""

    name: str
    """One of `PRESETS`, or `CUSTOM`."""
    since: datetime
    until: datetime

    @property
    def first_day(self) -> date:
        return timezone.localtime(self.since).date()

    @property
    def last_day(self) -> date:
        return timezone.localtime(self.until - timedelta.resolution).date()

    def ends(self) -> tuple[date, date]:
        """Its first and last day, or moments where these have more than it."""
        if (self.since, self.until) == _from_to(self.first_day, self.last_day):
            return self.first_day, self.last_day
        last = self.until - timedelta.resolution
        return timezone.localtime(self.since), timezone.localtime(last)

    @property
    def is_by_hour(self) -> bool:
        """Or else by day: more bars than that cannot be told apart."""
        return self.until - self.since <= _LONGEST_BY_HOUR

    @property
    def parameters(self) -> dict[str, str]:
        """Of an address that says the same."""
        if self.name != CUSTOM:
            return {"range": self.name}
        days = {"from": self.first_day, "to": self.last_day}
        return {"range": CUSTOM} | {end: day.isoformat() for end, day in days.items()}

    def days(self) -> list[date]:
        count = (self.last_day - self.first_day).days + 1
        return [self.first_day + n * _DAY for n in range(count)]


def parse_period(asked: Mapping[str, str], now: datetime) -> tuple[Period, str]:
    """What is asked for, and what is wrong with it: then it is the default."""
    if asked.get("range") != CUSTOM:
        return _preset(asked.get("range", ""), now), ""
    try:
        return _custom(asked, now), ""
    except ValidationError as error:
        return _preset("", now), " ".join(error.messages)


def _preset(name: str, now: datetime) -> Period:
    make = _MAKERS.get(name)
    return make(name, now) if make else _last_day("24h", now)


def _last_day(name: str, now: datetime) -> Period:
    """With the hour that is not over yet."""
    until = begin_of_hour(now) + _HOUR
    return Period(name, until - _DAY, until)


def _last_days(count: int) -> Callable[[str, datetime], Period]:
    """With the day that is not over yet."""

    def make(name: str, now: datetime) -> Period:
        today = timezone.localtime(now).date()
        return _of_days(name, today - (count - 1) * _DAY, today)

    return make


_MAKERS = {"24h": _last_day, "7d": _last_days(7), "30d": _last_days(30)}


def _custom(asked: Mapping[str, str], now: datetime) -> Period:
    days = DateField(
        error_messages={"required": _("请选择开始和结束日期。")},
        validators=[MinValueValidator(_EARLIEST)],
    )
    first, last = (days.clean(asked.get(end)) for end in ("from", "to"))
    last = min(last, timezone.localtime(now).date())
    if first > last:
        raise ValidationError(gettext("开始日期不能晚于结束日期或今天。"))
    if (last - first).days >= _MOST_DAYS:
        raise ValidationError(gettext("最多 {n} 天。").format(n=_MOST_DAYS))
    return _of_days(CUSTOM, first, last)


def _of_days(name: str, first: date, last: date) -> Period:
    return Period(name, *_from_to(first, last))


def _from_to(first: date, last: date) -> tuple[datetime, datetime]:
    return as_moment(first), as_moment(last + _DAY)
