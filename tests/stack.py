"""The whole application, started for a test as a person starts it."""

import os
import re
import secrets
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Self, cast

from celery import Celery
from django.conf import settings

from tasks_app.embedded import broker
from tests.services import Services

START_WITHIN_S = 90.0
STOP_WITHIN_S = 15.0
RESTART_WITHIN_S = 30.0


class Stack:
    """`manage.py up` in a process of its own, with nothing of our environment.

    `environment` is all that it gets; it must name a data directory and a port. A
    stopped stack can be started again: what it stored is still there.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.env = dict(environment)
        self.data_dir = Path(self.env["PULSEWEAVE_DATA_DIR"])
        self.host = f"127.0.0.1:{self.env['PORT']}"
        self.http_url = f"http://{self.host}"
        self.ws_url = f"ws://{self.host}/ws"
        self._process: subprocess.Popen[str]
        self._is_launched = False
        self._added: list[subprocess.Popen[bytes]] = []
        self._lines: list[str] = []
        self._is_silent = False
        self._changed = threading.Condition()

    def launch(self) -> Self:
        """Start it without waiting for anything."""
        self._lines, self._is_silent = [], False
        self._process = subprocess.Popen(
            [sys.executable, "manage.py", "up"],
            cwd=settings.BASE_DIR,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            start_new_session=True,
        )
        self._is_launched = True
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        return self

    def start(self) -> Self:
        """Start it and wait until it says that it is ready."""
        self.launch().wait_for_line(r"^ready ", START_WITHIN_S)
        return self

    def send(self, number: signal.Signals) -> None:
        """Send `up` itself a signal; none if it has ended."""
        self._process.send_signal(number)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to end, as Ctrl-C or a service manager does; returns its exit code."""
        self.send(number)
        return self.wait()

    def wait(self, timeout_s: float = STOP_WITHIN_S) -> int:
        """Wait until it has ended, for its exit code; kill it if it does not."""
        try:
            code = self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
            raise AssertionError(f"Still there:\n{self.output}") from None
        self._reader.join()
        return code

    def ends_within(self, timeout_s: float) -> bool:
        """Whether it ends in this time."""
        try:
            self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            return False
        return True

    def add_process(
        self, *arguments: str, pass_fds: Collection[int] = ()
    ) -> subprocess.Popen[bytes]:
        """Start `python -m ARGUMENTS` in its environment; it ends with the stack."""
        process = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            cwd=settings.BASE_DIR,
            env=self.env,
            stdin=subprocess.DEVNULL,
            pass_fds=pass_fds,
            start_new_session=True,
        )
        self._added.append(process)
        return process

    def add_web(self, *options: str) -> str:
        """Start another web process, with Daphne's options; its sockets' address."""
        with socket.create_server(("127.0.0.1", 0)) as listener:
            # It listens from now on: who connects waits until the process accepts.
            number = listener.fileno()
            command = ("daphne", "--verbosity=0", f"--fd={number}", *options)
            application = "pulseweave.asgi:application"
            self.add_process(*command, application, pass_fds=[number])
            return f"ws://127.0.0.1:{listener.getsockname()[1]}/ws"

    def add_worker(self) -> subprocess.Popen[bytes]:
        """Start one more worker, as another machine would have it."""
        node = f"added-{secrets.token_hex(4)}@{socket.gethostname()}"
        command = ("celery", "-A", "pulseweave", "worker", "-P", "threads", "-n", node)
        worker = self.add_process(*command)
        with self.celery() as celery:
            while not broker.has_worker(celery, node, timeout_s=0.5):
                assert worker.poll() is None, "the worker ended"
        return worker

    def celery(self) -> Celery:
        """A client of its broker, with its queue."""
        celery = Celery(broker=self.broker_url, set_as_current=False)
        celery.conf.task_default_queue = self.env.get("PULSEWEAVE_QUEUE", "pulseweave")
        return celery

    @property
    def redis_url(self) -> str:
        return self.env.get("REDIS_URL") or f"unix://{self.data_dir / 'valkey.sock'}"

    @property
    def broker_url(self) -> str:
        url = self.env.get("BROKER_URL") or self.redis_url
        return url.replace("unix://", "redis+socket://")

    def close(self) -> None:
        """End it if it runs, and whatever it should have ended itself."""
        for process in self._added:
            process.kill()
            process.wait()
        try:
            if self._is_launched and self._process.poll() is None:
                self.stop()
        finally:
            for part in self.survivors():
                self.send_to(part, signal.SIGKILL)

    @property
    def output(self) -> str:
        """All that it and its children have printed since it was last started."""
        with self._changed:
            return "\n".join(self._lines)

    @property
    def admin_password(self) -> str | None:
        """The password of `admin`, if this start has shown it."""
        found = re.search(r"管理员 admin，密码 (\S+)", self.output)
        return found and found[1]

    def pid_of(self, part: str) -> int:
        """The process id of `valkey`, `beat`, `worker` or `web`, after restarts too."""
        return self._started()[part]

    def _started(self) -> dict[str, int]:
        started = r"^· (\w+) 已启动 \(pid (\d+)\)$"
        found = re.findall(started, self.output, re.MULTILINE)
        return {part: int(pid) for part, pid in found}

    def send_to(self, part: str, number: signal.Signals) -> None:
        """Send a part a signal."""
        os.kill(self.pid_of(part), number)

    def kill(
        self,
        part: str,
        number: signal.Signals = signal.SIGKILL,
        within_s: float = RESTART_WITHIN_S,
    ) -> None:
        """End a part by a signal and wait until it answers again."""
        recovered = f"· {part} 已恢复"
        before = self.output.count(recovered)
        self.send_to(part, number)
        self._wait_until(lambda: self.output.count(recovered) > before, within_s)

    def wait_for_restart(self, part: str, than: int, timeout_s: float) -> int:
        """Wait until the part runs as another process than this one; returns its id."""
        self._wait_until(lambda: self.pid_of(part) != than, timeout_s)
        return self.pid_of(part)

    def wait_for_line(self, pattern: str, timeout_s: float) -> str:
        """Wait until a line has been printed that matches `pattern`; returns it."""
        self._wait_until(
            lambda: re.search(pattern, self.output, re.MULTILINE), timeout_s
        )
        return next(line for line in self._lines if re.search(pattern, line))

    @property
    def parts(self) -> list[str]:
        """The parts that were started, in this order."""
        return list(self._started())

    def survivors(self, within_s: float = 0) -> list[str]:
        """The parts whose processes are still there after so many seconds (Linux)."""
        deadline = time.monotonic() + within_s
        return [
            part
            for part, pid in self._started().items()
            if not _has_ended(pid, deadline - time.monotonic())
        ]

    def _wait_until(self, is_so: Callable[[], object], timeout_s: float) -> None:
        """Wait for something that shows in the output; fail at its end."""
        with self._changed:
            self._changed.wait_for(lambda: is_so() or self._is_silent, timeout_s)
            assert is_so(), (
                f"Not so after {timeout_s} s, or ended ({self._process.poll()}):\n"
                f"{self.output}"
            )

    def _read(self) -> None:
        with cast("IO[str]", self._process.stdout) as output:
            for line in output:
                with self._changed:
                    self._lines.append(line.rstrip("\n"))
                    self._changed.notify_all()
        with self._changed:
            self._is_silent = True
            self._changed.notify_all()


def _has_ended(pid: int, within_s: float) -> bool:
    """Whether the process ends in this time; one that was not reaped has, too."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([descriptor], [], [], max(0, within_s))[0])
    finally:
        os.close(descriptor)


@contextmanager
def prepared_stack(
    data_dir: Path, environment: Mapping[str, str], *, is_migrated: bool = True
) -> Iterator[Stack]:
    """A stack not yet started, with its share of the services; ended at the end.

    Its database has its tables, unless `up` is to make them.
    """
    services = Services()
    try:
        stack = Stack(
            {
                **services.create(data_dir, is_migrated),
                "PULSEWEAVE_DATA_DIR": str(data_dir),
                "PORT": str(free_port()),
                **environment,
            }
        )
        try:
            yield stack
        finally:
            stack.close()
    finally:
        services.remove()


def free_port() -> int:
    """A TCP port that nothing listens on at this moment."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port
