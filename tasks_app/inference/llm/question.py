"""One request put to a provider: retries, and one second chance for the model."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from random import SystemRandom

import stamina

from tasks_app.inference.contract import Progress, Request, TokenUsage
from tasks_app.inference.llm.config import LlmConfig
from tasks_app.inference.llm.failures import LlmError
from tasks_app.inference.llm.parsing import (
    Reply,
    ReplyError,
    parse_reply,
    reply_model,
    without_thoughts,
)
from tasks_app.inference.llm.prompt import Message, opening, re_ask
from tasks_app.inference.llm.stream import Answer
from tasks_app.inference.llm.transport import Listener

_USUAL_LENGTH = 600
"""Characters of an ordinary reply, to tell how far one has come."""

Exchange = Callable[[list[Message], type[Reply], Listener], Awaitable[Answer]]


class Backoff:
    """Decides about each retry of one request: how many, and after how long.

    Waits are drawn from 0 to a ceiling that doubles (full jitter), after what the
    provider asked for. A wait that the deadline does not leave room for is not begun:
    the fault itself is the better answer.
    """

    _random = SystemRandom()

    def __init__(self, config: LlmConfig, deadline: asyncio.Timeout) -> None:
        self._left = config.retries
        self._ceiling = config.backoff_s
        self._deadline = deadline

    def __call__(self, error: Exception) -> bool | float:
        """Seconds to wait, or False to give up (the interface of stamina's hooks)."""
        if not (isinstance(error, LlmError) and error.is_transient and self._left):
            return False
        wait = (error.retry_after_s or 0) + self._random.uniform(0, self._ceiling)
        ends_at = self._deadline.when()
        if ends_at is not None and asyncio.get_running_loop().time() + wait >= ends_at:
            return False
        self._left -= 1
        self._ceiling *= 2
        return wait


class Question:
    """Asks until there is a reply; `usage` is what is known to have been charged.

    It is the `Listener` of its exchanges.
    """

    def __init__(self, exchange: Exchange, progress: Progress) -> None:
        self._exchange = exchange
        self._progress = progress
        self._done = 0.0
        self.usage = TokenUsage()

    async def put(self, request: Request, backoff: Backoff) -> Reply:
        """The model's valid reply. Raises `LlmError`."""
        # The hook counts the retries, over the re-ask too.
        caller = stamina.AsyncRetryingCaller(attempts=None, timeout=None).on(backoff)
        ask = partial(self._ask, caller)
        model = reply_model(request)
        messages = opening(request)
        text = await ask(messages, model)
        try:
            return parse_reply(text, model)
        except ReplyError as reason:
            messages = re_ask(messages, text, reason.complaint)
        text = await ask(messages, model)
        try:
            return parse_reply(text, model)
        except ReplyError as reason:
            raise LlmError(reason.failure) from None

    async def _ask(
        self,
        caller: stamina.BoundAsyncRetryingCaller,
        messages: list[Message],
        model: type[Reply],
    ) -> str:
        self._show(0.1, "waiting")
        answer = await caller(self._exchange, messages, model, self)
        self._show(0.95, "checking")
        return without_thoughts(answer.text)

    def charged(self, usage: TokenUsage) -> None:
        self.usage += usage

    def wrote(self, length: int) -> None:
        self._show(0.2 + 0.7 * min(length / _USUAL_LENGTH, 1.0), "writing")

    def _show(self, fraction: float, stage: str) -> None:
        """A retry or a second question does not take back what was shown."""
        self._done = max(self._done, fraction)
        self._progress(self._done, stage)
