"""Local inference and language models."""

from django.core.exceptions import ImproperlyConfigured
from marshmallow.validate import OneOf, Range

from pulseweave.settings.base import duration, env
from pulseweave.settings.tasks import TASK_DEADLINE_S

ENGINE = env.str("PULSEWEAVE_ENGINE", "auto")
"""`auto`, `local`, `llm`, or the dotted path of an Engine class."""
LLM_API_KEY = env.str("LLM_API_KEY", "") or env.str("DEEPSEEK_API_KEY", "")
LLM_BASE_URL = env.str("LLM_BASE_URL", "https://api.deepseek.com")
LLM_MODEL = env.str("LLM_MODEL", "deepseek-flash")
LLM_PROVIDER_NAME = env.str("LLM_PROVIDER_NAME", "DeepSeek")
LLM_RESPONSE_FORMAT = env.str(
    "LLM_RESPONSE_FORMAT",
    "json_object",
    validate=OneOf(["json_schema", "json_object", "none"]),
)
LLM_DEADLINE_S = env.float(
    "LLM_DEADLINE_S", max(1.0, TASK_DEADLINE_S - 1), validate=duration(1)
)
"""A second less than an attempt has, so that the engine can say what was late."""
if LLM_DEADLINE_S > TASK_DEADLINE_S:
    raise ImproperlyConfigured(
        f"LLM_DEADLINE_S ({LLM_DEADLINE_S:g}) must not exceed "
        f"PULSEWEAVE_TASK_DEADLINE_S ({TASK_DEADLINE_S:g}): no answer may take longer "
        "than its attempt."
    )
LLM_FIRST_CONTENT_S = env.float("LLM_FIRST_CONTENT_S", 15.0, validate=duration(0.1))
_PRICE = Range(0, 1_000_000)
LLM_PRICE_INPUT = env.decimal("LLM_PRICE_INPUT", None, validate=_PRICE)
"""Of a million tokens, like the others; None = not known."""
LLM_PRICE_OUTPUT = env.decimal("LLM_PRICE_OUTPUT", None, validate=_PRICE)
LLM_PRICE_CACHED_INPUT = env.decimal(
    "LLM_PRICE_CACHED_INPUT", LLM_PRICE_INPUT, validate=_PRICE
)
"""Of those that the provider had in its cache."""
if (LLM_PRICE_INPUT is None) != (LLM_PRICE_OUTPUT is None):
    raise ImproperlyConfigured(
        "LLM_PRICE_INPUT and LLM_PRICE_OUTPUT belong together: set both or neither."
    )
LLM_CONTENT_GAP_S = env.float("LLM_CONTENT_GAP_S", 10.0, validate=duration(0.1))
