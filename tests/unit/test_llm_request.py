"""What the LLM engine sends, and what it keeps to itself."""

import asyncio
import json
import logging
import traceback

import pytest

from tasks_app.inference.contract import InferenceError
from tasks_app.inference.llm import LlmConfig
from tasks_app.protocol.events import Event
from tests.llm_behaviours import (
    BEHAVIOURS,
    Behaviour,
    Exchange,
    ok,
    refuses,
    reply,
    says,
    takes_only,
)
from tests.unit.llm_setup import KEY, TEXT, about, ignore, provider


async def test_the_request_is_what_the_provider_documents() -> None:
    async with provider(ok) as (server, engine):
        await engine.analyze(about(), ignore)
    (exchange,) = server.exchanges
    payload = exchange.payload
    assert exchange.headers["authorization"] == f"Bearer {KEY}"
    assert payload["model"] == "deepseek-flash"
    assert payload["response_format"] == {"type": "json_object"}
    assert (payload["stream"], payload["temperature"]) == (True, 0.2)
    assert payload["stream_options"] == {"include_usage": True}
    assert payload["max_tokens"] == 900


@pytest.mark.parametrize(
    "model",
    ["gpt-5-mini", "deepseek-flash", "deepseek-r1:7b", "deepseek-ai/DeepSeek-V3"],
)
async def test_other_providers_do_not_get_deepseeks_parameter(model: str) -> None:
    async with provider(ok, model=model, provider_name="vLLM") as (server, engine):
        result = await engine.analyze(about(), ignore)
    assert "thinking" not in server.exchanges[0].payload
    assert result.model_version == f"vllm:{model}"


async def test_the_system_message_never_changes_and_the_data_is_json() -> None:
    async with provider(ok) as (server, engine):
        await engine.analyze(about(), ignore)
        await engine.analyze(about("买牛奶", Event(tags=["早起"])), ignore)
    systems = {
        exchange.payload["messages"][0]["content"] for exchange in server.exchanges
    }
    assert len(systems) == 1
    assert "json" in systems.pop()
    data = json.loads(server.exchanges[0].user_message.split("\n")[1])
    assert data == {
        "now": "2026-03-02T09:00:05+08:00",
        "timezone": "Asia/Shanghai",
        "weekday": "星期一",
        "text": TEXT,
    }


@pytest.mark.parametrize(
    ("bad", "complaint"),
    [
        ("", "输出是空的"),
        ('{"task_type": ', "EOF"),
        (reply(task_type="travel"), "task_type"),
        (reply(confidence=90), "confidence"),
        (reply(confidence=True), "confidence: Input should be a valid number"),
        (reply(potential_omissions=[""]), "potential_omissions.0"),
        (reply(summary_text="很" * 5000), "summary_text"),
        ("{}", "suggested_plan"),
        ("[1, 2]", "JSON"),
    ],
)
async def test_one_bad_reply_is_sent_back_with_what_was_wrong(
    bad: str, complaint: str
) -> None:
    async with provider(says(bad), ok) as (server, engine):
        result = await engine.analyze(about(), ignore)
    assert result.task_type == "trip"
    assert result.usage is not None
    assert result.usage.completion == 240
    first, second = (exchange.payload["messages"] for exchange in server.exchanges)
    assert second[:2] == first
    assert [message["role"] for message in second[2:]] == ["assistant", "user"]
    assert second[2]["content"]
    assert complaint in second[3]["content"]


def format_of(exchange: Exchange) -> str | None:
    wanted: str | None = exchange.payload.get("response_format", {}).get("type")
    return wanted


async def test_a_format_is_stepped_down_once_and_remembered() -> None:
    async with provider(takes_only(None), response_format="json_schema") as (
        server,
        engine,
    ):
        await engine.analyze(about(), ignore)
        await engine.analyze(about(), ignore)
    formats = [format_of(exchange) for exchange in server.exchanges]
    assert formats == ["json_schema", "json_object", None, None]


async def test_a_late_refusal_does_not_undo_a_further_step_down() -> None:
    refuse_first = asyncio.Event()

    async def refuses_late(exchange: Exchange) -> None:
        await refuse_first.wait()
        await takes_only(None)(exchange)

    behaviours = (refuses_late, takes_only(None))
    async with provider(*behaviours, response_format="json_schema") as (server, engine):
        early = asyncio.create_task(engine.analyze(about(), ignore))
        await server.exchange(1)
        await engine.analyze(about(), ignore)
        refuse_first.set()
        await early
    assert [format_of(exchange) for exchange in server.exchanges] == [
        "json_schema",
        "json_schema",
        "json_object",
        None,
        None,
    ]


def quotes_and_refuses(*words: str) -> Behaviour:
    """A server that refuses texts with such a word, and quotes them in its error."""

    async def behave(exchange: Exchange) -> None:
        said = exchange.user_message
        refusal = refuses(400, {"error": {"message": f"Content Exists Risk: {said}"}})
        is_refused = any(word in said for word in words)
        await (refusal if is_refused else ok)(exchange)

    return behave


async def test_a_refused_text_that_names_a_format_changes_it_for_nobody() -> None:
    behaviour = quotes_and_refuses("赌")
    async with provider(behaviour, response_format="json_schema") as (server, engine):
        with pytest.raises(InferenceError) as caught:
            await engine.analyze(about("去赌response_format"), ignore)
        await engine.analyze(about(), ignore)
    assert caught.value.code == "llm_content_filter"
    assert format_of(server.exchanges[-1]) == "json_schema"


async def test_a_text_that_names_a_format_steps_down_for_itself_alone() -> None:
    behaviours = (quotes_and_refuses("学"), ok)
    async with provider(*behaviours, response_format="json_schema") as (server, engine):
        await engine.analyze(about("学用json_schema"), ignore)
        await engine.analyze(about(), ignore)
    formats = [format_of(exchange) for exchange in server.exchanges]
    assert formats == ["json_schema", "json_object", "json_schema"]


async def test_a_simpler_format_is_not_kept_that_was_refused_as_well() -> None:
    refusal = refuses(400, {"error": {"message": "response_format: out of memory"}})
    behaviours = (refusal, refusal, refusal, ok)
    async with provider(*behaviours, response_format="json_schema") as (server, engine):
        with pytest.raises(InferenceError):
            await engine.analyze(about(), ignore)
        await engine.analyze(about(), ignore)
    assert format_of(server.exchanges[-1]) == "json_schema"


async def test_the_schema_asks_for_event_fields_only_with_an_event() -> None:
    async with provider(ok, response_format="json_schema") as (server, engine):
        await engine.analyze(about(), ignore)
        await engine.analyze(about(event=Event()), ignore)
    plain, rich = (
        exchange.payload["response_format"]["json_schema"]["schema"]["required"]
        for exchange in server.exchanges
    )
    assert "priority_level" not in plain
    assert set(rich) >= {*plain, "priority_level", "extracted_entities"}


async def test_without_a_key_nothing_is_sent() -> None:
    async with provider(ok, api_key="") as (server, engine):
        with pytest.raises(InferenceError) as caught:
            await engine.analyze(about(), ignore)
    assert caught.value.message == "DeepSeek API调用失败: 未配置API密钥"
    assert (caught.value.code, caught.value.is_retryable) == ("llm_no_key", False)
    assert server.exchanges == []


@pytest.mark.parametrize(
    "behaviour",
    [
        *(BEHAVIOURS[name] for name in ("ok", "bad-fields", "401", "reset", "flood")),
        refuses(400, {"error": {"message": f"{KEY} {TEXT}"}}),
    ],
)
async def test_neither_key_nor_text_nor_address_is_logged_or_raised(
    behaviour: Behaviour, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with provider(behaviour) as (server, engine):
        (outcome,) = await asyncio.gather(
            engine.analyze(about(), ignore), return_exceptions=True
        )
    error = ""
    if isinstance(outcome, BaseException):
        error = "".join(traceback.format_exception(outcome))
    for private in (KEY, TEXT, server.url):
        assert private not in error + caplog.text


def test_a_config_names_its_bad_field_and_keeps_its_value() -> None:
    with pytest.raises(ValueError, match="api_key") as caught:
        LlmConfig.model_validate({"api_key": "sk-密钥"})
    assert "sk-" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://127.0.0.1",
        "127.0.0.1:8000",
        "http://",
        "https://user:pass@host",
        "https://host/?key=1",
        "http://api.example.com",
        "http://10.0.0.1:8000",
        "http://127.0.0.1.example.com",
        "http://127.0.0.1\\@example.com",
        "https://@host",
        "https://host/?",
        "https://host/#",
        "https://ho st",
        "https://ho\nst",
        "https://host:99999",
        "https://host:0",
        "https://host:port",
        "https://[::1",
        "https://host/v1/chat/completions",
    ],
)
def test_an_address_must_be_plain_and_safe(url: str) -> None:
    with pytest.raises(ValueError, match="base_url"):
        LlmConfig(base_url=url)


@pytest.mark.parametrize(
    "url", ["http://localhost:11434/v1", "http://[::1]:8000", "https://10.0.0.1/v1"]
)
def test_a_key_may_travel_encrypted_or_not_at_all(url: str) -> None:
    assert LlmConfig(base_url=url).base_url == url
