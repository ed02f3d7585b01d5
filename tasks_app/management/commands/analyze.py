"""`manage.py analyze`: an engine in the shell, without database, broker or server."""

import asyncio
import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from tasks_app.errors import InvalidMessage, RequestError
from tasks_app.inference.contract import (
    Engine,
    InferenceError,
    Request,
    dump_result,
)
from tasks_app.inference.registry import create_engine
from tasks_app.protocol.decode import JsonObject, decode
from tasks_app.protocol.requests import Bounds, SubmitTask, parse

_STDIN = "-"

Submission = dict[str, object]
"""The `data` of a submission, as a client would send it."""


class Command(BaseCommand):
    help = _("用推理引擎分析文本或事件，每行输出一个JSON结果")
    # Checks may look at the database, which is not needed here.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "texts",
            nargs="*",
            metavar="TEXT",
            help=_("要分析的文本；没有文本也没有事件时，从标准输入逐行读取"),
        )
        parser.add_argument(
            "--event", metavar="FILE", help=_("事件JSON文件，- 表示标准输入")
        )
        parser.add_argument(
            "--engine", choices=["local", "llm"], help=_("默认按设置选择引擎")
        )

    def handle(self, **options: Any) -> None:
        try:
            submissions = _submissions(options["texts"], options["event"])
            engine = create_engine(options["engine"])
        except RequestError as error:
            raise CommandError(str(error.message)) from None
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from None
        if not asyncio.run(self._analyze_all(engine, submissions)):
            sys.exit(1)

    async def _analyze_all(
        self, engine: Engine, submissions: Iterator[tuple[int, Submission]]
    ) -> bool:
        """Whether all went well; one that fails does not stop the next."""
        is_ok = True
        try:
            for number, submission in submissions:
                is_ok &= await self._analyze(engine, number, submission)
        finally:
            await engine.aclose()
        return is_ok

    async def _analyze(
        self, engine: Engine, number: int, submission: Submission
    ) -> bool:
        try:
            result = await engine.analyze(_request(submission), _ignore)
        except (RequestError, InferenceError) as error:
            words = {"number": number, "reason": error.message}
            self.stderr.write(_("第 %(number)d 条：%(reason)s") % words)
            return False
        self.stdout.write(json.dumps(dump_result(result), ensure_ascii=False))
        self.stdout.flush()
        return True


def _submissions(
    texts: list[str], event_file: str | None
) -> Iterator[tuple[int, Submission]]:
    """What there is to analyse, numbered from 1; of a bad file `RequestError`."""
    if event_file is None:
        lines = texts or map(_decoded, sys.stdin.buffer)
        numbered = enumerate(lines, start=1)
        return ((number, {"text": line}) for number, line in numbered if line.strip())
    if len(texts) > 1:
        raise CommandError(_("--event 只能与一条文本一起使用"))
    submission: Submission = {"event": _read_event(event_file)}
    if texts:
        submission["text"] = texts[0]
    return iter([(1, submission)])


def _decoded(line: bytes) -> str:
    # Bytes that are no UTF-8 become surrogates, which the checks refuse.
    return line.decode(errors="surrogateescape")


def _read_event(file: str) -> JsonObject:
    try:
        raw = sys.stdin.buffer.read() if file == _STDIN else Path(file).read_bytes()
    except OSError as error:
        raise CommandError(
            _("无法读取 %(file)s：%(reason)s")
            % {"file": file, "reason": error.strerror}
        ) from None
    try:
        return decode(raw.decode("utf-8-sig"), settings.MAX_MESSAGE_BYTES)
    except UnicodeDecodeError:
        raise InvalidMessage(_("事件文件不是UTF-8编码")) from None


def _request(submission: Submission) -> Request:
    """Checked by the rules that hold for clients. Raises `RequestError`."""
    frame = json.dumps({"type": "submit_task", "data": submission}, ensure_ascii=False)
    # A file's size was checked; a long text gets the sentence about its length.
    bounds = Bounds(message_bytes=sys.maxsize, text_length=settings.MAX_TEXT_LENGTH)
    submitted = cast(SubmitTask, parse(frame, bounds)[0])
    return Request(
        text=submitted.text, now=timezone.localtime(), event=submitted.data.event
    )


def _ignore(fraction: float, stage: str) -> None:
    """Progress is of no use where only results are printed."""
