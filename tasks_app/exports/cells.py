"""Texts that a spreadsheet shows and never runs."""

import re
from decimal import Decimal

_LONGEST = 32_767
"""Characters that a cell of Excel may have."""
_ELLIPSIS = "…"
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""What XML has no place for, or a terminal obeys."""
_RUNS = re.compile(
    # Spaces, and signs that nobody sees, may stand before what begins a formula.
    "[\\s\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u2064\ufeff]*[=+\\-@＝＋－＠﹦﹢﹣﹫]"
    "|[\t\r]"
)

Cell = str | int | float | Decimal | None


def cell_of(value: object) -> Cell:
    """A value for a cell: numbers stay numbers, all else is text that is safe."""
    if value is None or isinstance(value, int | float | Decimal):
        return value
    return neutral(str(value))


def neutral(text: str) -> str:
    """The text, with an apostrophe before what a spreadsheet would take for a formula.

    Control characters become U+FFFD; what no cell can hold is cut off.
    """
    # Before the others are replaced: these two are signs of a formula themselves.
    mark = "'" if _RUNS.match(text) else ""
    shown = mark + _NOT_TEXT.sub("\ufffd", text)
    if len(shown) > _LONGEST:
        shown = shown[: _LONGEST - 1] + _ELLIPSIS
    return shown
