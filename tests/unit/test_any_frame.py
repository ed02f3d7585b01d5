"""Whatever a client sends, it is a request or an error that can be told."""

import json

from hypothesis import given
from hypothesis import strategies as st

from tasks_app.errors import RequestError
from tasks_app.protocol.replies import Error, dump
from tasks_app.protocol.requests import REQUESTS, SubmitTask, parse
from tests.corpus import BOUNDS, EVENT_FIELDS, any_json, any_text, property_test

known_names = st.sampled_from(
    ["type", "data", "text", "event", "task_id", "request_id", "idempotency_key"]
    + ["client_id", "resume_token", "since"]
    + [part for path in EVENT_FIELDS for part in path.split(".") if part != "0"]
)
likely_json = st.recursive(
    any_json | st.sampled_from(["买牛奶", "2025-09-01T09:00:05Z", 0.5, True]),
    lambda inner: st.lists(inner) | st.dictionaries(known_names, inner),
    max_leaves=10,
)
likely_frames = st.builds(
    lambda kind, fields: json.dumps({**fields, "type": kind}),
    st.sampled_from(list(REQUESTS)),
    st.dictionaries(known_names, likely_json),
)
likely_submissions = st.builds(
    lambda event, fields: json.dumps(
        {"type": "submit_task", **fields, "data": {"text": "x", "event": event}}
    ),
    st.dictionaries(known_names, likely_json),
    st.dictionaries(known_names, likely_json),
)


@property_test
@given(any_text | st.binary() | likely_frames | likely_submissions)
def test_any_frame_is_a_request_or_an_error_that_can_be_sent(
    frame: str | bytes,
) -> None:
    try:
        request, sent = parse(frame, BOUNDS)
    except RequestError as error:
        json.loads(dump(Error.of(error, 0.0)).encode())
        return
    assert sent["type"] == request.type
    if isinstance(request, SubmitTask):
        assert 1 <= len(request.text) <= BOUNDS.text_length
