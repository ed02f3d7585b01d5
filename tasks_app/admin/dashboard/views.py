"""The dashboard's part of the admin index, and what keeps it fresh."""

from hashlib import sha256
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from tasks_app import reports
from tasks_app.admin.dashboard.charts import build_charts
from tasks_app.admin.dashboard.figures import read_figures
from tasks_app.admin.dashboard.live import TILES, read_live
from tasks_app.admin.dashboard.periods import PRESETS, parse_period
from tasks_app.admin.dashboard.tables import build_tables
from tasks_app.rollups import begin_of_hour

Context = dict[str, Any]


def add_dashboard(request: HttpRequest, context: Context) -> Context:
    """What the index shows of tasks, to those who may view them."""
    if not _may_view_tasks(request):
        return context
    shown = {"live": read_live(), "live_tiles": TILES, "is_fullwidth": 1}
    return context | _FiguresRequest(request).context() | shown


@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The numbers of this moment, as JSON."""
    _demand_right(request)
    return JsonResponse(read_live())


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """The part of the index that tells of a period; 304 while it would be the same."""
    _demand_right(request)
    asked = _FiguresRequest(request)
    if request.headers.get("If-None-Match") == asked.tag:
        return HttpResponseNotModified(headers={"ETag": asked.tag})
    template = "tasks_app/admin/dashboard/figures.html"
    response = render(request, template, asked.context())
    response.headers["ETag"] = asked.tag
    return response


class _FiguresRequest:
    """The period that is asked for, at one moment."""

    def __init__(self, request: HttpRequest) -> None:
        self._now = timezone.now()
        self._period, self._error = parse_period(request.GET, self._now)
        self._has_history = reports.stats().total_tasks > 0
        # Told before the figures are read: what changes meanwhile is another version.
        self.tag = self._tag()

    def context(self) -> Context:
        figures = read_figures(self._period, self._now)
        return {
            "period": self._period,
            "period_error": self._error,
            "presets": PRESETS,
            "figures": figures,
            "figures_tag": self.tag,
            "has_history": self._has_history,
            "tables": build_tables(figures),
            "charts": build_charts(figures),
        }

    def _tag(self) -> str:
        parts = (
            reports.data_version(),
            self._has_history,
            self._period.since,
            self._period.until,
            begin_of_hour(self._now),
            get_language(),
        )
        return f'"{sha256(repr(parts).encode()).hexdigest()[:32]}"'


def _demand_right(request: HttpRequest) -> None:
    if not _may_view_tasks(request):
        raise PermissionDenied


def _may_view_tasks(request: HttpRequest) -> bool:
    """As the list of tasks has it."""
    verbs = ("view", "change")
    return any(request.user.has_perm(f"tasks_app.{verb}_task") for verb in verbs)
