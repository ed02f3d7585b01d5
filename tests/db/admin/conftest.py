"""A superuser, logged in."""

import pytest
from django.test import Client

from tests.db.admin.steps import logged_in, superuser


@pytest.fixture
def admin_client(db: None) -> Client:
    return logged_in(superuser())
