"""A task's moves: who made each, how long after the last, and what was foretold."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _

from tasks_app.admin import formatting
from tasks_app.admin.labels import actor_name
from tasks_app.models import Task, TaskEvent
from tasks_app.states import Status


@dataclass(frozen=True)
class Move:
    event: TaskEvent
    actor: str
    gap: timedelta | None
    """Since the move before."""
    is_retry: bool
    """Whether a worker takes it up once more."""
    prediction: str
    outcome: str
    """What came of the prediction; "" while that is not known."""

    @property
    def label(self) -> str:
        return str(Status(self.event.status).label)

    @property
    def detail(self) -> str:
        """A code; what a retry retries is told, and linked, beside the timeline."""
        return "" if self.event.detail.startswith("retry_of:") else self.event.detail

    @property
    def moment(self) -> str:
        return formatting.moment(self.event.at, with_milliseconds=True)

    @property
    def gap_text(self) -> str:
        return "" if self.gap is None else formatting.duration_text(self.gap)


@dataclass(frozen=True)
class Phase:
    """The time between two moves, as a part of all; percent of the whole."""

    status: str
    start: str
    share: str
    title: str


@dataclass(frozen=True)
class Timeline:
    moves: list[Move]
    phases: list[Phase]


def timeline(task: Task) -> Timeline:
    events = list(TaskEvent.objects.filter(task=task).order_by("revision"))
    names = _staff_names(events)
    moves = []
    for earlier, event in pairwise([None, *events]):
        if event is not None:
            moves.append(
                Move(
                    event=event,
                    actor=actor_name(event.actor, names),
                    gap=event.at - earlier.at if earlier else None,
                    is_retry=bool(earlier and 1 <= earlier.attempt < event.attempt),
                    prediction=_prediction(event),
                    outcome=_outcome(event, task),
                )
            )
    return Timeline(moves, _phases(events))


def _staff_names(events: Sequence[TaskEvent]) -> dict[str, str]:
    """Names of the users that moved the task, by their ids as the rows have them."""
    actors = (event.actor.partition(":") for event in events)
    ids = {name for kind, _colon, name in actors if kind == "staff"}
    known = [int(name) for name in ids if re.fullmatch(r"[0-9]{1,18}", name)]
    users = get_user_model().objects.filter(pk__in=known)
    return {str(user.pk): user.get_username() for user in users}


def _prediction(event: TaskEvent) -> str:
    """Where in the queue, and how long until the end."""
    parts = []
    if event.queue_position is not None:
        parts.append(_("排在第 {n} 位").format(n=event.queue_position))
    if event.eta_s is not None:
        duration = formatting.duration_text(timedelta(seconds=event.eta_s))
        parts.append(_("预计 {duration}后结束").format(duration=duration))
    return _("，").join(parts)


def _outcome(event: TaskEvent, task: Task) -> str:
    if event.eta_s is None or task.completed_at is None:
        return ""
    actual = task.completed_at - event.at
    off = actual - timedelta(seconds=event.eta_s)
    facts = {
        "duration": formatting.duration_text(actual),
        "off": formatting.duration_text(abs(off)),
    }
    if off > timedelta(0):
        return _("实际 {duration}，晚 {off}").format(**facts)
    return _("实际 {duration}，早 {off}").format(**facts)


def _phases(events: Sequence[TaskEvent]) -> list[Phase]:
    """Waiting and running in their proportions; none of what took no time."""
    if len(events) < 2:
        return []
    begun, whole = events[0].at, events[-1].at - events[0].at
    if whole <= timedelta(0):
        return []
    return [
        Phase(
            status=event.status,
            start=f"{(event.at - begun) / whole:.2%}",
            share=f"{(later.at - event.at) / whole:.2%}",
            title=" ".join(
                (
                    str(Status(event.status).label),
                    formatting.duration_text(later.at - event.at),
                )
            ),
        )
        for event, later in pairwise(events)
    ]
