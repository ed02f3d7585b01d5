"""Types of arguments in a shell; all raise ArgumentTypeError."""

import sys
from argparse import ArgumentTypeError
from datetime import date, timedelta

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

_YEARS = range(1900, 9001)
"""The first and the last days that can be written are none in other time zones."""


def date_or_time(given: str) -> date:
    """A date, `today`, `yesterday`, or a time, which is the site's unless it says."""
    today = timezone.localdate()
    words = {"today": today, "yesterday": today - timedelta(days=1)}
    try:
        moment = words.get(given) or parse_date(given) or parse_datetime(given)
    except ValueError:
        moment = None
    if moment is None or moment.year not in _YEARS:
        raise ArgumentTypeError(
            _("必须是 today、yesterday，或如 2026-03-01、2026-03-01T12:00 的时间")
        )
    return moment


def count(given: str) -> int:
    """An integer, 0 or more."""
    if not given.isdecimal():
        raise ArgumentTypeError(_("必须是非负整数"))
    return int(given)


def positive_count(given: str) -> int:
    """An integer, 1 or more."""
    if not given.isdecimal() or not 0 < int(given) <= sys.maxsize:
        raise ArgumentTypeError(_("必须是正整数"))
    return int(given)


def readable(given: str) -> str:
    """A text; what is no UTF-8 comes as lone surrogates, which no database takes."""
    if not given.isprintable():
        raise ArgumentTypeError(_("含有无法识别的字符"))
    return given


def share(given: str) -> float:
    """`5%` or `0.05`: between 0 and 1."""
    number = given.removesuffix("%")
    try:
        value = float(number) / (100 if number != given else 1)
    except ValueError:
        value = -1
    if not 0 <= value <= 1:
        raise ArgumentTypeError(_("必须如 5% 或 0.05"))
    return value
