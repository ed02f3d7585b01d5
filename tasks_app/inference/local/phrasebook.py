"""The words of one language, and how they are put together."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from tasks_app.inference.local.language import Language
from tasks_app.inference.local.wordlists import load_data

_LIST_MARK = "、"
"""Between the words of a list in the phrase files, whose phrases may hold commas."""


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """One file of phrases; its tables are explained in phrases/zh.toml."""

    tables: dict[str, Any]

    def say(self, table: str, key: str, **parts: str) -> str:
        """A phrase with its blanks filled in; empty where the table has no such key."""
        phrase: str = self.tables[table].get(key, "")
        return phrase.format(**parts)

    def keys(self, table: str) -> list[str]:
        return list(self.tables[table])

    def listed(self, values: Sequence[str]) -> str:
        """身份证、护照和充电宝."""
        writing = self.tables["writing"]
        if len(values) < 2:
            return "".join(values)
        comma, last = str(writing["comma"]), str(writing["last"])
        return comma.join(values[:-1]) + last + values[-1]

    def paragraph(self, steps: Iterable[str]) -> str:
        """The steps as one text."""
        writing = self.tables["writing"]
        told = [self.begun(step) for step in self._merged(steps)]
        return str(writing["step"].join(told) + writing["stop"])

    def begun(self, phrase: str) -> str:
        """As it is written where a sentence begins."""
        has_capitals = self.tables["writing"]["capitals"]
        return phrase[:1].upper() + phrase[1:] if has_capitals else phrase

    def bare(self, name: str) -> str:
        """The name of a thing without its article: a gift."""
        return re.sub(self.tables["writing"]["articles"], "", name)

    def uncapitalized(self, label: str) -> str:
        """A label as it is written inside a sentence: ID stays, Luggage does not."""
        is_plain = self.tables["writing"]["capitals"] and label[1:2].islower()
        return label[:1].lower() + label[1:] if is_plain else label

    def aside(self, text: str) -> str:
        """In brackets; nothing if there is nothing to tell."""
        return self.say("writing", "aside", text=text) if text else ""

    @property
    def longest(self) -> int:
        """So many characters of a text are told."""
        return int(self.tables["writing"]["longest"])

    def names(self, part: str, said: str) -> bool:
        """Whether a time as said holds its date, month, weekday, clock or half."""
        return re.search(self.tables["dates"][f"named_{part}"], said) is not None

    def moment(self, moment: datetime, now: datetime, *parts: str) -> str:
        """The named parts (date, weekday, clock), with the year if it is another."""
        dates = self.tables["dates"]
        order = dates["order"].split(_LIST_MARK)
        told = [self._part(moment, now, part) for part in order if part in parts]
        return str(dates["separator"].join(told))

    def day(self, moment: datetime, now: datetime) -> str:
        return self.moment(moment, now, "date", "weekday")

    def full(self, moment: datetime, now: datetime) -> str:
        return self.moment(moment, now, "date", "weekday", "clock")

    def month(self, moment: datetime) -> str:
        return self._nth("months", moment.month - 1)

    def days(self, first: datetime, last: datetime, now: datetime) -> str:
        """3月9日至15日."""
        is_short = (first.year, first.month) == (last.year, last.month)
        end = (
            self.say("dates", "last_day", day=str(last.day))
            if is_short
            else self.moment(last, now, "date")
        )
        return self.say(
            "dates", "range", first=self.moment(first, now, "date"), last=end
        )

    def length(self, minutes: int) -> str:
        """An hour and a half is 1小时30分钟."""
        hours, rest = divmod(minutes, 60)
        key = "minutes" if not hours else "both" if rest else "hours"
        return self.say("lengths", key, hours=str(hours), minutes=str(rest))

    def _part(self, moment: datetime, now: datetime, part: str) -> str:
        if part == "weekday":
            return self._nth("weekdays", moment.weekday())
        if part == "date" and moment.year != now.year:
            part = "date_and_year"
        return self.say(
            "dates",
            part,
            year=str(moment.year),
            month=self.month(moment),
            day=str(moment.day),
            hour24=f"{moment:%H}",
            hour12=str(moment.hour % 12 or 12),
            minute=f"{moment:%M}",
            half=self._nth("halves", moment.hour // 12),
        )

    def _nth(self, names: str, index: int) -> str:
        return str(self.tables["dates"][names].split(_LIST_MARK)[index])

    def _merged(self, steps: Iterable[str]) -> Iterable[str]:
        """Neighbours that begin alike become one step."""
        shared = self.tables["writing"]["shared"].split(_LIST_MARK)
        beginning, ends = "", list[str]()
        for step in [*steps, ""]:
            same = next((start for start in shared if step.startswith(start)), "")
            same = "" if self.tables["writing"]["last"] in step else same
            if ends and same != beginning:
                yield beginning + self.listed(ends)
                ends = []
            if same:
                ends.append(step.removeprefix(same))
            elif step:
                yield step
            beginning = same


@cache
def phrasebook(language: Language) -> Phrasebook:
    """The phrases of a language."""
    return Phrasebook(load_data(f"phrases/{language}.toml"))
