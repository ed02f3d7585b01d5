"""Group commit: shared when busy, at once when idle, and fair to every item."""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

import pytest

from tasks_app.batching import GroupCommit, Orm

Commit = Callable[[Sequence[int]], Awaitable[Sequence[str]]]


class Store:
    """Commits numbers; each commit waits until it is let through."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.faulty: dict[int, Exception] = {}
        self.gate = asyncio.Event()
        self.gate.set()
        self.entered = asyncio.Event()

    async def commit(self, items: Sequence[int]) -> list[str]:
        self.batches.append(list(items))
        self.entered.set()
        await self.gate.wait()
        for item in items:
            if item in self.faulty:
                raise self.faulty[item]
        return [f"stored {item}" for item in items]


@asynccontextmanager
async def running(
    store: Store, max_batch: int = 10
) -> AsyncIterator[GroupCommit[int, str]]:
    commits: GroupCommit[int, str] = GroupCommit(store.commit, max_batch, (ValueError,))
    task = asyncio.create_task(commits.run())
    try:
        async with asyncio.timeout(10):
            yield commits
    finally:
        task.cancel()


async def test_an_item_that_comes_alone_is_committed_at_once() -> None:
    store = Store()
    async with running(store) as commits:
        assert await commits.put(1) == "stored 1"
        assert await commits.put(2) == "stored 2"
    assert store.batches == [[1], [2]]


async def test_what_comes_during_a_commit_is_the_next_batch_in_order() -> None:
    store = Store()
    store.gate.clear()
    async with running(store) as commits:
        first = commits.put(1)
        await store.entered.wait()
        rest = [commits.put(item) for item in (2, 3, 4)]
        assert store.batches == [[1]]
        store.gate.set()
        assert await asyncio.gather(first, *rest) == [
            "stored 1",
            "stored 2",
            "stored 3",
            "stored 4",
        ]
    assert store.batches == [[1], [2, 3, 4]]


async def test_no_batch_is_larger_than_the_largest() -> None:
    store = Store()
    async with running(store, max_batch=3) as commits:
        await asyncio.gather(*[commits.put(item) for item in range(8)])
    assert store.batches == [[0, 1, 2], [3, 4, 5], [6, 7]]


async def test_putting_does_not_wait_though_nobody_commits() -> None:
    commits: GroupCommit[int, str] = GroupCommit(Store().commit, 10, (ValueError,))
    futures = [commits.put(item) for item in range(1000)]
    assert not any(future.done() for future in futures)


async def test_a_faulty_item_fails_alone() -> None:
    store = Store()
    store.faulty = {2: ValueError("2 is faulty")}
    async with running(store) as commits:
        futures = [commits.put(item) for item in (1, 2, 3)]
        results = await asyncio.gather(*futures, return_exceptions=True)
    assert results[0] == "stored 1"
    assert results[1] is store.faulty[2]
    assert results[2] == "stored 3"
    assert store.batches == [[1, 2, 3], [1], [2], [3]]


async def test_a_faulty_item_that_comes_alone_is_not_tried_again() -> None:
    store = Store()
    store.faulty = {1: ValueError("1 is faulty")}
    async with running(store) as commits:
        with pytest.raises(ValueError, match="1 is faulty"):
            await commits.put(1)
    assert store.batches == [[1]]


async def test_another_error_is_the_whole_batch_s() -> None:
    store = Store()
    store.faulty = {2: ConnectionError("the database is gone")}
    async with running(store) as commits:
        futures = [commits.put(item) for item in (1, 2, 3)]
        results = await asyncio.gather(*futures, return_exceptions=True)
    assert results == [store.faulty[2]] * 3
    assert store.batches == [[1, 2, 3]]


async def test_an_outage_during_the_single_commits_fails_only_what_met_it() -> None:
    store = Store()
    store.faulty = {1: ValueError("faulty"), 3: ConnectionError("gone")}
    async with running(store) as commits:
        futures = [commits.put(item) for item in (1, 2, 3, 4)]
        results = await asyncio.gather(*futures, return_exceptions=True)
    assert results == [store.faulty[1], "stored 2", store.faulty[3], "stored 4"]


@pytest.mark.parametrize("error", [ValueError("faulty"), ConnectionError("gone")])
async def test_it_goes_on_after_an_error(error: Exception) -> None:
    store = Store()
    store.faulty = {1: error}
    async with running(store) as commits:
        with pytest.raises(type(error)):
            await commits.put(1)
        assert await commits.put(2) == "stored 2"


async def test_a_waiter_that_went_away_harms_nobody() -> None:
    store = Store()
    store.gate.clear()
    async with running(store) as commits:
        first = commits.put(1)
        await store.entered.wait()
        gone, stays = commits.put(2), commits.put(3)
        gone.cancel()
        first.cancel()
        store.gate.set()
        assert await stays == "stored 3"
        assert await commits.put(4) == "stored 4"
    assert store.batches == [[1], [2, 3], [4]]


async def test_orm_calls_run_beside_one_another_and_off_the_loop() -> None:
    orm, meeting = Orm(threads=2), threading.Barrier(2, timeout=10)

    def meet() -> str:
        meeting.wait()
        return threading.current_thread().name

    names = await asyncio.gather(orm.run(meet), orm.run(meet))
    assert len(set(names)) == 2
    assert all(name.startswith("orm") for name in names)


async def test_an_orm_call_takes_arguments_and_gives_its_errors_back() -> None:
    orm = Orm(threads=1)
    assert await orm.run(divmod, 7, 2) == (3, 1)
    assert await orm.run(sorted, [1, 2], reverse=True) == [2, 1]
    with pytest.raises(ZeroDivisionError):
        await orm.run(divmod, 1, 0)
