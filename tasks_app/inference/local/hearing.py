"""How far the words can be trusted that a device heard."""

from dataclasses import dataclass

from tasks_app.inference.event_facts import audio_quality, trust_in_hearing
from tasks_app.inference.local.phrasebook import Phrasebook
from tasks_app.protocol.events import Event


@dataclass(frozen=True, slots=True)
class Hearing:
    """What to multiply the confidence by, and what to say about the recording."""

    factor: float = 1.0
    note: str = ""


def hearing(event: Event | None, book: Phrasebook) -> Hearing:
    """By what was measured."""
    sound = None if event is None else audio_quality(event)
    factor = trust_in_hearing(event)
    note = "" if sound is None else book.say("notes", sound.overall_quality)
    return Hearing(factor, note)
