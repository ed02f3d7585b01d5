"""The figures as tables: what charts show, in words and with links to the tasks."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from tasks_app.admin import formatting
from tasks_app.admin.dashboard.figures import FINAL_STATUSES, Figures, label_of
from tasks_app.admin.dashboard.links import task_list
from tasks_app.admin.formatting import EMPTY
from tasks_app.admin.labels import TASK_TYPES
from tasks_app.reports import Band, Calibration, Row
from tasks_app.rollups import PERCENTILES
from tasks_app.states import Status

Title = str | Promise

_TIMES = (("wait", _("等待时间")), ("run", _("运行时间")))


@dataclass(frozen=True)
class Cell:
    text: str
    href: str = ""
    share: float | None = None
    """Of a whole, for a bar."""

    def markup(self) -> SafeString:
        text = conditional_escape(self.text)
        if self.href:
            text = format_html('<a href="{}">{}</a>', self.href, text)
        if self.share is None:
            return text
        # Not in any language's digits.
        share = f"{self.share:.4f}"
        bar = '<progress value="{}" aria-hidden="true"></progress>{}'
        return format_html(bar, share, text)


@dataclass(frozen=True)
class Table:
    """The first column names the row; the others hold numbers."""

    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]

    def body(self) -> SafeString:
        """Not by a template: a year in one would take longer than to ask for it."""
        rows = ((name.markup(), _cells(numbers)) for name, *numbers in self.rows)
        return format_html_join("\n", '<tr><th scope="row">{}</th>{}</tr>', rows)


def _cells(numbers: Sequence[Cell]) -> SafeString:
    return format_html_join("", "<td>{}</td>", ((cell.markup(),) for cell in numbers))


@dataclass(frozen=True)
class Tile:
    """One number of the whole period."""

    title: Title
    cell: Cell
    tone: str = ""
    note: str = ""


def build_tables(figures: Figures) -> dict[str, Any]:
    """`tiles`, and the tables by the names of their charts."""
    return {
        "tiles": _tiles(figures),
        "throughput": _throughput(figures),
        "wait": _times("wait", figures),
        "run": _times("run", figures),
        "types": _types(figures),
        "codes": _codes(figures),
        "engines": _engines(figures),
        "calibration": _bands(figures),
        "costs": _costs(figures),
    }


def _tiles(figures: Figures) -> list[Tile]:
    total, period = figures.total, figures.period
    by_status = [
        Tile(
            status.label,
            Cell(_count(total[status.value]), task_list(period, status=status.value)),
            formatting.STATUS_COLOURS[status],
        )
        for status in FINAL_STATUSES
    ]
    return [
        Tile(_("已结束"), Cell(_count(total["submitted"]))),
        *by_status,
        Tile(_("失败率"), Cell(_percent(total["failure_rate"]))),
        *(_time_tile(kind, title, total) for kind, title in _TIMES),
        Tile(_("费用"), Cell(_cost(total["total_cost"])), note=_tokens(total)),
    ]


def _time_tile(kind: str, title: Title, total: Row) -> Tile:
    median, *others = (
        formatting.duration_text(total[f"{kind}_{p}"]) for p in PERCENTILES
    )
    note = " · ".join(
        f"{p} {text}".replace(" ", "\N{NO-BREAK SPACE}")
        for p, text in zip(list(PERCENTILES)[1:], others, strict=True)
    )
    return Tile(f"{title} p50", Cell(median), note=note)


def _throughput(figures: Figures) -> Table:
    rows = [
        [
            Cell(label_of(row["begin"], figures)),
            *(Cell(_count(row[status.value])) for status in FINAL_STATUSES),
        ]
        for row in figures.steps
    ]
    return Table(
        _heads(_("提交时间"), *(status.label for status in FINAL_STATUSES)), rows
    )


def _times(kind: str, figures: Figures) -> Table:
    names = [f"{kind}_{p}" for p in PERCENTILES]
    rows = [
        [
            Cell(label_of(row["begin"], figures)),
            *(Cell(formatting.duration_text(row.get(name))) for name in names),
        ]
        for row in figures.steps
    ]
    return Table([*_heads(_("提交时间")), *PERCENTILES], rows)


def _types(figures: Figures) -> Table:
    rows = [
        [
            Cell(str(TASK_TYPES.get(row["task_type"], row["task_type"]))),
            Cell(
                _count(row["submitted"]),
                task_list(figures.period, task_type=row["task_type"]),
                row["share"],
            ),
            Cell(_percent(row["share"])),
            Cell(_percent(row["failure_rate"])),
        ]
        for row in figures.types
    ]
    return Table(_heads(_("类型"), _("任务数"), _("占比"), _("失败率")), rows)


def _codes(figures: Figures) -> Table:
    rows = [
        [
            Cell(row["error_code"] or EMPTY),
            Cell(
                _count(row["submitted"]),
                task_list(
                    figures.period, status=Status.FAILED, error_code=row["error_code"]
                ),
                row["share"],
            ),
            Cell(_percent(row["share"])),
        ]
        for row in figures.codes
    ]
    return Table(_heads(_("错误代码"), _("任务数"), _("占比")), rows)


def _engines(figures: Figures) -> Table:
    heads = _heads(
        *(_("引擎"), _("任务数"), _("失败率")),
        *(_("已判断"), _("准确率"), _("校准误差")),
    )
    return Table(heads, [_engine(row, figures) for row in figures.engines])


def _engine(row: Row, figures: Figures) -> list[Cell]:
    calibration: Calibration | None = row["calibration"]
    return [
        Cell(row["engine"]),
        Cell(_count(row["submitted"]), task_list(figures.period, engine=row["engine"])),
        Cell(_percent(row["failure_rate"])),
        *(
            (
                Cell(_count(calibration.judged)),
                Cell(_percent(calibration.accuracy)),
                Cell(_percent(calibration.error)),
            )
            if calibration
            else (Cell("0"), Cell(EMPTY), Cell(EMPTY))
        ),
    ]


def _bands(figures: Figures) -> Table:
    heads = _heads(_("引擎"), _("置信度"), _("已判断"), _("平均置信度"), _("准确率"))
    rows = [
        _band(row["engine"], band)
        for row in figures.engines
        if row["calibration"]
        for band in row["calibration"].bands
    ]
    return Table(heads, rows)


def _band(engine: str, band: Band) -> list[Cell]:
    return [
        Cell(engine),
        Cell(f"{band.low:.1f}–{band.high:.1f}"),
        Cell(_count(band.judged)),
        Cell(_percent(band.mean_confidence)),
        Cell(_percent(band.accuracy)),
    ]


def _costs(figures: Figures) -> Table:
    names = ("input_tokens", "cached_tokens", "output_tokens")
    rows = [
        [
            Cell(f"{row['day']:%Y-%m-%d}"),
            *(Cell(_count(row[name])) for name in names),
            Cell(_cost(row["total_cost"])),
        ]
        for row in figures.days
    ]
    heads = _heads(
        _("日期"), _("输入词元"), _("其中命中缓存"), _("输出词元"), _("费用")
    )
    return Table(heads, rows)


def _heads(*titles: Title) -> list[str]:
    return [capfirst(str(title)) for title in titles]


def _count(number: int) -> str:
    return f"{number:,}"


def _percent(part: float | None) -> str:
    return EMPTY if part is None else f"{part:.1%}"


def _cost(cost: Decimal | int) -> str:
    return f"{cost:,.4f}" if cost else EMPTY


def _tokens(total: Row) -> str:
    tokens = total["input_tokens"] + total["output_tokens"]
    return str(_("{n} 词元")).format(n=_count(tokens)) if tokens else ""
