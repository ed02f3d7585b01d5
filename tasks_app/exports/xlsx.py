"""A workbook that is sent while it is written.

Libraries write a file and then it can be sent; this needs neither a file nor memory,
and a tenth of the time. Texts stand in their cells (`inlineStr`), so that there is no
table of all of them, and no cell is ever a formula.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import IO
from xml.sax.saxutils import escape

from tasks_app.exports.cells import Cell

_ROWS = 1_000_000
_BYTES = 1_000_000_000
"""Of one sheet; then another is begun. Excel takes 2²⁰ rows, a ZIP entry 2 GiB."""

_CODE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
"""Begins what a reader takes for a character named by its number: `_x003D_` is =."""

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET_TYPE = (
    "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
)
_BOOK_TYPE = (
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
)
_SHEET_HEAD = (
    f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    "</sheetView></sheetViews><sheetData>"
)
_SHEET_TAIL = "</sheetData></worksheet>"


class _Outlet(io.RawIOBase):
    """What was written since it was last emptied; it cannot go back."""

    def __init__(self) -> None:
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: "bytes | bytearray | memoryview") -> int:  # type: ignore[override]
        self._written += data
        return len(data)

    def empty(self) -> bytes:
        written = bytes(self._written)
        self._written.clear()
        return written


class XlsxSheets:
    """Rows in as many sheets as it takes, each with the titles on top."""

    def __init__(self) -> None:
        self._outlet = _Outlet()
        self._zip = zipfile.ZipFile(
            self._outlet, "w", zipfile.ZIP_DEFLATED, compresslevel=1
        )
        self._titles: Sequence[Cell] = ()
        self._sheets = self._rows = self._bytes = 0
        self._sheet: IO[bytes]

    def begin(self, titles: Sequence[Cell]) -> bytes:
        self._titles = titles
        self._begin_sheet()
        return self._outlet.empty()

    def add(self, rows: Iterable[Iterable[Cell]]) -> bytes:
        for row in rows:
            self._add_row(row)
        return self._outlet.empty()

    def end(self) -> bytes:
        self._end_sheet()
        for name, xml in _parts(self._sheets):
            self._zip.writestr(name, xml)
        self._zip.close()
        return self._outlet.empty()

    def _add_row(self, row: Iterable[Cell]) -> None:
        if self._rows >= _ROWS or self._bytes >= _BYTES:
            self._end_sheet()
            self._begin_sheet()
        xml = f"<row>{''.join(map(_cell, row))}</row>".encode()
        self._sheet.write(xml)
        self._rows += 1
        self._bytes += len(xml)

    def _begin_sheet(self) -> None:
        self._sheets += 1
        self._rows = self._bytes = 0
        self._sheet = self._zip.open(f"xl/worksheets/sheet{self._sheets}.xml", "w")
        self._sheet.write(_SHEET_HEAD.encode())
        self._add_row(self._titles)

    def _end_sheet(self) -> None:
        self._sheet.write(_SHEET_TAIL.encode())
        self._sheet.close()


def _cell(value: Cell) -> str:
    if value is None:
        return "<c/>"
    if isinstance(value, str):
        text = escape(_CODE.sub("_x005F_", value), {"\r": "&#13;"})
        return f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
    shown = format(value, "f") if isinstance(value, Decimal) else repr(value)
    return f"<c><v>{shown}</v></c>"


def _parts(sheets: int) -> list[tuple[str, str]]:
    """The other files of the package, by name."""
    numbers = range(1, sheets + 1)
    listed = "".join(
        f'<sheet name="Tasks{n}" sheetId="{n}" r:id="rId{n}"/>' for n in numbers
    )
    book = (
        f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_DOCUMENT}">'
        f"<sheets>{listed}</sheets></workbook>"
    )
    types = "".join(
        f'<Override PartName="/{part}" ContentType="{kind}"/>'
        for part, kind in [
            ("xl/workbook.xml", _BOOK_TYPE),
            *((f"xl/worksheets/sheet{n}.xml", _SHEET_TYPE) for n in numbers),
        ]
    )
    return [
        ("xl/workbook.xml", book),
        (
            "xl/_rels/workbook.xml.rels",
            _relations([("worksheet", f"worksheets/sheet{n}.xml") for n in numbers]),
        ),
        ("_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")])),
        (
            "[Content_Types].xml",
            f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f"{types}</Types>",
        ),
    ]


def _relations(targets: Iterable[tuple[str, str]]) -> str:
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{_DOCUMENT}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, 1)
    )
    return (
        f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'
    )
