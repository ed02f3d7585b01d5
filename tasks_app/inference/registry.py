"""Which engine answers: the one place that reads the engine settings."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from pydantic import ValidationError

from tasks_app.inference.contract import Engine
from tasks_app.inference.llm import LlmConfig, LlmEngine, Prices
from tasks_app.inference.local import LocalEngine


def create_engine(name: str | None = None) -> Engine:
    """The engine called `name`, by default `settings.ENGINE`.

    `auto` is the LLM where a key is set and the local engine elsewhere, which is
    decided here, once: nothing falls back later in silence. A dotted path names an
    Engine class that needs no arguments. Raises `ImproperlyConfigured`.
    """
    name = name or settings.ENGINE
    if name == "auto":
        name = "llm" if settings.LLM_API_KEY else "local"
    if name == "local":
        return LocalEngine()
    if name == "llm":
        return _llm_engine()
    return _custom_engine(name)


def _llm_engine() -> LlmEngine:
    if not settings.LLM_API_KEY:
        raise ImproperlyConfigured(
            _(
                "使用 LLM 引擎需要密钥：请设置 LLM_API_KEY 或 DEEPSEEK_API_KEY，"
                "或把 PULSEWEAVE_ENGINE 改为 local。"
            )
        )
    try:
        return LlmEngine(
            LlmConfig(
                api_key=settings.LLM_API_KEY,
                base_url=settings.LLM_BASE_URL,
                model=settings.LLM_MODEL,
                provider_name=settings.LLM_PROVIDER_NAME,
                response_format=settings.LLM_RESPONSE_FORMAT,
                deadline_s=settings.LLM_DEADLINE_S,
                first_content_s=settings.LLM_FIRST_CONTENT_S,
                content_gap_s=settings.LLM_CONTENT_GAP_S,
                prices=_prices(),
            )
        )
    except ValidationError as error:
        raise ImproperlyConfigured(_complaint(error)) from None


def _prices() -> Prices | None:
    if settings.LLM_PRICE_INPUT is None:
        return None
    return Prices(
        input=settings.LLM_PRICE_INPUT,
        cached_input=settings.LLM_PRICE_CACHED_INPUT,
        output=settings.LLM_PRICE_OUTPUT,
    )


def _complaint(error: ValidationError) -> str:
    """Which variable is wrong and why; never its value, which may be the key."""
    faults = error.errors(include_url=False, include_input=False, include_context=False)
    return "; ".join(
        f"LLM_{str(fault['loc'][0]).upper()}: {fault['msg']}" for fault in faults
    )


def _custom_engine(path: str) -> Engine:
    try:
        engine_class = import_string(path)
    except ImportError as error:
        raise ImproperlyConfigured(
            _("PULSEWEAVE_ENGINE=%(path)s 无法导入：%(reason)s")
            % {"path": path, "reason": error}
        ) from error
    if not all(hasattr(engine_class, part) for part in ("name", "analyze", "aclose")):
        raise ImproperlyConfigured(
            _("PULSEWEAVE_ENGINE=%(path)s 不是引擎：需要 name、analyze 和 aclose")
            % {"path": path}
        )
    engine: Engine = engine_class()
    return engine
