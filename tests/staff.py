"""A member of staff with a browser without scripts, at a running application."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from tests.stack import Stack

_LOGIN = "/admin/login/"


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
