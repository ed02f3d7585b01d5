"""Which pages may open a socket."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from pytest_django import Settings

from tasks_app.routing import OriginGuard, websocket_urlpatterns

Headers = list[tuple[bytes, bytes]]


async def is_let_in(*origins: bytes) -> bool:
    """Whether a connection with these Origin headers reaches the application."""
    reached: list[Any] = []
    sent: list[Any] = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        reached.append(scope)

    async def receive() -> Any:
        raise AssertionError("the guard reads nothing")

    async def send(message: Any) -> None:
        sent.append(message)

    guard: Callable[..., Awaitable[Any]] = OriginGuard(application)
    headers: Headers = [(b"host", b"localhost:8000")]
    headers += [(b"origin", origin) for origin in origins]
    await guard({"type": "websocket", "headers": headers}, receive, send)
    assert bool(reached) is (sent == [])
    assert sent in ([], [{"type": "websocket.close"}])
    return bool(reached)


@pytest.fixture(autouse=True)
def _allowed_origins(settings: Settings) -> None:
    settings.ALLOWED_ORIGINS = [
        "http://localhost:8000",
        "https://App.example:8443",
        "https://app.example",
    ]


async def test_a_program_without_an_origin_is_let_in() -> None:
    assert await is_let_in()


@pytest.mark.parametrize(
    "origin",
    [
        b"http://localhost:8000",
        b"https://app.example:8443",
        b"https://app.example",
        b"HTTPS://APP.EXAMPLE",
        b"http://LocalHost:8000",
    ],
)
async def test_a_listed_origin_is_let_in_in_any_case(origin: bytes) -> None:
    assert await is_let_in(origin)


@pytest.mark.parametrize(
    "origin",
    [
        b"http://localhost",
        b"http://localhost:8001",
        b"http://localhost:80000",
        b"https://localhost:8000",
        b"ws://localhost:8000",
        b"//localhost:8000",
        b"localhost:8000",
        b"http://127.0.0.1:8000",
        b"http://localhost:8000/",
        b"http://localhost:8000.evil.example",
        b"http://evil.example/http://localhost:8000",
        b"http://localhost:8000@evil.example",
        b"http://user@localhost:8000",
        b"http://sub.app.example",
        b"https://app.example.",
        b" https://app.example",
        b"https://app.example https://app.example",
        b"https://app.example,https://app.example",
        b"null",
        b"*",
        b"",
        b"\xff\xfe",
        "https://аpp.example".encode(),
    ],
)
async def test_any_other_origin_is_turned_away(origin: bytes) -> None:
    assert not await is_let_in(origin)


async def test_of_two_origins_both_must_be_listed() -> None:
    good, bad = b"http://localhost:8000", b"http://evil.example"
    assert not await is_let_in(good, bad)
    assert not await is_let_in(bad, good)
    assert not await is_let_in(good, b"null")


async def test_without_a_list_only_programs_are_let_in(
    settings: Settings,
) -> None:
    settings.ALLOWED_ORIGINS = []
    assert await is_let_in()
    assert not await is_let_in(b"http://localhost:8000")


@pytest.mark.parametrize(
    ("path", "is_ours"),
    [
        ("ws", True),
        ("ws/", True),
        ("", False),
        ("ws//", False),
        ("ws/x", False),
        ("xws", False),
        ("wsx", False),
    ],
)
def test_the_socket_has_one_address_with_or_without_a_slash(
    path: str, is_ours: bool
) -> None:
    matches = [route.pattern.match(path) for route in websocket_urlpatterns]
    assert any(matches) is is_ours


def test_every_socket_is_behind_the_guard() -> None:
    assert all(isinstance(r.callback, OriginGuard) for r in websocket_urlpatterns)
