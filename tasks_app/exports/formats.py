"""CSV and JSON; each writer is used once: head, pages of rows, tail."""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple, Protocol

from tasks_app.exports.cells import cell_of
from tasks_app.exports.columns import OF_JSON, OF_SHEETS
from tasks_app.exports.xlsx import XlsxSheets
from tasks_app.models import Task


class Writer(Protocol):
    """Gives the file piece by piece; titles are told in the language of the head."""

    def head(self) -> bytes: ...
    def page(self, tasks: Iterable[Task]) -> bytes: ...
    def tail(self) -> bytes: ...


class CsvWriter:
    def head(self) -> bytes:
        # Without a BOM, Excel would read Chinese as something else.
        return b"\xef\xbb\xbf" + _lines([[str(column.title) for column in OF_SHEETS]])

    def page(self, tasks: Iterable[Task]) -> bytes:
        return _lines(
            [cell_of(column.value(task)) for column in OF_SHEETS] for task in tasks
        )

    def tail(self) -> bytes:
        return b""


def _lines(rows: Iterable[Iterable[object]]) -> bytes:
    lines = io.StringIO(newline="")
    csv.writer(lines).writerows(rows)
    return lines.getvalue().encode()


class JsonWriter:
    """One array, an object a line; for programs, so that texts are as they are."""

    _comma = ""

    def head(self) -> bytes:
        return b"["

    def page(self, tasks: Iterable[Task]) -> bytes:
        lines = []
        for task in tasks:
            facts = {column.name: column.value(task) for column in OF_JSON}
            text = json.dumps(facts, ensure_ascii=False, default=_as_json)
            lines.append(f"{self._comma}\n{text}")
            self._comma = ","
        return "".join(lines).encode()

    def tail(self) -> bytes:
        return b"\n]\n"


def _as_json(value: object) -> float:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"no {type(value).__name__} in JSON")


class XlsxWriter:
    def __init__(self) -> None:
        self._sheets = XlsxSheets()

    def head(self) -> bytes:
        return self._sheets.begin([str(column.title) for column in OF_SHEETS])

    def page(self, tasks: Iterable[Task]) -> bytes:
        return self._sheets.add(
            [cell_of(column.value(task)) for column in OF_SHEETS] for task in tasks
        )

    def tail(self) -> bytes:
        return self._sheets.end()


class Format(NamedTuple):
    writer: type[Writer]
    content_type: str


FORMATS: Mapping[str, Format] = {
    "csv": Format(CsvWriter, "text/csv; charset=utf-8"),
    "xlsx": Format(
        XlsxWriter, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    ),
    "json": Format(JsonWriter, "application/json"),
}
