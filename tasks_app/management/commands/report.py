"""`manage.py report`: how a period of time went, for people, programs and cron.

Exit codes: 0 fine; 1 wrong arguments, or no answer from the database; 2 the figures
are worse than was asked for.
"""

import logging
import os
import sys
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, NoReturn

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils import timezone
from django.utils.translation import gettext as _

from tasks_app.management.arguments import (
    date_or_time,
    positive_count,
    readable,
    share,
)
from tasks_app.management.report.columns import columns
from tasks_app.management.report.figures import KEYS, Figures, read_figures
from tasks_app.management.report.rendering import as_csv, as_json, table
from tasks_app.reports import as_moment
from tasks_app.rollups import begin_of_hour
from tasks_app.states import Status

_DAYS = 7
_REFUSED = 1
_EXCEEDED = 2


class Command(BaseCommand):
    help = _(
        "打印一段时间内任务的数量、失败率、等待和运行时间、词元、费用与复核准确率。"
        "退出码：0 正常；1 参数错误或数据库无法访问；2 失败率超过 --fail-above。"
    )
    # Checks may look at the database, and would say so at length.
    requires_system_checks = ()

    def create_parser(self, *args: Any, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(*args, **kwargs)
        parser.error = partial(_refuse, parser)  # type: ignore[method-assign]
        return parser

    def add_arguments(self, parser: ArgumentParser) -> None:
        _add_period(parser)
        _add_grouping(parser)
        _add_filters(parser)
        parser.add_argument(
            "--format",
            choices=["table", "csv", "json"],
            default="table",
            help=_("输出格式，默认 table"),
        )
        parser.add_argument(
            "--rollups",
            action="store_true",
            help=_(
                "读取每小时汇总：很快，包含已删除的任务；"
                "分位数误差不超过 2%%，没有所有者和复核"
            ),
        )
        parser.add_argument(
            "--fail-above",
            type=share,
            metavar="SHARE",
            help=_("总失败率超过此值（如 5%% 或 0.05）时，以 2 退出"),
        )

    def handle(self, **options: Any) -> None:
        # It would tell of each attempt to connect; the last is told below.
        logging.getLogger("psycopg.pool").setLevel(logging.ERROR)
        period = _period(options["since"], options["until"])
        self._warn_of_deleted(period[0], options["rollups"])
        figures = _figures(period, options)
        self._print(_rendered(figures, options["format"]))
        self._judge(figures, options["fail_above"])

    def _warn_of_deleted(self, since: date, from_rollups: bool) -> None:
        if not settings.RETENTION_S or from_rollups:
            return
        kept_since = timezone.now() - timedelta(seconds=settings.RETENTION_S)
        if as_moment(since) < kept_since:
            self.stderr.write(
                _("部分任务已按保留期删除，未计入；要包含它们，请用 --rollups")
            )

    def _print(self, text: str) -> None:
        if reconfigure := getattr(self.stdout, "reconfigure", None):
            # Not every terminal has the characters; figures are better than none.
            reconfigure(errors="backslashreplace")
        try:
            self.stdout.write(text, ending="")
            self.stdout.flush()
        except OSError as error:
            # What is left in the buffer would be tried once more at the exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), self.stdout.fileno())
            # Who reads may have enough of it, as `head` does.
            if not isinstance(error, BrokenPipeError):
                words = {"reason": error.strerror}
                raise CommandError(_("无法输出报告：%(reason)s") % words) from None

    def _judge(self, figures: Figures, limit: float | None) -> None:
        rate = figures.total["failure_rate"]
        if limit is None or rate is None or rate <= limit:
            return
        words = {"rate": f"{rate:.2%}", "limit": f"{limit:.2%}"}
        self.stderr.write(_("失败率 %(rate)s 超过 %(limit)s") % words)
        sys.exit(_EXCEEDED)


def _add_period(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--from",
        dest="since",
        type=date_or_time,
        metavar="TIME",
        help=_("起点：日期、时间、today 或 yesterday；默认截至今天的七天"),
    )
    parser.add_argument(
        "--to",
        dest="until",
        type=date_or_time,
        metavar="TIME",
        help=_("终点：日期（含当天）、时间（不含）、today 或 yesterday；默认今天"),
    )


def _add_grouping(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--by",
        type=_keys,
        default=["day"],
        metavar="KEY[,KEY]",
        help=_("分组，可用逗号组合：%(keys)s；默认 day") % {"keys": "、".join(KEYS)},
    )
    parser.add_argument(
        "--top", type=positive_count, metavar="N", help=_("只列出任务最多的 N 组")
    )


def _add_filters(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--type", dest="task_type", type=readable, help=_("只统计这一类型")
    )
    parser.add_argument("--engine", type=readable, help=_("只统计这一引擎"))
    parser.add_argument("--status", choices=Status.values, help=_("只统计这一状态"))
    parser.add_argument("--owner", type=readable, help=_("只统计这一所有者"))


def _figures(period: tuple[date, date], options: dict[str, Any]) -> Figures:
    filters = {
        name: options[name]
        for name in ("task_type", "engine", "status", "owner")
        if options[name] is not None
    }
    if options["rollups"] and ("owner" in filters or "owner" in options["by"]):
        raise CommandError(_("每小时汇总不区分所有者"))
    if options["rollups"] and not all(map(_begins_hour, period)):
        raise CommandError(_("每小时汇总的起点和终点须为整点"))
    try:
        return read_figures(
            period,
            by=options["by"],
            filters=filters,
            top=options["top"],
            from_rollups=options["rollups"],
        )
    except DatabaseError as error:
        reason = str(error).strip() or type(error).__name__
        words = {"reason": reason.splitlines()[0]}
        raise CommandError(_("数据库无法回答：%(reason)s") % words) from None


def _rendered(figures: Figures, form: str) -> str:
    if form == "csv":
        return as_csv(figures.names, figures.rows)
    if form == "json":
        since, until = (as_moment(moment).isoformat() for moment in figures.period)
        about = {"since": since, "until": until, "by": figures.by}
        return as_json(about, figures.rows, figures.total)
    return table(columns(figures), [*figures.rows, figures.total])


def _period(since: date | None, until: date | None) -> tuple[date, date]:
    end = _end_of(until or timezone.localdate())
    begin = since or timezone.localtime(as_moment(end)).date() - timedelta(days=_DAYS)
    if as_moment(begin) >= as_moment(end):
        raise CommandError(_("终点必须晚于起点"))
    return begin, end


def _end_of(given: date) -> date:
    """The last day of a period belongs to it; a time is where it ends."""
    return given if isinstance(given, datetime) else given + timedelta(days=1)


def _begins_hour(moment: date) -> bool:
    """A day is taken to, also in the one zone that has it otherwise."""
    if not isinstance(moment, datetime):
        return True
    return begin_of_hour(as_moment(moment)) == as_moment(moment)


def _refuse(parser: CommandParser, message: str) -> NoReturn:
    """As argparse does, but with the exit code of every other mistake."""
    if not parser.called_from_command_line:
        raise CommandError(message)
    parser.print_usage(sys.stderr)
    sys.stderr.write(f"{message}\n")
    sys.exit(_REFUSED)


def _keys(given: str) -> list[str]:
    keys = given.split(",")
    if unknown := [key for key in keys if key not in KEYS]:
        words = {"unknown": unknown[0], "keys": "、".join(KEYS)}
        raise ArgumentTypeError(_("没有分组 %(unknown)s；可用：%(keys)s") % words)
    if len(set(keys)) < len(keys):
        raise ArgumentTypeError(_("分组不能重复"))
    return keys
