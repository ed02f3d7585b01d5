"""Taking submissions: the sockets of one process share their commits."""

import asyncio
from collections.abc import Sequence
from functools import partial

from django.db import DataError, IntegrityError

from tasks_app import dispatch, lifecycle
from tasks_app.batching import GroupCommit, Orm
from tasks_app.errors import RequestError
from tasks_app.lifecycle import Draft, Limits, Stored
from tasks_app.outlook import Outlook

_BATCH = 64

Submission = Stored | RequestError


class Intake:
    """Stores submissions in groups and tells the broker of each group."""

    def __init__(self, orm: Orm, outlook: Outlook, limits: Limits) -> None:
        self._orm = orm
        self._outlook = outlook
        self._limits = limits
        self._commits: GroupCommit[Draft, Submission] = GroupCommit(
            self._commit, _BATCH, (IntegrityError, DataError)
        )

    def submit(self, draft: Draft) -> asyncio.Future[Submission]:
        """Its task, once that is committed, or why it is refused.

        Fails with a database error.
        """
        return self._commits.put(draft)

    async def run(self) -> None:
        await self._commits.run()

    async def _commit(self, drafts: Sequence[Draft]) -> list[Submission]:
        create = partial(lifecycle.create, drafts, self._limits, self._outlook)
        try:
            submissions = await self._orm.run(create)
        except IntegrityError:
            if len(drafts) > 1:
                raise
            # Another process has just stored the same idempotency key.
            submissions = await self._orm.run(create)
        # The acknowledgements are on their way before the doorbell's thread runs:
        # they are next on the loop, the message has the broker before it.
        if any(isinstance(submission, Stored) for submission in submissions):
            asyncio.get_running_loop().call_soon(dispatch.ring)
        return submissions
