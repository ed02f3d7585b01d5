"""Exports to clients that do not read, or leave."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from django.conf import settings

from tests.client import connected
from tests.stack import Stack, prepared_stack
from tests.staff import TASKS, Staff, client_of

pytestmark = pytest.mark.flow

ROWS = 4000
KIB_EACH = 20
MOST_MIB = 40
"""Of memory, for a file of 80 MiB."""
UNREAD_FOR_S = 4.0
"""In which all of it would be buffered."""

FILL = f"""
import uuid
from django.utils import timezone
from tasks_app.models import Task
event = {{"transcript": "一" * ({KIB_EACH} * 1024 // 3)}}
now = timezone.now()
Task.objects.bulk_create(
    [
        Task(owner="client:x", text="一", event=event, status="cancelled",
             created_at=now, completed_at=now)
        for _ in range({ROWS})
    ],
    batch_size=200,
)
"""


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with prepared_stack(tmp_path_factory.mktemp("stack"), {}) as stack:
        stack.start()
        command = [sys.executable, "manage.py", "shell", "--command", FILL]
        subprocess.run(command, cwd=settings.BASE_DIR, env=stack.env, check=True)
        yield stack


def peak_mib(stack: Stack) -> float:
    status = Path(f"/proc/{stack.pid_of('web')}/status").read_text()
    [line] = [line for line in status.splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) / 1024


async def log_of(http: httpx.AsyncClient) -> str:
    return (await http.get("/admin/admin/logentry/")).text


async def test_what_is_not_read_is_not_held_in_memory(stack: Stack) -> None:
    async with client_of(stack) as http:
        staff = await Staff.of(stack, http)
        form = await staff.signed({"format": "json"})
        before = peak_mib(stack)
        async with http.stream("POST", f"{TASKS}export/", data=form) as response:
            parts = response.aiter_bytes()
            file = [await anext(parts)]
            # Nothing is to happen meanwhile, and so there is no event.
            await asyncio.sleep(UNREAD_FOR_S)
            assert "导出了" not in await log_of(http)
            async with connected(stack.ws_url) as client:
                assert (await client.ask(type="ping"))["type"] == "pong"
            file += [part async for part in parts]
        assert peak_mib(stack) - before < MOST_MIB
        assert len(json.loads(b"".join(file))) == ROWS
        assert f"导出了 {ROWS} 个任务（JSON；全部任务）" in await log_of(http)


async def test_a_client_that_leaves_is_logged_with_what_it_got(stack: Stack) -> None:
    async with client_of(stack) as http:
        staff = await Staff.of(stack, http)
        form = await staff.signed({"format": "csv"})
        async with http.stream("POST", f"{TASKS}export/", data=form) as response:
            await anext(response.aiter_bytes())
        async with asyncio.timeout(20):
            while "导出中断" not in await log_of(http):  # noqa: ASYNC110 - no event
                await asyncio.sleep(0.2)
