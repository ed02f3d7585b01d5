"""Staff at a running application, with a browser without scripts."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

import httpx

from tests.stack import Stack

_LOGIN = "/admin/login/"
TASKS = "/admin/tasks_app/task/"


@contextmanager
def logged_in(stack: Stack, password: str) -> Iterator[httpx.Client]:
    """A session of `admin`, if that is its password; else of nobody."""
    with httpx.Client(base_url=stack.http_url, trust_env=False) as browser:
        browser.get(_LOGIN)
        form = {
            "username": "admin",
            "password": password,
            "csrfmiddlewaretoken": browser.cookies["csrftoken"],
            "next": "/admin/",
        }
        browser.post(_LOGIN, data=form)
        yield browser


class Staff:
    """Logged in as the superuser that the first start makes."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http

    @classmethod
    async def of(cls, stack: Stack, http: httpx.AsyncClient) -> Self:
        form = {"username": "admin", "password": stack.admin_password or ""}
        staff = cls(http)
        response = await staff.post("/admin/login/?next=/admin/", form)
        assert response.headers["Location"] == "/admin/"
        return staff

    async def post(self, path: str, form: dict[str, str]) -> httpx.Response:
        return await self.http.post(path, data=await self.signed(form))

    async def signed(self, form: dict[str, str]) -> dict[str, str]:
        """A form with the token that every form of the admin's has."""
        page = await self.http.get(f"{TASKS}export/", follow_redirects=True)
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
        assert token
        return {**form, "csrfmiddlewaretoken": token[1]}


def client_of(stack: Stack) -> httpx.AsyncClient:
    """For `async with`: it keeps the cookies."""
    return httpx.AsyncClient(base_url=stack.http_url, timeout=30)
