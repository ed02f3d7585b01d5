"""A failing provider is left alone for a while, and then tried again."""

import asyncio
import datetime as dt

import pytest

from tasks_app.inference.contract import InferenceError
from tasks_app.inference.llm.failures import Failure
from tasks_app.inference.llm.pause import Breaker
from tests.llm_behaviours import ok, refuses
from tests.unit.llm_setup import about, ignore, provider


class Clock:
    """A time that passes when told to."""

    def __init__(self) -> None:
        self.now = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.now

    def pass_s(self, seconds: float) -> None:
        self.now += dt.timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker(account_pause_s=60, outage_pause_s=15, outage_run=3, clock=clock)


@pytest.mark.parametrize("failure", [Failure.UNAUTHORIZED, Failure.BALANCE])
def test_one_refused_account_pauses(
    breaker: Breaker, clock: Clock, failure: Failure
) -> None:
    breaker.failed(failure)
    assert breaker.current is not None
    assert breaker.current.failure is failure
    assert breaker.current.reason == failure.text
    assert breaker.current.paused_until == clock.now + dt.timedelta(seconds=60)


def test_a_pause_ends_by_itself(breaker: Breaker, clock: Clock) -> None:
    breaker.failed(Failure.BALANCE)
    clock.pass_s(59.9)
    assert breaker.current is not None
    clock.pass_s(0.1)
    assert breaker.current is None


def test_only_a_run_of_outages_pauses(breaker: Breaker) -> None:
    breaker.failed(Failure.BUSY)
    breaker.failed(Failure.TIMEOUT)
    assert breaker.current is None
    breaker.failed(Failure.NETWORK)
    assert breaker.current is not None


@pytest.mark.parametrize("failure", [Failure.RATE_LIMITED, Failure.BAD_JSON])
def test_an_answer_of_any_kind_breaks_the_run(
    breaker: Breaker, failure: Failure
) -> None:
    for _ in range(5):
        breaker.failed(Failure.BUSY)
        breaker.failed(failure)
    assert breaker.current is None


def test_after_an_outage_one_more_failure_pauses_again(
    breaker: Breaker, clock: Clock
) -> None:
    for _ in range(3):
        breaker.failed(Failure.BUSY)
    clock.pass_s(15)
    breaker.failed(Failure.BUSY)
    assert breaker.current is not None


def test_a_success_forgets_everything(breaker: Breaker, clock: Clock) -> None:
    for _ in range(3):
        breaker.failed(Failure.BUSY)
    clock.pass_s(15)
    breaker.succeeded()
    breaker.failed(Failure.BUSY)
    breaker.failed(Failure.BUSY)
    assert breaker.current is None


async def test_while_paused_requests_fail_alike_and_nothing_is_sent() -> None:
    async with provider(refuses(401), ok) as (server, engine):
        errors = []
        for _ in range(3):
            with pytest.raises(InferenceError) as caught:
                await engine.analyze(about(), ignore)
            errors.append(caught.value)
        assert len(server.exchanges) == 1
        assert {error.message for error in errors} == {"DeepSeek API调用失败: 密钥无效"}
        assert engine.pause is not None
        assert engine.pause.reason == "密钥无效"


async def test_a_run_of_faults_pauses_the_engine() -> None:
    limits = {"retries": 0, "outage_run": 2}
    async with provider(refuses(500), **limits) as (server, engine):
        for _ in range(4):
            with pytest.raises(InferenceError, match="服务器故障"):
                await engine.analyze(about(), ignore)
        assert len(server.exchanges) == 2


async def test_a_success_between_faults_keeps_the_engine_open() -> None:
    limits = {"retries": 0, "outage_run": 2}
    async with provider(refuses(500), ok, refuses(500), **limits) as (_server, engine):
        for _ in range(3):
            await asyncio.gather(
                engine.analyze(about(), ignore), return_exceptions=True
            )
        assert engine.pause is None


async def test_after_the_pause_the_provider_is_asked_again() -> None:
    async with provider(refuses(402), ok, account_pause_s=0.05) as (_server, engine):
        with pytest.raises(InferenceError, match="账户余额不足"):
            await engine.analyze(about(), ignore)
        assert engine.pause is not None
        left = engine.pause.paused_until - dt.datetime.now(dt.UTC)
        await asyncio.sleep(left.total_seconds())
        assert (await engine.analyze(about(), ignore)).task_type == "trip"
        assert engine.pause is None
