"""Every error PulseWeave answers with, as one tree.

PulseWeaveError
├── RequestError            a client's message cannot be served; becomes `error`
│   ├── InvalidJson         not JSON at all
│   ├── InvalidMessage      JSON, but not a message we take (names the field)
│   │   └── UnknownType
│   ├── MessageTooLarge
│   ├── TextRequired
│   ├── TextTooLong
│   ├── RateLimited         says when to try again
│   ├── QueueFull           says when to try again
│   ├── TaskNotFound        also for a task of somebody else
│   ├── NotCancellable      already final
│   ├── IdempotencyConflict same key, another payload
│   ├── InvalidToken
│   ├── Unauthorized
│   ├── Unavailable         a part of the service is down; says when to try again
│   └── InternalError
├── ReviewError             a review is not taken
│   ├── NotReviewable       the task has no result, or is gone
│   ├── NotAnotherType      a correction that corrects nothing
│   └── ReviewedMeanwhile   not the review that its writer has seen
└── InferenceError          an engine could not answer; fails the task

`code` is for programs and never changes; `message` is for people, in the language
that is active when it is read.
"""

from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class PulseWeaveError(Exception):
    """The root; never raised itself."""


class RequestError(PulseWeaveError):
    """A message that cannot be served, with what its sender may be told."""

    code: ClassVar[str]
    text: ClassVar[str | Promise]

    def __init__(
        self,
        message: str | Promise | None = None,
        *,
        field: str | None = None,
        task_id: str | None = None,
        retry_after: float | None = None,
        status: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = self.text if message is None else message
        self.field = field
        self.task_id = task_id
        self.retry_after = retry_after
        self.status = status
        self.request_id: str | None = None


class InvalidJson(RequestError):
    code = "invalid_json"
    text = _("无效的JSON格式")


class InvalidMessage(RequestError):
    code = "invalid_message"
    text = _("消息格式不正确")


class UnknownType(InvalidMessage):
    code = "unknown_type"
    text = _("未知消息类型")


class MessageTooLarge(RequestError):
    code = "message_too_large"
    text = _("消息过大")


class TextRequired(RequestError):
    code = "text_required"
    text = _("必须提供 text 字段或 event.transcript 字段")


class TextTooLong(RequestError):
    code = "text_too_long"
    text = _("文本过长")


class RateLimited(RequestError):
    code = "rate_limited"
    text = _("提交过于频繁，请稍后再试")


class QueueFull(RequestError):
    code = "queue_full"
    text = _("排队任务过多，请稍后再试")


class TaskNotFound(RequestError):
    code = "task_not_found"
    text = _("任务不存在")


class NotCancellable(RequestError):
    code = "not_cancellable"
    text = _("任务已结束，无法取消")


class IdempotencyConflict(RequestError):
    code = "idempotency_conflict"
    text = _("该 idempotency_key 已用于另一内容")


class InvalidToken(RequestError):
    code = "invalid_token"
    text = _("resume_token 无效或已过期")


class Unauthorized(RequestError):
    code = "unauthorized"
    text = _("需要登录")


class Unavailable(RequestError):
    code = "unavailable"
    text = _("服务暂时不可用，请稍后再试")


class InternalError(RequestError):
    code = "internal"
    text = _("服务器内部错误")


class ReviewError(PulseWeaveError):
    """A review that is not taken; `text` is for the reviewer."""

    text: ClassVar[str | Promise]


class NotReviewable(ReviewError):
    text = _("只有已完成或失败的任务可以复核")


class NotAnotherType(ReviewError):
    text = _("更正类型只能与“不正确”一起填写，且不能与预测相同")


class ReviewedMeanwhile(ReviewError):
    text = _("此任务刚刚被别人复核过，您的复核没有保存")
