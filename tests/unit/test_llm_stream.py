"""Bytes of a stream become an answer, however they are cut."""

import json

import pytest

from tasks_app.inference.contract import TokenUsage
from tasks_app.inference.llm.failures import Failure, LlmError
from tasks_app.inference.llm.stream import Answer, SseReader


def payloads(*chunks: bytes) -> list[str]:
    reader = SseReader()
    read = [payload for chunk in chunks for payload in reader.feed(chunk)]
    return read + list(reader.end())


def chunk(**body: object) -> str:
    return json.dumps(body)


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n", b"\r"])
def test_lines_may_end_in_any_of_the_three_ways(line_end: bytes) -> None:
    stream = line_end.join([b"data: one", b"", b"data: two", b"", b""])
    assert payloads(stream) == ["one", "two"]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 1000])
def test_cuts_may_fall_anywhere_even_inside_a_character(size: int) -> None:
    stream = "data: 明早七点\r\n\r\n: keep-alive\r\n\r\ndata: 去机场\r\n\r\n".encode()
    cut = [stream[at : at + size] for at in range(0, len(stream), size)]
    assert payloads(*cut) == ["明早七点", "去机场"]


def test_a_payload_of_several_lines_is_joined() -> None:
    assert payloads(b"data: a\ndata:b\ndata:  c\n\n") == ["a\nb\n c"]


def test_comments_other_fields_and_a_byte_order_mark_say_nothing() -> None:
    stream = b"\xef\xbb\xbfdata: x\n\n:\n: keep-alive\nevent: m\nid: 1\nretry: 9\n\n"
    assert payloads(stream) == ["x"]


def test_an_event_without_its_blank_line_counts_when_the_stream_ends() -> None:
    assert payloads(b"data: [DONE]") == ["[DONE]"]


def test_bytes_that_are_no_event_are_kept_as_plain_text() -> None:
    reader = SseReader()
    assert not list(reader.feed(b'\n\n{"choices":\n [')) + list(reader.feed(b"]}"))
    assert not list(reader.end())
    assert json.loads(reader.plain) == {"choices": []}


def test_content_is_gathered_and_thinking_is_not_part_of_it() -> None:
    answer = Answer()
    answer.take(chunk(choices=[{"delta": {"reasoning_content": "嗯"}}]))
    answer.take(chunk(choices=[{"delta": {"content": "明"}}]))
    answer.take(chunk(choices=[{"delta": {"content": "早"}, "finish_reason": "stop"}]))
    answer.take("[DONE]")
    assert (answer.content, answer.signs) == ("明早", 3)
    assert answer.is_finished


@pytest.mark.parametrize("name", ["reasoning_content", "reasoning"])
def test_thinking_is_a_sign_of_life_by_either_name(name: str) -> None:
    answer = Answer()
    answer.take(chunk(choices=[{"delta": {name: ""}}]))
    assert answer.signs == 0
    answer.take(chunk(choices=[{"delta": {name: "嗯", "content": None}}]))
    assert (answer.content, answer.signs) == ("", 1)


def test_empty_pieces_are_no_sign_of_life() -> None:
    answer = Answer()
    for delta in ({"role": "assistant", "content": ""}, {"content": None}, {}, None):
        answer.take(chunk(choices=[{"delta": delta}]))
    assert answer.signs == 0


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        (
            {"prompt_tokens": 9, "prompt_cache_hit_tokens": 4, "completion_tokens": 2},
            TokenUsage(prompt=9, prompt_cached=4, completion=2),
        ),
        (
            {"prompt_tokens": 9, "prompt_tokens_details": {"cached_tokens": 5}},
            TokenUsage(prompt=9, prompt_cached=5),
        ),
        (
            {
                "prompt_tokens": 9,
                "prompt_cache_hit_tokens": None,
                "prompt_tokens_details": {"cached_tokens": 5},
            },
            TokenUsage(prompt=9, prompt_cached=5),
        ),
        ({"prompt_tokens": -1, "completion_tokens": 10**30}, TokenUsage()),
        ({"prompt_tokens": "many", "prompt_tokens_details": None}, TokenUsage()),
        (None, TokenUsage()),
    ],
)
def test_tokens_are_counted_in_either_dialect(
    usage: object, expected: TokenUsage
) -> None:
    answer = Answer()
    answer.take(chunk(choices=[], usage=usage))
    assert answer.usage == expected


@pytest.mark.parametrize("document", ["", "<html>", "[]", "null", "[" * 100_000])
def test_what_is_no_json_object_is_a_fault(document: str) -> None:
    with pytest.raises(LlmError) as caught:
        Answer().take(document)
    assert caught.value.failure is Failure.BAD_JSON


@pytest.mark.parametrize(
    "body",
    [
        {"choices": None},
        {"choices": [None]},
        {"choices": [{"delta": "text"}]},
        {"choices": [{"delta": {"content": ["part"]}, "finish_reason": 1}]},
    ],
)
def test_fields_of_unexpected_types_are_passed_over(body: dict[str, object]) -> None:
    answer = Answer()
    answer.take(chunk(**body))
    assert (answer.content, answer.finish_reason) == ("", None)
