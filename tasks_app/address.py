"""Where a connection comes from, as far as limits and staff need to know it."""

from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.crypto import salted_hmac

_SALT = "tasks_app.source"
_NETWORK_BITS = 64
"""A subscriber has all IPv6 addresses of such a network."""


def source_of(scope: Mapping[str, Any]) -> str:
    """16 hexadecimal digits that stand for a client's address; "" if it has none.

    A keyed hash: equal addresses can be counted, none can be read.
    """
    try:
        address = _parse(_address_of(scope))
    except ValueError:
        return ""
    if isinstance(address, IPv6Address):
        network = ip_network((address, _NETWORK_BITS), strict=False)
        address = address.ipv4_mapped or network.network_address
    return salted_hmac(_SALT, str(address), algorithm="sha256").hexdigest()[:16]


def _parse(host: str) -> IPv4Address | IPv6Address:
    """An address, or one with a port as some proxies write it."""
    try:
        return ip_address(host)
    except ValueError:
        return ip_address(urlsplit(f"//{host}").hostname or "")


def _address_of(scope: Mapping[str, Any]) -> str:
    """The peer's; behind proxies, what the outermost of them saw."""
    if proxies := settings.TRUSTED_PROXIES:
        hops = [
            hop.strip()
            for name, value in scope["headers"]
            if name == b"x-forwarded-for"
            for hop in value.decode("latin-1").split(",")
        ]
        # What stands further left was sent by the client and may be invented.
        if len(hops) >= proxies:
            return str(hops[-proxies])
    host, _port = scope.get("client") or ("", 0)
    return str(host)
