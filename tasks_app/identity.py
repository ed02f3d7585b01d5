"""Who a connection is, and how it proves to be the same after a reconnect."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.utils import timezone

from tasks_app.errors import InvalidToken

_SALT = "tasks_app.resume"


@dataclass(frozen=True)
class Identity:
    """An anonymous client: whoever has its resume token is it."""

    client_id: str
    connected_at: datetime

    @classmethod
    def fresh(cls) -> "Identity":
        return cls(str(uuid.uuid4()), timezone.now())

    @classmethod
    def resumed(cls, client_id: str, token: str) -> "Identity":
        """The identity that a token was made for.

        Raises:
            InvalidToken: forged, expired, or another client's.
        """
        age = timedelta(seconds=settings.RESUME_TOKEN_AGE_S)
        try:
            known = signing.loads(token, salt=_SALT, max_age=age)
        except signing.BadSignature:
            raise InvalidToken from None
        if known["client_id"] != client_id:
            raise InvalidToken
        return cls(client_id, datetime.fromisoformat(known["connected_at"]))

    @property
    def owner(self) -> str:
        """The key of its tasks."""
        return f"client:{self.client_id}"

    def resume_token(self) -> str:
        """A token that needs no memory on our side; it expires."""
        claims = {
            "client_id": self.client_id,
            "connected_at": self.connected_at.isoformat(),
        }
        return signing.dumps(claims, salt=_SALT)
