"""Everything that was recognised in one sentence, for those who tell of it."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from tasks_app.inference.contract import Entity
from tasks_app.inference.local.checklists import Slot
from tasks_app.inference.local.classify import Verdict
from tasks_app.inference.local.gist import Deed, gist
from tasks_app.inference.local.phrasebook import Phrasebook, phrasebook
from tasks_app.inference.local.sentence import Sentence
from tasks_app.inference.local.things import to_bring
from tasks_app.inference.local.times import TimeSpan
from tasks_app.inference.local.timing import (
    is_closing,
    is_moved_to,
    is_opening,
    main_time,
)

_MOST_VALUES = 6


@dataclass(frozen=True)
class Understanding:
    """What was recognised, and what follows from it."""

    sentence: Sentence
    now: datetime
    verdict: Verdict
    entities: list[Entity]
    omissions: list[Slot]

    @cached_property
    def book(self) -> Phrasebook:
        """The words to tell it in: those of the language of the text."""
        return phrasebook(self.sentence.language)

    def values(self, kind: str) -> list[str]:
        """The different values of the entities of one type, in order."""
        found = (entity.value for entity in self.entities if entity.type == kind)
        return list(dict.fromkeys(found))[:_MOST_VALUES]

    @cached_property
    def to_bring(self) -> list[str]:
        """The things that the sentence asks to bring or to think of."""
        places = to_bring(self.sentence)
        found = (
            self.book.bare(entity.value)
            for entity in self.entities
            if entity.type == "item" and entity.start in places
        )
        return list(dict.fromkeys(found))[:_MOST_VALUES]

    @cached_property
    def main_time(self) -> TimeSpan | None:
        """The time that the plan is about."""
        return main_time(self.sentence, self.now)

    @cached_property
    def deed(self) -> Deed:
        """What is to be done, as it was said; empty if that is not clear."""
        span = self.main_time
        if span is not None and is_opening(self.sentence, span):
            deed = self._gist(span, is_elsewhere=True)
            if deed.text and not deed.is_subject:
                return deed
        is_elsewhere = span is not None and is_closing(self.sentence, span)
        return self._gist(span, is_elsewhere=is_elsewhere)

    def _gist(self, span: TimeSpan | None, *, is_elsewhere: bool) -> Deed:
        return gist(
            self.sentence,
            span,
            is_elsewhere=is_elsewhere,
            is_moved=span is not None and is_moved_to(self.sentence, span),
            places=frozenset(self.values("place")),
        )

    @property
    def put_off_by(self) -> str:
        """How much later the plan comes, where the old time is not told."""
        spans = (span for span in self.sentence.times if span.is_put_off)
        span = next((span for span in spans if span.begins is None), None)
        if span is None or not (self.main_time is None or self.asks_hour):
            return ""
        return self.sentence.text[span.start : span.end].rstrip("之以后")

    @property
    def asks_hour(self) -> bool:
        """Whether the hour matters for this plan and is not known."""
        return any("clock" in slot.settled_by for slot in self.omissions)
