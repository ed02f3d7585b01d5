"""The whole way from text to time spans."""

import re
from datetime import datetime

from tasks_app.inference.local.times import chinese, english
from tasks_app.inference.local.times.assemble import assemble
from tasks_app.inference.local.times.model import TimeSpan
from tasks_app.inference.local.times.resolve import Lean, resolve
from tasks_app.inference.local.times.rules import find_atoms
from tasks_app.inference.local.wordlists import alternation, load_data, split_words

_RULES = chinese.RULES + english.RULES
_LEANS: dict[Lean, re.Pattern[str]] = {
    lean: re.compile(alternation(split_words(load_data("times.toml")["leans"][lean])))
    for lean in ("morning", "evening")
}

_IDIOMS = re.compile(
    # The title of a film or a song is no time either: 《后天》.
    "《[^《》]*》|"
    + alternation(split_words(load_data("times.toml")["idioms"]["words"]))
)


def lean_of(text: str) -> Lean | None:
    """The half of the day for which the words of `text` speak."""
    return next((name for name, words in _LEANS.items() if words.search(text)), None)


def find_times(text: str, now: datetime, lean: Lean | None = None) -> list[TimeSpan]:
    """The time expressions of `text` (normalised, see `normalize`), read from `now`.

    Offsets are characters; datetimes carry the zone of `now`. `lean` is that of the
    sentence from which `text` is.
    """
    lean = lean or lean_of(text)
    text = _IDIOMS.sub(lambda idiom: "_" * len(idiom[0]), text)
    expressions = assemble(text, find_atoms(text, _RULES))
    return [resolve(expression, text, now, lean) for expression in expressions]
