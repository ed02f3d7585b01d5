"""What the decoder takes, the database at hand stores and gives back unchanged."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks_app.errors import RequestError
from tasks_app.lifecycle import Draft
from tasks_app.protocol.requests import SubmitTask, parse
from tests.corpus import ACCEPTED, BOUNDS, submission_with
from tests.db.examples import copy_of, draft, store

pytestmark = pytest.mark.django_db


def draft_of(frame: str, key: str | None = None) -> Draft:
    """The submission in a frame, as the consumer hands it on."""
    request, message = parse(frame, BOUNDS)
    assert isinstance(request, SubmitTask)
    data: Any = message["data"]
    return draft(request.text, event=data.get("event"), key=key)


def is_same(one: Any, other: Any) -> bool:
    """JSON equality: 1 and 1.0 are the same number, 1 and true are not the same."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(
            is_same(value, other[key]) for key, value in one.items()
        )
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(is_same, one, other))
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return bool(one == other)


def check(frame: str) -> None:
    submission = draft_of(frame)
    [stored] = store(submission)
    task = copy_of(stored.task)
    assert task.text == submission.text
    assert is_same(task.event, submission.event)


@pytest.mark.parametrize("value", ACCEPTED.values(), ids=ACCEPTED.keys())
def test_an_event_is_stored_as_sent(value: str) -> None:
    check(submission_with(value))


@pytest.mark.parametrize("value", ACCEPTED.values(), ids=ACCEPTED.keys())
def test_an_event_sent_again_under_its_key_is_known_again(value: str) -> None:
    frame = submission_with(value)
    store(draft_of(frame, key="k"))
    [again] = store(draft_of(frame, key="k"))
    assert again.is_duplicate


@pytest.mark.parametrize(
    "text",
    [
        "明早七点去机场，记得身份证和充电宝",
        "a\u0001b\u007f\u0085c",
        "第一行\r\n第二行\t\u2028第三行",
        "😀👩\u200d👩\u200d👧 \U0010ffff \ufffe",
        "e\u0301 is not \u00e9",
        "\u202eשלום\u200f",
        "'; DROP TABLE tasks_app_task; --",
        "%s %(x)s {0} \\u0000 \\",
        "\u200b",
        "买" * 2000,
    ],
)
def test_a_text_is_stored_as_sent(text: str) -> None:
    check(json.dumps({"type": "submit_task", "data": {"text": text}}))


any_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=15,
)


@settings(deadline=None, database=None)
@given(value=any_json, text=st.text(min_size=1))
def test_whatever_is_taken_is_stored_as_sent(value: object, text: str) -> None:
    data = {"text": text, "event": {"further": value}}
    frame = json.dumps({"type": "submit_task", "data": data})
    try:
        parse(frame, BOUNDS)
    except RequestError:
        return
    check(frame)
