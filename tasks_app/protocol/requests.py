"""What a client may say, and `parse`, which takes nothing else."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal, Self
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from tasks_app.errors import (
    InvalidMessage,
    RequestError,
    TaskNotFound,
    TextRequired,
    TextTooLong,
    UnknownType,
)
from tasks_app.protocol.decode import (
    MAX_REQUEST_ID,
    JsonObject,
    decode,
    request_id_of,
)
from tasks_app.protocol.events import Event

RequestId = Annotated[str, StringConstraints(max_length=MAX_REQUEST_ID)]
IdempotencyKey = Annotated[str, StringConstraints(min_length=1, max_length=128)]


@dataclass(frozen=True)
class Bounds:
    """How much a client may send at once."""

    message_bytes: int
    text_length: int
    """Characters, after trimming."""


class _Request(BaseModel):
    """Unknown fields are ignored, so that newer clients work."""

    model_config = ConfigDict(frozen=True, strict=True)

    request_id: RequestId | None = None


class _Submission(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True)

    text: str | None = None
    event: Event | None = None


class SubmitTask(_Request):
    type: Literal["submit_task"]
    data: _Submission
    idempotency_key: IdempotencyKey | None = None

    @property
    def text(self) -> str:
        """What is to be analysed: the text, else what was heard."""
        heard = self.data.event.transcript if self.data.event else None
        return (self.data.text or "").strip() or (heard or "").strip()


class _AboutTask(_Request):
    task_id: Annotated[str, StringConstraints(max_length=64)]

    @property
    def task_uuid(self) -> UUID:
        """The id as the database knows it.

        Raises:
            TaskNotFound: no task can have this id.
        """
        try:
            return UUID(self.task_id)
        except ValueError:
            raise TaskNotFound(task_id=self.task_id) from None


class GetTaskStatus(_AboutTask):
    type: Literal["get_task_status"]


class CancelTask(_AboutTask):
    type: Literal["cancel_task"]


class GetMyTasks(_Request):
    type: Literal["get_my_tasks"]


class GetStats(_Request):
    type: Literal["get_stats"]


class Ping(_Request):
    type: Literal["ping"]


class Resume(_Request):
    type: Literal["resume"]
    client_id: Annotated[str, StringConstraints(max_length=64)]
    resume_token: Annotated[str, StringConstraints(max_length=1024)]
    since: float | None = None
    """The last timestamp that the client saw, Unix seconds."""


ClientRequest = (
    SubmitTask | GetTaskStatus | CancelTask | GetMyTasks | GetStats | Ping | Resume
)

REQUESTS: dict[str, type[ClientRequest]] = {
    "submit_task": SubmitTask,
    "get_task_status": GetTaskStatus,
    "cancel_task": CancelTask,
    "get_my_tasks": GetMyTasks,
    "get_stats": GetStats,
    "ping": Ping,
    "resume": Resume,
}


def parse(frame: str | bytes, bounds: Bounds) -> tuple[ClientRequest, JsonObject]:
    """A frame as one request, and the JSON object it was.

    Raises:
        RequestError: anything else; it carries the `request_id` where there was one.
    """
    message = decode(frame, bounds.message_bytes)
    try:
        request = _validate(message)
        if isinstance(request, SubmitTask):
            _check_text(request, bounds)
    except RequestError as error:
        error.request_id = request_id_of(message)
        raise
    return request, message


def _validate(message: JsonObject) -> ClientRequest:
    kind = message.get("type")
    if not isinstance(kind, str):
        raise InvalidMessage(_("缺少字段 type，应为字符串"), field="type")
    model = REQUESTS.get(kind)
    if model is None:
        raise UnknownType(_("未知消息类型: %s") % kind[:64], field="type")
    if model is SubmitTask and "data" not in message:
        raise TextRequired(field="data")
    try:
        return model.model_validate(message)
    except ValidationError as error:
        raise _Refusal.of(error).as_error() from None


def _check_text(request: SubmitTask, bounds: Bounds) -> None:
    if not request.text:
        raise TextRequired(field="data.text")
    if len(request.text) > bounds.text_length:
        raise TextTooLong(
            _("文本不得超过 %d 个字符") % bounds.text_length, field="data.text"
        )


@dataclass(frozen=True)
class _Refusal:
    """The first fault that pydantic found, in words for people."""

    path: str
    fault: str

    # Looked up when read, so that the active language decides.
    _EXPECTED: ClassVar[dict[str, str]] = {
        "string": gettext_noop("应为字符串"),
        "bool": gettext_noop("应为布尔值"),
        "float": gettext_noop("应为数字"),
        "int": gettext_noop("应为整数"),
        "list": gettext_noop("应为数组"),
        "model": gettext_noop("应为对象"),
        "dict": gettext_noop("应为对象"),
        "datetime": gettext_noop("应为ISO 8601时间"),
        "missing": gettext_noop("缺少该字段"),
        "greater": gettext_noop("数值过小"),
        "less": gettext_noop("数值过大"),
    }

    @classmethod
    def of(cls, error: ValidationError) -> Self:
        detail = error.errors(include_url=False, include_context=False)[0]
        return cls(_path(detail), cls._fault(detail["type"]))

    @classmethod
    def _fault(cls, kind: str) -> str:
        if kind == "string_too_long":
            return gettext_noop("过长")
        if kind == "string_too_short":
            return gettext_noop("不能为空")
        return cls._EXPECTED.get(
            kind.split("_", maxsplit=1)[0], gettext_noop("取值不正确")
        )

    def as_error(self) -> InvalidMessage:
        sentence = _("字段 %(path)s 不正确：%(fault)s")
        words = {"path": self.path, "fault": _(self.fault)}
        return InvalidMessage(sentence % words, field=self.path)


def _path(detail: ErrorDetails) -> str:
    """`data.event.speakers.0.is_user`."""
    return ".".join(map(str, detail["loc"]))[:200]
