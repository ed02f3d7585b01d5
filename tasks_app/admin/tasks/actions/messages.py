"""What staff is told once an action is done; nothing of what concerned no task."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext


def message_done(request: HttpRequest, text: str, count: int) -> None:
    """`text` has a place `{n}` for the count."""
    if count:
        messages.success(request, text.format(n=count))


def message_left_out(request: HttpRequest, text: str, count: int) -> None:
    """The same of tasks that the action passed over."""
    if count:
        messages.warning(request, text.format(n=count))


def message_nothing_done(request: HttpRequest) -> None:
    """Who had to log in before an action comes back without what was posted."""
    messages.warning(request, gettext("操作没有执行，请再试一次"))
