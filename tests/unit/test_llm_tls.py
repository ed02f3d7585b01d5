"""Over the network the provider must prove who it is, before it is told anything."""

import socket
import ssl
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tasks_app.inference.contract import InferenceError
from tasks_app.inference.llm import LlmConfig, LlmEngine, transport
from tests.certificates import self_signed
from tests.llm_behaviours import ok
from tests.llm_server import LlmServer
from tests.unit.llm_setup import KEY, about, ignore


@pytest.fixture(autouse=True)
def _every_name_leads_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a forged answer of the name service would have it."""
    resolve = socket.getaddrinfo

    def here(_host: object, *args: Any, **options: Any) -> Any:
        return resolve("127.0.0.1", *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", here)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    return tmp_path / "certificate.pem"


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The certificate is an authority's, as a company's own would be."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    transport._authorities.cache_clear()
    yield
    transport._authorities.cache_clear()


@asynccontextmanager
async def provider_at(
    host: str, tls: ssl.SSLContext, **limits: Any
) -> AsyncIterator[tuple[LlmServer, LlmEngine]]:
    async with LlmServer(ok, tls=tls) as server:
        url = server.url.replace("127.0.0.1", host)
        engine = LlmEngine(LlmConfig(api_key=KEY, base_url=url, **limits))
        try:
            yield server, engine
        finally:
            await engine.aclose()


@pytest.mark.parametrize("name", ["api.deepseek.com", "evil.example.com"])
async def test_a_certificate_that_nobody_vouches_for_is_refused_in_time(
    name: str, certificate: Path
) -> None:
    tls = self_signed(name, certificate)
    limits = {"backoff_s": 0.01, "deadline_s": 5}
    async with provider_at("api.deepseek.com", tls, **limits) as (server, engine):
        begun = time.monotonic()
        with pytest.raises(InferenceError) as caught:
            await engine.analyze(about(), ignore)
        assert time.monotonic() - begun < 5
    assert caught.value.message == "DeepSeek API调用失败: 网络连接失败"
    assert (caught.value.code, caught.value.is_retryable) == ("llm_network", True)
    assert server.exchanges == []


@pytest.mark.usefixtures("trusted")
async def test_a_certificate_of_another_name_is_refused(certificate: Path) -> None:
    tls = self_signed("evil.example.com", certificate)
    async with provider_at("api.deepseek.com", tls, backoff_s=0.01) as (server, engine):
        with pytest.raises(InferenceError, match="网络连接失败"):
            await engine.analyze(about(), ignore)
    assert server.exchanges == []


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize(
    ("host", "is_deepseek"),
    [
        ("api.deepseek.com", True),
        ("API.DeepSeek.com", True),
        ("eu.api.deepseek.com", True),
        ("gateway.example.com", False),
        ("deepseek.com", False),
        ("not-api.deepseek.com", False),
        ("api.deepseek.com.example.com", False),
    ],
)
async def test_deepseeks_own_parameter_is_sent_to_deepseek_alone(
    host: str, is_deepseek: bool, certificate: Path
) -> None:
    tls = self_signed(host.lower(), certificate)
    async with provider_at(host, tls) as (server, engine):
        assert (await engine.analyze(about(), ignore)).task_type == "trip"
    payload = server.exchanges[0].payload
    assert payload["model"] == "deepseek-flash"
    told = {"type": "disabled"} if is_deepseek else None
    assert payload.get("thinking") == told
