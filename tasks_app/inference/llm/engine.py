"""The engine that asks a large language model.

    analyze ─ deadline ─ question ─ retries ─ exchange ─ transport
                            └ one re-ask if the reply is no answer

One total deadline is around all of it. What fails comes out as `InferenceError`.
"""

import asyncio
import time
from itertools import pairwise

from tasks_app.inference.contract import (
    InferenceError,
    Progress,
    Request,
    Result,
    TokenUsage,
)
from tasks_app.inference.event_facts import trust_in_hearing
from tasks_app.inference.llm.config import LlmConfig, ResponseFormat
from tasks_app.inference.llm.failures import (
    Failure,
    FormatRefusedError,
    LlmError,
    names_format,
)
from tasks_app.inference.llm.parsing import Reply, insights_of
from tasks_app.inference.llm.pause import Breaker, Pause
from tasks_app.inference.llm.prompt import Message
from tasks_app.inference.llm.question import Backoff, Question
from tasks_app.inference.llm.stream import Answer
from tasks_app.inference.llm.transport import Listener, Transport

_ORDER: tuple[ResponseFormat, ...] = ("json_schema", "json_object", "none")
_SIMPLER = dict(pairwise(_ORDER))


class LlmEngine:
    """DeepSeek, or any server with OpenAI's chat/completions, as an `Engine`."""

    name = "llm"

    def __init__(self, config: LlmConfig) -> None:
        self._config = config
        self._transport = Transport(config)
        self._format = config.response_format
        self._breaker = Breaker(config)

    @property
    def model_version(self) -> str:
        return self._config.model_version

    @property
    def pause(self) -> Pause | None:
        """The pause that the provider is in; to keep it is the caller's part."""
        return self._breaker.pause

    async def aclose(self) -> None:
        await self._transport.aclose()

    async def analyze(self, request: Request, progress: Progress) -> Result:
        """Ask, within the deadline. Raises `InferenceError`, with nothing private."""
        started = time.monotonic()
        question = Question(self._exchange, progress)
        try:
            self._check_key()
            reply = await self._within_deadline(question, request)
        except LlmError as fault:
            raise self._error(fault.failure, question.usage) from None
        return Result(
            task_type=reply.task_type,
            # The model does not know the recording.
            confidence=round(reply.confidence * trust_in_hearing(request.event), 2),
            potential_omissions=reply.potential_omissions,
            summary_text=reply.summary_text,
            suggested_plan=reply.suggested_plan,
            latency_ms=round((time.monotonic() - started) * 1000),
            model_version=self.model_version,
            insights=insights_of(reply, request),
            usage=self._config.charged(question.usage),
        )

    def _check_key(self) -> None:
        if not self._config.api_key.get_secret_value():
            raise LlmError(Failure.NO_KEY)

    def _error(self, failure: Failure, usage: TokenUsage) -> InferenceError:
        return InferenceError(
            failure.code,
            f"{self._config.provider_name} API调用失败: {failure.text}",
            is_retryable=failure.is_retryable,
            usage=self._config.charged(usage),
        )

    async def _within_deadline(self, question: Question, request: Request) -> Reply:
        try:
            async with asyncio.timeout(self._config.deadline_s) as deadline:
                backoff = Backoff(self._config, deadline)
                reply = await question.put(request, backoff)
        except TimeoutError:
            self._breaker.failed(Failure.DEADLINE)
            raise LlmError(Failure.DEADLINE) from None
        except LlmError as fault:
            self._breaker.failed(fault.failure)
            raise
        self._breaker.succeeded()
        return reply

    async def _exchange(
        self, messages: list[Message], model: type[Reply], listener: Listener
    ) -> Answer:
        """One question and its answer, in the richest format the provider takes."""
        used = self._format
        while True:
            payload = self._payload(messages, model, used)
            try:
                answer = await self._transport.complete(payload, listener)
            except FormatRefusedError:
                if used not in _SIMPLER:
                    raise
                # Others in flight may know more by now.
                used = max(_SIMPLER[used], self._format, key=_ORDER.index)
            else:
                self._remember(used, messages)
                return answer

    def _remember(self, used: ResponseFormat, messages: list[Message]) -> None:
        """Keep to a format that had to be simpler, and was answered.

        Not where the text itself names a format: an error that quotes it looks like a
        refusal, and nobody is to change by his words how all others are asked.
        """
        is_simpler = _ORDER.index(used) > _ORDER.index(self._format)
        said = (message["content"] for message in messages[1:])
        if is_simpler and not any(map(names_format, said)):
            self._format = used

    def _payload(
        self, messages: list[Message], model: type[Reply], used: ResponseFormat
    ) -> dict[str, object]:
        payload: dict[str, object] = {
            "model": self._config.model,
            "messages": messages,
            "stream": True,
            "stream_options": {"include_usage": True},
            "temperature": self._config.temperature,
            "max_tokens": self._config.max_tokens,
        }
        if self._config.is_deepseek:
            # On by default there; it would make temperature void and answers late.
            payload["thinking"] = {"type": "disabled"}
        if used == "json_object":
            payload["response_format"] = {"type": "json_object"}
        elif used == "json_schema":
            schema = {"name": "reminder", "schema": model.model_json_schema()}
            payload["response_format"] = {"type": "json_schema", "json_schema": schema}
        return payload
