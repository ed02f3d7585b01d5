"""Exports: every task that was asked for, in each format, read page by page."""

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from tasks_app import lifecycle, reviews
from tasks_app.exports import Export, stream
from tasks_app.exports.columns import OF_JSON, OF_SHEETS
from tasks_app.models import Review, Task, TaskQuerySet, Verdict
from tasks_app.reviews import Judgement
from tests.db.examples import claimed, completed, draft, failed, pending, store
from tests.unit.test_cells import PAYLOADS

Rows = list[dict[str, Any]]


def export_of(tasks: TaskQuerySet, file_format: str) -> bytes:
    """The file, read in this thread."""
    export = Export(tasks, file_format, on_end=lambda rows, is_whole: None)
    parts = [export._head]
    while (page := export._next_page()) is not None:
        parts.append(page)
    return b"".join([*parts, export._writer.tail()])


def from_csv(file: bytes) -> Rows:
    assert file.startswith(b"\xef\xbb\xbf")
    _titles, *lines = csv.reader(io.StringIO(file.decode("utf-8-sig"), newline=""))
    names = [column.name for column in OF_SHEETS]
    return [dict(zip(names, line, strict=True)) for line in lines]


def from_xlsx(file: bytes) -> Rows:
    [sheet] = load_workbook(io.BytesIO(file)).worksheets
    _titles, *lines = sheet.iter_rows()
    assert {cell.data_type for line in lines for cell in line} <= {
        "s",
        "n",
        "inlineStr",
    }
    names = [column.name for column in OF_SHEETS]
    return [
        dict(zip(names, (cell.value for cell in line), strict=True)) for line in lines
    ]


def from_json(file: bytes) -> Rows:
    rows: Rows = json.loads(file)
    for row in rows:
        assert list(row) == [column.name for column in OF_JSON]
    return rows


READERS: dict[str, Callable[[bytes], Rows]] = {
    "csv": from_csv,
    "xlsx": from_xlsx,
    "json": from_json,
}


def everything(file_format: str) -> Rows:
    return READERS[file_format](export_of(Task.objects.all(), file_format))


def test_a_task_is_told_with_its_result_and_its_review(db: None) -> None:
    [task] = claimed()
    lifecycle.finish([completed(task)])
    rita = User.objects.create_user("rita")
    reviews.review(task.pk, Judgement(Verdict.WRONG, "trip", "去机场"), rita.pk, None)
    Task.objects.update(created_at=datetime(2026, 11, 24, 16, 30, 0, 5000, tzinfo=UTC))
    [in_csv], [in_xlsx], [in_json] = (everything(name) for name in READERS)
    for row in (in_csv, in_xlsx, in_json):
        assert row["task_id"] == str(task.pk)
        assert row["created_at"] == "2026-11-25T00:30:00.005+08:00"
        assert (row["text"], row["task_type"]) == ("买牛奶", "shopping")
        assert (row["verdict"], row["corrected_type"]) == ("wrong", "trip")
        assert (row["note"], row["reviewer"]) == ("去机场", "rita")
    assert in_csv["summary"] == in_xlsx["summary"] == "买牛奶。"
    assert in_csv["omissions"] == "袋子"
    assert (in_csv["confidence"], in_xlsx["confidence"]) == ("0.75", 0.75)
    assert in_json["result"]["summary_text"] == "买牛奶。"
    assert in_json["error"] is None


def test_an_event_is_text_in_sheets_and_itself_in_json(db: None) -> None:
    event = {"event_id": "=evt", "transcript": "买牛奶", "tags": ["<b>"]}
    store(draft(event=event))
    [in_csv], [in_json] = everything("csv"), everything("json")
    assert json.loads(in_csv["event"]) == in_json["event"] == event
    assert in_csv["event_id"] == "'=evt"
    assert in_json["event_id"] == "=evt"


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_no_text_of_anybody_s_is_a_formula(db: None, file_format: str) -> None:
    texts = [payload.replace("\r", "") for payload in PAYLOADS]
    for payload in texts:
        [task] = [
            stored.task for stored in store(draft(payload, event={"event_id": payload}))
        ]
        [event] = lifecycle.claim(1, "w1", 30)
        lifecycle.finish([failed(event.task, payload)])
        Task.objects.filter(pk=task.pk).update(
            engine=payload,
            model_version=payload,
            owner=payload,
            error_code=payload,
            result={
                "summary_text": payload,
                "suggested_plan": payload,
                "potential_omissions": [payload, payload],
            },
        )
        Review.objects.create(
            task=task, verdict="right", note=payload, reviewed_at=timezone.now()
        )
    told = everything(file_format)
    assert len(told) == len(texts)
    for row in told:
        for value in row.values():
            assert (
                not str(value or "")
                .lstrip("\u200b\ufeff")
                .strip()
                .startswith(("=", "+", "@", "＝", "＋", "－", "＠"))
            )
            assert not isinstance(value, str) or not value.strip().startswith("-")


def test_every_task_comes_once_the_newest_first(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "_PAGE", 3)
    pending(10)
    # Several of the same moment, across a page's end.
    moments = Task.objects.order_by("-created_at").values_list("created_at", flat=True)
    for same in moments[4:7]:
        Task.objects.filter(created_at=same).update(created_at=moments[3])
    expected = Task.objects.order_by("-created_at", "-pk").values_list("pk", flat=True)
    for file_format in READERS:
        told = [row["task_id"] for row in everything(file_format)]
        assert told == [str(pk) for pk in expected]


def test_an_empty_export_is_a_file_too(db: None) -> None:
    for file_format in READERS:
        assert everything(file_format) == []


def test_a_page_takes_two_queries(db: None) -> None:
    pending(30)
    with CaptureQueriesContext(connection) as captured:
        everything("json")
    # And one finds that there is nothing more.
    assert len(captured) == 3


@pytest.mark.django_db(transaction=True)
async def test_an_end_is_told_once_it_is_known() -> None:
    ends: list[tuple[int, bool]] = []
    export = Export(Task.objects.all(), "csv", lambda *end: ends.append(end))
    async for _part in export:
        assert ends == []
    export.close()
    cut = Export(Task.objects.all(), "csv", lambda *end: ends.append(end))
    async for _part in cut:
        break
    cut.close()
    assert ends == [(0, True), (0, False)]
