"""Which submissions are taken: so often, so many, and no more than the queue holds.

Counted in the rows, and so over all processes. Several that store at the same moment
do not see each other: together they may take a batch more.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tasks_app.errors import QueueFull, RequestError
from tasks_app.lifecycle.drafts import Draft
from tasks_app.models import Task, TaskQuerySet
from tasks_app.submit_rate import Quota, too_often

_RETRY_AFTER_S = 5.0


@dataclass(frozen=True)
class Limits:
    """None and 0 = no limit."""

    of_owner: Quota | None = None
    of_source: Quota | None = None
    unfinished: int = 0
    """Tasks of one owner."""
    queue: int = 0
    """Pending tasks of all."""

    @classmethod
    def from_settings(cls) -> "Limits":
        return cls(
            Quota.of_rate(settings.SUBMIT_RATE),
            Quota.of_rate(settings.ADDRESS_SUBMIT_RATE),
            settings.MAX_UNFINISHED_TASKS,
            settings.MAX_QUEUE_SIZE,
        )


NO_LIMITS = Limits()


class Admission:
    """Judges one batch: what was stored before, and what it has let in itself."""

    def __init__(
        self, limits: Limits, drafts: Sequence[Draft], queue_size: int
    ) -> None:
        self._limits = limits
        self._now = timezone.now()
        self._recent_of_owner = _Recent("owner", limits.of_owner, drafts, self._now)
        self._recent_of_source = _Recent("source", limits.of_source, drafts, self._now)
        self._unfinished = (
            _unfinished({draft.owner for draft in drafts})
            if limits.unfinished
            else Counter[str]()
        )
        self._queue_size = queue_size

    def refuse(self, draft: Draft) -> RequestError | None:
        """Why this draft is not taken; None if it is, and then it counts."""
        refusal = (
            self._recent_of_owner.refusal(draft.owner)
            or self._recent_of_source.refusal(draft.source)
            or self._room_refusal(draft)
        )
        if refusal is None:
            self._recent_of_owner.count(draft.owner)
            self._recent_of_source.count(draft.source)
            self._unfinished[draft.owner] += 1
            self._queue_size += 1
        return refusal

    def _room_refusal(self, draft: Draft) -> RequestError | None:
        if 0 < self._limits.unfinished <= self._unfinished[draft.owner]:
            text = _("您未完成的任务过多，请等待其中一些结束")
            return QueueFull(text, retry_after=_RETRY_AFTER_S)
        if 0 < self._limits.queue <= self._queue_size:
            return QueueFull(retry_after=_RETRY_AFTER_S)
        return None


class _Recent:
    """What was stored within a quota's window, by one column."""

    def __init__(
        self, column: str, quota: Quota | None, drafts: Sequence[Draft], now: datetime
    ) -> None:
        self._quota = quota
        self._now = now
        # Not from now: drafts that waited for a slow commit are of an earlier time.
        self._earliest = min((draft.created_at for draft in drafts), default=now)
        self._column = column
        self._stored: Counter[str] = Counter()
        self._let_in: Counter[str] = Counter()
        self._waits: dict[str, float] = {}
        if quota is not None:
            submitters = {getattr(draft, column) for draft in drafts}
            rows = self._in_window(quota, submitters).order_by().values_list(column)
            self._stored.update(dict(rows.annotate(stored=Count("pk"))))

    def refusal(self, submitter: str) -> RequestError | None:
        quota = self._quota
        # A draft may come without a source: there was no address.
        if not submitter or quota is None:
            return None
        if self._stored[submitter] + self._let_in[submitter] < quota.submissions:
            return None
        if submitter not in self._waits:
            self._waits[submitter] = self._wait_s(quota, submitter)
        return too_often(self._waits[submitter])

    def count(self, submitter: str) -> None:
        self._let_in[submitter] += 1

    def _wait_s(self, quota: Quota, submitter: str) -> float:
        """Until one fewer than the quota are left in the window."""
        leaves_last = quota.submissions - 1 - self._let_in[submitter]
        newest_first = self._in_window(quota, {submitter}).order_by("-created_at")
        moments = newest_first.values_list("created_at", flat=True)
        last = moments[leaves_last] if leaves_last >= 0 else self._now
        return quota.window_s - (self._now - last).total_seconds()

    def _in_window(self, quota: Quota, submitters: set[str]) -> TaskQuerySet:
        since = self._earliest - timedelta(seconds=quota.window_s)
        # What staff had tried anew does not use up its owner's rate.
        tasks = Task.objects.filter(created_at__gt=since, retry_of__isnull=True)
        return tasks.filter(**{f"{self._column}__in": submitters})


def _unfinished(owners: set[str]) -> Counter[str]:
    tasks = Task.objects.owned_by(*owners).unfinished().order_by()
    return Counter(dict(tasks.values_list("owner").annotate(tasks=Count("pk"))))
