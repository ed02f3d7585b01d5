"""What staff see of a task, column by column; each takes the row.

A function that is called as a column of the model would be shown with that column's
help text, which is for programmers.
"""

from django.contrib.admin import display
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tasks_app.admin import formatting
from tasks_app.admin.formatting import EMPTY
from tasks_app.admin.labels import PRIORITIES, TASK_TYPES
from tasks_app.models import Task


@display(description=_("文本"))
def excerpt(task: Task) -> SafeString:
    shown = Truncator(task.text).chars(60)
    return format_html('<span title="{}">{}</span>', task.text, shown)


@display(description=_("状态"))
def status(task: Task) -> SafeString:
    return formatting.status_label(task.status)


@display(description=_("所有者"))
def full_owner(task: Task) -> str:
    return f"{task.owner} ({task.user.get_username()})" if task.user else task.owner


@display(description=_("所有者"))
def owner_name(task: Task) -> SafeString:
    kind, _colon, name = task.owner.partition(":")
    if task.user:
        shown = task.user.get_username()
    elif kind == "client":
        # Enough to tell the visitors of one page apart.
        shown = gettext("访客 {id}").format(id=name[:8])
    else:
        shown = task.owner
    return formatting.abridged(task.owner, Truncator(shown).chars(20))


@display(description=_("类型"))
def task_type(task: Task) -> str:
    return str(TASK_TYPES.get(task.task_type, task.task_type) or EMPTY)


@display(description=_("置信度"))
def confidence(task: Task) -> str:
    return EMPTY if task.confidence is None else f"{task.confidence:.0%}"


@display(description=_("优先级"))
def priority(task: Task) -> str:
    return str(PRIORITIES.get(task.priority_level, task.priority_level) or EMPTY)


@display(description=_("创建"), ordering="created_at")
def brief_created(task: Task) -> str:
    return formatting.brief_moment(task.created_at)


@display(description=_("引擎"))
def engine(task: Task) -> str:
    return task.engine or EMPTY


@display(description=_("等待"))
def wait(task: Task) -> str:
    return formatting.duration(task.wait)


@display(description=_("运行"))
def run_time(task: Task) -> str:
    return formatting.duration(task.run_time)


@display(description=_("尝试次数"))
def attempts(task: Task) -> str:
    return str(task.attempt or EMPTY)


@display(description=_("词元"))
def tokens(task: Task) -> str:
    if task.prompt_tokens is None:
        return EMPTY
    return gettext("输入 {prompt}（命中缓存 {cached}），输出 {completion}").format(
        prompt=task.prompt_tokens,
        cached=task.cached_prompt_tokens or 0,
        completion=task.completion_tokens,
    )


@display(description=_("费用"), ordering="cost")
def cost(task: Task) -> str:
    return EMPTY if task.cost is None else f"{task.cost.normalize():f}"
