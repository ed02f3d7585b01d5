"""Texts for spreadsheets: shown, never run."""

from decimal import Decimal

import pytest

from tasks_app.exports.cells import cell_of, neutral

PAYLOADS = [
    "=1+1",
    '=HYPERLINK("http://x","点")',
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\tx",
    "\rx",
    "\n=1",
    "  =1",
    "\u00a0=1",
    "\u3000=1",
    "\ufeff=1",
    "\u200b=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(A1)",
    "﹦1+1",
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_would_be_a_formula_is_text(payload: str) -> None:
    assert neutral(payload) == f"'{payload}"


@pytest.mark.parametrize(
    "text", ["", "买牛奶", "a=b", "1-2", "#N/A", "'=1", "带上\n雨伞", "—", "😀"]
)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert neutral(text) == text


def test_what_no_file_can_hold_is_shown_as_missing() -> None:
    assert neutral("a\0b\x1bc\x7f\ufffe\ud800") == "a�b�c���"
    # Nothing hides a formula: the sign before it is text.
    assert neutral("\0=1") == "�=1"


def test_a_cell_holds_so_many_characters() -> None:
    assert len(neutral("长" * 40_000)) == 32_767
    assert neutral("=" * 40_000).startswith("'=")


def test_numbers_stay_numbers() -> None:
    for value in (1, 0.5, Decimal("0.0001"), None, -3):
        assert cell_of(value) == value
    assert cell_of("-3") == "'-3"
