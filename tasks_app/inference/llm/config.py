"""What an LLM engine needs to know about its provider."""

import re
from decimal import Decimal
from ipaddress import ip_address
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from tasks_app.inference.contract import TokenUsage

ResponseFormat = Literal["json_schema", "json_object", "none"]
Seconds = Annotated[float, Field(gt=0)]
_Price = Annotated[Decimal, Field(ge=0)]
_TOKENS_A_PRICE = 1_000_000
_SMALLEST_COST = Decimal("0.00000001")
_ENDPOINT = "/chat/completions"
_NOT_PLAIN = re.compile(r"[\s@?#\\]")
"""Looked for in the address itself: parsing drops line ends and an empty query."""


class Prices(BaseModel):
    """For a million tokens each, in any one currency."""

    model_config = ConfigDict(frozen=True)

    input: _Price
    cached_input: _Price
    output: _Price

    def of(self, usage: TokenUsage) -> Decimal:
        """What these tokens cost; cached ones have a price of their own."""
        cached = min(usage.prompt_cached, usage.prompt)
        total = (
            (usage.prompt - cached) * self.input
            + cached * self.cached_input
            + usage.completion * self.output
        )
        return (total / _TOKENS_A_PRICE).quantize(_SMALLEST_COST)


def _is_header_safe(key: SecretStr) -> SecretStr:
    """A pasted key often brings a line end along; anything else odd is refused."""
    stripped = key.get_secret_value().strip()
    if not stripped.isascii() or not stripped.isprintable() or " " in stripped:
        raise ValueError("must be printable ASCII without spaces")
    return SecretStr(stripped)


def _is_plain_address(url: str) -> str:
    url = url.strip().rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be an http:// or https:// address")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise ValueError("must be https://: the key would travel in the clear")
    if _NOT_PLAIN.search(url):
        raise ValueError("must hold no user, password, query, fragment or space")
    if parts.port == 0:
        raise ValueError("Port out of range 1-65535")
    if parts.path.endswith(_ENDPOINT):
        raise ValueError(f"must be what stands before {_ENDPOINT}")
    return url


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class LlmConfig(BaseModel):
    """One provider, one model, and the limits that hold for each request.

    `deadline_s` is around everything, retries included; `first_content_s` and
    `content_gap_s` are the longest silences before and between pieces of content,
    where keep-alive comments count as silence.
    """

    # A rejected value may be a key: errors name the field only.
    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    api_key: Annotated[SecretStr, AfterValidator(_is_header_safe)] = SecretStr("")
    base_url: Annotated[str, AfterValidator(_is_plain_address)] = (
        "https://api.deepseek.com"
    )
    model: Annotated[str, Field(min_length=1)] = "deepseek-flash"
    provider_name: Annotated[str, Field(min_length=1)] = "DeepSeek"
    response_format: ResponseFormat = "json_object"
    deadline_s: Seconds = 30.0
    first_content_s: Seconds = 15.0
    content_gap_s: Seconds = 10.0
    connect_s: Seconds = 5.0
    temperature: float = 0.2
    max_tokens: int = 900
    max_body_bytes: int = 2 * 1024 * 1024
    max_connections: int = 1024
    retries: int = 2
    backoff_s: Seconds = 1.0
    """Ceiling of the first random wait; it doubles with each retry."""
    prices: Prices | None = None
    account_pause_s: Seconds = 60.0
    """The first pause after a refused key or an empty account."""
    outage_pause_s: Seconds = 15.0
    """The first pause after a run of other faults."""
    longest_pause_s: Seconds = 300.0
    outage_run: int = 8
    """Faults in a row, without one answer, that count as an outage."""

    def charged(self, usage: TokenUsage) -> TokenUsage | None:
        """With its cost, if prices are known; None when nothing was charged."""
        if not (usage.prompt or usage.completion):
            return None
        cost = self.prices.of(usage) if self.prices else None
        return usage.model_copy(update={"cost": cost})

    @property
    def url(self) -> str:
        return self.base_url + _ENDPOINT

    @property
    def is_deepseek(self) -> bool:
        """Whether DeepSeek itself answers, who understands its own parameters.

        Only the address tells: gateways take its model names and refuse its parameters.
        """
        host = urlsplit(self.base_url).hostname or ""
        return host == "api.deepseek.com" or host.endswith(".api.deepseek.com")

    @property
    def model_version(self) -> str:
        """`provider:model`, as results name their engine."""
        return f"{self.provider_name.lower()}:{self.model}"
