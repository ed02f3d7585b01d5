"""What is told besides when an event came with the text."""

from tasks_app.inference.contract import EventInsights
from tasks_app.inference.event_facts import (
    audio_quality,
    event_analysis,
    speaker_insights,
    tags_with_given,
    with_given_entities,
)
from tasks_app.inference.local.priority import priority
from tasks_app.inference.local.reminders import suggest_reminders
from tasks_app.inference.local.understanding import Understanding
from tasks_app.protocol.events import Event


def tell_insights(understanding: Understanding, event: Event) -> EventInsights:
    """The event part of a result."""
    sentence = understanding.sentence
    return EventInsights(
        extracted_entities=with_given_entities(
            understanding.entities, event, sentence.text
        ),
        suggested_tags=tags_with_given(_tags(understanding), event),
        priority_level=priority(
            sentence,
            understanding.verdict.task_type,
            understanding.now,
            event,
        ),
        reminder_suggestions=suggest_reminders(understanding),
        event_analysis=event_analysis(event, sentence.plain),
        speaker_insights=speaker_insights(event),
        audio_quality_assessment=audio_quality(event),
    )


def _tags(understanding: Understanding) -> list[str]:
    """The type, and what was named."""
    own = understanding.book.say("tags", understanding.verdict.task_type)
    named = [*understanding.values("place"), *understanding.values("item")]
    return [own, *map(understanding.book.bare, named)]
