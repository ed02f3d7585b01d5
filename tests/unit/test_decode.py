"""The strict decoder: what it takes, every database stores."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks_app.errors import InvalidMessage, MessageTooLarge, RequestError
from tasks_app.protocol.decode import decode
from tests.corpus import (
    ACCEPTED,
    REFUSED,
    any_json,
    any_text,
    nested,
    ping_with,
    property_test,
)

MAX_BYTES = 65_536


@pytest.mark.parametrize("value", ACCEPTED.values(), ids=ACCEPTED.keys())
def test_it_takes(value: str) -> None:
    assert decode(ping_with(value), MAX_BYTES) == {
        "type": "ping",
        "x": json.loads(value),
    }


@pytest.mark.parametrize(("frame", "error"), REFUSED.values(), ids=REFUSED.keys())
def test_it_refuses(frame: str | bytes, error: type[RequestError]) -> None:
    with pytest.raises(RequestError) as refusal:
        decode(frame, MAX_BYTES)
    assert type(refusal.value) is error


def test_100_000_levels_are_refused_as_too_deep() -> None:
    with pytest.raises(InvalidMessage, match="20"):
        decode(nested(100_000), max_bytes=1_000_000)


def test_100_000_brackets_that_nobody_closes_are_refused() -> None:
    with pytest.raises(RequestError):
        decode("[" * 100_000, max_bytes=1_000_000)


@pytest.mark.parametrize("innermost", ["", "1", '"x"'])
@pytest.mark.parametrize("depth", [1, 2, 19, 20])
def test_it_takes_20_levels_whatever_the_last_holds(depth: int, innermost: str) -> None:
    if depth == 1:
        innermost = innermost or "null"
    decode(nested(depth, innermost), MAX_BYTES)


@pytest.mark.parametrize("innermost", ["", "1", '"x"'])
def test_it_refuses_21_levels_whatever_the_last_holds(innermost: str) -> None:
    with pytest.raises(InvalidMessage):
        decode(nested(21, innermost), MAX_BYTES)


def test_spaces_around_a_message_are_no_fault() -> None:
    assert decode(' \r\n\t{"type":"ping"}\n', MAX_BYTES) == {"type": "ping"}


@pytest.mark.parametrize("letter", ["a", "é", "买", "😀"])
def test_the_limit_counts_bytes(letter: str) -> None:
    frame = ping_with(f'"{letter * 100}"')
    size = len(frame.encode())
    decode(frame, max_bytes=size)
    with pytest.raises(MessageTooLarge, match=str(size - 1)):
        decode(frame, max_bytes=size - 1)


def test_a_large_frame_is_refused_before_it_is_parsed() -> None:
    with pytest.raises(MessageTooLarge):
        decode("no JSON" * 100, max_bytes=64)


def test_a_large_frame_with_a_lone_surrogate_is_refused() -> None:
    with pytest.raises(MessageTooLarge):
        decode("\ud800" * 100, max_bytes=64)


@property_test
@given(any_json)
def test_what_it_takes_is_what_was_sent(value: object) -> None:
    frame = json.dumps({"x": value})
    try:
        message = decode(frame, MAX_BYTES)
    except RequestError:
        return
    assert message == {"x": value}


@property_test
@given(any_text | st.binary())
def test_any_frame_is_taken_or_refused_with_a_request_error(
    frame: str | bytes,
) -> None:
    with suppress(RequestError):
        assert isinstance(decode(frame, MAX_BYTES), dict)
