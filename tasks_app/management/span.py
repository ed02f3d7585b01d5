"""Spans of time as they are given in a shell."""

from argparse import ArgumentTypeError
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _


def parse_moment(given: str) -> date:
    """A date, `today`, `yesterday`, or a time, which is the site's unless it says."""
    today = timezone.localdate()
    words = {"today": today, "yesterday": today - timedelta(days=1)}
    try:
        moment = words.get(given) or parse_date(given) or parse_datetime(given)
    except ValueError:
        moment = None
    if moment is None:
        raise ArgumentTypeError(
            _("必须是 today、yesterday，或如 2026-03-01、2026-03-01T12:00 的时间")
        )
    return moment


def end_of(given: date) -> date:
    """The last day of a span belongs to it; a time is where it ends."""
    return given if isinstance(given, datetime) else given + timedelta(days=1)
