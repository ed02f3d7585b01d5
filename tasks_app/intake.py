"""Taking submissions: the sockets of one process share their commits."""

import asyncio
from collections.abc import Sequence

from django.db import DataError, IntegrityError

from tasks_app import dispatch, lifecycle
from tasks_app.batching import GroupCommit, Orm
from tasks_app.lifecycle import Draft, Stored

_BATCH = 64


class Intake:
    """Stores submissions in groups and tells the broker of each group."""

    def __init__(self, orm: Orm) -> None:
        self._orm = orm
        self._commits: GroupCommit[Draft, Stored] = GroupCommit(
            self._commit, _BATCH, (IntegrityError, DataError)
        )

    def submit(self, draft: Draft) -> asyncio.Future[Stored]:
        """The stored submission, once it is committed; fails with a database error."""
        return self._commits.put(draft)

    async def run(self) -> None:
        await self._commits.run()

    async def _commit(self, drafts: Sequence[Draft]) -> list[Stored]:
        try:
            stored = await self._orm.run(lifecycle.create, drafts)
        except IntegrityError:
            if len(drafts) > 1:
                raise
            # Another process has just stored the same idempotency key.
            stored = await self._orm.run(lifecycle.create, drafts)
        # The acknowledgements are on their way before the doorbell's thread runs:
        # they are next on the loop, the message has the broker before it.
        asyncio.get_running_loop().call_soon(dispatch.ring)
        return stored
