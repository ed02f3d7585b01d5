"""Values as staff read them; whatever a person or a model wrote is escaped."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from tasks_app.admin.read_only import EMPTY
from tasks_app.states import Status

_STATUS_COLOURS = {
    Status.PENDING: "warning",
    Status.PROCESSING: "info",
    Status.COMPLETED: "success",
    Status.FAILED: "danger",
    Status.CANCELLED: "",
}

_UNITS = (
    (_("{n} 小时"), 3600),
    (_("{n} 分钟"), 60),
    (_("{n} 秒"), 1),
    (_("{n} 毫秒"), 0.001),
)


def moment(value: datetime | None) -> str:
    """Local time to the second: tasks are often over within the minute."""
    return localtime(value).strftime("%Y-%m-%d %H:%M:%S") if value else EMPTY


def brief_moment(value: datetime | None) -> SafeString | str:
    """The same for a narrow column: the year stands under the pointer."""
    if value is None:
        return EMPTY
    return abridged(moment(value), localtime(value).strftime("%m-%d %H:%M:%S"))


def span(value: timedelta | None) -> SafeString | str:
    """How long something took, in the unit that fits."""
    if value is None:
        return EMPTY
    seconds = value.total_seconds()
    fitting = (unit for unit in _UNITS if seconds >= unit[1])
    words, unit_s = next(fitting, _UNITS[-1])
    shown = str(words).format(n=f"{seconds / unit_s:.3g}")
    return abridged(f"{seconds:.3f} s", shown)


def label(text: str, colour: str) -> SafeString:
    """A small coloured sign; `colour` is one of Unfold's names."""
    context = {"text": text, "type": colour}
    return render_to_string("unfold/helpers/label.html", context)


def status_label(status: str) -> SafeString:
    status = Status(status)
    return label(str(status.label), _STATUS_COLOURS[status])


def abridged(text: str, shown: str) -> SafeString:
    """`shown` on the page, `text` under the pointer."""
    return format_html(
        '<span class="whitespace-nowrap" title="{}">{}</span>', text, shown
    )


def prose(text: str) -> SafeString:
    """Text with its own line breaks."""
    return format_html('<div class="task-prose">{}</div>', text or EMPTY)


def bullets(items: Iterable[object]) -> SafeString | str:
    rows = format_html_join("", "<li>{}</li>", ((item,) for item in items))
    return format_html('<ul class="task-bullets">{}</ul>', rows) if rows else EMPTY


def pretty_json(value: object) -> SafeString:
    text = json.dumps(value, ensure_ascii=False, indent=2)
    return format_html('<pre class="task-json">{}</pre>', text)
