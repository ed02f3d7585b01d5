"""The inferences of one worker process: a loop in a thread, behind Celery's own.

    doorbell, or every second ─▶ pump ─ claim ═ commit ═▶ one coroutine a task ─┐
                                   ▲                                            │
                                   └─── room again ◀─ finish ═ commit ◀─────────┘

A task is claimed only when there is room to run it at once, so that a backlog stays
in the database, where any worker can take it. So it does while the engine leaves its
provider alone; what is in flight then ends by its own outcome.
"""

import asyncio
import logging
import os
import socket
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import partial
from uuid import uuid4

import stamina
from django.conf import settings
from django.db import DataError
from django.db import Error as DatabaseError
from django.utils import timezone

from tasks_app import dispatch, lifecycle
from tasks_app.background import keep_running
from tasks_app.batching import GroupCommit, Orm
from tasks_app.inference.contract import (
    Engine,
    InferenceError,
    Request,
    TokenUsage,
    Versioned,
    pause_of,
)
from tasks_app.lifecycle import Claim, Completed, Failed, Outcome
from tasks_app.models import Task, TaskEvent
from tasks_app.notify import Announcer
from tasks_app.presentation import as_progress, as_update
from tasks_app.protocol.events import Event
from tasks_app.worker.heartbeat import Heartbeat
from tasks_app.worker.progress import ProgressTeller

log = logging.getLogger(__name__)

_BATCH = 64
_POLL_S = 1.0
_WATCH_S = 0.5
"""How soon a cancelled inference is aborted."""
_ORM_THREADS = 4
_FLUSH_S = 2.0


class InferenceWorker:
    """Claims, runs and finishes tasks, up to `capacity` at once."""

    def __init__(self, engine: Engine, capacity: int, lease_s: float) -> None:
        self.name = f"{socket.gethostname()[:40]}-{os.getpid()}-{uuid4().hex[:6]}"
        self._engine = engine
        self._capacity = capacity
        self._lease_s = lease_s
        self._orm = Orm(_ORM_THREADS)
        self._announcer = Announcer()
        self._finishes: GroupCommit[Outcome, TaskEvent | None] = GroupCommit(
            self._finish, _BATCH, (DataError, ValueError)
        )
        self._in_flight: dict[Claim, tuple[Task, asyncio.Task[None]]] = {}
        self.heartbeat = Heartbeat(
            self.name, engine, capacity, in_flight=self._in_flight.__len__
        )
        self._bell = asyncio.Event()
        self._claiming = asyncio.Lock()
        """Held from a claim until what it claimed is in flight."""
        self._lacks_room = False
        """The next end of an inference may make room."""
        self._is_stopping = False

    async def run(self) -> None:
        works = (
            self._announcer.run,
            self._finishes.run,
            self._pump,
            self._watch,
            partial(self.heartbeat.run, self._orm),
        )
        async with asyncio.TaskGroup() as group:
            for work in works:
                group.create_task(keep_running(work))

    def ring(self) -> None:
        """Look for pending tasks now; to be called on the loop."""
        self._bell.set()

    def announce(self, events: Iterable[TaskEvent]) -> None:
        """Tell the owners of moves that are committed; to be called on the loop."""
        self._announcer.announce([as_update(event) for event in events])

    async def stop(self, grace_s: float) -> None:
        """Claim nothing more, let what runs end, give back what does not in time."""
        self._is_stopping = True
        async with self._claiming:
            runs = [run for _, run in self._in_flight.values()]
        if runs:
            await asyncio.wait(runs, timeout=grace_s)
        await self._give_back()
        with suppress(DatabaseError):
            await self._orm.run(self.heartbeat.end)
        with suppress(TimeoutError):
            async with asyncio.timeout(_FLUSH_S):
                await self._announcer.flush()
        await self._engine.aclose()

    async def _give_back(self) -> None:
        tasks = [task for task, _ in self._in_flight.values()]
        for _, run in self._in_flight.values():
            run.cancel()
        if not tasks:
            return
        try:
            self.announce(
                await self._orm.run(lifecycle.release, tasks, "worker_stopped")
            )
        except DatabaseError as error:
            # Their leases end, and the sweep gives them back.
            log.warning("cannot give claims back: %s", type(error).__name__)
        dispatch.ring()

    # --- Claiming -------------------------------------------------------------------

    async def _pump(self) -> None:
        while not self._is_stopping:
            with suppress(TimeoutError):
                async with asyncio.timeout(_POLL_S):
                    await self._bell.wait()
            self._bell.clear()
            async with self._claiming:
                while not self._is_stopping and await self._claim_batch():
                    pass
        await asyncio.Event().wait()

    async def _claim_batch(self) -> bool:
        """Claim and start what there is room for; whether more may be waiting."""
        limit = self._room()
        self._lacks_room = not limit
        if self._lacks_room:
            return False
        try:
            events = await self._orm.run(
                lifecycle.claim, limit, self.name, self._lease_s
            )
        except DatabaseError as error:
            log.warning("cannot claim: %s", type(error).__name__)
            return False
        self.announce(events)
        if events:
            self.heartbeat.note_claim()
        for event in events:
            self._start(event.task)
        return len(events) == limit

    def _room(self) -> int:
        """How many may be claimed now: none during a pause, and one to see if it is
        over.
        """
        most = self._capacity
        if pause := pause_of(self._engine):
            most = int(timezone.now() >= pause.paused_until)
        return max(0, min(most - len(self._in_flight), _BATCH))

    def _start(self, task: Task) -> None:
        run = asyncio.get_running_loop().create_task(self._work(task))
        self._in_flight[task.pk, task.attempt] = (task, run)

    # --- Working --------------------------------------------------------------------

    async def _work(self, task: Task) -> None:
        try:
            await self._record(await self._infer(task))
        except DatabaseError as error:
            # The lease ends, and another claim repeats the work.
            log.warning("a result could not be stored: %s", type(error).__name__)
        finally:
            del self._in_flight[task.pk, task.attempt]
            self.heartbeat.look_for_pause()
            if self._lacks_room:
                self._bell.set()

    async def _infer(self, task: Task) -> Outcome:
        teller = ProgressTeller(partial(self._tell_progress, task))
        try:
            async with asyncio.timeout(settings.TASK_DEADLINE_S):
                result = await self._engine.analyze(_request(task), teller)
        except InferenceError as error:
            return self._failed(task, error.code, error.message, error.usage)
        except TimeoutError:
            return self._failed(task, "deadline_exceeded", "处理超过总时限")
        except Exception:
            log.exception("engine %s failed", self._engine.name)
            return self._failed(task, "internal", "服务器内部错误")
        finally:
            teller.close()
        return Completed(task, result, self._engine.name)

    def _failed(
        self, task: Task, code: str, message: str, usage: TokenUsage | None = None
    ) -> Failed:
        engine = self._engine
        version = engine.model_version if isinstance(engine, Versioned) else ""
        return Failed(task, code, message, usage, engine.name, version)

    def _tell_progress(self, task: Task, fraction: float, stage: str) -> None:
        progress = as_progress(task, timezone.now(), fraction, stage)
        self._announcer.announce([progress])

    async def _record(self, outcome: Outcome) -> None:
        """Store how a claim ended, through a database outage of up to a lease.

        Raises:
            DatabaseError: the outage was longer.
        """
        try:
            async for attempt in stamina.retry_context(
                on=_is_outage, attempts=None, timeout=self._lease_s, wait_max=2.0
            ):
                with attempt:
                    await self._finishes.put(outcome)
        except (DataError, ValueError):
            log.exception("a result cannot be stored")
            failed = self._failed(outcome.task, "invalid_result", "结果无法保存")
            await self._finishes.put(failed)

    async def _finish(self, outcomes: Sequence[Outcome]) -> list[TaskEvent | None]:
        events = await self._orm.run(lifecycle.finish, outcomes)
        self.announce(events)
        by_task = {event.task_id: event for event in events}
        return [by_task.get(outcome.task.pk) for outcome in outcomes]

    # --- Leases ---------------------------------------------------------------------

    async def _watch(self) -> None:
        """Keep the leases of what is in flight; stop what is no longer ours."""
        renewed_at = 0.0
        while True:
            await asyncio.sleep(min(_WATCH_S, self._lease_s / 3))
            flights = dict(self._in_flight)
            if not flights:
                continue
            try:
                if time.monotonic() - renewed_at >= self._lease_s / 3:
                    await self._orm.run(
                        lifecycle.renew, flights, self.name, self._lease_s
                    )
                    renewed_at = time.monotonic()
                ours = await self._orm.run(lifecycle.held, flights, self.name)
            except DatabaseError as error:
                log.warning("cannot watch over claims: %s", type(error).__name__)
                continue
            for claim, (_, run) in flights.items():
                if claim not in ours:
                    run.cancel()


def _request(task: Task) -> Request:
    event = None if task.event is None else Event.model_validate(task.event)
    return Request(text=task.text, now=timezone.localtime(), event=event)


def _is_outage(error: Exception) -> bool:
    """Whether the database is at fault, not what it was given."""
    return isinstance(error, DatabaseError) and not isinstance(error, DataError)
