"""How long the LLM engine waits, and when it tries again."""

import asyncio

import pytest

from tasks_app.inference.contract import InferenceError
from tests.llm_behaviours import (
    BEHAVIOURS,
    Behaviour,
    Exchange,
    closes,
    ends,
    hangs,
    ok,
    refuses,
    repeats,
    reply,
    says,
    stops_after,
)
from tests.unit.llm_setup import about, ignore, provider

EMPTY_CHUNK = 'data: {"choices":[{"delta":{"content":""}}]}\n\n'
KEEP_ALIVE = repeats(": keep-alive\n\n")


@pytest.mark.parametrize(
    "behaviour",
    [
        hangs,
        stops_after(then=hangs),
        stops_after(then=KEEP_ALIVE),
        stops_after(then=repeats("\n")),
        stops_after(then=repeats(EMPTY_CHUNK)),
    ],
    ids=["nothing", "headers", "keep-alive", "blank lines", "empty chunks"],
)
async def test_no_first_content_in_time_is_a_network_timeout(
    behaviour: Behaviour,
) -> None:
    async with provider(behaviour, first_content_s=0.4) as (server, engine):
        with pytest.raises(InferenceError) as caught:
            await engine.analyze(about(), ignore)
    assert caught.value.message == "DeepSeek API调用失败: 网络超时"
    assert (caught.value.code, caught.value.is_retryable) == ("llm_timeout", True)
    assert len(server.exchanges) == 1


@pytest.mark.parametrize("then", [hangs, KEEP_ALIVE], ids=["nothing", "keep-alive"])
async def test_too_long_a_gap_in_the_content_is_a_network_timeout(
    then: Behaviour,
) -> None:
    behaviour = stops_after("{", then=then)
    async with provider(behaviour, content_gap_s=0.2) as (_server, engine):
        with pytest.raises(InferenceError) as caught:
            await engine.analyze(about(), ignore)
    assert caught.value.message == "DeepSeek API调用失败: 网络超时"


async def test_slow_content_is_no_timeout_as_long_as_it_comes() -> None:
    pieces = [reply()[at : at + 60] for at in range(0, len(reply()), 60)]

    async def trickles(exchange: Exchange) -> None:
        await exchange.start_chunked()
        for piece in pieces:
            await asyncio.sleep(0.1)
            await exchange.delta(piece)
        await exchange.delta(None, "stop")
        await exchange.done()

    limits = {"first_content_s": 0.5, "content_gap_s": 0.5}
    assert len(pieces) * 0.1 > 0.5
    async with provider(trickles, **limits) as (_server, engine):
        assert (await engine.analyze(about(), ignore)).task_type == "trip"


async def test_endless_content_ends_at_the_deadline() -> None:
    chunk = 'data: {"choices":[{"delta":{"content":"x"}}]}\n\n'
    behaviour = stops_after(then=repeats(chunk))
    async with provider(behaviour, deadline_s=0.4) as (server, engine):
        with pytest.raises(InferenceError) as caught:
            await engine.analyze(about(), ignore)
        await asyncio.wait_for(server.exchanges[0].is_abandoned.wait(), 2)
    assert caught.value.message == "DeepSeek API调用失败: 处理超过总时限"
    assert (caught.value.code, caught.value.is_retryable) == ("llm_deadline", True)


async def test_the_deadline_is_one_for_all_retries() -> None:
    async def fails_late(exchange: Exchange) -> None:
        await asyncio.sleep(0.6)
        await refuses(500)(exchange)

    async with provider(fails_late, deadline_s=1) as (server, engine):
        with pytest.raises(InferenceError, match="处理超过总时限"):
            await engine.analyze(about(), ignore)
    assert len(server.exchanges) == 2


async def test_the_deadline_includes_the_second_chance() -> None:
    async with provider(says(""), hangs, deadline_s=1) as (server, engine):
        with pytest.raises(InferenceError, match="处理超过总时限"):
            await engine.analyze(about(), ignore)
    assert len(server.exchanges) == 2


@pytest.mark.parametrize(
    "first",
    [
        refuses(500),
        refuses(429, Retry_After="0"),
        refuses(408),
        BEHAVIOURS["reset"],
        BEHAVIOURS["overloaded"],
        stops_after("", then=closes),
    ],
    ids=["500", "429", "408", "reset", "overload", "cut before content"],
)
async def test_a_passing_fault_is_not_noticed(first: Behaviour) -> None:
    async with provider(first, first, ok) as (server, engine):
        assert (await engine.analyze(about(), ignore)).task_type == "trip"
    assert len(server.exchanges) == 3


async def test_the_second_chance_brings_no_further_retries() -> None:
    behaviours = (refuses(500), says(""), refuses(500), refuses(500), ok)
    async with provider(*behaviours) as (server, engine):
        with pytest.raises(InferenceError, match="服务器故障"):
            await engine.analyze(about(), ignore)
    assert len(server.exchanges) == 4


async def test_a_retry_waits_as_long_as_the_provider_asks() -> None:
    async with provider(refuses(429, Retry_After="1"), ok) as (_server, engine):
        result = await engine.analyze(about(), ignore)
    assert result.latency_ms >= 1000


async def test_a_retry_after_may_be_a_date() -> None:
    past = refuses(429, Retry_After="Wed, 21 Oct 2015 07:28:00 GMT")
    async with provider(past, ok) as (_server, engine):
        assert (await engine.analyze(about(), ignore)).task_type == "trip"


async def test_a_date_that_is_far_off_is_not_waited_for() -> None:
    later = refuses(429, Retry_After="Wed, 21 Oct 2099 07:28:00 GMT")
    async with provider(later, ok) as (server, engine):
        with pytest.raises(InferenceError, match="请求过于频繁"):
            await engine.analyze(about(), ignore)
    assert len(server.exchanges) == 1


@pytest.mark.parametrize(
    "value", ["soon", "-5", "", "1e9", "Wed, 21 Oct 99999999999 07:28:00 GMT"]
)
async def test_a_retry_after_that_says_nothing_is_passed_over(value: str) -> None:
    async with provider(refuses(429, Retry_After=value), ok) as (_server, engine):
        assert (await engine.analyze(about(), ignore)).task_type == "trip"


@pytest.mark.parametrize(
    "then",
    [ends, closes, hangs, KEEP_ALIVE],
    ids=["no [DONE]", "cut", "lingers", "keep-alive"],
)
async def test_after_the_models_last_word_nothing_is_missed(then: Behaviour) -> None:
    async def finishes(exchange: Exchange) -> None:
        await exchange.start_chunked()
        await exchange.delta(reply(), "stop")
        await then(exchange)

    async with provider(finishes, deadline_s=3) as (server, engine):
        assert (await engine.analyze(about(), ignore)).task_type == "trip"
    assert len(server.exchanges) == 1
