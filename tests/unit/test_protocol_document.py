"""PROTOCOL.md says what the code does: all of it, and nothing else."""

import ast
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode

from tasks_app import errors
from tasks_app.errors import RequestError
from tasks_app.inference.contract import EventInsights, Result, TaskType, dump_result
from tasks_app.inference.llm.failures import Failure
from tasks_app.protocol.events import Event
from tasks_app.protocol.replies import REPLIES, Reply, dump
from tasks_app.protocol.requests import REQUESTS, Bounds, parse
from tasks_app.states import FINAL, Status
from tests.protocol_document import PATH, Document

DOCUMENT = Document.read()
REQUEST_SECTIONS = DOCUMENT.under("What a client sends")
REPLY_SECTIONS = DOCUMENT.under("What the server sends")
REPLY_MODELS: dict[str, type[Reply]] = {
    reply.model_fields["type"].default: reply for reply in REPLIES
}
MESSAGE_MODELS: dict[str, type[BaseModel]] = {**REQUESTS, **REPLY_MODELS}
MESSAGE_SECTIONS = REQUEST_SECTIONS | REPLY_SECTIONS
EXAMPLES: list[dict[str, Any]] = [
    json.loads(block) for block in DOCUMENT.blocks("json")
]
RESULTS: list[dict[str, Any]] = [
    example["result"] for example in EXAMPLES if "result" in example
]
SAID_ONCE_FOR_ALL = {"type", "request_id"}
BOUNDS = Bounds(settings.MAX_MESSAGE_BYTES, settings.MAX_TEXT_LENGTH)


def examples_of(kinds: object) -> list[Any]:
    """The examples whose type is one of these, as test parameters."""
    assert isinstance(kinds, dict)
    return [
        pytest.param(example, id=example["type"])
        for example in EXAMPLES
        if example["type"] in kinds
    ]


# --- Messages -----------------------------------------------------------------------


def test_every_message_has_its_section() -> None:
    assert list(REQUEST_SECTIONS) == list(REQUESTS)
    assert list(REPLY_SECTIONS) == list(REPLY_MODELS)


@pytest.mark.parametrize("kind", MESSAGE_MODELS)
def test_every_section_of_a_message_has_examples_of_it(kind: str) -> None:
    blocks = MESSAGE_SECTIONS[kind].blocks("json")
    assert {json.loads(block)["type"] for block in blocks} == {kind}


def test_every_example_is_a_message() -> None:
    assert {example["type"] for example in EXAMPLES} == set(MESSAGE_MODELS)


@pytest.mark.parametrize("example", examples_of(REQUESTS))
def test_an_example_of_a_client_is_taken_whole(example: dict[str, Any]) -> None:
    request, _ = parse(json.dumps(example), BOUNDS)
    assert request.model_dump(mode="json", exclude_unset=True) == example


@pytest.mark.parametrize("example", examples_of(REPLY_MODELS))
def test_an_example_of_the_server_is_what_it_would_send(
    example: dict[str, Any],
) -> None:
    model = REPLY_MODELS[example["type"]]
    assert json.loads(dump(model.model_validate(example))) == example


@pytest.mark.parametrize("result", RESULTS)
def test_a_result_in_an_example_is_what_an_engine_would_give(
    result: dict[str, Any],
) -> None:
    insights = result if "priority_level" in result else None
    model = Result.model_validate({**result, "insights": insights})
    assert dump_result(model) == result


# --- Fields -------------------------------------------------------------------------

Row = tuple[str, str, bool]
"""A field's path, its JSON type, and whether it is always there."""


def leaves(model: type[BaseModel], *whole: type[BaseModel]) -> list[Row]:
    """The rows of a model's fields; those of type `whole` are not looked into."""
    # A reply's own serializer hides its fields; a result excludes some of its own.
    mode: JsonSchemaMode = "serialization" if model is Result else "validation"
    schema = model.model_json_schema(mode=mode)
    closed = {f"#/$defs/{kind.__name__}" for kind in whole}
    return list(_leaves(schema, schema.get("$defs", {}), closed, ""))


def _leaves(
    schema: dict[str, Any], types: dict[str, Any], closed: set[str], prefix: str
) -> Iterator[Row]:
    for name, field in schema["properties"].items():
        is_always = (
            name in schema.get("required", ()) or field.get("default") is not None
        )
        path, kind = f"{prefix}{name}", _without_null(field)
        if kind.get("type") == "array" and "$ref" in kind["items"]:
            path, kind = f"{path}[]", kind["items"]
        reference = kind.get("$ref", "")
        inner = types[reference.rpartition("/")[2]] if reference else kind
        if "properties" in inner and reference not in closed:
            yield from _leaves(inner, types, closed, f"{path}.")
        else:
            yield path, _json_type(inner), is_always


def _without_null(field: dict[str, Any]) -> dict[str, Any]:
    kinds = [kind for kind in field.get("anyOf", [field]) if kind != {"type": "null"}]
    kind: dict[str, Any] = kinds[0]
    assert {k.get("type") for k in kinds} == {kind.get("type")}, "one JSON type only"
    return kind


def _json_type(kind: dict[str, Any]) -> str:
    return str(kind.get("type", "any"))


def documented(title: str, presence: str) -> list[Row]:
    """The rows of a section; `presence` is its column that says yes or no."""
    rows = DOCUMENT.section(title).rows
    assert {row[presence] for row in rows} <= {"yes", "no"}
    return [
        (row["Field"].strip("`"), row["JSON"], row[presence] == "yes") for row in rows
    ]


@pytest.mark.parametrize("kind", MESSAGE_MODELS)
def test_the_fields_of_a_message_are_those_of_its_model(kind: str) -> None:
    presence = "Required" if kind in REQUESTS else "Always"
    fields = leaves(MESSAGE_MODELS[kind], Event)
    own = [field for field in fields if field[0] not in SAID_ONCE_FOR_ALL]
    assert sorted(documented(kind, presence)) == sorted(own)


def test_the_fields_of_an_event_are_those_of_its_model() -> None:
    section = DOCUMENT.section("The event")
    rows = zip(section.column("Field"), section.column("JSON"), strict=True)
    assert [(*row, False) for row in rows] == leaves(Event)


def test_the_fields_of_a_result_are_those_of_its_models() -> None:
    fields = leaves(Result) + leaves(EventInsights)
    assert sorted(documented("The result", "Always")) == sorted(fields)


def test_every_kind_of_task_is_named() -> None:
    [row] = [
        r for r in DOCUMENT.section("The result").rows if "task_type" in r["Field"]
    ]
    assert re.findall(r"`(\w+)`", row["Meaning"]) == [kind.value for kind in TaskType]


# --- Statuses, codes, limits ---------------------------------------------------------


def test_the_statuses_are_those_of_a_task() -> None:
    rows = DOCUMENT.section("The life of a task").rows
    final = {row["Status"].strip("`"): row["Final"] == "yes" for row in rows}
    assert final == {status.value: status in FINAL for status in Status}


def request_errors() -> dict[str, type[RequestError]]:
    """The errors that a client can be told of, by code."""
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    return {
        kind.code: kind
        for kind in kinds
        if issubclass(kind, RequestError) and kind is not RequestError
    }


def names_used_from_errors() -> set[str]:
    """What the application imports from `tasks_app.errors`."""
    return {
        alias.name
        for path in (settings.BASE_DIR / "tasks_app").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module == errors.__name__
        for alias in node.names
    }


def test_the_error_codes_are_those_of_the_code() -> None:
    codes = DOCUMENT.section("Error codes").column("Code")
    assert sorted(codes) == sorted(request_errors())


def test_the_error_codes_called_reserved_are_those_that_nothing_raises() -> None:
    rows = DOCUMENT.section("Error codes").rows
    reserved = {
        r["Code"].strip("`") for r in rows if r["Meaning, and what to do"] == "reserved"
    }
    used = names_used_from_errors()
    unused = {c for c, kind in request_errors().items() if kind.__name__ not in used}
    assert reserved == unused


def test_what_an_error_carries_is_a_field_of_error() -> None:
    rows = DOCUMENT.section("Error codes").rows
    carried = {name for row in rows for name in re.findall(r"`(\w+)`", row["Carries"])}
    assert carried == {"field", "retry_after", "task_id", "status"}
    assert carried <= set(REPLY_MODELS["error"].model_fields)


def test_an_error_in_an_example_carries_what_the_table_says() -> None:
    rows = DOCUMENT.section("Error codes").rows
    carries = {row["Code"].strip("`"): row["Carries"] for row in rows}
    for example in (e for e in EXAMPLES if e["type"] == "error"):
        extra = set(example) - {"type", "request_id", "message", "code", "timestamp"}
        assert extra == set(re.findall(r"`(\w+)`", carries[example["code"]]))


def test_the_errors_of_a_request_and_of_the_examples_are_in_the_table() -> None:
    codes = set(DOCUMENT.section("Error codes").column("Code"))
    for section in REQUEST_SECTIONS.values():
        _, _, named = section.text.partition("Errors: ")
        assert set(re.findall(r"`(\w+)`", named)) - {"request_id"} <= codes
    assert {e["code"] for e in EXAMPLES if e["type"] == "error"} <= codes


def test_the_reasons_of_failed_tasks_are_those_of_the_code() -> None:
    codes = DOCUMENT.section("Why tasks fail").column("Code")
    ours = [
        "deadline_exceeded",
        "worker_lost",
        "queue_expired",
        "invalid_result",
        "internal",
    ]
    assert codes[: len(ours)] == ours
    assert sorted(codes[len(ours) :]) == sorted(failure.code for failure in Failure)
    told = {e["error_code"] for e in EXAMPLES if "error_code" in e}
    assert told <= set(codes)


def test_it_says_after_which_failures_of_a_provider_to_try_again() -> None:
    reasons = DOCUMENT.section("Why tasks fail")
    again = dict(zip(reasons.column("Code"), reasons.column("Again"), strict=True))
    for failure in Failure:
        assert again[failure.code] == ("yes" if failure.is_retryable else "no")


def test_the_defaults_of_the_limits_are_those_of_the_settings() -> None:
    for row in DOCUMENT.section("Limits").rows:
        name = row["Setting"].strip("`").removeprefix("PULSEWEAVE_")
        assert getattr(settings, name) == float(row["Default"]), name


# --- The text -----------------------------------------------------------------------


def test_every_link_inside_leads_somewhere() -> None:
    anchors = {s.title.lower().replace(" ", "-") for s in DOCUMENT.sections}
    links = set(re.findall(r"\]\(#([^)]+)\)", PATH.read_text()))
    assert links - anchors == set()


def test_the_files_it_names_are_there() -> None:
    for name in re.findall(r"`(tests/[\w/.]+)`", PATH.read_text()):
        assert (settings.BASE_DIR / name).is_file(), name
