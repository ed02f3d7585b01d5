"""What is submitted, before it is a task."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from tasks_app.models import EVENT_ID_LENGTH


@dataclass(frozen=True)
class Draft:
    """A submission that is not stored yet."""

    id: UUID
    owner: str
    text: str
    event: Mapping[str, object] | None = None
    idempotency_key: str | None = None
    source: str = ""
    """Where it came from, see `Task.source`; "" = unknown."""
    created_at: datetime = field(default_factory=timezone.now)
    user_id: int | None = None
    retry_of_id: UUID | None = None
    """The task that is tried anew by it."""

    @property
    def event_id(self) -> str:
        """What `Task.event_id` keeps of the event's own id."""
        given = self.event.get("event_id") if self.event else None
        return given[:EVENT_ID_LENGTH] if isinstance(given, str) else ""
