"""`manage.py up`: one command, from nothing to ready and back to nothing."""

import json
import re
import signal
import socket
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.conf import settings
from websockets.sync.client import ClientConnection, connect

from tests.stack import STOP_WITHIN_S, Stack
from tests.staff import logged_in

pytestmark = pytest.mark.flow

MakeStack = Callable[..., Stack]
SOON_S = 3.0
"""Less than a worker that hangs is given to end by itself."""

needs_embedded = pytest.mark.skipif(
    not settings.IS_REDIS_EMBEDDED, reason="Redis is given from outside"
)


# --- A client ---------------------------------------------------------------------


def receive(connection: ClientConnection, kind: str) -> dict[str, Any]:
    """The next message of this type."""
    while True:
        message: dict[str, Any] = json.loads(connection.recv(timeout=20))
        if message["type"] == kind:
            return message


def submit(connection: ClientConnection, text: str, until: str) -> None:
    """Submit a task and follow it to the status `until`."""
    connection.send(json.dumps({"type": "submit_task", "data": {"text": text}}))
    while receive(connection, "task_status_update")["status"] != until:
        pass


def tasks_of(stack: Stack, identity: dict[str, Any]) -> list[dict[str, Any]]:
    """All tasks of the client that was once greeted with `identity`."""
    names = ("client_id", "resume_token")
    resume = {"type": "resume"} | {name: identity[name] for name in names}
    with connect(stack.ws_url) as connection:
        connection.send(json.dumps(resume))
        receive(connection, "resumed")
        connection.send(json.dumps({"type": "get_my_tasks"}))
        return list(receive(connection, "my_tasks")["tasks"])


def can_log_in(stack: Stack, password: str) -> bool:
    """Whether the admin site takes this password of `admin`."""
    with logged_in(stack, password) as browser:
        return browser.get("/admin/").status_code == httpx.codes.OK


def files_with(directory: Path, text: str) -> list[Path]:
    files = (path for path in directory.rglob("*") if path.is_file())
    return [path for path in files if text.encode() in path.read_bytes()]


# --- Ready ------------------------------------------------------------------------


def test_ready_means_that_page_admin_and_socket_answer(stack: Stack) -> None:
    assert httpx.get(f"{stack.http_url}/", trust_env=False).status_code == 200
    login = httpx.get(f"{stack.http_url}/admin/login/", trust_env=False)
    assert login.status_code == 200
    with connect(stack.ws_url) as connection:
        assert receive(connection, "connection_established")["client_id"]


def test_the_ready_line_names_its_addresses(stack: Stack) -> None:
    line = stack.wait_for_line("^ready", 0)
    assert f"{stack.http_url}/ " in line
    assert f"{stack.ws_url} " in line
    assert f"{stack.http_url}/admin/ " in line


def test_the_first_run_shows_an_admin_password_that_works(stack: Stack) -> None:
    password = stack.admin_password
    assert password
    assert can_log_in(stack, password)
    assert not can_log_in(stack, "wrong")
    assert stack.output.count(password) == 1
    assert not files_with(stack.data_dir, password)


# --- Refusals ---------------------------------------------------------------------


def test_a_taken_port_is_named_before_anything_starts(make_stack: MakeStack) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        port = str(other.getsockname()[1])
        stack = make_stack(PORT=port).launch()
        assert stack.wait() == 1
    assert f"127.0.0.1:{port}" in stack.output
    assert "PORT=" in stack.output
    assert len(stack.output.splitlines()) == 1


def test_a_second_up_on_the_same_data_is_refused(
    stack: Stack, make_stack: MakeStack
) -> None:
    second = make_stack(PULSEWEAVE_DATA_DIR=str(stack.data_dir)).launch()
    assert second.wait() == 1
    assert "PULSEWEAVE_DATA_DIR" in second.output
    assert len(second.output.splitlines()) == 1
    assert stack.survivors() == stack.parts


@pytest.mark.parametrize(
    ("variable", "url"),
    [
        ("DATABASE_URL", "postgres://user:secret@127.0.0.1:1/none"),
        ("REDIS_URL", "redis://user:secret@127.0.0.1:1/0"),
        ("BROKER_URL", "amqp://user:secret@127.0.0.1:1//"),
    ],
)
def test_a_service_that_does_not_answer_is_named(
    make_stack: MakeStack, variable: str, url: str
) -> None:
    stack = make_stack(**{variable: url}).launch()
    assert stack.wait() == 1
    assert variable in stack.output
    assert "secret" not in stack.output
    assert "Traceback" not in stack.output
    assert not stack.parts


@needs_embedded
def test_a_part_that_cannot_start_ends_up_with_its_last_words(
    make_stack: MakeStack,
) -> None:
    stack = make_stack()
    (stack.data_dir / settings.VALKEY_SOCKET.name).mkdir()
    stack.launch()
    assert stack.wait() == 1
    assert "valkey 启动失败" in stack.output
    assert "Failed opening Unix socket" in stack.output
    assert not stack.survivors()


# --- The end ----------------------------------------------------------------------


def assert_stopped_in_order(stack: Stack) -> None:
    stopped = re.findall(r"^· (\w+) 已停止$", stack.output, re.MULTILINE)
    assert sorted(stopped) == sorted(stack.parts)
    order = {"web": 0, "worker": 1, "beat": 1, "valkey": 2}
    assert stopped == sorted(stopped, key=lambda part: order[part])
    assert not stack.survivors()


def test_ctrl_c_lets_a_running_task_end_and_the_next_run_has_it(
    make_stack: MakeStack,
) -> None:
    stack = make_stack(PULSEWEAVE_ENGINE="tests.engines.PacedEngine").start()
    with connect(stack.ws_url) as connection:
        identity = receive(connection, "connection_established")
        submit(connection, "1", until="processing")
        assert stack.stop(signal.SIGINT) == 0
    assert_stopped_in_order(stack)

    stack.start()
    [task] = tasks_of(stack, identity)
    assert task["status"] == "completed"
    assert task.get("attempt", 1) == 1
    assert stack.admin_password is None


def test_nothing_survives_a_killed_up_and_the_next_one_starts(
    make_stack: MakeStack,
) -> None:
    stack = make_stack().start()
    assert stack.survivors() == stack.parts
    stack.send(signal.SIGKILL)
    assert stack.wait() == -signal.SIGKILL
    assert not stack.survivors(within_s=SOON_S)

    stack.start()
    assert stack.stop(signal.SIGTERM) == 0
    assert_stopped_in_order(stack)


def test_a_signal_during_the_start_leaves_nothing(make_stack: MakeStack) -> None:
    stack = make_stack().launch()
    stack.wait_for_line("^· web 已启动", 60)
    assert stack.stop() == 0
    assert "Traceback" not in stack.output
    assert not stack.survivors()


def test_parts_that_hang_are_killed_in_time(make_stack: MakeStack) -> None:
    stack = make_stack().start()
    for part in stack.parts:
        stack.send_to(part, signal.SIGSTOP)
    stack.send(signal.SIGTERM)
    assert stack.wait(STOP_WITHIN_S) == 0
    assert not stack.survivors()


def test_a_second_signal_hastens_the_end(make_stack: MakeStack) -> None:
    stack = make_stack().start()
    stack.send_to("worker", signal.SIGSTOP)
    stack.send(signal.SIGINT)
    stack.wait_for_line("^· web 已停止", STOP_WITHIN_S)
    assert not stack.ends_within(1)
    stack.send(signal.SIGINT)
    assert stack.wait(SOON_S) == 0
    assert not stack.survivors()


# --- Restarts ---------------------------------------------------------------------


def test_a_killed_part_is_restarted_and_tasks_complete_again(
    make_stack: MakeStack,
) -> None:
    stack = make_stack().start()
    for part in stack.parts:
        stack.kill(part)
    with connect(stack.ws_url) as connection:
        submit(connection, "明天下午三点开会", until="completed")
