"""A real client against a real server that fails in every way we know of.

Each fault ends in one decided error, after a decided number of requests.
"""

import asyncio
import gzip
from typing import NamedTuple

import pytest

from tasks_app.inference.contract import InferenceError
from tests.llm_behaviours import (
    BEHAVIOURS,
    Behaviour,
    Exchange,
    breaks_off,
    closes,
    ends,
    hangs,
    ok,
    refuses,
    reply,
    reports,
    says,
    stops_after,
)
from tests.unit.llm_setup import about, ignore, provider


class Fault(NamedTuple):
    name: str
    behaviour: Behaviour
    code: str
    text: str
    is_retryable: bool
    requests: int


FAULTS = [
    Fault("400", refuses(400), "llm_bad_request", "请求格式错误", False, 1),
    Fault("401", refuses(401), "llm_unauthorized", "密钥无效", False, 1),
    Fault("402", refuses(402), "llm_balance", "账户余额不足", False, 1),
    Fault("403", refuses(403), "llm_forbidden", "密钥无效", False, 1),
    Fault("404", refuses(404), "llm_model_not_found", "模型名称不存在", False, 1),
    Fault("422", refuses(422), "llm_bad_parameters", "请求参数错误", False, 1),
    Fault(
        "retired model",
        refuses(400, {"error": {"message": "Model Not Exist"}}),
        "llm_model_not_found",
        "模型名称不存在",
        False,
        1,
    ),
    Fault(
        "content risk",
        refuses(400, {"error": {"message": "Content Exists Risk"}}),
        "llm_content_filter",
        "内容被安全策略拦截",
        False,
        1,
    ),
    Fault("408", refuses(408), "llm_timeout", "网络超时", True, 3),
    Fault(
        "429",
        refuses(429),
        "llm_rate_limited",
        "请求过于频繁，请稍后再试",
        True,
        3,
    ),
    Fault(
        "429 for an hour",
        refuses(429, Retry_After="3600"),
        "llm_rate_limited",
        "请求过于频繁，请稍后再试",
        True,
        1,
    ),
    Fault("500", refuses(500), "llm_server_error", "服务器故障", True, 3),
    Fault("503", refuses(503), "llm_busy", "服务器繁忙", True, 3),
    Fault(
        "redirect",
        refuses(302, Location="http://127.0.0.1:1/"),
        "llm_redirected",
        "服务器要求重定向，已拒绝",
        False,
        1,
    ),
    Fault("reset", BEHAVIOURS["reset"], "llm_network", "网络连接失败", True, 3),
    Fault(
        "cut before content",
        stops_after(then=closes),
        "llm_network",
        "网络连接失败",
        True,
        3,
    ),
    Fault("cut in content", BEHAVIOURS["cut"], "llm_network", "网络连接失败", True, 1),
    Fault(
        "end in content",
        stops_after(reply()[:40], then=ends),
        "llm_network",
        "网络连接失败",
        True,
        1,
    ),
    Fault("no body", refuses(200), "llm_empty", "返回内容为空", True, 3),
    Fault("blank", says(""), "llm_empty", "返回内容为空", True, 2),
    Fault("only spaces", says(" \n "), "llm_empty", "返回内容为空", True, 2),
    Fault(
        "bad JSON", says("{not json}"), "llm_bad_json", "返回的JSON无法解析", True, 2
    ),
    Fault("prose", says("我不能"), "llm_bad_json", "返回的JSON无法解析", True, 2),
    Fault(
        "deep JSON",
        says('{"a":' * 50_000),
        "llm_bad_json",
        "返回的JSON无法解析",
        True,
        2,
    ),
    Fault(
        "web page",
        refuses(200, "<html>Login</html>"),
        "llm_bad_json",
        "返回的JSON无法解析",
        True,
        1,
    ),
    Fault(
        "schema-wrong",
        says(reply(task_type="travel")),
        "llm_bad_fields",
        "返回字段不符合要求",
        True,
        2,
    ),
    Fault("length", BEHAVIOURS["truncated"], "llm_truncated", "输出被截断", True, 1),
    Fault(
        "filter",
        BEHAVIOURS["filtered"],
        "llm_content_filter",
        "内容被安全策略拦截",
        False,
        1,
    ),
    Fault("overload", BEHAVIOURS["overloaded"], "llm_busy", "服务器繁忙", True, 3),
    Fault(
        "error body in 200",
        refuses(200, {"error": {"message": "x", "code": 402}}),
        "llm_balance",
        "账户余额不足",
        False,
        1,
    ),
    Fault(
        "error event in 200",
        reports({"message": "Rate limit reached", "type": "rate_limit_error"}),
        "llm_rate_limited",
        "请求过于频繁，请稍后再试",
        True,
        3,
    ),
    Fault(
        "error event after content",
        breaks_off({"message": "Rate limit reached", "type": "rate_limit_error"}),
        "llm_rate_limited",
        "请求过于频繁，请稍后再试",
        True,
        1,
    ),
    Fault(
        "ten megabytes, zipped",
        refuses(200, gzip.compress(b"x" * 10_000_000), Content_Encoding="gzip"),
        "llm_too_large",
        "返回内容过大",
        True,
        1,
    ),
    Fault(
        "ten megabytes", BEHAVIOURS["flood"], "llm_too_large", "返回内容过大", True, 1
    ),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
async def test_each_fault_has_its_error_and_its_retries(fault: Fault) -> None:
    async with provider(fault.behaviour) as (server, engine):
        with pytest.raises(InferenceError) as caught:
            await engine.analyze(about(), ignore)
    error = caught.value
    assert error.message == f"DeepSeek API调用失败: {fault.text}"
    assert (error.code, error.is_retryable) == (fault.code, fault.is_retryable)
    assert len(server.exchanges) == fault.requests


async def test_a_provider_that_is_not_there_is_a_network_fault() -> None:
    async with provider(ok) as (server, _engine):
        url = server.url
    async with provider(base_url=url) as (_server, engine):
        with pytest.raises(InferenceError) as caught:
            await engine.analyze(about(), ignore)
    assert caught.value.message == "DeepSeek API调用失败: 网络连接失败"


async def test_another_providers_name_takes_the_place_of_deepseek() -> None:
    async with provider(refuses(401), provider_name="通义千问") as (_server, engine):
        with pytest.raises(InferenceError) as caught:
            await engine.analyze(about(), ignore)
    assert caught.value.message == "通义千问 API调用失败: 密钥无效"


async def test_a_redirect_is_never_followed() -> None:
    async with provider(ok) as (target, _engine):
        redirect = refuses(307, Location=target.url)
        async with provider(redirect) as (_server, engine):
            with pytest.raises(InferenceError, match="重定向"):
                await engine.analyze(about(), ignore)
        assert target.exchanges == []


async def test_one_slow_request_does_not_hold_back_another() -> None:
    async with provider(hangs, ok) as (server, engine):
        slow = asyncio.create_task(engine.analyze(about(), ignore))
        await server.exchange(1)
        assert (await engine.analyze(about(), ignore)).task_type == "trip"
        assert not slow.done()
        slow.cancel()
        await asyncio.gather(slow, return_exceptions=True)


async def test_a_large_error_body_is_read_only_in_part() -> None:
    async def floods_as_error(exchange: Exchange) -> None:
        await exchange.start(400)
        while True:
            await exchange.send(b"x" * 65_536)

    async with provider(floods_as_error) as (_server, engine):
        with pytest.raises(InferenceError, match="请求格式错误"):
            await engine.analyze(about(), ignore)


@pytest.mark.parametrize("name", ["HTTP_PROXY", "ALL_PROXY"])
async def test_a_proxy_of_the_environment_is_not_used(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "http://127.0.0.1:1")
    async with provider(ok) as (_server, engine):
        assert (await engine.analyze(about(), ignore)).task_type == "trip"
