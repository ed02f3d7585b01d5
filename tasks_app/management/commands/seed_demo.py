"""`manage.py seed_demo`: a history to try and to measure on."""

from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from tasks_app.demo import History, Plan, create_reviewers, store
from tasks_app.management.arguments import count, date_or_time, positive_count
from tasks_app.models import Task
from tasks_app.reports import as_moment

_TELL_EVERY = 50_000
_INTERRUPTED = 130
"""As shells have it: 128 and the signal's number."""


class Command(BaseCommand):
    help = _(
        "生成逼真的演示历史：各类型的文本、事件、失败、取消、重试、复核、费用和时间线。"
        "同样的参数生成同样的历史；数据库中已有任务时，需要 --append。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--tasks",
            type=positive_count,
            required=True,
            metavar="N",
            help=_("任务总数"),
        )
        parser.add_argument(
            "--days", type=_days, default=30, help=_("历史的天数，默认 30")
        )
        parser.add_argument("--seed", type=int, default=1, help=_("随机种子，默认 1"))
        parser.add_argument(
            "--until", type=date_or_time, metavar="TIME", help=_("历史的终点，默认现在")
        )
        parser.add_argument(
            "--unfinished",
            type=count,
            default=0,
            metavar="N",
            help=_("其中未结束的任务数，默认 0；运行中的工作进程会处理它们"),
        )
        parser.add_argument(
            "--append", action="store_true", help=_("允许加入到已有任务的数据库")
        )

    def handle(self, **options: Any) -> None:
        if options["unfinished"] > options["tasks"]:
            raise CommandError(_("--unfinished 不能大于 --tasks"))
        if not options["append"] and Task.objects.exists():
            raise CommandError(_("数据库中已有任务；确实要加入演示数据，请用 --append"))
        until = options["until"]
        plan = Plan(
            tasks=options["tasks"],
            until=as_moment(until) if until else timezone.now(),
            days=options["days"],
            seed=options["seed"],
            unfinished=options["unfinished"],
            reviewers=create_reviewers(),
        )
        if Task.objects.filter(pk=History(plan).first_id()).exists():
            raise CommandError(_("这段历史已经在数据库中；请换一个 --seed"))
        written = 0
        try:
            for written in store(History(plan).simulations()):
                if written % _TELL_EVERY == 0:
                    self.stderr.write(f"{written}/{plan.tasks}")
        except KeyboardInterrupt:
            words = {"count": written, "all": plan.tasks}
            told = _("已中断：%(all)d 个任务中已生成 %(count)d 个，它们是完整的")
            raise CommandError(told % words, returncode=_INTERRUPTED) from None
        self.stdout.write(_("已生成 %(count)d 个任务") % {"count": plan.tasks})


def _days(given: str) -> float:
    try:
        days = float(given)
    except ValueError:
        days = 0
    if not 0 < days <= 3650:
        raise ArgumentTypeError(_("必须大于 0，不超过 3650"))
    return days
