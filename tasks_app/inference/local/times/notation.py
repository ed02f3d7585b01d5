"""Readings as ISO 8601 text."""

from datetime import datetime, timedelta

from tasks_app.inference.local.times.model import Delta, Kind, Parts

_SECONDS = (("H", 3600), ("M", 60), ("S", 1))


def normalized(kind: Kind, parts: Parts, begins: datetime, ends: datetime) -> str:
    """A moment, a date, `begin/end` for a stretch, `R/first/every` for a repetition."""
    first = _first(parts, begins, ends)
    if kind is Kind.RECURRING and parts.every is not None:
        return f"R/{first.partition('/')[0]}/{notation_of_delta(parts.every)}"
    return first


def _first(parts: Parts, begins: datetime, ends: datetime) -> str:
    if begins == ends:
        return begins.isoformat()
    if parts.clock or parts.part or (parts.offset and not parts.offset.is_whole_days):
        return f"{begins.isoformat()}/{ends.isoformat()}"
    last = (ends - timedelta(microseconds=1)).date()
    if last == begins.date():
        return begins.date().isoformat()
    return f"{begins.date().isoformat()}/{last.isoformat()}"


def notation_of_delta(delta: Delta) -> str:
    """P3D, PT30M, P1W, P1M, P1M15D."""
    seconds = int(delta.seconds)
    if delta.days and delta.days % 7 == 0 and not (delta.months or seconds):
        return f"P{delta.days // 7}W"
    years, months = divmod(delta.months, 12)
    dates = ((years, "Y"), (months, "M"), (delta.days, "D"))
    date_part = "".join(f"{count}{letter}" for count, letter in dates if count)
    time_part = ""
    for letter, size in _SECONDS:
        count, seconds = divmod(seconds, size)
        if count:
            time_part += f"{count}{letter}"
    return "P" + date_part + (f"T{time_part}" if time_part or not date_part else "")
