"""Values as staff read them; whatever a person or a model wrote is escaped."""

from datetime import datetime, timedelta

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from tasks_app.states import Status

EMPTY = "—"
"""In place of a value that is not there."""

STATUS_COLOURS = {
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


def moment(value: datetime | None, *, with_milliseconds: bool = False) -> str:
    """Local time to the second: tasks are often over within the minute."""
    if value is None:
        return EMPTY
    local = localtime(value)
    milliseconds = f".{local.microsecond // 1000:03}" if with_milliseconds else ""
    return f"{local:%Y-%m-%d %H:%M:%S}{milliseconds}"


def brief_moment(value: datetime | None) -> SafeString | str:
    """The same for a narrow column: the year stands under the pointer."""
    if value is None:
        return EMPTY
    return abridged(moment(value), localtime(value).strftime("%m-%d %H:%M:%S"))


def duration_text(value: timedelta | None) -> str:
    """How long something took, in the unit that fits."""
    if value is None:
        return EMPTY
    seconds = value.total_seconds()
    fitting = (unit for unit in _UNITS if seconds >= unit[1])
    words, unit_s = next(fitting, _UNITS[-1])
    return str(words).format(n=f"{seconds / unit_s:.3g}")


def duration(value: timedelta | None) -> SafeString | str:
    """The same; to the millisecond under the pointer."""
    if value is None:
        return EMPTY
    return abridged(f"{value.total_seconds():.3f} s", duration_text(value))


def label(text: str, colour: str) -> SafeString:
    """A small coloured sign; `colour` is one of Unfold's names."""
    context = {"text": text, "type": colour}
    return render_to_string("unfold/helpers/label.html", context)


def status_label(status: str) -> SafeString:
    status = Status(status)
    return label(str(status.label), STATUS_COLOURS[status])


def abridged(text: str, shown: str) -> SafeString:
    """`shown` on the page, `text` under the pointer."""
    return format_html(
        '<span class="whitespace-nowrap" title="{}">{}</span>', text, shown
    )
