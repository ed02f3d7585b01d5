"""Who a connection is, and who it is not."""

import time
from datetime import timedelta
from uuid import UUID

import pytest
from django.core import signing
from pytest_django import Settings

from tasks_app.errors import InvalidToken
from tasks_app.identity import Identity
from tasks_app.models import Task
from tasks_app.notify import group_of


def test_everybody_is_somebody_else() -> None:
    identities = [Identity.fresh() for _ in range(100)]
    assert len({identity.client_id for identity in identities}) == 100
    assert all(UUID(identity.client_id).version == 4 for identity in identities)


def test_a_token_brings_the_same_identity_back() -> None:
    identity = Identity.fresh()
    assert Identity.resumed(identity.client_id, identity.resume_token()) == identity


def test_a_token_may_be_used_again_and_renewed() -> None:
    identity = Identity.fresh()
    token = identity.resume_token()
    for _ in range(3):
        resumed = Identity.resumed(identity.client_id, token)
        token = resumed.resume_token()
    assert resumed == identity


def test_a_token_of_another_client_is_refused() -> None:
    anna, ben = Identity.fresh(), Identity.fresh()
    with pytest.raises(InvalidToken):
        Identity.resumed(anna.client_id, ben.resume_token())


@pytest.mark.parametrize("client_id", ["", " ", "*", "None"])
def test_a_token_is_of_no_use_without_its_client_id(client_id: str) -> None:
    with pytest.raises(InvalidToken):
        Identity.resumed(client_id, Identity.fresh().resume_token())


def test_a_client_id_is_taken_literally() -> None:
    identity = Identity.fresh()
    with pytest.raises(InvalidToken):
        Identity.resumed(identity.client_id.upper(), identity.resume_token())


@pytest.mark.parametrize(
    "token", ["", ":", "::", "a:b:c", "é:买:牛奶", "." * 60_000, "\x01", "e30:1:x"]
)
def test_what_is_no_token_is_refused(token: str) -> None:
    with pytest.raises(InvalidToken):
        Identity.resumed("client", token)


def test_a_token_changed_in_any_character_is_refused() -> None:
    identity = Identity.fresh()
    token = identity.resume_token()
    for place, letter in enumerate(token):
        other = "A" if letter != "A" else "B"
        forged = token[:place] + other + token[place + 1 :]
        with pytest.raises(InvalidToken):
            Identity.resumed(identity.client_id, forged)


def test_a_signature_made_for_another_purpose_is_refused() -> None:
    claims = {"client_id": "x", "connected_at": "2025-01-01T00:00:00+00:00"}
    for token in (signing.dumps(claims), signing.dumps(claims, salt="sessions")):
        with pytest.raises(InvalidToken):
            Identity.resumed("x", token)


def test_a_signature_of_another_installation_is_refused(
    settings: Settings,
) -> None:
    identity = Identity.fresh()
    token = identity.resume_token()
    settings.SECRET_KEY = "another installation's"
    with pytest.raises(InvalidToken):
        Identity.resumed(identity.client_id, token)


def test_a_token_outlives_a_rotation_of_keys(settings: Settings) -> None:
    identity = Identity.fresh()
    token = identity.resume_token()
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "the next one"
    assert Identity.resumed(identity.client_id, token) == identity


def test_a_token_expires(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.RESUME_TOKEN_AGE_S = 60
    identity, now = Identity.fresh(), time.time()
    token = identity.resume_token()
    monkeypatch.setattr(time, "time", lambda: now + 59)
    assert Identity.resumed(identity.client_id, token) == identity
    monkeypatch.setattr(time, "time", lambda: now + 62)
    with pytest.raises(InvalidToken):
        Identity.resumed(identity.client_id, token)


def test_a_resumed_identity_remembers_when_it_first_came() -> None:
    identity = Identity.fresh()
    resumed = Identity.resumed(identity.client_id, identity.resume_token())
    assert resumed.connected_at == identity.connected_at
    assert resumed.connected_at.utcoffset() == timedelta(0)


def test_an_owner_fits_its_column_and_its_group() -> None:
    owner = Identity.fresh().owner
    assert owner.startswith("client:")
    length = Task._meta.get_field("owner").max_length
    assert length is not None
    assert len(owner) <= length
    # The channel layer takes fewer than 100 of these characters.
    assert len(group_of(owner)) < 100
    assert group_of(owner).replace("-", "").replace(".", "").isalnum()
