"""What stands for the address that a connection comes from."""

import pytest
from pytest_django import Settings

from tasks_app.address import source_of

PEER = "192.0.2.7"


def source(host: str | None = PEER, *forwarded: str) -> str:
    """The source of a connection from this peer with these X-Forwarded-For headers."""
    headers = [(b"host", b"localhost")]
    headers += [(b"x-forwarded-for", value.encode()) for value in forwarded]
    client = None if host is None else [host, 54321]
    return source_of({"type": "websocket", "headers": headers, "client": client})


# --- Addresses ----------------------------------------------------------------------


@pytest.mark.parametrize("host", [PEER, "2001:db8::1", "::1"])
def test_equal_addresses_have_one_source_of_16_digits(host: str) -> None:
    digits = source(host)
    assert digits == source(host)
    assert len(digits) == 16
    assert int(digits, 16)


def test_other_addresses_have_other_sources() -> None:
    hosts = ["192.0.2.7", "192.0.2.8", "198.51.100.7", "2001:db8::1", "::1"]
    assert len({source(host) for host in hosts}) == len(hosts)


def test_no_address_can_be_found_from_its_source_without_the_server_s_key(
    settings: Settings,
) -> None:
    before = source()
    settings.SECRET_KEY = "another"
    assert source() != before


def test_the_port_of_a_peer_does_not_count() -> None:
    scopes = [{"headers": [], "client": (PEER, port)} for port in (1, 65535)]
    assert len({source_of(scope) for scope in scopes}) == 1


def test_a_subscriber_s_ipv6_addresses_are_one_source() -> None:
    mine = ["2001:db8:0:1::1", "2001:db8:0:1:ffff:ffff:ffff:ffff", "2001:DB8:0:1::0"]
    assert len({source(host) for host in mine}) == 1
    assert source("2001:db8:0:2::1") != source(mine[0])


def test_an_ipv4_address_is_the_same_in_ipv6_s_clothes() -> None:
    assert source(f"::ffff:{PEER}") == source(PEER)
    assert source("::ffff:192.0.2.8") != source(PEER)


def test_a_link_local_address_counts_without_its_interface() -> None:
    assert source("fe80::1%eth0") == source("fe80::1%eth1") == source("fe80::1")


@pytest.mark.parametrize(
    "host", [None, "", "unix:", "localhost", "192.0.2", "1.2.3.04"]
)
def test_what_has_no_address_has_no_source(host: str | None) -> None:
    assert source(host) == ""


def test_a_scope_without_a_client_has_no_source() -> None:
    assert source_of({"type": "websocket", "headers": []}) == ""


# --- Proxies ------------------------------------------------------------------------

CLIENT, FORGED, INNER = "203.0.113.5", "198.51.100.66", "10.0.0.2"


def test_without_proxies_the_header_is_ignored() -> None:
    assert source(PEER, FORGED) == source(PEER)


@pytest.mark.parametrize("forwarded", [CLIENT, f"{FORGED}, {CLIENT}", f"x,, {CLIENT} "])
def test_behind_a_proxy_what_it_saw_counts_not_what_the_client_says(
    settings: Settings, forwarded: str
) -> None:
    settings.TRUSTED_PROXIES = 1
    assert source(PEER, forwarded) == source(CLIENT, f"{INNER}, {CLIENT}")


def test_behind_two_proxies_what_the_outer_one_saw_counts(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = 2
    told = source(PEER, f"{FORGED}, {CLIENT}, {INNER}")
    assert told == source(PEER, f"{CLIENT}, {INNER}")
    assert told != source(PEER, f"{CLIENT}, {FORGED}, {INNER}")
    settings.TRUSTED_PROXIES = 0
    assert told == source(CLIENT)


def test_proxies_may_each_add_a_header_of_their_own(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = 2
    one = source(PEER, f"{FORGED}, {CLIENT}, {INNER}")
    assert source(PEER, FORGED, CLIENT, INNER) == one


@pytest.mark.parametrize("forwarded", [(), (CLIENT,)])
def test_who_comes_past_the_proxies_is_counted_by_its_own_address(
    settings: Settings, forwarded: tuple[str, ...]
) -> None:
    settings.TRUSTED_PROXIES = 2
    own = source(PEER, *forwarded)
    settings.TRUSTED_PROXIES = 0
    assert own == source(PEER)


def test_a_proxy_that_does_not_know_gives_no_source(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = 1
    assert source(PEER, f"{FORGED}, unknown") == ""
    assert source(PEER, f"{FORGED}, \xff") == ""
