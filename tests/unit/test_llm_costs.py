"""What an answer costs, and what a failure costs all the same."""

from decimal import Decimal

import pytest
from pytest_django import Settings

from tasks_app.inference.contract import InferenceError, TokenUsage
from tasks_app.inference.llm import Prices
from tasks_app.inference.registry import create_engine
from tests.llm_behaviours import (
    USAGE,
    Behaviour,
    Exchange,
    closes,
    ends,
    hangs,
    ok,
    refuses,
    repeats,
    reply,
    resets,
    says,
)
from tests.llm_server import LlmServer
from tests.unit.llm_setup import KEY, about, ignore, provider

PRICES = Prices(input=Decimal(2), cached_input=Decimal("0.2"), output=Decimal(3))
ONCE = Decimal("0.000608")
"""60 tokens of input, 640 cached ones and 120 of output."""


@pytest.mark.parametrize(
    ("usage", "cost"),
    [
        (TokenUsage(prompt=700, prompt_cached=640, completion=120), ONCE),
        (TokenUsage(prompt=1, prompt_cached=0, completion=0), Decimal("0.000002")),
        # More from the cache than there was: some gateways count so.
        (TokenUsage(prompt=10, prompt_cached=20), Decimal("0.000002")),
        (TokenUsage(), Decimal(0)),
    ],
)
def test_tokens_cost_what_their_kind_does(usage: TokenUsage, cost: Decimal) -> None:
    assert PRICES.of(usage) == cost


async def test_an_answer_says_what_it_cost() -> None:
    async with provider(ok, prices=PRICES) as (_server, engine):
        result = await engine.analyze(about(), ignore)
    assert result.usage is not None
    assert result.usage.cost == ONCE


async def test_without_prices_there_are_tokens_and_no_cost() -> None:
    async with provider(ok) as (_server, engine):
        result = await engine.analyze(about(), ignore)
    assert result.usage == TokenUsage(prompt=700, prompt_cached=640, completion=120)


async def test_a_second_question_costs_again() -> None:
    async with provider(says("no JSON"), ok, prices=PRICES) as (_server, engine):
        result = await engine.analyze(about(), ignore)
    assert result.usage is not None
    assert result.usage.prompt == 1400
    assert result.usage.cost == 2 * ONCE


@pytest.mark.parametrize(
    ("behaviour", "answers"),
    [
        (says("no JSON"), 2),
        (says(reply(), finish="length"), 1),
        (says(reply(), finish="content_filter"), 1),
    ],
)
async def test_a_failure_that_was_charged_says_so(
    behaviour: Behaviour, answers: int
) -> None:
    async with provider(behaviour, prices=PRICES) as (_server, engine):
        with pytest.raises(InferenceError) as caught:
            await engine.analyze(about(), ignore)
    usage = caught.value.usage
    assert usage is not None
    assert usage.completion == answers * 120
    assert usage.cost == answers * ONCE


def counts_aloud(then: Behaviour) -> Behaviour:
    """Tells its usage with each piece, as some servers do, and then something else."""

    async def behave(exchange: Exchange) -> None:
        await exchange.start_chunked()
        await exchange.delta("{", usage=USAGE | {"completion_tokens": 1})
        await exchange.delta('"', usage=USAGE | {"completion_tokens": 2})
        await then(exchange)

    return behave


async def breaks(exchange: Exchange) -> None:
    await exchange.event(error={"message": "overloaded"})


async def breaks_and_counts(exchange: Exchange) -> None:
    usage = USAGE | {"completion_tokens": 2}
    await exchange.event(error={"message": "overloaded"}, usage=usage)


@pytest.mark.parametrize(
    ("then", "code", "limits"),
    [
        (closes, "llm_network", {}),
        (ends, "llm_network", {}),
        (resets, "llm_network", {}),
        (hangs, "llm_timeout", {"content_gap_s": 0.2}),
        (hangs, "llm_deadline", {"deadline_s": 0.3}),
        (breaks, "llm_busy", {}),
        (breaks_and_counts, "llm_busy", {}),
        (repeats(f"data: {'x' * 1000}\n"), "llm_too_large", {"max_body_bytes": 5000}),
    ],
    ids=["cut", "end", "reset", "silence", "deadline", "error", "last words", "flood"],
)
async def test_what_was_charged_before_an_answer_broke_off_is_told(
    then: Behaviour, code: str, limits: dict[str, object]
) -> None:
    async with provider(counts_aloud(then), prices=PRICES, **limits) as (_s, engine):
        with pytest.raises(InferenceError) as caught:
            await engine.analyze(about(), ignore)
    assert caught.value.code == code
    charged = TokenUsage(prompt=700, prompt_cached=640, completion=2)
    assert caught.value.usage == charged.model_copy(update={"cost": PRICES.of(charged)})


async def test_what_a_second_question_was_charged_before_it_broke_off_is_added() -> (
    None
):
    behaviours = (says("no JSON"), counts_aloud(closes))
    async with provider(*behaviours) as (_server, engine):
        with pytest.raises(InferenceError) as caught:
            await engine.analyze(about(), ignore)
    assert caught.value.usage is not None
    assert caught.value.usage.completion == 122


async def test_a_failure_without_an_answer_costs_nothing() -> None:
    async with provider(refuses(401), prices=PRICES) as (_server, engine):
        with pytest.raises(InferenceError) as caught:
            await engine.analyze(about(), ignore)
    assert caught.value.usage is None


async def test_the_prices_of_the_settings_count(settings: Settings) -> None:
    async with LlmServer(ok) as server:
        settings.ENGINE, settings.LLM_API_KEY = "llm", KEY
        settings.LLM_BASE_URL = server.url
        settings.LLM_PRICE_INPUT = PRICES.input
        settings.LLM_PRICE_CACHED_INPUT = PRICES.cached_input
        settings.LLM_PRICE_OUTPUT = PRICES.output
        engine = create_engine()
        result = await engine.analyze(about(), ignore)
        await engine.aclose()
    assert result.usage is not None
    assert result.usage.cost == ONCE
