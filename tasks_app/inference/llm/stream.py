"""The answer of chat/completions, from bytes, without I/O.

`SseReader` cuts a byte stream into the payloads of server-sent events; `Answer`
gathers what those payloads say. A server that ignores `stream` sends one JSON body
instead: the reader keeps the bytes that were no event, and `Answer` takes that too.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from tasks_app.inference.contract import TokenUsage
from tasks_app.inference.llm.failures import Failure, LlmError, fault_in_body

_DONE = "[DONE]"
_THOUGHTS = ("reasoning_content", "reasoning")
"""Where DeepSeek, and where others put what is no answer yet."""


class SseReader:
    """Server-sent events (WHATWG HTML, 9.2), of which only `data` matters here.

    Lines end in CR, LF or both; comments (`: keep-alive`) and other fields are
    skipped. `plain` holds the lines that belong to no event stream.
    """

    def __init__(self) -> None:
        self._rest = b""
        self._data: list[str] = []
        self.plain = bytearray()

    def feed(self, chunk: bytes) -> Iterator[str]:
        """The payloads that `chunk` completes."""
        *lines, rest = (self._rest + chunk).splitlines(keepends=True) or [b""]
        # A line's end may come with the next chunk, and CR may be half of CRLF.
        if rest.endswith(b"\n"):
            lines, rest = [*lines, rest], b""
        self._rest = rest
        for line in lines:
            yield from self._take(line.rstrip(b"\r\n"))

    def end(self) -> Iterator[str]:
        """What was left without its blank line when the stream ended."""
        yield from self._take(self._rest.rstrip(b"\r\n"))
        yield from self._take(b"")

    def _take(self, line: bytes) -> Iterator[str]:
        name, _, value = line.removeprefix(b"\xef\xbb\xbf").partition(b":")
        if not line:
            if self._data:
                yield "\n".join(self._data)
            self._data = []
        elif name == b"data":
            self._data.append(value.removeprefix(b" ").decode(errors="replace"))
        elif name not in (b"", b"event", b"id", b"retry"):
            self.plain += line + b"\n"


@dataclass
class Answer:
    """What one exchange brought.

    `signs` counts pieces in which the model said something, thinking included: the
    only proof of life that keep-alive lines and empty chunks cannot fake.
    """

    content: str = ""
    signs: int = 0
    finish_reason: str | None = None
    is_done: bool = False
    usage: TokenUsage = field(default_factory=TokenUsage)

    @property
    def text(self) -> str:
        """The content; halves of a character from two chunks are one again.

        A half without its other cannot be sent or stored: it is replaced.
        """
        return self.content.encode("utf-16", "surrogatepass").decode(
            "utf-16", "replace"
        )

    @property
    def is_finished(self) -> bool:
        """Whether the model has said its last word."""
        return self.is_done or self.finish_reason is not None

    @property
    def progress(self) -> tuple[int, bool]:
        """Changes when something comes that is worth waiting for."""
        return self.signs, self.is_finished

    def take(self, payload: str) -> None:
        """One event's payload; raises `LlmError` for an error or for no JSON."""
        if payload.strip() == _DONE:
            self.is_done = True
        else:
            self.take_body(payload)

    def take_body(self, document: str) -> None:
        """One JSON object: a chunk of a stream, or the whole answer."""
        body = _json_object(document)
        self._take_usage(body.get("usage"))
        if fault := fault_in_body(body):
            # What has begun is not asked for again.
            fault.is_transient = fault.is_transient and not self.signs
            raise fault
        choices = body.get("choices")
        if isinstance(choices, list) and choices and isinstance(choices[0], dict):
            self._take_choice(choices[0])

    def _take_choice(self, choice: dict[str, object]) -> None:
        message = choice.get("delta") or choice.get("message")
        if isinstance(message, dict):
            content = message.get("content")
            if isinstance(content, str):
                self.content += content
            if content or any(message.get(name) for name in _THOUGHTS):
                self.signs += 1
        reason = choice.get("finish_reason")
        if isinstance(reason, str) and reason:
            self.finish_reason = reason

    def _take_usage(self, usage: object) -> None:
        """DeepSeek counts cached tokens in its own field, others in a nested one."""
        if not isinstance(usage, dict):
            return
        details = usage.get("prompt_tokens_details")
        nested = details.get("cached_tokens") if isinstance(details, dict) else None
        # Gateways pass on fields of others as null.
        own = usage.get("prompt_cache_hit_tokens")
        self.usage = TokenUsage(
            prompt=_count(usage.get("prompt_tokens")),
            prompt_cached=_count(nested if own is None else own),
            completion=_count(usage.get("completion_tokens")),
        )

    def check_finish(self) -> None:
        """Raises if the model was stopped before its own end.

        Of reasons that nobody told us of, the content decides: what can be read as a
        reply is one, and the rest is asked for again. So it is with `tool_calls` and
        `function_call`, though there were no tools to call: the content is blank.
        """
        if self.finish_reason == "insufficient_system_resource":
            raise LlmError(Failure.BUSY, is_transient=True)
        if self.finish_reason == "length":
            raise LlmError(Failure.TRUNCATED)
        if self.finish_reason == "content_filter":
            raise LlmError(Failure.CONTENT_FILTER)


def _count(value: object) -> int:
    """A token count, or 0 for what cannot be one."""
    return value if isinstance(value, int) and 0 < value < 2**31 else 0


def _json_object(document: str) -> dict[str, object]:
    try:
        body = json.loads(document)
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise LlmError(Failure.BAD_JSON)
    return body
