"""`up`: the whole stack in front of one terminal."""

import asyncio

from django.conf import settings

from tasks_app.embedded.console import say
from tasks_app.embedded.parts import reachable_host, stages
from tasks_app.embedded.preparation import check_port, prepare, sole_owner
from tasks_app.embedded.supervisor import Supervisor


def up() -> None:
    """Run PulseWeave until a signal ends it; `StartError` if it cannot start."""
    with sole_owner(settings.DATA_DIR):
        check_port(settings.BIND, settings.PORT)
        say("PulseWeave 启动中 …")
        asyncio.run(Supervisor(stages(), settings.BASE_DIR).run(prepare, _announce))
        say("已全部停止")


def _announce() -> None:
    host = f"{reachable_host()}:{settings.PORT}"
    say(
        f"ready  页面 http://{host}/  连接 ws://{host}/ws  后台 http://{host}/admin/"
        "  （Ctrl-C 停止）"
    )
