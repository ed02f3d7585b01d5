"""What the LLM engine makes of good answers, and how it does among many."""

import asyncio

import pytest

from tasks_app.inference.contract import TokenUsage, dump_result
from tasks_app.inference.llm import LlmConfig, LlmEngine
from tasks_app.protocol.events import Event
from tests.llm_behaviours import (
    BEHAVIOURS,
    Behaviour,
    Exchange,
    hangs,
    ignores_streaming,
    ok,
    reply,
    says,
)
from tests.unit.llm_setup import TEXT, about, ignore, provider

EVENT = Event.model_validate(
    {
        "transcript": TEXT,
        "speakers": [{"speaker_id": "s1", "speaker_label": "我", "is_user": True}],
        "audio_features": {"asr_confidence": 0.95, "snr_db": 25},
        "entities": [{"type": "item", "value": "身份证", "confidence": 0.7}],
        "tags": ["早起"],
        "start_offset_sec": 1.5,
        "end_offset_sec": 5,
    }
)


async def test_a_text_is_understood() -> None:
    async with provider(ok) as (_server, engine):
        result = await engine.analyze(about(), ignore)
    fields = dump_result(result)
    assert fields.pop("latency_ms") == result.latency_ms
    assert fields == {
        "task_type": "trip",
        "confidence": 0.9,
        "potential_omissions": ["行李", "交通工具"],
        "summary_text": "明天早上七点出发去机场。",
        "suggested_plan": "今晚收好行李，约好明早的车。",
        "model_version": "deepseek:deepseek-flash",
    }
    assert result.usage == TokenUsage(prompt=700, prompt_cached=640, completion=120)


async def test_an_event_gets_opinions_of_the_model_and_computed_facts() -> None:
    async with provider(ok) as (_server, engine):
        fields = dump_result(await engine.analyze(about(event=EVENT), ignore))
    assert fields["extracted_entities"] == [
        {"type": "item", "value": "身份证", "confidence": 0.7, "start": 10, "end": 13},
        {"type": "time", "value": "明早七点", "confidence": 0.9, "start": 0, "end": 4},
        {"type": "place", "value": "机场", "confidence": 0.9, "start": 5, "end": 7},
    ]
    assert fields["suggested_tags"] == ["早起", "出行"]
    assert fields["priority_level"] == "high"
    assert fields["event_analysis"] == {
        "has_speakers": True,
        "speaker_count": 1,
        "has_audio_features": True,
        "contains_pii": False,
        "event_duration_sec": 3.5,
    }


async def test_offsets_of_the_model_are_not_believed_nor_invented_entities() -> None:
    entities = [
        {"type": "place", "value": "机场", "start": 900, "end": 2},
        {"type": "person", "value": "王总"},
    ]
    async with provider(says(reply(extracted_entities=entities))) as (_server, engine):
        result = await engine.analyze(about(event=Event()), ignore)
    assert result.insights is not None
    (airport,) = result.insights.extracted_entities
    assert (airport.start, airport.end) == (5, 7)


@pytest.mark.parametrize(
    "content",
    [
        f"```json\n{reply()}\n```",
        f"```\n{reply()}\n```",
        f"好的，结果如下：\n{reply()}\n希望有帮助。",
        f"\n\n {reply()} \n",
    ],
)
async def test_json_may_be_fenced_or_introduced(content: str) -> None:
    async with provider(says(content)) as (server, engine):
        assert (await engine.analyze(about(), ignore)).task_type == "trip"
    assert len(server.exchanges) == 1


@pytest.mark.parametrize("content", [reply(), f"```json\n{reply()}\n```"])
async def test_a_server_that_ignores_streaming_works(content: str) -> None:
    async with provider(ignores_streaming(content)) as (_server, engine):
        result = await engine.analyze(about(), ignore)
    assert result.task_type == "trip"
    assert result.usage == TokenUsage(prompt=700, prompt_cached=640, completion=120)


async def test_control_characters_do_not_reach_the_result() -> None:
    async with provider(says(reply(summary_text="去\0机\x1b[31m场"))) as (_s, engine):
        result = await engine.analyze(about(), ignore)
    assert result.summary_text == "去机[31m场"


async def test_halves_of_a_character_are_joined_and_lone_ones_replaced() -> None:
    async def comes_apart(exchange: Exchange) -> None:
        start, end = reply(summary_text="去机场~。").split("~")
        await exchange.start_chunked()
        for part in (start, "\ud83d", "\ude00", "\ud83d", end):
            await exchange.delta(part)
        await exchange.delta(None, "stop")
        await exchange.done()

    async with provider(comes_apart) as (_server, engine):
        result = await engine.analyze(about(), ignore)
    assert result.summary_text == "去机场😀\ufffd。"


async def test_a_lone_half_in_what_is_no_answer_is_asked_about_again() -> None:
    async with provider(says("no JSON \ud83d"), ok) as (server, engine):
        await engine.analyze(about(), ignore)
    assert len(server.exchanges) == 2


@pytest.mark.parametrize("first", [ok, says(""), BEHAVIOURS["overloaded"]])
async def test_progress_only_grows_and_names_its_stage(first: Behaviour) -> None:
    steps: list[tuple[float, str]] = []
    async with provider(first, ok) as (_server, engine):
        await engine.analyze(about(), lambda *step: steps.append(step))
    fractions = [fraction for fraction, _ in steps]
    assert fractions == sorted(fractions)
    assert 0 <= fractions[0] <= fractions[-1] < 1
    assert {stage for _, stage in steps} == {"waiting", "writing", "checking"}


async def test_five_hundred_requests_are_in_flight_together() -> None:
    count = 500
    async with provider(hangs, first_content_s=60, deadline_s=60) as (server, engine):
        calls = [
            asyncio.create_task(engine.analyze(about(), ignore)) for _ in range(count)
        ]
        await asyncio.wait_for(server.exchange(count), 50)
        for call in calls:
            call.cancel()
        await asyncio.gather(*calls, return_exceptions=True)


async def test_a_connection_is_used_again() -> None:
    async with provider(ok) as (server, engine):
        for _ in range(3):
            await engine.analyze(about(), ignore)
        assert (len(server.exchanges), server.connections) == (3, 1)


async def test_a_cancelled_request_is_closed_at_once() -> None:
    async with provider(hangs) as (server, engine):
        call = asyncio.create_task(engine.analyze(about(), ignore))
        exchange = await server.exchange(1)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        await asyncio.wait_for(exchange.is_abandoned.wait(), 2)


async def test_an_engine_that_was_never_used_closes() -> None:
    await LlmEngine(LlmConfig()).aclose()
