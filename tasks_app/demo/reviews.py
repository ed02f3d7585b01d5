"""What staff come to think of results."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from tasks_app.demo.phrases import Kind
from tasks_app.models import Review, Task, Verdict

_UNSURE_BELOW = 0.6
_OF_UNSURE, _OF_OTHERS = 0.15, 0.01
"""The part of the results that is reviewed."""
_NOTES = ("", "", "", "说得不清楚", "语音识别有误", "两件事混在一起", "looks fine")


class Reviewers:
    """They look at what an engine is unsure of, and at a few others."""

    def __init__(
        self, random: Random, user_ids: Sequence[int], until: datetime
    ) -> None:
        self._random = random
        self._user_ids = user_ids
        self._until = until

    def review(self, task: Task, kind: Kind) -> Review | None:
        """`kind` is what was said; an engine may have heard another."""
        random = self._random
        is_unsure = (task.confidence or 0) < _UNSURE_BELOW
        share = _OF_UNSURE if is_unsure else _OF_OTHERS
        if not self._user_ids or random.random() >= share:
            return None
        verdict = Verdict.RIGHT if task.task_type == kind.name else Verdict.WRONG
        if random.random() < 0.06:
            verdict = Verdict.UNSURE
        pause = timedelta(hours=random.expovariate(1 / 12))
        ended_at = task.completed_at or task.created_at
        return Review(
            task=task,
            verdict=verdict,
            corrected_type=kind.name if verdict is Verdict.WRONG else "",
            note=random.choice(_NOTES),
            reviewer_id=random.choice(self._user_ids),
            reviewed_at=min(ended_at + pause, self._until),
        )
