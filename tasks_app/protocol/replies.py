"""What the server says. `dump` gives the frame; absent values are left out."""

from typing import Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    SerializerFunctionWrapHandler,
    model_serializer,
)

from tasks_app.errors import RequestError
from tasks_app.states import Status

Timestamp = float
"""Unix seconds with three decimals."""


class Reply(BaseModel):
    model_config = ConfigDict(frozen=True)

    request_id: str | None = None


class ConnectionEstablished(Reply):
    type: Literal["connection_established"] = "connection_established"
    client_id: str
    resume_token: str
    timestamp: Timestamp


class Resumed(Reply):
    type: Literal["resumed"] = "resumed"
    client_id: str
    resume_token: str
    timestamp: Timestamp


class _Waiting(Reply):
    """Of a task that may be pending, and then has a place in the queue."""

    queue_position: int | None = Field(default=None, description="1 = next")
    eta_seconds: float | None = Field(
        default=None, description="until its end; null = unknown"
    )

    @model_serializer(mode="wrap")
    def _tell_unknown(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """An unknown time is told as such, beside a place, though null is left out."""
        fields: dict[str, Any] = dump(self)
        if self.queue_position is not None:
            fields.setdefault("eta_seconds", None)
        return fields


class TaskSubmitted(_Waiting):
    type: Literal["task_submitted"] = "task_submitted"
    task_id: str
    status: Literal[Status.PENDING] = Status.PENDING
    revision: Literal[1] = 1
    duplicate: Literal[True] | None = None
    timestamp: Timestamp


class TaskStatusUpdate(_Waiting):
    """One transition, or (with the times) the state a client asked for.

    Without a revision it is no transition: it tells how far a processing task is.
    """

    type: Literal["task_status_update"] = "task_status_update"
    task_id: str
    status: Status
    revision: int | None = None
    timestamp: Timestamp
    attempt: int | None = None
    created_at: Timestamp | None = None
    started_at: Timestamp | None = None
    completed_at: Timestamp | None = None
    result: dict[str, JsonValue] | None = None
    error: str | None = None
    error_code: str | None = None
    retry_of: str | None = Field(default=None, description="an earlier task's id")
    progress: float | None = Field(default=None, description="0..1")
    stage: str | None = None


class TaskItem(BaseModel):
    """A task in a list."""

    model_config = ConfigDict(frozen=True)

    task_id: str
    status: Status
    revision: int
    text: str
    attempt: int | None = None
    created_at: Timestamp
    started_at: Timestamp | None = None
    completed_at: Timestamp | None = None
    result: dict[str, JsonValue] | None = None
    error: str | None = None
    error_code: str | None = None
    retry_of: str | None = None


class MyTasks(Reply):
    """Oldest first."""

    type: Literal["my_tasks"] = "my_tasks"
    tasks: list[TaskItem]


class StatsData(BaseModel):
    """Counts over the whole service, all processes together."""

    model_config = ConfigDict(frozen=True)

    active_connections: int
    total_tasks: int
    active_tasks: int = Field(description="pending and processing")
    completed_tasks: int
    failed_tasks: int
    queue_size: int = Field(description="pending")
    processing_tasks: int
    cancelled_tasks: int


class Stats(Reply):
    type: Literal["stats"] = "stats"
    data: StatsData
    timestamp: Timestamp


class Pong(Reply):
    type: Literal["pong"] = "pong"
    timestamp: Timestamp


class Error(Reply):
    type: Literal["error"] = "error"
    message: str
    code: str
    timestamp: Timestamp
    task_id: str | None = None
    field: str | None = None
    retry_after: float | None = Field(default=None, description="seconds")
    status: Status | None = Field(default=None, description="of a task now final")

    @classmethod
    def of(cls, error: RequestError, timestamp: Timestamp) -> "Error":
        """The error as its sender is told of it, in the active language."""
        return cls(
            message=str(error.message),
            code=error.code,
            timestamp=timestamp,
            request_id=error.request_id,
            task_id=error.task_id,
            field=error.field,
            retry_after=error.retry_after,
            status=Status(error.status) if error.status else None,
        )


REPLIES: tuple[type[Reply], ...] = (
    ConnectionEstablished,
    Resumed,
    TaskSubmitted,
    TaskStatusUpdate,
    MyTasks,
    Stats,
    Pong,
    Error,
)


def dump(reply: Reply) -> str:
    """The text frame of a reply."""
    return reply.model_dump_json(exclude_none=True)
