"""What the values of the wire are called."""

from collections.abc import Mapping

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
ENTITY_TYPES: dict[str, str | Promise] = {
    "time": _("时间"),
    "place": _("地点"),
    "person": _("人物"),
    "item": _("物品"),
    "money": _("金额"),
    "phone": _("电话"),
}
QUALITIES: dict[str, str | Promise] = {
    "good": _("录音清晰"),
    "fair": _("录音一般"),
    "poor": _("录音较差"),
}
_ACTORS: dict[str, str | Promise] = {
    "client": _("客户端"),
    "worker": _("工作进程"),
    "staff": _("管理员"),
    "sweeper": _("巡检"),
}


def actor_name(actor: str, staff: Mapping[str, str]) -> str:
    """Who moved a task: `worker:a` is the worker process `a`.

    `staff` has the names of users by their ids.
    """
    kind, _colon, name = actor.partition(":")
    if kind == "staff":
        name = staff.get(name, name)
    return f"{_ACTORS.get(kind, kind)} {name}".rstrip()
