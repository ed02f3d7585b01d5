"""The known fields of an event, each with values of wrong types and of right ones."""

import json
from collections.abc import Mapping

import pytest

from tasks_app.errors import InvalidMessage
from tasks_app.protocol.requests import parse
from tests.corpus import BOUNDS, EVENT_FIELDS

WRONG = [(path, value) for path, (wrong, _) in EVENT_FIELDS.items() for value in wrong]
RIGHT = [(path, value) for path, (_, right) in EVENT_FIELDS.items() for value in right]


def taken(event: Mapping[str, object]) -> object:
    """The event of a submission that was taken, as it is handed on to be stored."""
    data = {"text": "买牛奶", "event": event}
    _, message = parse(json.dumps({"type": "submit_task", "data": data}), BOUNDS)
    assert isinstance(message["data"], dict)
    return message["data"]["event"]


def event_with(path: str, value: object) -> dict[str, object]:
    """An event that holds `value` at a dotted path, and nothing else."""
    for part in reversed(path.split(".")):
        value = [value] if part.isdigit() else {part: value}
    assert isinstance(value, dict)
    return value


@pytest.mark.parametrize(("path", "value"), WRONG)
def test_a_known_field_of_the_wrong_type_is_named(path: str, value: object) -> None:
    with pytest.raises(InvalidMessage) as refusal:
        taken(event_with(path, value))
    assert refusal.value.field == f"data.event.{path}"
    assert f"data.event.{path}" in str(refusal.value.message)


@pytest.mark.parametrize(("path", "value"), RIGHT)
def test_a_known_field_of_the_right_type_is_taken(path: str, value: object) -> None:
    event = event_with(path, value)
    assert taken(event) == event


@pytest.mark.parametrize(
    "path", [path for path in EVENT_FIELDS if not path.endswith(".0")]
)
def test_null_is_as_good_as_absent(path: str) -> None:
    event = event_with(path, None)
    assert taken(event) == event


@pytest.mark.parametrize("emotion", ["glad", 1, ["glad"], {"glad": 0.9}, True])
def test_an_emotion_may_be_anything(emotion: object) -> None:
    assert taken({"emotion": emotion}) == {"emotion": emotion}


def test_further_fields_of_an_event_are_kept_at_every_level() -> None:
    event = {
        "transcript": "买牛奶",
        "further": {"a": [1, None]},
        "speakers": [{"speaker_id": "s1", "further": 1}],
        "audio_features": {"further": [1.5]},
        "entities": [{"further": {}}],
        "privacy": {"further": True},
        "nlu": {"intents": [{"name": "buy"}, 5], "further": "x"},
    }
    assert taken(event) == event
