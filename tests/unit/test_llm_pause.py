"""A failing provider is left alone for a while, and then tried again."""

import asyncio
import datetime as dt
from dataclasses import dataclass

import pytest

from tasks_app.inference.contract import InferenceError
from tasks_app.inference.llm import LlmConfig, LlmEngine
from tasks_app.inference.llm.failures import Failure
from tasks_app.inference.llm.pause import Breaker
from tests.llm_behaviours import Behaviour, ok, refuses, reports, says
from tests.unit.llm_setup import about, ignore, provider

ACCOUNT_S, OUTAGE_S, LONGEST_S = 60, 15, 100
CONFIG = LlmConfig(
    account_pause_s=ACCOUNT_S,
    outage_pause_s=OUTAGE_S,
    longest_pause_s=LONGEST_S,
    outage_run=3,
)
FAULTS = [
    Failure.FORBIDDEN,
    Failure.MODEL_NOT_FOUND,
    Failure.BAD_PARAMETERS,
    Failure.RATE_LIMITED,
    Failure.SERVER_ERROR,
    Failure.BUSY,
    Failure.NETWORK,
    Failure.TIMEOUT,
    Failure.DEADLINE,
    Failure.REDIRECTED,
    Failure.TOO_LARGE,
]
ACCOUNT = [Failure.UNAUTHORIZED, Failure.BALANCE]
ANSWERS = sorted({*Failure} - {*FAULTS, *ACCOUNT, Failure.NO_KEY}, key=str)


@dataclass
class Clock:
    """A time that passes when told to."""

    now: dt.datetime = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.now

    def pass_s(self, seconds: float) -> None:
        self.now += dt.timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker(CONFIG, clock)


def left_s(breaker: Breaker, clock: Clock) -> float | None:
    """How long the provider is still left alone; None when it is well."""
    if breaker.pause is None:
        return None
    return (breaker.pause.paused_until - clock.now).total_seconds()


# --- When a pause begins ------------------------------------------------------------


@pytest.mark.parametrize("failure", ACCOUNT)
def test_one_refused_account_pauses(
    breaker: Breaker, clock: Clock, failure: Failure
) -> None:
    breaker.failed(failure)
    assert breaker.pause is not None
    assert breaker.pause.reason == failure.text
    assert left_s(breaker, clock) == ACCOUNT_S


@pytest.mark.parametrize("failure", FAULTS)
def test_a_run_of_faults_pauses(
    breaker: Breaker, clock: Clock, failure: Failure
) -> None:
    breaker.failed(failure)
    breaker.failed(failure)
    assert breaker.pause is None
    breaker.failed(failure)
    assert left_s(breaker, clock) == OUTAGE_S


def test_faults_of_different_kinds_are_one_run(breaker: Breaker) -> None:
    for failure in (Failure.BUSY, Failure.RATE_LIMITED, Failure.NETWORK):
        breaker.failed(failure)
    assert breaker.pause is not None
    assert breaker.pause.reason == Failure.NETWORK.text


@pytest.mark.parametrize("failure", ANSWERS)
def test_what_one_text_may_cause_breaks_the_run(
    breaker: Breaker, failure: Failure
) -> None:
    for _ in range(5):
        breaker.failed(Failure.BUSY)
        breaker.failed(failure)
    assert breaker.pause is None


def test_a_success_breaks_the_run(breaker: Breaker) -> None:
    for _ in range(5):
        breaker.failed(Failure.BUSY)
        breaker.succeeded()
    assert breaker.pause is None


# --- How it goes on -----------------------------------------------------------------


def test_its_time_being_over_does_not_end_it(breaker: Breaker, clock: Clock) -> None:
    breaker.failed(Failure.BALANCE)
    clock.pass_s(ACCOUNT_S + 1)
    assert left_s(breaker, clock) == -1


def test_what_was_asked_before_neither_ends_nor_prolongs_it(
    breaker: Breaker, clock: Clock
) -> None:
    breaker.failed(Failure.BALANCE)
    clock.pass_s(10)
    breaker.succeeded()
    for failure in (*FAULTS, *ACCOUNT, *ANSWERS):
        breaker.failed(failure)
    assert left_s(breaker, clock) == ACCOUNT_S - 10


@pytest.mark.parametrize("failure", [None, *ANSWERS])
def test_an_answer_to_the_probe_ends_it_and_forgets_everything(
    breaker: Breaker, clock: Clock, failure: Failure | None
) -> None:
    for _ in range(4):
        breaker.failed(Failure.BALANCE)
        clock.pass_s(LONGEST_S)
    if failure is None:
        breaker.succeeded()
    else:
        breaker.failed(failure)
    assert breaker.pause is None
    breaker.failed(Failure.BUSY)
    breaker.failed(Failure.BUSY)
    assert breaker.pause is None
    breaker.failed(Failure.BUSY)
    assert left_s(breaker, clock) == OUTAGE_S


@pytest.mark.parametrize("failure", FAULTS)
def test_one_fault_of_the_probe_pauses_again_for_longer_up_to_a_limit(
    breaker: Breaker, clock: Clock, failure: Failure
) -> None:
    for _ in range(3):
        breaker.failed(failure)
    lengths = []
    for _ in range(1200):
        left = left_s(breaker, clock)
        assert left is not None
        lengths.append(left)
        clock.pass_s(left)
        breaker.failed(failure)
    assert lengths[:4] == [OUTAGE_S, 2 * OUTAGE_S, 4 * OUTAGE_S, LONGEST_S]
    assert set(lengths[4:]) == {LONGEST_S}


# --- With a provider ----------------------------------------------------------------


async def fail(engine: LlmEngine, times: int) -> None:
    """Ask as often; each time in vain."""
    for _ in range(times):
        with pytest.raises(InferenceError):
            await engine.analyze(about(), ignore)


def reason_of(engine: LlmEngine) -> str | None:
    """Why its provider is left alone; None when it is well."""
    return engine.pause.reason if engine.pause else None


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        (refuses(403), "密钥无效"),
        (refuses(404), "模型名称不存在"),
        (refuses(400, {"error": {"message": "Model Not Exist"}}), "模型名称不存在"),
        (refuses(429), "请求过于频繁，请稍后再试"),
        (reports({"type": "permission_error"}), "密钥无效"),
        (reports({"type": "rate_limit_error"}), "请求过于频繁，请稍后再试"),
        (refuses(500), "服务器故障"),
    ],
)
async def test_a_run_of_faults_pauses_the_engine(
    behaviour: Behaviour, reason: str
) -> None:
    async with provider(behaviour, retries=0, outage_run=3) as (server, engine):
        await fail(engine, 2)
        assert reason_of(engine) is None
        await fail(engine, 1)
        assert reason_of(engine) == reason
        assert len(server.exchanges) == 3


@pytest.mark.parametrize("status", [401, 402])
async def test_a_refused_account_pauses_the_engine_at_once(status: int) -> None:
    async with provider(refuses(status)) as (_server, engine):
        await fail(engine, 1)
        assert engine.pause is not None


@pytest.mark.parametrize(
    "behaviour",
    [
        says("好的"),
        says("", finish="content_filter"),
        refuses(400, {"error": {"message": "Content Exists Risk"}}),
    ],
)
async def test_nobody_can_pause_the_engine_by_his_words(behaviour: Behaviour) -> None:
    async with provider(behaviour, outage_run=2) as (_server, engine):
        await fail(engine, 4)
        assert engine.pause is None


async def test_a_success_between_faults_keeps_the_engine_open() -> None:
    limits = {"retries": 0, "outage_run": 2}
    async with provider(refuses(500), ok, refuses(500), **limits) as (_server, engine):
        for _ in range(3):
            await asyncio.gather(
                engine.analyze(about(), ignore), return_exceptions=True
            )
        assert engine.pause is None


async def test_after_the_pause_an_answer_ends_it() -> None:
    async with provider(refuses(402), ok, account_pause_s=0.05) as (_server, engine):
        await fail(engine, 1)
        assert engine.pause is not None
        left = engine.pause.paused_until - dt.datetime.now(dt.UTC)
        await asyncio.sleep(left.total_seconds())
        assert (await engine.analyze(about(), ignore)).task_type == "trip"
        assert engine.pause is None
