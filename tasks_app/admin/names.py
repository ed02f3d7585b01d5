"""What the values of the wire are called."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tasks_app.inference.contract import TaskType

TASK_TYPES: dict[str, str | Promise] = {
    TaskType.TRIP: _("出行"),
    TaskType.MEETING: _("会议"),
    TaskType.SHOPPING: _("购物"),
    TaskType.WORK: _("工作"),
    TaskType.HEALTH: _("健康"),
    TaskType.ENTERTAINMENT: _("娱乐"),
    TaskType.LEARNING: _("学习"),
    TaskType.SOCIAL: _("社交"),
    TaskType.FINANCE: _("财务"),
    TaskType.OTHER: _("其他"),
}
PRIORITIES: dict[str, str | Promise] = {
    "high": _("高优先级"),
    "medium": _("中优先级"),
    "low": _("低优先级"),
}
_ACTORS: dict[str, str | Promise] = {
    "client": _("客户端"),
    "worker": _("工作进程"),
    "staff": _("管理员"),
    "sweeper": _("巡检"),
}


def actor_name(actor: str) -> str:
    """Who moved a task: `worker:a` is the worker process `a`."""
    kind, _colon, name = actor.partition(":")
    return f"{_ACTORS.get(kind, kind)} {name}".rstrip()
