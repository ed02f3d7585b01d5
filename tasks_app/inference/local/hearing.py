"""How far the words can be trusted that a device heard."""

from dataclasses import dataclass

from tasks_app.inference.event_facts import audio_quality
from tasks_app.inference.local.phrasebook import Phrasebook
from tasks_app.inference.local.wordlists import load_data
from tasks_app.protocol.events import Event


@dataclass(frozen=True, slots=True)
class Hearing:
    """What to multiply the confidence by, and what to say about the recording."""

    factor: float = 1.0
    note: str = ""


def hearing(event: Event | None, book: Phrasebook) -> Hearing:
    """By what was measured; a recording that tells nothing lowers nothing."""
    sound = None if event is None else audio_quality(event)
    if sound is None or (sound.asr_confidence is None and sound.snr_db is None):
        return Hearing()
    quality = sound.overall_quality
    note = book.say("notes", quality)
    return Hearing(float(load_data("planning.toml")["heard"][quality]), note)
