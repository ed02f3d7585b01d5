"""The columns of a report's table."""

from datetime import datetime, timedelta
from functools import partial

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tasks_app.management.report.figures import KEYS, Figures
from tasks_app.management.report.rendering import NOTHING, Column
from tasks_app.reports import Row
from tasks_app.rollups import PERCENTILES

_TITLES = {
    "hour": gettext_noop("小时"),
    "day": gettext_noop("日期"),
    "type": gettext_noop("类型"),
    "engine": gettext_noop("引擎"),
    "owner": gettext_noop("所有者"),
    "status": gettext_noop("状态"),
    "code": gettext_noop("错误代码"),
}


def columns(figures: Figures) -> list[Column]:
    """Keys to the left, figures to the right; the first cell of the total says so."""
    first, *others = figures.by
    keys = [Column(_(_TITLES[first]), partial(_key, KEYS[first], _("合计")), True)]
    keys += [Column(_(_TITLES[k]), partial(_key, KEYS[k], ""), True) for k in others]
    shown = [
        Column(_("提交数"), partial(_number, "submitted")),
        Column(_("完成数"), partial(_number, "completed")),
        Column(_("失败数"), partial(_number, "failed")),
        Column(_("取消数"), partial(_number, "cancelled")),
        Column(_("失败率"), partial(_percent, "failure_rate")),
        Column(_("等待 p50/p90/p99 秒"), partial(_times, "wait")),
        Column(_("运行 p50/p90/p99 秒"), partial(_times, "run")),
        Column(_("输入词元"), partial(_number, "input_tokens")),
        Column(_("输出词元"), partial(_number, "output_tokens")),
        Column(_("费用"), _cost),
    ]
    if "accuracy" in figures.total:
        shown.append(Column(_("复核准确率"), partial(_percent, "accuracy")))
    return keys + shown


def _key(name: str, of_total: str, row: Row) -> str:
    value = row[name]
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M%z}"
    if value is None:
        return of_total
    return str(value) or NOTHING


def _number(name: str, row: Row) -> str:
    return f"{row[name]:,}"


def _percent(name: str, row: Row) -> str:
    return NOTHING if row[name] is None else f"{row[name]:.1%}"


def _times(name: str, row: Row) -> str:
    return " / ".join(_seconds(row[f"{name}_{p}"]) for p in PERCENTILES)


def _seconds(duration: timedelta | None) -> str:
    if duration is None:
        return NOTHING
    seconds = duration.total_seconds()
    return f"{seconds:.3g}" if seconds < 100 else f"{seconds:.0f}"


def _cost(row: Row) -> str:
    return f"{row['total_cost']:.4f}"
