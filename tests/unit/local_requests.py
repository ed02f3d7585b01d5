"""Asking the local engine, on a Wednesday at ten in Shanghai."""

from datetime import datetime
from zoneinfo import ZoneInfo

from tasks_app.inference.contract import EventInsights, Request, Result
from tasks_app.inference.local.engine import understand
from tasks_app.protocol.events import Event

NOW = datetime(2026, 3, 4, 10, tzinfo=ZoneInfo("Asia/Shanghai"))


def ask(text: str, **event: object) -> Result:
    """Without fields of an event, the text comes alone."""
    given = Event.model_validate({"transcript": text, **event}) if event else None
    return understand(Request(text=text, now=NOW, event=given))


def insights(text: str, **event: object) -> EventInsights:
    told = ask(text, transcript=text, **event).insights
    assert told is not None
    return told
