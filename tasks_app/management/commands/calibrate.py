"""`manage.py calibrate`: how sure the local engine may be, measured anew."""

from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from tasks_app.inference.local.calibrate import TABLE, Share, measure, render
from tasks_app.inference.local.classify import Evidence


class Command(BaseCommand):
    help = _("用标注句重新测量本地引擎的置信度，写入 calibration.toml 并打印可靠性表")
    # Checks may look at the database, which is not needed here.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help=_("只打印，不改写文件")
        )

    def handle(self, **options: Any) -> None:
        claimed = {evidence: evidence.precision for evidence in Evidence}
        shares = measure()
        if not options["dry_run"]:
            TABLE.write_text(render(shares), encoding="utf-8")
        everything = sum(shares.values(), Share(0, 0))
        abstained = shares[Evidence.NONE]
        committed = Share(
            everything.right - abstained.right, everything.total - abstained.total
        )
        self._tell(_("准确率"), everything)
        self._tell(_("有依据时的精确率"), committed)
        self._tell_reliability(shares, claimed)

    def _tell(self, what: str, share: Share) -> None:
        self.stdout.write(f"{what}\t{_percent(share)}\t{share.right}/{share.total}")

    def _tell_reliability(
        self, shares: Mapping[Evidence, Share], claimed: Mapping[Evidence, float]
    ) -> None:
        """What was claimed so far beside what is true, class by class."""
        columns = (_("依据"), _("原置信度"), _("新置信度"), _("实际"), _("句数"))
        self.stdout.write("\t".join(columns))
        for evidence, share in shares.items():
            row = (
                evidence.value,
                f"{claimed[evidence]:.2f}",
                f"{share.precision:.2f}",
                _percent(share),
                str(share.total),
            )
            self.stdout.write("\t".join(row))


def _percent(share: Share) -> str:
    return "-" if share.rate is None else f"{share.rate:.1%}"
