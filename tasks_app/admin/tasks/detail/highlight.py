"""A text in pieces, so that what was recognised in it can be marked."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from tasks_app.admin.labels import ENTITY_TYPES


class Piece(NamedTuple):
    text: str
    kind: str = ""
    """What it was recognised as; "" = as nothing."""


class _Find(NamedTuple):
    start: int
    end: int
    kind: str


def highlight(text: str, entities: object) -> list[Piece]:
    """All of the text; entities that lie in it, the first of overlapping ones."""
    pieces: list[Piece] = []
    at = 0
    for find in sorted(_finds(text, entities)):
        if find.start < at:
            continue
        pieces.append(Piece(text[at : find.start]))
        pieces.append(Piece(text[find.start : find.end], find.kind))
        at = find.end
    pieces.append(Piece(text[at:]))
    return [piece for piece in pieces if piece.text]


def _finds(text: str, entities: object) -> Iterator[_Find]:
    for entity in entities if isinstance(entities, list) else ():
        match entity:
            case {"start": int(start), "end": int(end), "type": str(kind)} if (
                0 <= start < end <= len(text)
            ):
                yield _Find(start, end, str(ENTITY_TYPES.get(kind, kind)))
            case Mapping():
                continue
