"""How a pattern becomes atoms."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tasks_app.inference.local.times.model import Atom, Parts

Build = Callable[[re.Match[str]], Parts | None]
"""Reads a match; None says that it only looks like a time."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern for one kind of atom. Patterns have bounded repeats only."""

    pattern: re.Pattern[str]
    build: Build

    def atoms(self, text: str) -> Iterator[Atom]:
        for match in self.pattern.finditer(text):
            parts = self.build(match)
            if parts is not None:
                yield Atom(match.start(), match.end(), parts)


def find_atoms(text: str, rules: tuple[Rule, ...]) -> list[Atom]:
    """The atoms of `text` from left to right; of two that overlap, the earlier,
    then the longer one, then the one whose rule comes first."""
    candidates = [atom for rule in rules for atom in rule.atoms(text)]
    candidates.sort(key=lambda atom: (atom.start, -atom.end))
    chosen: list[Atom] = []
    for atom in candidates:
        if not chosen or atom.start >= chosen[-1].end:
            chosen.append(atom)
    return chosen
