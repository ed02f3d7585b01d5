"""Rows of figures as a table for people, or as CSV or JSON for programs."""

import csv
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from unicodedata import combining, east_asian_width

from django.utils import timezone

from tasks_app.reports import Row

Show = Callable[[Row], str]

NOTHING = "–"
_GAP = "  "


@dataclass(frozen=True)
class Column:
    """One of the table; `show` makes its cell of a row."""

    title: str
    show: Show
    is_left: bool = False


def table(columns: Sequence[Column], rows: Sequence[Row]) -> str:
    """Aligned also where characters are two cells wide."""
    cells = [[column.title for column in columns]]
    cells += [[column.show(row) for column in columns] for row in rows]
    widths = [max(map(width, cell)) for cell in zip(*cells, strict=True)]
    lines = [
        _GAP.join(
            _padded(text, wide, column.is_left)
            for text, wide, column in zip(line, widths, columns, strict=True)
        ).rstrip()
        for line in cells
    ]
    return "\n".join(lines) + "\n"


def width(text: str) -> int:
    """How many cells of a terminal it takes."""
    return sum(
        2 if east_asian_width(character) in "WF" else 1
        for character in text
        if not combining(character)
    )


def _padded(text: str, wide: int, is_left: bool) -> str:
    padding = " " * (wide - width(text))
    return text + padding if is_left else padding + text


def as_csv(names: Sequence[str], rows: Sequence[Row]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([_plain_name(name) for name in names])
    writer.writerows([_plain(row[name]) for name in names] for row in rows)
    return out.getvalue()


def as_json(about: Row, rows: Sequence[Row], total: Row) -> str:
    """`about`, then `rows` and `total`, with names and values as in CSV."""

    def plain(row: Row) -> Row:
        return {_plain_name(name): _plain(row[name]) for name in row}

    document = {
        **about,
        "rows": [plain(row) for row in rows],
        "total": plain(total),
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _plain_name(name: str) -> str:
    """Durations are in seconds, and say so."""
    return f"{name}_s" if name.startswith(("wait_", "run_")) else name


def _plain(value: Any) -> Any:
    match value:
        case timedelta():
            return round(value.total_seconds(), 6)
        case datetime():
            return timezone.localtime(value).isoformat()
        case date():
            return value.isoformat()
        case Decimal():
            return f"{value:.8f}"
        case float():
            return round(value, 6)
    return value
