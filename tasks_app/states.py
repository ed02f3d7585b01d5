"""The life of a task.

                   ┌────────── requeue ──────────┐
                   ▼                             │
    (created) ─▶ PENDING ──── claim ───▶ PROCESSING ─── complete ──▶ COMPLETED
                   │                      │      │
                   ├─ fail ───▶ FAILED ◀──┘ fail │
                   └─ cancel ─▶ CANCELLED ◀──────┘ cancel

COMPLETED, FAILED and CANCELLED are final: nothing leads out of them.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Status(TextChoices):
    """Where a task is in its life; the values are those of the wire."""

    PENDING = "pending", _("等待处理")
    """Committed, and waiting for a worker to claim it."""
    PROCESSING = "processing", _("处理中")
    """Claimed by one worker under a lease."""
    COMPLETED = "completed", _("已完成")
    """Final: the result is stored."""
    FAILED = "failed", _("失败")
    """Final: `error` and `error_code` say why."""
    CANCELLED = "cancelled", _("已取消")
    """Final: the owner or staff called it off."""


MOVES: dict[Status, frozenset[Status]] = {
    Status.PENDING: frozenset({Status.PROCESSING, Status.FAILED, Status.CANCELLED}),
    Status.PROCESSING: frozenset(
        {Status.PENDING, Status.COMPLETED, Status.FAILED, Status.CANCELLED}
    ),
    Status.COMPLETED: frozenset(),
    Status.FAILED: frozenset(),
    Status.CANCELLED: frozenset(),
}
"""Which status may follow which."""

FINAL = frozenset(status for status, following in MOVES.items() if not following)
UNFINISHED = frozenset(MOVES) - FINAL
UNSUCCESSFUL = FINAL - {Status.COMPLETED}


def is_legal(old: Status, new: Status) -> bool:
    """Whether a task may move from `old` to `new`."""
    return new in MOVES[old]
