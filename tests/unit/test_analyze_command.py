"""`manage.py analyze` in a process of its own, as a person in a shell uses it."""

import asyncio
import io
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from tests.llm_behaviours import ok, refuses
from tests.llm_server import LlmServer

TEXT = "明早七点去机场，记得身份证和充电宝"
EVENT = {"transcript": TEXT, "speakers": [{"speaker_label": "我", "is_user": True}]}


class Outcome(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def results(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


class Shell:
    """Runs the command with an environment of its own, and no database to reach."""

    def __init__(self, data_dir: Path) -> None:
        self.environment = {
            "PULSEWEAVE_DATA_DIR": str(data_dir),
            "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nowhere",
            "REDIS_URL": "redis://127.0.0.1:1",
        }

    def with_provider(self, server: LlmServer) -> Mapping[str, str]:
        return {"LLM_API_KEY": "sk-test", "LLM_BASE_URL": server.url}

    async def analyze(
        self,
        *arguments: str,
        stdin: bytes = b"",
        extra: Mapping[str, str] | None = None,
    ) -> Outcome:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            str(settings.BASE_DIR / "manage.py"),
            "analyze",
            *arguments,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={**self.environment, **(extra or {})},
        )
        out, err = await process.communicate(stdin)
        return Outcome(process.returncode or 0, out.decode(), err.decode())


def run_here(*arguments: str) -> Outcome:
    """The command in this process: quicker, where only its words matter."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("analyze", *arguments, stdout=out, stderr=err)
    except CommandError as error:
        return Outcome(error.returncode, out.getvalue(), str(error))
    except SystemExit as end:
        return Outcome(int(end.code or 0), out.getvalue(), err.getvalue())
    return Outcome(0, out.getvalue(), err.getvalue())


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


async def test_a_text_becomes_one_line_of_json_in_readable_chinese(
    shell: Shell,
) -> None:
    outcome = await shell.analyze(TEXT)
    assert (outcome.code, outcome.err) == (0, "")
    (result,) = outcome.results
    assert result["task_type"] == "trip"
    assert result["model_version"].startswith("local:")
    assert result["summary_text"] in outcome.out


async def test_lines_of_stdin_are_answered_in_order_and_blank_ones_skipped(
    shell: Shell,
) -> None:
    lines = f"{TEXT}\n\n   \r\n周五前把季度报告发给李经理".encode()
    outcome = await shell.analyze("--engine", "local", stdin=lines)
    assert outcome.code == 0
    assert [result["task_type"] for result in outcome.results] == ["trip", "work"]


async def test_an_event_file_gives_the_event_fields(
    shell: Shell, tmp_path: Path
) -> None:
    file = tmp_path / "event.json"
    file.write_text("\ufeff" + json.dumps(EVENT))
    outcome = await shell.analyze("--event", str(file))
    (result,) = outcome.results
    assert result["speaker_insights"]["primary_speaker"] == "我"
    assert result["event_analysis"]["speaker_count"] == 1


async def test_an_event_may_come_by_stdin_with_another_text(shell: Shell) -> None:
    stdin = json.dumps(EVENT).encode()
    outcome = await shell.analyze("--event", "-", "周五前交季度报告", stdin=stdin)
    (result,) = outcome.results
    assert result["task_type"] == "work"
    assert result["speaker_insights"]["total_speakers"] == 1


async def test_a_key_means_the_llm(shell: Shell) -> None:
    async with LlmServer(ok) as server:
        outcome = await shell.analyze(TEXT, extra=shell.with_provider(server))
    (result,) = outcome.results
    assert result["model_version"] == "deepseek:deepseek-flash"


async def test_a_failed_line_does_not_stop_the_next(shell: Shell) -> None:
    long = "长" * (settings.MAX_TEXT_LENGTH + 1)
    lines = f"去机场\n{long}\n去车站\n去医院".encode()
    async with LlmServer(ok, refuses(422), ok) as server:
        environment = shell.with_provider(server)
        outcome = await shell.analyze(stdin=lines, extra=environment)
    assert outcome.code == 1
    assert len(outcome.results) == 2
    assert outcome.err.splitlines() == [
        "第 2 条：文本不得超过 2000 个字符",
        "第 3 条：DeepSeek API调用失败: 请求参数错误",
    ]


async def test_results_are_there_before_the_next_line_is_read(shell: Shell) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(settings.BASE_DIR / "manage.py"),
        "analyze",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=shell.environment,
    )
    assert process.stdin
    assert process.stdout
    for text in ("明天去机场", "后天去机场"):
        process.stdin.write(f"{text}\n".encode())
        await process.stdin.drain()
        line = await asyncio.wait_for(process.stdout.readline(), 60)
        assert json.loads(line)["task_type"] == "trip"
    process.stdin.close()
    assert await process.wait() == 0


@pytest.mark.parametrize(
    ("event", "complaint"),
    [
        (b"{", "无效的JSON格式"),
        (b"[1]", "必须是一个JSON对象"),
        (b'{"transcript": "a", "speakers": [{"is_user": 3}]}', "speakers.0.is_user"),
        (b"{}", "event.transcript"),
        (b'{"transcript": "\\u0000"}', "NUL"),
        (b'{"transcript": "\xff"}', "UTF-8"),
        (b'{"transcript": NaN}', "无效的JSON格式"),
        (b'{"transcript": "a", "x": "' + b"x" * 70_000 + b'"}', "65536"),
    ],
)
def test_a_bad_event_is_explained(tmp_path: Path, event: bytes, complaint: str) -> None:
    file = tmp_path / "event.json"
    file.write_bytes(event)
    outcome = run_here("--engine", "local", "--event", str(file))
    assert (outcome.code, outcome.out) == (1, "")
    assert complaint in outcome.err


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--event", "/no/such/file", "a"], "/no/such/file"),
        (["--event", "-", "a", "b"], "--event"),
        (["--engine", "llm", "a"], "LLM_API_KEY"),
    ],
)
def test_wrong_use_is_explained(arguments: list[str], complaint: str) -> None:
    outcome = run_here(*arguments)
    assert (outcome.code, outcome.out) == (1, "")
    assert complaint in outcome.err


async def test_an_error_is_one_line_without_a_traceback(shell: Shell) -> None:
    outcome = await shell.analyze("--engine", "llm", TEXT)
    assert (outcome.code, outcome.out) == (1, "")
    assert "LLM_API_KEY" in outcome.err
    assert len(outcome.err.splitlines()) == 1


async def test_bytes_that_are_no_utf_8_fail_their_line_only(shell: Shell) -> None:
    outcome = await shell.analyze(stdin=b"\xff\xfe\n" + TEXT.encode())
    assert outcome.code == 1
    assert len(outcome.results) == 1
    assert outcome.err.startswith("第 1 条")
