"""The LLM engine as the settings want it."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _
from pydantic import ValidationError

from tasks_app.inference.llm.config import LlmConfig, Prices
from tasks_app.inference.llm.engine import LlmEngine


def configured_engine() -> LlmEngine:
    """Raises `ImproperlyConfigured`, which names the variable that is wrong."""
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
