"""Workbooks, read back by a library that knows nothing of how they were written."""

import io
import re
import zipfile
from decimal import Decimal

import pytest
from openpyxl import Workbook, load_workbook

from tasks_app.exports import xlsx
from tasks_app.exports.cells import Cell
from tasks_app.exports.xlsx import XlsxSheets


def workbook(rows: list[list[Cell]], titles: list[Cell]) -> Workbook:
    sheets = XlsxSheets()
    file = sheets.begin(titles) + b"".join(sheets.add([row]) for row in rows)
    return load_workbook(io.BytesIO(file + sheets.end()))


def test_values_come_back_as_they_were_given() -> None:
    row: list[Cell] = ['明早七点 <a> & "b"\n \' ', 3, 0.25, Decimal("0.00012"), None]
    [sheet] = workbook([row], ["一", "二", "三", "四", "五"]).worksheets
    titles, values = sheet.iter_rows(values_only=True)
    assert titles == ("一", "二", "三", "四", "五")
    assert values == (*row[:3], 0.00012, None)
    assert sheet.freeze_panes == "A2"


@pytest.mark.parametrize("text", ["=1+1", "#N/A", "1", "TRUE", "2026-11-25"])
def test_a_text_is_never_anything_but_text(text: str) -> None:
    sheets = XlsxSheets()
    file = sheets.begin(["一"]) + sheets.add([[text]]) + sheets.end()
    with zipfile.ZipFile(io.BytesIO(file)) as parts:
        xml = parts.read("xl/worksheets/sheet1.xml").decode()
    kinds = re.findall(r"<c t=\"(\w+)\"><is><t[^>]*>([^<]*)</t></is></c>", xml)
    assert kinds == [("inlineStr", "一"), ("inlineStr", text)]
    assert "<f" not in xml


@pytest.mark.parametrize("text", ["_x003D_1+1", "a_x000d__x0041_"])
def test_a_text_that_names_a_character_does_not_become_it(text: str) -> None:
    sheets = XlsxSheets()
    file = sheets.begin(["一"]) + sheets.add([[text]]) + sheets.end()
    with zipfile.ZipFile(io.BytesIO(file)) as parts:
        xml = parts.read("xl/worksheets/sheet1.xml").decode()
    kept = re.findall(r"<t [^>]*>([^<]*)</t>", xml)[-1]
    named = re.compile(r"_x([0-9A-Fa-f]{4})_")
    # As ECMA-376 has it read (22.9.2.19, ST_Xstring).
    assert named.sub(lambda code: chr(int(code[1], 16)), kept) == text
    assert kept != text


def test_more_than_a_sheet_holds_goes_on_in_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(xlsx, "_ROWS", 3)
    book = workbook([[n] for n in range(5)], ["数"])
    told = [[cell.value for [cell] in sheet.iter_rows()] for sheet in book.worksheets]
    assert told == [["数", 0, 1], ["数", 2, 3], ["数", 4]]
