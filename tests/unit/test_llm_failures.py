"""Every status and every error body has one decided meaning."""

import json

import pytest

from tasks_app.inference.llm.failures import (
    Failure,
    FormatRefusedError,
    fault_in_body,
    fault_of_status,
)

TRANSIENT = {408, 429, 500, 502, 503, 504, 529}


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        (301, Failure.REDIRECTED),
        (307, Failure.REDIRECTED),
        (400, Failure.BAD_REQUEST),
        (401, Failure.UNAUTHORIZED),
        (402, Failure.BALANCE),
        (403, Failure.FORBIDDEN),
        (404, Failure.MODEL_NOT_FOUND),
        (408, Failure.TIMEOUT),
        (413, Failure.BAD_REQUEST),
        (422, Failure.BAD_PARAMETERS),
        (429, Failure.RATE_LIMITED),
        (500, Failure.SERVER_ERROR),
        (502, Failure.SERVER_ERROR),
        (503, Failure.BUSY),
        (504, Failure.SERVER_ERROR),
        (529, Failure.SERVER_ERROR),
    ],
)
def test_a_status_means_one_failure(status: int, failure: Failure) -> None:
    fault = fault_of_status(status, "")
    assert fault.failure is failure
    assert fault.is_transient == (status in TRANSIENT)


@pytest.mark.parametrize(
    "said",
    [
        "Model Not Exist",
        "The model `deepseek-chat` does not exist",
        "model_not_found",
        "The model deepseek-reasoner was retired in July",
    ],
)
def test_a_bad_request_that_names_the_model_is_about_the_model(said: str) -> None:
    assert fault_of_status(400, said).failure is Failure.MODEL_NOT_FOUND


@pytest.mark.parametrize("status", [400, 403])
@pytest.mark.parametrize(
    "said",
    [
        '{"error":{"message":"Content Exists Risk","code":"invalid_request_error"}}',
        '{"error":{"code":"content_policy_violation"}}',
        '{"error":{"code":"content_filter"}}',
        "This model requires moderation and your input was flagged",
    ],
)
def test_a_refusal_of_what_was_said_is_not_the_keys_or_the_formats_fault(
    status: int, said: str
) -> None:
    fault = fault_of_status(status, said)
    assert (fault.failure, fault.is_transient) == (Failure.CONTENT_FILTER, False)


def test_a_text_that_is_too_long_for_the_model_is_not_a_missing_model() -> None:
    said = "This model's maximum context length is 4096 tokens"
    assert fault_of_status(400, said).failure is Failure.BAD_REQUEST


@pytest.mark.parametrize("status", [400, 422])
def test_a_refused_response_format_is_told_apart(status: int) -> None:
    fault = fault_of_status(status, '{"error":"response_format is unavailable"}')
    assert isinstance(fault, FormatRefusedError)


def test_a_format_in_the_request_that_an_error_repeats_is_not_refused() -> None:
    echo = {"response_format": {"type": "json_object"}, "top_k": 1}
    fault = {"loc": ["body", "top_k"], "msg": "extra field", "input": echo}
    said = json.dumps({"detail": [fault], "body": echo})
    assert fault_of_status(422, said).failure is Failure.BAD_PARAMETERS
    fault["loc"] = ["body", "response_format"]
    said = json.dumps({"detail": [fault]})
    assert isinstance(fault_of_status(422, said), FormatRefusedError)


def test_a_quota_that_is_used_up_is_no_rate_limit_and_is_not_retried() -> None:
    fault = fault_of_status(429, '{"code":"insufficient_quota"}')
    assert (fault.failure, fault.is_transient) == (Failure.BALANCE, False)


@pytest.mark.parametrize(
    ("body", "failure"),
    [
        ({"error": {"message": "x", "code": 429}}, Failure.RATE_LIMITED),
        ({"error": {"message": "x", "code": "503"}}, Failure.BUSY),
        ({"error": {"type": "authentication_error"}}, Failure.UNAUTHORIZED),
        ({"error": {"type": "permission_error"}}, Failure.FORBIDDEN),
        ({"error": {"message": "Insufficient Balance"}}, Failure.BALANCE),
        ({"error": {"type": "rate_limit_error"}, "choices": []}, Failure.RATE_LIMITED),
        ({"error": {"type": "overloaded_error"}}, Failure.BUSY),
        ({"error": {"type": "invalid_request_error"}}, Failure.BAD_REQUEST),
        ({"error": "something broke"}, Failure.SERVER_ERROR),
        ({"object": "error", "message": "x", "code": 400}, Failure.BAD_REQUEST),
        ({"code": 401, "msg": "key"}, Failure.UNAUTHORIZED),
        ({"detail": "Model not found"}, Failure.SERVER_ERROR),
    ],
)
def test_an_error_inside_http_200_is_read(
    body: dict[str, object], failure: Failure
) -> None:
    fault = fault_in_body(body)
    assert fault is not None
    assert fault.failure is failure


@pytest.mark.parametrize(
    "body",
    [
        {"choices": [], "error": None},
        {"choices": [], "code": 0},
        {"id": "1", "usage": {}},
    ],
)
def test_a_body_without_an_error_is_none(body: dict[str, object]) -> None:
    assert fault_in_body(body) is None


def test_codes_and_texts_are_each_used_once() -> None:
    assert len({failure.code for failure in Failure}) == len(Failure)
    # Two ways to refuse a key, in one person's eyes.
    others = {*Failure} - {Failure.FORBIDDEN}
    assert Failure.FORBIDDEN.text == Failure.UNAUTHORIZED.text
    assert len({failure.text for failure in others}) == len(others)
