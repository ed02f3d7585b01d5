"""Texts in pieces, with what was recognised in them."""

import pytest

from tasks_app.admin.tasks.detail.highlight import Piece, highlight

TEXT = "明早七点去机场"
TIME = {"type": "time", "value": "明早七点", "start": 0, "end": 4}
PLACE = {"type": "place", "value": "机场", "start": 5, "end": 7}


def test_what_was_recognised_is_marked_where_it_stands() -> None:
    assert highlight(TEXT, [PLACE, TIME]) == [
        Piece("明早七点", "时间"),
        Piece("去"),
        Piece("机场", "地点"),
    ]


def test_of_overlapping_finds_the_first_is_marked() -> None:
    within = {**TIME, "start": 2, "end": 5}
    assert highlight(TEXT, [within, TIME]) == [
        Piece("明早七点", "时间"),
        Piece("去机场"),
    ]


def test_an_unknown_kind_is_called_as_it_is() -> None:
    odd = {**PLACE, "type": "<b>"}
    assert highlight(TEXT, [odd])[-1] == Piece("机场", "<b>")


@pytest.mark.parametrize(
    "found",
    [
        *(None, "time", 7, {}, [], [None], ["time"], [{}]),
        [{**TIME, "start": -1}],
        [{**TIME, "end": 99}],
        [{**TIME, "end": 0}],
        [{**TIME, "start": "0"}],
        [{**TIME, "type": None}],
        [{"type": "place", "value": "机场"}],
    ],
)
def test_nothing_of_the_text_is_ever_lost(found: object) -> None:
    assert highlight(TEXT, found) == [Piece(TEXT)]
