"""What an event says about itself: computed, the same for every engine.

Pure functions of the event and, where offsets are needed, of the analysed text.
"""

import datetime as dt
import math
import re
from collections.abc import Iterable, Sequence
from typing import Literal

from tasks_app.inference.contract import (
    AudioQuality,
    Entity,
    EventAnalysis,
    SpeakerInsights,
)
from tasks_app.protocol.events import AudioFeatures, Event, GivenEntity, Speaker

PII_FORMS = {
    "id_number": re.compile(r"(?<!\d)\d{17}[\dXx](?![\dA-Za-z])", re.ASCII),
    "bank_card": re.compile(
        r"(?<!\d)(?:\d{16}|\d{19}|\d{4}(?: \d{4}){3})(?!\d)", re.ASCII
    ),
    "phone": re.compile(
        r"(?<!\d)(?:(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}"
        r"|0\d{2,3}-\d{7,8}|400-?\d{3}-?\d{4}"
        r"|(?:\+?1[- ])?(?:\d{3}[-.]|\(\d{3}\) ?)\d{3}[-.]\d{4})(?!\d)",
        re.ASCII,
    ),
    "email": re.compile(
        r"(?<![\w.+-])[\w.+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4}",
        re.ASCII | re.IGNORECASE,
    ),
}
"""Personal data that has a fixed form, by the type of entity it is."""

# (poor below, good from) of what recognisers report.
_ASR_CONFIDENCE = (0.6, 0.85)
_SNR_DB = (10.0, 20.0)

# What is left of an engine's confidence in words that were heard so well.
_TRUST = {"good": 1.0, "fair": 0.9, "poor": 0.7}


def event_analysis(event: Event, text: str) -> EventAnalysis:
    """Counts and flags of an event whose analysed words are `text`."""
    return EventAnalysis(
        has_speakers=bool(event.speakers),
        speaker_count=len(_distinct(event.speakers or [])),
        has_audio_features=event.audio_features is not None,
        contains_pii=_contains_pii(event, text),
        event_duration_sec=_duration_s(event),
    )


def speaker_insights(event: Event) -> SpeakerInsights | None:
    """Who spoke; None where the event names nobody.

    The primary speaker is the wearer if they speak, else the one recognised best.
    """
    speakers = _distinct(event.speakers or [])
    if not speakers:
        return None
    primary = max(speakers, key=lambda s: (bool(s.is_user), s.speaker_confidence or 0))
    return SpeakerInsights(
        total_speakers=len(speakers),
        user_speakers=sum(bool(speaker.is_user) for speaker in speakers),
        multi_speaker=len(speakers) > 1,
        primary_speaker=primary.speaker_label or primary.speaker_id,
    )


def audio_quality(event: Event) -> AudioQuality | None:
    """How well the words were heard; None without audio features."""
    audio = event.audio_features
    if audio is None:
        return None
    return AudioQuality(
        overall_quality=_overall(audio),
        asr_confidence=audio.asr_confidence,
        snr_db=audio.snr_db,
        language=audio.language,
        speech_rate_wpm=audio.speech_rate_wpm,
    )


def trust_in_hearing(event: Event | None) -> float:
    """What to multiply confidence by; a recording that tells nothing lowers nothing."""
    sound = None if event is None else audio_quality(event)
    if sound is None or (sound.asr_confidence is None and sound.snr_db is None):
        return 1.0
    return _TRUST[sound.overall_quality]


def with_given_entities(
    found: Sequence[Entity], event: Event, text: str
) -> list[Entity]:
    """The event's own entities, then those found in `text` that it does not give.

    Given ones are kept as they are, their own `normalized` too; what they leave open
    comes from a found one of the same value. Their offsets are searched in the text.
    """
    by_value = {entity.value: entity for entity in reversed(found)}
    given = [
        _given_entity(given, by_value.get(given.value), text)
        for given in event.entities or []
        if given.value and given.value.strip()
    ]
    known = {entity.value for entity in given}
    return given + [entity for entity in found if entity.value not in known]


def _given_entity(given: GivenEntity, found: Entity | None, text: str) -> Entity:
    value = given.value or ""
    normalized = (given.model_extra or {}).get("normalized")
    if not isinstance(normalized, str):
        normalized = found.normalized if found else None
    return located(
        Entity(
            type=given.type or (found.type if found else "other"),
            value=value,
            confidence=given.confidence,
            normalized=normalized,
        ),
        text,
    )


def located(entity: Entity, text: str) -> Entity:
    """The entity where it first occurs in the text; without offsets if it does not."""
    start = text.find(entity.value)
    end = start + len(entity.value)
    offsets = {"start": start, "end": end} if start >= 0 else {}
    return entity.model_copy(update={"start": None, "end": None} | offsets)


def tags_with_given(suggested: Iterable[str], event: Event) -> list[str]:
    """The event's own tags first, then the suggested ones, each once."""
    tags = [tag.strip() for tag in [*(event.tags or []), *suggested]]
    return list(dict.fromkeys(tag for tag in tags if tag))


def _distinct(speakers: Iterable[Speaker]) -> list[Speaker]:
    """One entry a person: segments of the same speaker come several times."""
    people: dict[object, Speaker] = {}
    for index, speaker in enumerate(speakers):
        people.setdefault(speaker.speaker_id or speaker.speaker_label or index, speaker)
    return list(people.values())


def _contains_pii(event: Event, text: str) -> bool:
    privacy = event.privacy
    is_said = bool(privacy and (privacy.contains_pii or privacy.pii_types))
    return is_said or any(form.search(text) for form in PII_FORMS.values())


def _duration_s(event: Event) -> float | None:
    """Seconds, from the offsets in the recording or else from the two times."""
    lengths = (
        _difference_s(event.start_offset_sec, event.end_offset_sec),
        _interval_s(event.start_time, event.end_time),
    )
    return next((s for s in lengths if s is not None and 0 <= s < math.inf), None)


def _difference_s(start: float | None, end: float | None) -> float | None:
    return None if start is None or end is None else round(end - start, 3)


def _interval_s(start: dt.datetime | None, end: dt.datetime | None) -> float | None:
    """None also where one time has a zone and the other has not."""
    if start is None or end is None or (start.tzinfo is None) != (end.tzinfo is None):
        return None
    return (end - start).total_seconds()


def _overall(audio: AudioFeatures) -> Literal["good", "fair", "poor"]:
    """The worst of what was measured; fair where nothing was."""
    measured = [
        (value, limits)
        for value, limits in (
            (audio.asr_confidence, _ASR_CONFIDENCE),
            (audio.snr_db, _SNR_DB),
        )
        if value is not None
    ]
    if any(value < poor for value, (poor, _) in measured):
        return "poor"
    is_good = measured and all(value >= good for value, (_, good) in measured)
    return "good" if is_good else "fair"
