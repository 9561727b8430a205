"""Addresses on the network to which something may be sent: looked at as text, then as resolved."""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urlsplit

from attrs import frozen

from lull.domain.refusal import Refusal

LONGEST_URL = 2_000
IP = ipaddress.IPv4Address | ipaddress.IPv6Address
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class BadUrl(Refusal):
    """An address to which nothing is sent."""


@frozen
class Url:
    """Where a webhook is: `path` with its query. Without `tls` it is on this machine."""

    tls: bool
    host: str
    port: int
    path: str


def read_url(text: str) -> Url:
    """Read an address; raises BadUrl unless it is https, or http to this machine itself."""
    if len(text) > LONGEST_URL or not text.isascii() or any(ord(m) <= 32 for m in text):
        raise BadUrl("The address has at most 2,000 characters, all of them plain and none blank.")
    try:
        parts = urlsplit(text)
        port, host = parts.port, parts.hostname or ""
    except ValueError:
        raise BadUrl("This is no address, such as https://example.org/lull.") from None
    if not host or parts.scheme not in ("https", "http"):
        raise BadUrl("This is no address, such as https://example.org/lull.")
    if parts.username is not None or parts.fragment or "\\" in text:
        raise BadUrl("An address has no name, password, # or backslash in it.")
    if parts.scheme == "http" and not _is_loopback(host):
        raise BadUrl("Only https is used, or http to this machine itself (127.0.0.1 or [::1]).")
    tls = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Url(tls, host, port or (443 if tls else 80), path)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def resolved(url: Url, *, private_ok: bool) -> list[str]:
    """The addresses of a host, all of which may be used; raises BadUrl where one may not be.

    Whoever connects takes one of these, and does not ask for the name again: a name that answers
    otherwise the second time leads nowhere.
    """
    try:
        found = socket.getaddrinfo(url.host, url.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise BadUrl("no such host") from None
    addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
    for address in addresses:
        if not may_reach(address, private_ok=private_ok):
            raise BadUrl("private address")
    return addresses


def may_reach(address: str, *, private_ok: bool) -> bool:
    """Whether an address may be connected to.

    Never link-local (where clouds keep their secrets), multicast or unspecified ones; those of
    networks of one's own, and of this machine, where that was allowed.
    """
    ip = _within(ipaddress.ip_address(address.partition("%")[0]))
    if ip.is_link_local or ip.is_multicast or ip.is_unspecified or str(ip) == "255.255.255.255":
        return False
    return ip.is_global or private_ok


def _within(ip: IP) -> IP:
    """The IPv4 address that an IPv6 address carries, or the address itself."""
    if isinstance(ip, ipaddress.IPv6Address):
        if ip in NAT64:
            return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        teredo = ip.teredo[1] if ip.teredo else None
        return ip.ipv4_mapped or ip.sixtofour or teredo or ip
    return ip
