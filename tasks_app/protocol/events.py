"""The event that glasses and phones attach to a spoken reminder."""

from datetime import datetime
from typing import Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError


def _read_iso_time(value: object) -> datetime:
    """A time from its ISO 8601 text; numbers are refused rather than guessed at."""
    try:
        return datetime.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise PydanticCustomError("datetime_parsing", "not an ISO 8601 time") from None


Fraction = Annotated[float, Field(ge=0, le=1)]
T = TypeVar("T")
Items = Annotated[list[T], Field(fail_fast=True)]
"""The first wrong item is told; to look for the others may take long."""
IsoTime = Annotated[datetime, BeforeValidator(_read_iso_time)]


class _Open(BaseModel):
    """Known fields are checked, further ones are kept."""

    model_config = ConfigDict(extra="allow", frozen=True, strict=True)


class Speaker(_Open):
    speaker_id: str | None = None
    speaker_label: str | None = None
    is_user: bool | None = None
    speaker_confidence: Fraction | None = None


class AudioFeatures(_Open):
    avg_volume_db: float | None = None
    snr_db: float | None = None
    speech_rate_wpm: float | None = None
    language: str | None = None
    asr_confidence: Fraction | None = None


class GivenEntity(_Open):
    type: str | None = None
    value: str | None = None
    confidence: Fraction | None = None


class Privacy(_Open):
    contains_pii: bool | None = None
    pii_types: Items[str] | None = None
    redaction_suggested: bool | None = None


class Nlu(_Open):
    intents: Items[object] | None = None
    summary: str | None = None


class Event(_Open):
    """One utterance as a device heard it; every field is optional here.

    That a submission without `text` needs a transcript is for the submission to say.
    """

    event_id: str | None = None
    transcript: str | None = None
    speakers: Items[Speaker] | None = None
    audio_features: AudioFeatures | None = None
    entities: Items[GivenEntity] | None = None
    tags: Items[str] | None = None
    privacy: Privacy | None = None
    nlu: Nlu | None = None
    emotion: object | None = None
    event_type: str | None = None
    start_time: IsoTime | None = None
    end_time: IsoTime | None = None
    start_offset_sec: float | None = None
    end_offset_sec: float | None = None
    confidence: Fraction | None = None
