"""The model's words, checked: nothing of them is stored that was not validated here."""

import re
from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)
from pydantic_core import PydanticCustomError

from tasks_app.inference.contract import (
    Entity,
    EventInsights,
    Request,
    TaskType,
)
from tasks_app.inference.event_facts import (
    audio_quality,
    event_analysis,
    located,
    speaker_insights,
    tags_with_given,
    with_given_entities,
)
from tasks_app.inference.llm.failures import Failure
from tasks_app.protocol.events import Fraction

_MAX_COMPLAINTS = 10
_THOUGHTS = re.compile(
    r"(?:(?!\s*\{).*?</think>)+|\s*<think>.*", re.DOTALL | re.IGNORECASE
)
"""What stands before an answer; where a chat template opens them, only their end does.
Thoughts without an end are all there is. In an answer, the words are just words."""
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class ReplyError(Exception):
    """The reply is no answer; `complaint` tells the model why, and nobody else."""

    def __init__(self, failure: Failure, complaint: str) -> None:
        super().__init__(failure.code)
        self.failure = failure
        self.complaint = complaint


def _without_controls(value: object) -> object:
    """Databases refuse NUL, and a terminal obeys the rest; layout is kept."""
    if not isinstance(value, str):
        return value
    return _CONTROLS.sub("", value)


def _not_a_bool(value: object) -> object:
    """To pydantic, true is 1.0."""
    if isinstance(value, bool):
        raise PydanticCustomError("float_type", "Input should be a valid number")
    return value


_Share = Annotated[Fraction, BeforeValidator(_not_a_bool)]
_Clean = BeforeValidator(_without_controls)
_Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=300),
    _Clean,
]
_Paragraph = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=3000),
    _Clean,
]


class ReplyEntity(BaseModel):
    type: _Line
    value: _Line
    confidence: _Share | None = None
    normalized: _Line | None = None


class Reply(BaseModel):
    """What the model owes for a text."""

    model_config = ConfigDict(frozen=True)

    task_type: TaskType
    confidence: _Share
    potential_omissions: Annotated[list[_Line], Field(max_length=10)]
    summary_text: _Paragraph
    suggested_plan: _Paragraph


class EventReply(Reply):
    """What it owes when there is an event as well."""

    extracted_entities: Annotated[list[ReplyEntity], Field(max_length=50)]
    suggested_tags: Annotated[list[_Line], Field(max_length=20)]
    priority_level: Literal["high", "medium", "low"]
    reminder_suggestions: Annotated[list[_Line], Field(max_length=20)]


def reply_model(request: Request) -> type[Reply]:
    return Reply if request.event is None else EventReply


def without_thoughts(content: str) -> str:
    """What the model says, having thought aloud in `<think>…</think>`.

    >>> without_thoughts('<think>A trip? {…}</think>{"task_type": "trip"}')
    '{"task_type": "trip"}'
    """
    thoughts = _THOUGHTS.match(content)
    return content[thoughts.end() :] if thoughts else content


def parse_reply(content: str, model: type[Reply]) -> Reply:
    """The reply in `content`, fenced or introduced or bare. Raises `ReplyError`."""
    if not content.strip():
        raise ReplyError(Failure.EMPTY, "输出是空的")
    document = content[content.find("{") : content.rfind("}") + 1]
    try:
        return model.model_validate_json(document)
    except ValidationError as error:
        raise _unusable(error) from None


def _unusable(error: ValidationError) -> ReplyError:
    # Without input values: the complaint goes back to the model, which has them.
    faults = error.errors(include_url=False, include_input=False, include_context=False)
    complaints = [
        f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}"
        for fault in faults[:_MAX_COMPLAINTS]
    ]
    is_json = faults[0]["type"] != "json_invalid"
    failure = Failure.BAD_FIELDS if is_json else Failure.BAD_JSON
    return ReplyError(failure, "; ".join(complaints))


def insights_of(reply: Reply, request: Request) -> EventInsights | None:
    """The event fields of a result: the model's opinions, and computed facts."""
    event = request.event
    if event is None or not isinstance(reply, EventReply):
        return None
    found = _occurring(reply.extracted_entities, request.text)
    return EventInsights(
        extracted_entities=with_given_entities(found, event, request.text),
        suggested_tags=tags_with_given(reply.suggested_tags, event),
        priority_level=reply.priority_level,
        reminder_suggestions=reply.reminder_suggestions,
        event_analysis=event_analysis(event, request.text),
        speaker_insights=speaker_insights(event),
        audio_quality_assessment=audio_quality(event),
    )


def _occurring(replied: list[ReplyEntity], text: str) -> list[Entity]:
    """Entities that are in the text, each once; the others are invented."""
    entities = [
        located(Entity(**entity.model_dump()), text)
        for entity in replied
        if entity.value in text
    ]
    return list({(entity.type, entity.value): entity for entity in entities}.values())
