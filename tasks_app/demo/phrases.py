"""What people say, and what engines make of it, put together from a data file."""

import tomllib
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from random import Random
from string import Formatter
from typing import Any, NamedTuple

_FILE = Path(__file__).parent / "data" / "texts.toml"


class Saying(NamedTuple):
    """Something said, and what it comes to."""

    text: str
    summary: str


@dataclass(frozen=True)
class _Template:
    text: str
    summary: str
    slots: dict[str, list[str]]

    @classmethod
    def of(cls, line: str, lists: dict[str, list[str]]) -> "_Template":
        text, summary = (side.strip() for side in line.split("|"))
        names = [name for _, name, _, _ in Formatter().parse(line) if name]
        return cls(text, summary, {name: lists[name] for name in names})

    def fill(self, random: Random) -> Saying:
        words = {name: random.choice(words) for name, words in self.slots.items()}
        return Saying(self.text.format_map(words), self.summary.format_map(words))


class Kind:
    """One type of task and what is said of it."""

    def __init__(self, name: str, data: dict[str, Any], lists: Any) -> None:
        self.name = name
        self.confidence: float = data["confidence"]
        self._templates = [_Template.of(line, lists) for line in data["texts"]]
        self._omissions: list[str] = data["omissions"]
        self._plans: list[str] = data["plans"]

    def say(self, random: Random) -> Saying:
        return random.choice(self._templates).fill(random)

    def omissions(self, random: Random) -> list[str]:
        return random.sample(self._omissions, random.randrange(4))

    def plan(self, random: Random) -> str:
        return random.choice(self._plans)


class Phrasebook:
    def __init__(self) -> None:
        data = tomllib.loads(_FILE.read_text(encoding="utf-8"))
        types = data["types"].items()
        self._kinds = [Kind(name, kind, data["slots"]) for name, kind in types]
        self._weights = list(accumulate(kind["weight"] for _, kind in types))

    def kind(self, random: Random) -> Kind:
        [kind] = random.choices(self._kinds, cum_weights=self._weights)
        return kind

    def other_than(self, kind: Kind, random: Random) -> Kind:
        """What a wrong answer would have been corrected to."""
        return random.choice([other for other in self._kinds if other is not kind])
