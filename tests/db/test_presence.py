"""How many connections one source may have, over all web processes."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack
from datetime import timedelta

import pytest
from django.utils import timezone

from tasks_app import presence as presence_module
from tasks_app.batching import Orm
from tasks_app.errors import RateLimited
from tasks_app.models import ServerProcess
from tasks_app.presence import Presence, Visit
from tests.db.concurrency import FailingStatement, statements_through, until, until_row

pytestmark = pytest.mark.django_db(transaction=True)

HERE, THERE = "0123456789abcdef", "fedcba9876543210"


@pytest.fixture(autouse=True)
def _only_changes_are_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presence_module, "_HEARTBEAT_S", 60)
    monkeypatch.setattr(presence_module, "_SETTLE_S", 0.01)


@pytest.fixture
def _often(monkeypatch: pytest.MonkeyPatch, _only_changes_are_written: None) -> None:
    monkeypatch.setattr(presence_module, "_HEARTBEAT_S", 0.05)


class Web:
    """A web process; it writes its row from `start` on."""

    def __init__(self, orm: Orm, limit: int) -> None:
        self.presence = Presence(orm, limit)
        self.turned_away: list[tuple[Visit, RateLimited]] = []
        self._orm = orm
        self._work: asyncio.Task[None] | None = None

    def start(self) -> "Web":
        self._work = asyncio.create_task(self.presence.run())
        return self

    def enter(self, source: str = HERE) -> Visit:
        visit: Visit
        visit = Visit(source, lambda why: self.turned_away.append((visit, why)))
        self.presence.enter(visit)
        return visit

    def enter_many(self, count: int, source: str = HERE) -> list[Visit]:
        return [self.enter(source) for _ in range(count)]

    async def noted(self, connections: int, **by_source: int) -> None:
        """Wait until its row says so."""
        row = ServerProcess.objects.filter(
            pk=self.presence.process_id,
            connections=connections,
            connections_by_source=by_source,
        )
        await until_row(self._orm, row.exists)

    async def end(self) -> None:
        if self._work is not None:
            self._work.cancel()
            await asyncio.wait([self._work])


MakeWeb = Callable[[int], Web]


@pytest.fixture
async def web_of(orm: Orm) -> AsyncIterator[MakeWeb]:
    """Makes web processes with so many connections for each source."""
    webs: list[Web] = []

    def make(limit: int) -> Web:
        webs.append(Web(orm, limit))
        return webs[-1]

    yield make
    for web in webs:
        await web.end()


async def another(orm: Orm, *, beat_age_s: float = 0, **by_source: int) -> None:
    """The row of another process, with these connections."""
    now = timezone.now()
    await orm.run(
        ServerProcess.objects.create,
        connections=sum(by_source.values()),
        connections_by_source=by_source,
        started_at=now,
        heartbeat_at=now - timedelta(seconds=beat_age_s),
    )


# --- In one process -----------------------------------------------------------------


async def test_one_too_many_is_refused_at_once_and_not_counted(web_of: MakeWeb) -> None:
    web = web_of(3)
    web.enter_many(3)
    for _ in range(2):
        with pytest.raises(RateLimited) as refusal:
            web.enter()
    assert refusal.value.retry_after == 30
    assert web.presence.connections == 3


async def test_sources_are_counted_apart(web_of: MakeWeb) -> None:
    web = web_of(3)
    web.enter_many(3)
    web.enter_many(3, THERE)
    assert web.presence.connections == 6


async def test_who_leaves_makes_room_once(web_of: MakeWeb) -> None:
    web = web_of(3)
    first, *_ = web.enter_many(3)
    for _ in range(2):
        web.presence.leave(first)
    web.enter()
    with pytest.raises(RateLimited):
        web.enter()
    assert web.presence.connections == 3


async def test_who_was_refused_makes_no_room_by_leaving(web_of: MakeWeb) -> None:
    web = web_of(3)
    web.enter_many(3)
    web.presence.leave(Visit(HERE, web.turned_away.append))  # type: ignore[arg-type]
    with pytest.raises(RateLimited):
        web.enter()


@pytest.mark.parametrize(("limit", "source"), [(0, HERE), (3, "")])
async def test_without_a_limit_or_a_source_nobody_is_refused(
    web_of: MakeWeb, orm: Orm, limit: int, source: str
) -> None:
    await another(orm, **{HERE: 100, "": 100})
    web = web_of(limit).start()
    web.enter_many(50, source)
    await web.noted(50)
    web.enter_many(50, source)
    await web.noted(100)
    assert web.turned_away == []


# --- The row ------------------------------------------------------------------------


async def test_only_sources_with_many_connections_are_noted(web_of: MakeWeb) -> None:
    web = web_of(300).start()
    web.enter_many(3)
    web.enter_many(2, THERE)
    web.enter("")
    await web.noted(6, **{HERE: 3})


async def test_who_has_left_is_noted_no_more(web_of: MakeWeb) -> None:
    web = web_of(3).start()
    visits = web.enter_many(2)
    await web.noted(2, **{HERE: 2})
    web.presence.leave(visits[0])
    await web.noted(1, **{HERE: 1})
    web.presence.leave(visits[1])
    await web.noted(0)


# --- Over all processes -------------------------------------------------------------


async def test_the_newest_are_turned_away_if_others_have_too_many(
    web_of: MakeWeb, orm: Orm
) -> None:
    await another(orm, **{HERE: 1, THERE: 3})
    await another(orm, **{HERE: 1})
    web = web_of(3)
    _, *newest = web.enter_many(3)
    web.start()
    await until(lambda: web.turned_away)
    assert {visit for visit, _ in web.turned_away} == set(newest)
    assert {why.retry_after for _, why in web.turned_away} == {30}


async def test_of_several_sources_each_loses_its_own(web_of: MakeWeb, orm: Orm) -> None:
    await another(orm, **{HERE: 2, THERE: 3})
    web = web_of(3)
    web.enter_many(2)
    web.enter_many(1, THERE)
    web.enter_many(3, "f" * 16)
    web.start()
    await until(lambda: web.turned_away)
    assert sorted(visit.source for visit, _ in web.turned_away) == [HERE, THERE]


async def test_who_has_been_let_in_stays(web_of: MakeWeb, orm: Orm) -> None:
    web = web_of(3).start()
    web.enter_many(2)
    await web.noted(2, **{HERE: 2})
    await another(orm, **{HERE: 10})
    newcomer = web.enter()
    await until(lambda: web.turned_away)
    web.presence.leave(newcomer)
    await web.noted(2, **{HERE: 2})
    assert [visit for visit, _ in web.turned_away] == [newcomer]


async def test_what_others_have_is_known_at_the_door_of_a_process(
    web_of: MakeWeb, orm: Orm
) -> None:
    await another(orm, **{HERE: 2})
    web = web_of(3).start()
    web.enter()
    await until(lambda: web.presence._elsewhere)
    with pytest.raises(RateLimited):
        web.enter()
    assert web.turned_away == []


@pytest.mark.usefixtures("_often")
async def test_two_processes_let_in_no_more_than_one(web_of: MakeWeb) -> None:
    one, other = web_of(3).start(), web_of(3)
    visits = one.enter_many(3)
    await one.noted(3, **{HERE: 3})
    late = other.enter()
    other.start()
    await until(lambda: other.turned_away)
    other.presence.leave(late)
    for visit in visits:
        one.presence.leave(visit)
    await one.noted(0)

    def is_let_in() -> bool:
        """As soon as the other has read that there is room."""
        try:
            return bool(other.enter())
        except RateLimited:
            return False

    await until(is_let_in)
    await other.noted(1, **{HERE: 1})
    assert len(other.turned_away) == 1
    assert one.turned_away == []


async def test_what_a_dead_process_had_does_not_count(
    web_of: MakeWeb, orm: Orm
) -> None:
    await another(orm, beat_age_s=26, **{HERE: 3})
    web = web_of(3).start()
    web.enter_many(3)
    await web.noted(3, **{HERE: 3})
    assert web.turned_away == []


# --- Without a database -------------------------------------------------------------


@pytest.mark.usefixtures("_often")
async def test_nobody_is_turned_away_because_the_database_fails(
    web_of: MakeWeb,
) -> None:
    web = web_of(3)
    failing = FailingStatement("SELECT")
    with ExitStack() as broken:
        broken.enter_context(statements_through(failing))
        web.enter_many(3)
        web.start()
        await until(lambda: failing.has_failed)
        with pytest.raises(RateLimited):
            web.enter()
        broken.close()
        await web.noted(3, **{HERE: 3})
    assert web.turned_away == []


@pytest.mark.usefixtures("_often")
async def test_who_came_while_the_database_failed_is_judged_when_it_is_back(
    web_of: MakeWeb, orm: Orm
) -> None:
    await another(orm, **{HERE: 2})
    web, outage = web_of(3), FailingStatement("SELECT")
    with statements_through(outage):
        web.enter_many(2)
        web.start()
        await until(lambda: outage.has_failed)
    await until(lambda: web.turned_away)
    assert len(web.turned_away) == 1


@pytest.mark.usefixtures("_often")
async def test_who_has_left_before_it_was_judged_takes_nobody_s_place(
    web_of: MakeWeb, orm: Orm
) -> None:
    await another(orm, **{HERE: 2})
    web = web_of(3)
    gone = web.enter()
    web.enter_many(2)
    web.presence.leave(gone)
    web.start()
    await until(lambda: web.turned_away)
    assert len(web.turned_away) == 1
    assert web.presence.connections == 2


async def test_a_process_that_stops_is_not_counted(web_of: MakeWeb, orm: Orm) -> None:
    web = web_of(3)
    web.enter_many(2)
    web.start()
    await until_row(orm, ServerProcess.objects.exists)
    await web.presence.end()
    assert not await orm.run(ServerProcess.objects.exists)
