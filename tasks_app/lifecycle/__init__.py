"""The only place where a status changes: its verbs, and what they take and give.

Every move is guarded by what its caller believes (status and attempt), checked under
the row's lock: the loser of a race changes nothing. Every move appends its TaskEvent in
the same transaction; what a verb returns is committed and may be announced.
"""

from tasks_app.lifecycle.admission import Limits
from tasks_app.lifecycle.cancellation import cancel, cancel_all
from tasks_app.lifecycle.claims import (
    Claim,
    Completed,
    Failed,
    Outcome,
    claim,
    finish,
    held,
    release,
    renew,
)
from tasks_app.lifecycle.drafts import Draft
from tasks_app.lifecycle.erasure import erase
from tasks_app.lifecycle.recovery import expire, purge, recover
from tasks_app.lifecycle.retries import retry
from tasks_app.lifecycle.submissions import Stored, create

__all__ = [
    "Claim",
    "Completed",
    "Draft",
    "Failed",
    "Limits",
    "Outcome",
    "Stored",
    "cancel",
    "cancel_all",
    "claim",
    "create",
    "erase",
    "expire",
    "finish",
    "held",
    "purge",
    "recover",
    "release",
    "renew",
    "retry",
]
