"""Settings choose the engine, once, and say so when they cannot."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from tasks_app.inference.contract import InferenceError, Progress, Request, Result
from tasks_app.inference.llm import LlmEngine
from tasks_app.inference.local import LocalEngine
from tasks_app.inference.registry import create_engine
from tests.llm_server import LlmServer
from tests.unit.llm_setup import about, ignore

KEY = "sk-of-a-test"


class OwnEngine:
    """An engine that is not ours; it understands nothing."""

    name = "own"

    async def analyze(self, request: Request, progress: Progress) -> Result:
        raise InferenceError("own", "不懂", is_retryable=False)

    async def aclose(self) -> None:
        """Holds nothing."""


class NoEngine:
    """A class that lacks what an engine has."""


async def test_auto_is_the_local_engine_without_a_key(settings: Settings) -> None:
    settings.ENGINE, settings.LLM_API_KEY = "auto", ""
    assert isinstance(create_engine(), LocalEngine)


async def test_auto_is_the_llm_with_a_key(settings: Settings) -> None:
    settings.ENGINE, settings.LLM_API_KEY = "auto", KEY
    assert isinstance(create_engine(), LlmEngine)


async def test_local_is_local_even_with_a_key(settings: Settings) -> None:
    settings.ENGINE, settings.LLM_API_KEY = "local", KEY
    assert isinstance(create_engine(), LocalEngine)


def test_a_name_goes_before_the_setting(settings: Settings) -> None:
    settings.ENGINE, settings.LLM_API_KEY = "llm", KEY
    assert isinstance(create_engine("local"), LocalEngine)


def test_llm_without_a_key_names_the_variables_to_set(settings: Settings) -> None:
    settings.ENGINE, settings.LLM_API_KEY = "llm", ""
    with pytest.raises(ImproperlyConfigured, match=r"LLM_API_KEY.*DEEPSEEK_API_KEY"):
        create_engine()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LLM_API_KEY", "sk-密钥"),
        ("LLM_BASE_URL", "https://user:s3cret@host"),
        ("LLM_MODEL", ""),
        ("LLM_DEADLINE_S", 0),
    ],
)
def test_a_wrong_value_is_named_but_not_shown(
    settings: Settings, name: str, value: object
) -> None:
    settings.ENGINE, settings.LLM_API_KEY = "llm", KEY
    setattr(settings, name, value)
    with pytest.raises(ImproperlyConfigured, match=f"^{name}: ") as caught:
        create_engine()
    assert not value or str(value) not in str(caught.value)
    assert "s3cret" not in str(caught.value)


async def test_every_setting_reaches_the_provider(settings: Settings) -> None:
    async with LlmServer() as server:
        settings.ENGINE, settings.LLM_API_KEY = "llm", KEY
        settings.LLM_BASE_URL = f"{server.url}/v1/"
        settings.LLM_MODEL, settings.LLM_PROVIDER_NAME = "qwen3", "vLLM"
        settings.LLM_RESPONSE_FORMAT = "none"
        engine = create_engine()
        result = await engine.analyze(about(), ignore)
        await engine.aclose()
    (exchange,) = server.exchanges
    assert exchange.path == "/v1/chat/completions"
    assert exchange.headers["authorization"] == f"Bearer {KEY}"
    assert exchange.payload["model"] == "qwen3"
    assert "response_format" not in exchange.payload
    assert result.model_version == "vllm:qwen3"


async def test_a_setting_of_time_is_kept(settings: Settings) -> None:
    async with LlmServer(delay_s=5) as server:
        settings.ENGINE, settings.LLM_API_KEY = "llm", KEY
        settings.LLM_BASE_URL = server.url
        settings.LLM_FIRST_CONTENT_S = 0.3
        engine = create_engine()
        with pytest.raises(InferenceError, match="网络超时"):
            await engine.analyze(about(), ignore)
        await engine.aclose()


def test_a_dotted_path_is_somebody_elses_engine(settings: Settings) -> None:
    settings.ENGINE = f"{__name__}.OwnEngine"
    assert create_engine().name == "own"


@pytest.mark.parametrize("path", ["nonsense", "no.such.Engine", f"{__name__}.Missing"])
def test_a_path_that_leads_nowhere_is_refused(settings: Settings, path: str) -> None:
    settings.ENGINE = path
    with pytest.raises(ImproperlyConfigured, match=f"PULSEWEAVE_ENGINE={path}"):
        create_engine()


@pytest.mark.parametrize("path", [f"{__name__}.NoEngine", f"{__name__}.KEY"])
def test_what_is_no_engine_is_refused(settings: Settings, path: str) -> None:
    settings.ENGINE = path
    with pytest.raises(ImproperlyConfigured, match="analyze"):
        create_engine()
