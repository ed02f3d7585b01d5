"""The figures as the page's charts take them: what to build_charts, not how."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tasks_app.admin import formatting
from tasks_app.admin.dashboard.figures import FINAL_STATUSES, Figures, label_of
from tasks_app.reports import Calibration, Row
from tasks_app.rollups import PERCENTILES

_PERCENTILE_TONES = ("calm", "strong", "loud")
_TOKENS: Mapping[str, str | Promise] = {
    "input_tokens": _("输入词元"),
    "output_tokens": _("输出词元"),
}


def build_charts(figures: Figures) -> dict[str, Any]:
    """Charts by the names of their places, each with its `kind`, `labels` and
    `series`: `title`, `tone` and `values`.
    """
    labels = [label_of(row["begin"], figures) for row in figures.steps]
    charts = {
        "throughput": _chart("stacked", labels, _statuses(figures.steps)),
        "wait": _chart("times", labels, _percentiles("wait", figures.steps)),
        "run": _chart("times", labels, _percentiles("run", figures.steps)),
    }
    if figures.has_costs:
        days = [f"{row['day']:%m-%d}" for row in figures.days]
        charts["costs"] = _chart("costs", days, _costs(figures.days))
    judged = [row["calibration"] for row in figures.engines if row["calibration"]]
    if judged:
        charts["calibration"] = _chart(
            "calibration", [], [_reliability(engine) for engine in judged]
        )
    return charts


def _chart(kind: str, labels: Sequence[str], series: Sequence[Row]) -> Row:
    return {"kind": kind, "labels": labels, "series": series}


def _statuses(steps: Sequence[Row]) -> list[Row]:
    return [
        _series(
            str(status.label),
            formatting.STATUS_COLOURS[status],
            [row[status.value] for row in steps],
        )
        for status in FINAL_STATUSES
    ]


def _percentiles(kind: str, steps: Sequence[Row]) -> list[Row]:
    return [
        _series(p, tone, [_seconds(row.get(f"{kind}_{p}")) for row in steps])
        for p, tone in zip(PERCENTILES, _PERCENTILE_TONES, strict=True)
    ]


def _costs(days: Sequence[Row]) -> list[Row]:
    tokens = [
        _series(capfirst(str(title)), tone, [row[name] for row in days])
        for (name, title), tone in zip(_TOKENS.items(), ("calm", "strong"), strict=True)
    ]
    cost = [float(Decimal(row["total_cost"])) for row in days]
    return [*tokens, _series(capfirst(gettext("费用")), "loud", cost)]


def _reliability(engine: Calibration) -> Row:
    points = [
        {"x": band.mean_confidence, "y": band.accuracy, "judged": band.judged}
        for band in engine.bands
    ]
    return _series(engine.engine, "", points)


def _series(title: str, tone: str, values: Sequence[object]) -> Row:
    return {"title": title, "tone": tone, "values": values}


def _seconds(duration: timedelta | None) -> float | None:
    return None if duration is None else duration.total_seconds()
