"""Group commit, and the ORM from an event loop."""

import asyncio
import functools
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, ParamSpec, TypeVar

from channels.db import database_sync_to_async

T = TypeVar("T")
R = TypeVar("R")
P = ParamSpec("P")


class Orm:
    """Runs ORM work of one process in a few threads of its own.

    Channels would run it all in one thread, where one slow statement delays every
    socket. Each call gets a connection from the pool and gives it back.
    """

    def __init__(self, threads: int) -> None:
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="orm")

    async def run(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        call = functools.partial(work, *args, **kwargs)
        in_thread = database_sync_to_async(
            call, thread_sensitive=False, executor=self._executor
        )
        return await in_thread()


class GroupCommit(Generic[T, R]):
    """Commits items in batches: each is what arrived while the last commit ran.

    So nothing waits when all is idle, and a commit is shared when it is busy.
    `commit` takes a batch and returns one result for each item, in order. When it
    raises one of `faults_of_item`, the items are committed one by one, so that only
    the faulty one fails; any other error is the whole batch's. `run` must be running;
    `put` never waits.
    """

    def __init__(
        self,
        commit: Callable[[Sequence[T]], Awaitable[Sequence[R]]],
        max_batch: int,
        faults_of_item: tuple[type[Exception], ...],
    ) -> None:
        self._commit = commit
        self._faults_of_item = faults_of_item
        self._max_batch = max_batch
        self._queue: asyncio.Queue[tuple[T, asyncio.Future[R]]] = asyncio.Queue()

    def put(self, item: T) -> asyncio.Future[R]:
        future: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._queue.put_nowait((item, future))
        return future

    async def run(self) -> None:
        while True:
            batch = [await self._queue.get()]
            while len(batch) < self._max_batch and not self._queue.empty():
                batch.append(self._queue.get_nowait())
            await self._settle(batch)

    async def _settle(self, batch: list[tuple[T, asyncio.Future[R]]]) -> None:
        try:
            results = await self._commit([item for item, _ in batch])
        except Exception as error:  # noqa: BLE001 - the waiters get it
            if len(batch) > 1 and isinstance(error, self._faults_of_item):
                for pair in batch:
                    await self._settle([pair])
                return
            for _, future in batch:
                if not future.done():
                    future.set_exception(error)
            return
        for (_, future), result in zip(batch, results, strict=True):
            if not future.done():
                future.set_result(result)
