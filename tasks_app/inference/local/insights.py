"""What is told besides when an event came with the text."""

from tasks_app.inference.contract import EventInsights
from tasks_app.inference.event_facts import (
    audio_quality,
    event_analysis,
    speaker_insights,
    with_given_entities,
)
from tasks_app.inference.local.phrasing import Understanding
from tasks_app.inference.local.priority import priority
from tasks_app.inference.local.reminders import suggest_reminders
from tasks_app.inference.local.wordlists import load_data
from tasks_app.protocol.events import Event

_MOST_TAGS = 12


def tell_insights(understanding: Understanding, event: Event) -> EventInsights:
    """The event part of a result."""
    sentence = understanding.sentence
    return EventInsights(
        extracted_entities=with_given_entities(
            understanding.entities, event, sentence.text
        ),
        suggested_tags=_tags(understanding, event),
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


def _tags(understanding: Understanding, event: Event) -> list[str]:
    """The event's own tags first, all of them; then the type and what was named."""
    own = [tag for tag in event.tags or () if tag.strip()]
    type_tag = load_data("phrases.toml")["tags"][understanding.verdict.task_type]
    found = [type_tag, *understanding.values("place"), *understanding.values("item")]
    new = [tag for tag in dict.fromkeys(found) if tag not in own]
    return list(dict.fromkeys(own)) + new[: max(0, _MOST_TAGS - len(own))]
