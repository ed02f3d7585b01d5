"""What can go wrong with a provider, and how its answers say so.

Everything below this package raises `LlmError`; the engine turns it into the
`InferenceError` of the task at its one door. A fault holds a row of the table and
two hints for the retry, nothing that the user or the provider wrote.
"""

import json
import re
from collections.abc import Iterator, Mapping
from enum import Enum


class Failure(Enum):
    """Code for programs, text for people, and whether trying later may help."""

    NO_KEY = ("llm_no_key", "未配置API密钥", False)
    UNAUTHORIZED = ("llm_unauthorized", "密钥无效", False)
    FORBIDDEN = ("llm_forbidden", "密钥无效", False)
    """The key is known and may not do this: not what pauses a provider at once."""
    BALANCE = ("llm_balance", "账户余额不足", False)
    BAD_REQUEST = ("llm_bad_request", "请求格式错误", False)
    MODEL_NOT_FOUND = ("llm_model_not_found", "模型名称不存在", False)
    BAD_PARAMETERS = ("llm_bad_parameters", "请求参数错误", False)
    RATE_LIMITED = ("llm_rate_limited", "请求过于频繁，请稍后再试", True)
    SERVER_ERROR = ("llm_server_error", "服务器故障", True)
    BUSY = ("llm_busy", "服务器繁忙", True)
    NETWORK = ("llm_network", "网络连接失败", True)
    TIMEOUT = ("llm_timeout", "网络超时", True)
    DEADLINE = ("llm_deadline", "处理超过总时限", True)
    REDIRECTED = ("llm_redirected", "服务器要求重定向，已拒绝", False)
    TOO_LARGE = ("llm_too_large", "返回内容过大", True)
    EMPTY = ("llm_empty", "返回内容为空", True)
    BAD_JSON = ("llm_bad_json", "返回的JSON无法解析", True)
    BAD_FIELDS = ("llm_bad_fields", "返回字段不符合要求", True)
    TRUNCATED = ("llm_truncated", "输出被截断", True)
    CONTENT_FILTER = ("llm_content_filter", "内容被安全策略拦截", False)

    def __init__(self, code: str, text: str, is_retryable: bool) -> None:
        self.code = code
        self.text = text
        self.is_retryable = is_retryable


class LlmError(Exception):
    """One exchange with the provider failed.

    `is_transient` says that repeating it right away makes sense; `retry_after_s` is
    the wait that the provider asked for.
    """

    def __init__(
        self,
        failure: Failure,
        *,
        is_transient: bool = False,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(failure.code)
        self.failure = failure
        self.is_transient = is_transient
        self.retry_after_s = retry_after_s


class FormatRefusedError(LlmError):
    """The provider does not take this `response_format`; a simpler one may do."""


_BY_STATUS = {
    401: Failure.UNAUTHORIZED,
    402: Failure.BALANCE,
    403: Failure.FORBIDDEN,
    404: Failure.MODEL_NOT_FOUND,
    408: Failure.TIMEOUT,
    422: Failure.BAD_PARAMETERS,
    429: Failure.RATE_LIMITED,
    503: Failure.BUSY,
}
_TRANSIENT_STATUSES = frozenset({408, 429, *range(500, 600)})

# Words in an error's `type`, `code` or `message`, for bodies that name no status.
_STATUS_WORDS = (
    (re.compile(r"authenti|api.?key|unauthorized", re.IGNORECASE), 401),
    (re.compile(r"permission|forbidden", re.IGNORECASE), 403),
    (re.compile(r"insufficient.?(balance|quota)|billing", re.IGNORECASE), 402),
    (re.compile(r"rate.?limit|too many|concurren", re.IGNORECASE), 429),
    (re.compile(r"overload|unavailable|busy|capacity", re.IGNORECASE), 503),
    (re.compile(r"invalid.?(request|param)", re.IGNORECASE), 400),
)
_QUOTA = re.compile(r"insufficient.?(balance|quota)", re.IGNORECASE)
_MODEL = re.compile(
    r"model_not_found|(unknown|invalid|unsupported) model"
    r"|model\b.{0,120}?(not exist|not found|no longer|retired|deprecated)",
    re.IGNORECASE | re.DOTALL,
)
_CONTENT = re.compile(
    r"content.?(exists.?risk|filter|policy)|moderation", re.IGNORECASE
)
"""What was asked is refused, by DeepSeek ("Content Exists Risk") and gateways."""
_ECHOES = frozenset({"input", "body"})
"""Fields of an error that hold what was sent."""
_FORMAT = re.compile(r"response_format|json_schema|json_object", re.IGNORECASE)


def fault_of_status(
    status: int, said: str, retry_after_s: float | None = None
) -> LlmError:
    """The fault that an HTTP status stands for; `said` is the body, to look for hints.

    >>> fault_of_status(402, "").failure
    <Failure.BALANCE: ('llm_balance', '账户余额不足', False)>
    """
    said = _without_echo(said)
    failure = _named(_BY_STATUS.get(status) or _by_family(status), said)
    if status in (400, 422) and names_format(said):
        return FormatRefusedError(failure)
    if failure is Failure.BALANCE:
        return LlmError(failure)
    return LlmError(
        failure,
        is_transient=status in _TRANSIENT_STATUSES,
        retry_after_s=retry_after_s,
    )


def names_format(said: str) -> bool:
    """Whether these words may be about the `response_format`."""
    return _FORMAT.search(said) is not None


def _named(failure: Failure, said: str) -> Failure:
    """The failure, or a more exact one that the words tell of."""
    if failure is Failure.RATE_LIMITED and _QUOTA.search(said):
        return Failure.BALANCE
    if failure is Failure.BAD_REQUEST and _MODEL.search(said):
        return Failure.MODEL_NOT_FOUND
    if failure in (Failure.BAD_REQUEST, Failure.FORBIDDEN) and _CONTENT.search(said):
        return Failure.CONTENT_FILTER
    return failure


def _without_echo(said: str) -> str:
    """The body's words, but for the request that some servers repeat in it."""
    try:
        body = json.loads(said)
    except (ValueError, RecursionError):
        return said
    return " ".join(_scalars(body))


def _by_family(status: int) -> Failure:
    if 300 <= status < 400:
        return Failure.REDIRECTED
    return Failure.BAD_REQUEST if status < 500 else Failure.SERVER_ERROR


def fault_in_body(body: Mapping[str, object]) -> LlmError | None:
    """The fault that a gateway reports inside HTTP 200, or None where there is none.

    Known shapes: `{"error": {"code", "type", "message"}}`, `{"error": "…"}`, and flat
    `{"object": "error", …}` or `{"code": 503, "msg": "…"}` without any choices.
    """
    error = body.get("error")
    if not error and "choices" in body:
        return None
    is_flat = body.get("object") == "error" or "code" in body or "detail" in body
    if not error and not is_flat:
        return None
    words = list(_scalars(error or body))
    said = " ".join(words)
    return fault_of_status(_status_in(words, said), said)


def _scalars(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, item in value.items():
            if name not in _ECHOES:
                yield from _scalars(item)
    elif isinstance(value, list):
        for item in value:
            yield from _scalars(item)
    elif isinstance(value, str | int):
        yield str(value)


def _status_in(words: list[str], said: str) -> int:
    numbers = (int(word) for word in words if re.fullmatch(r"[45]\d\d", word))
    named = (status for pattern, status in _STATUS_WORDS if pattern.search(said))
    return next(numbers, None) or next(named, 500)
