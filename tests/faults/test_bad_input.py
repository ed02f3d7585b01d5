"""All bad input that we know of, on one connection that goes on regardless."""

import pytest

from tests.client import WHOLE_LIFE, connected
from tests.corpus import ACCEPTED, REFUSED, submission_with
from tests.ledger import check_promise
from tests.stack import Stack

pytestmark = pytest.mark.flow


def is_utf8(frame: str | bytes) -> bool:
    """Other text ends a connection before it reaches us."""
    return isinstance(frame, bytes) or "\ud800" not in frame


async def test_a_connection_survives_the_whole_corpus_and_then_submits_it(
    stack: Stack,
) -> None:
    refused = [pair for pair in REFUSED.values() if is_utf8(pair[0])]
    async with connected(stack.ws_url) as client:
        for frame, _ in refused:
            await client.send(frame)
        for value in ACCEPTED.values():
            await client.send(submission_with(value))
        await client.wait_for_ends(len(ACCEPTED), within_s=60)
        check_promise(stack, client)
        assert (await client.ask(type="get_stats"))["type"] == "stats"
    errors = [m["code"] for m in client.received if m["type"] == "error"]
    assert errors == [error.code for _, error in refused]
    assert client.statuses() == [WHOLE_LIFE] * len(ACCEPTED)
    assert "Traceback" not in stack.output
