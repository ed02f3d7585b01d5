"""What every engine takes and gives."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal, Protocol, runtime_checkable

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from tasks_app.errors import PulseWeaveError
from tasks_app.protocol.events import Event, Fraction

Phrase = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class TaskType(StrEnum):
    """What kind of plan an utterance is."""

    TRIP = "trip"
    MEETING = "meeting"
    SHOPPING = "shopping"
    WORK = "work"
    HEALTH = "health"
    ENTERTAINMENT = "entertainment"
    LEARNING = "learning"
    SOCIAL = "social"
    FINANCE = "finance"
    OTHER = "other"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Request(_Frozen):
    """One utterance to understand.

    `text` is what is analysed (the transcript when only an event came); `event`
    enriches it; relative times are read from `now`, in its time zone.
    """

    text: Annotated[str, StringConstraints(min_length=1)]
    now: AwareDatetime
    event: Event | None = None


class Entity(_Frozen):
    """Something named in the text; `start`/`end` are character offsets into it.

    An entity given with the event that does not occur in the text has no offsets.
    """

    type: str
    value: str
    confidence: Fraction | None = None
    start: int | None = Field(default=None, ge=0)
    end: int | None = Field(default=None, ge=0)
    normalized: str | None = None


class EventAnalysis(_Frozen):
    has_speakers: bool
    speaker_count: int
    has_audio_features: bool
    contains_pii: bool
    event_duration_sec: float | None = None


class SpeakerInsights(_Frozen):
    total_speakers: int
    user_speakers: int
    multi_speaker: bool
    primary_speaker: str | None = None


class AudioQuality(_Frozen):
    overall_quality: Literal["good", "fair", "poor"]
    asr_confidence: float | None = None
    snr_db: float | None = None
    language: str | None = None
    speech_rate_wpm: float | None = None


class EventInsights(_Frozen):
    """What a result carries besides when the request had an event."""

    extracted_entities: list[Entity]
    suggested_tags: list[str]
    priority_level: Literal["high", "medium", "low"]
    reminder_suggestions: list[str]
    event_analysis: EventAnalysis
    speaker_insights: SpeakerInsights | None = None
    audio_quality_assessment: AudioQuality | None = None


class TokenUsage(_Frozen):
    """What a provider charged for, in tokens, and how much, if its prices are known.

    `prompt_cached` is the part of `prompt` that the provider had in its cache.
    """

    prompt: int = 0
    prompt_cached: int = 0
    completion: int = 0
    cost: Decimal | None = None

    def __add__(self, other: "TokenUsage") -> "TokenUsage":
        """Of two exchanges, before prices."""
        return TokenUsage(
            prompt=self.prompt + other.prompt,
            prompt_cached=self.prompt_cached + other.prompt_cached,
            completion=self.completion + other.completion,
        )


class Result(_Frozen):
    """What an engine understood; `dump_result` gives the JSON the client sees."""

    task_type: TaskType
    confidence: Fraction
    potential_omissions: list[Phrase]
    summary_text: Phrase
    suggested_plan: Phrase
    latency_ms: int = Field(ge=0)
    model_version: str
    degraded: Literal[True] | None = None
    insights: EventInsights | None = Field(default=None, exclude=True)
    usage: TokenUsage | None = Field(default=None, exclude=True)


def dump_result(result: Result) -> dict[str, object]:
    """The result as one flat JSON object, absent values left out."""
    fields = result.model_dump(mode="json", exclude_none=True)
    if result.insights is not None:
        fields |= result.insights.model_dump(mode="json", exclude_none=True)
    return fields


class InferenceError(PulseWeaveError):
    """An engine could not answer.

    `code` goes to `Task.error_code`, `message` to `Task.error` and so to the owner:
    neither may hold a key, a URL or what a provider answered. `is_retryable` says
    that the same request may succeed later; `usage` is what was charged all the same.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        is_retryable: bool,
        usage: TokenUsage | None = None,
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.is_retryable = is_retryable
        self.usage = usage


Progress = Callable[[float, str], None]
"""Called by an engine with (fraction done 0..1, stage); cheap, never raises."""


class Engine(Protocol):
    """Understands one request at a time, many at once.

    `analyze` raises `InferenceError` and nothing else of its own, keeps its own
    deadlines, and may be cancelled at any await: it then frees what it holds.
    """

    name: str

    def analyze(self, request: Request, progress: Progress) -> Awaitable[Result]: ...

    def aclose(self) -> Awaitable[None]: ...


@runtime_checkable
class Versioned(Protocol):
    """An engine that knows which model answers also when none has answered."""

    @property
    def model_version(self) -> str: ...


class Pause(Protocol):
    """A failing provider is left alone until then, and why.

    From then on it is asked one thing at a time; its first answer ends the pause.
    """

    @property
    def paused_until(self) -> datetime: ...

    @property
    def reason(self) -> str: ...


@runtime_checkable
class Pausing(Protocol):
    """An engine with a provider behind it, which may have to be left alone."""

    @property
    def pause(self) -> Pause | None: ...


def pause_of(engine: Engine) -> Pause | None:
    """The pause of its provider, if it has one and that is not well."""
    return engine.pause if isinstance(engine, Pausing) else None
