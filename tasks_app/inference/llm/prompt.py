"""What the model is told.

The system message never changes, so that providers can cache it; all that differs
between requests is one JSON object in the user message, marked as data.
"""

import json
from pathlib import Path

from tasks_app.inference.contract import Request
from tasks_app.protocol.events import Event

Message = dict[str, str]

SYSTEM_PROMPT = Path(__file__).with_name("system_prompt.txt").read_text("utf-8")

_WEEKDAYS = "一二三四五六日"
_MAX_ITEMS = 30
_MAX_CHARS = 300
_MAX_QUOTED = 4000


def opening(request: Request) -> list[Message]:
    """The messages of a request's first question."""
    return [
        {"role": "system", "content": SYSTEM_PROMPT},
        {"role": "user", "content": _user_message(request)},
    ]


def re_ask(messages: list[Message], reply: str, complaint: str) -> list[Message]:
    """The same conversation, asking once more because of what was wrong."""
    return [
        *messages,
        # Some chat templates refuse an empty turn, or two of one role in a row.
        {"role": "assistant", "content": reply[:_MAX_QUOTED].strip() or "{}"},
        {
            "role": "user",
            "content": f"上一条输出不能用：{complaint}\n"
            "请按规则重新输出，只输出一个完整的 json 对象。",
        },
    ]


def _user_message(request: Request) -> str:
    now = request.now
    data: dict[str, object] = {
        "now": now.isoformat(timespec="seconds"),
        "timezone": str(now.tzinfo),
        "weekday": f"星期{_WEEKDAYS[now.weekday()]}",
        "text": request.text,
    }
    if request.event is not None:
        data["event"] = _of_event(request.event, request.text)
    document = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    # Escaped, so that no text can close the delimiter.
    document = document.replace("<", "\\u003c")
    return f"<input>\n{document}\n</input>"


def _of_event(event: Event, text: str) -> dict[str, object]:
    """The known parts that bear on the meaning, within bounds.

    Audio figures, identifiers and further fields stay here: they would cost tokens
    and privacy and say nothing about the plan.
    """
    transcript = event.transcript if event.transcript != text else None
    speakers = (event.speakers or [])[:_MAX_ITEMS]
    entities = (event.entities or [])[:_MAX_ITEMS]
    parts = {
        "transcript": _short(transcript, _MAX_QUOTED),
        "event_type": _short(event.event_type),
        "summary": _short(event.nlu.summary if event.nlu else None),
        "start_time": event.start_time and event.start_time.isoformat(),
        "end_time": event.end_time and event.end_time.isoformat(),
        "speakers": [
            {"label": _short(speaker.speaker_label), "is_user": speaker.is_user}
            for speaker in speakers
        ],
        "entities": [
            {"type": _short(given.type), "value": _short(given.value)}
            for given in entities
        ],
        "tags": [_short(tag) for tag in (event.tags or [])[:_MAX_ITEMS]],
    }
    return {name: part for name, part in parts.items() if part}


def _short(value: str | None, length: int = _MAX_CHARS) -> str:
    return (value or "")[:length]
