"""A browser client that knows no more than the first version of the protocol."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.client import EXAMPLE, WHOLE_LIFE
from tests.stack import Stack

pytestmark = pytest.mark.browser

CLIENT = """
async ([url, text]) => {
  const told = [];
  const socket = new WebSocket(url);
  const ended = new Promise((resolve, reject) => {
    socket.onerror = () => reject(new Error("no connection"));
    socket.onmessage = (event) => {
      const message = JSON.parse(event.data);
      told.push(message);
      if (message.type === "connection_established") {
        socket.send(JSON.stringify({ type: "submit_task", data: { text } }));
      }
      if (message.status === "completed") resolve();
    };
  });
  await ended;
  socket.close();
  return told;
}
"""


@pytest.mark.parametrize("path", ["", "/"])
def test_a_plain_websocket_submits_and_is_told(
    page: Page, stack: Stack, path: str
) -> None:
    told: list[dict[str, Any]] = page.evaluate(CLIENT, [stack.ws_url + path, EXAMPLE])
    assert told[0]["type"] == "connection_established"
    assert [message["status"] for message in told[1:]] == WHOLE_LIFE
    assert told[-1]["result"]["task_type"] == "trip"
    assert told[-1]["result"]["potential_omissions"] == ["行李", "交通工具"]
