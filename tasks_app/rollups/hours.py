"""The hours of the site's clock, in Python and in SQL.

They are counted, not read from a clock face: where a clock is set back, the same hour
on its face comes twice, and is two hours here.
"""

from datetime import UTC, datetime, timedelta, tzinfo
from datetime import timezone as fixed_zone

from django.db.models.functions import TruncHour
from django.utils import timezone

_HOUR = timedelta(hours=1)
_REFERENCE = datetime(2025, 1, 1, tzinfo=UTC)


def begin_of_hour(moment: datetime) -> datetime:
    """When the hour of `moment` began."""
    local = moment.astimezone(_zone())
    return local.replace(minute=0, second=0, microsecond=0).astimezone(UTC)


def hour_of(column: str) -> TruncHour:
    """The same of a column, as an expression."""
    return TruncHour(column, tzinfo=_zone())


def _zone() -> tzinfo:
    """One without summers, whose hours begin when the site's do: in India at half past
    those of UTC.
    """
    # Of one moment: in all zones but one (Lord Howe), it is the same at any other.
    offset = _REFERENCE.astimezone(timezone.get_default_timezone()).utcoffset()
    return fixed_zone((offset or timedelta()) % _HOUR)
