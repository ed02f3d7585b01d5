"""The hours of the site's clock, in Python and in SQL.

They are counted, not read from a clock face: where a clock is set back, the same hour
on its face comes twice, and is two hours here.
"""

from datetime import UTC, datetime, timedelta

from django.db.models import DateTimeField, ExpressionWrapper, F, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import TruncHour
from django.utils import timezone

_HOUR = timedelta(hours=1)
_REFERENCE = datetime(2025, 1, 1, tzinfo=UTC)


def begin_of_hour(moment: datetime) -> datetime:
    """When the hour of `moment` began."""
    return moment - (moment - _REFERENCE - _shift()) % _HOUR


def hour_of(column: str) -> Combinable:
    """The same of a column, as an expression."""
    if not (shift := _shift()):
        return TruncHour(column, tzinfo=UTC)
    earlier = _moment(F(column) - Value(shift))
    return _moment(TruncHour(earlier, tzinfo=UTC) + Value(shift))


def _moment(expression: Combinable) -> Combinable:
    return ExpressionWrapper(expression, output_field=DateTimeField())


def _shift() -> timedelta:
    """How long after those of UTC the site's hours begin: half an hour in India."""
    # Of one moment: in all zones but one (Lord Howe), it is the same at any other.
    zone = timezone.get_default_timezone()
    offset = _REFERENCE.astimezone(zone).utcoffset() or timedelta()
    return -offset % _HOUR
