"""Normalises web addresses, and decides which of them may be fetched."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
import threading
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin, urlsplit, urlunsplit

from corpus.errors import ReadError

if TYPE_CHECKING:
    import aiohttp
    from aiohttp.abc import ResolveResult

_TRANSLATING = tuple(map(ipaddress.ip_network, ("::/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16")))
"""IPv6 networks that carry IPv4 addresses, private ones too."""
_IN_THE_MIDDLE = ipaddress.ip_network("2002::/16")
"""6to4 carries the IPv4 address behind its prefix; the other networks carry it at their end."""

LONGEST: Final = 2000
"""Characters of the longest address that is taken from a list."""


class NotPublicError(OSError):
    """An address that is not on the public internet."""

    def __init__(self, host: str, *, private: bool) -> None:
        mended = "" if private else "; DIGESTBOT_PRIVATE_ADDRESSES=true allows this machine's and its network's"
        super().__init__(f"{host} is not a public address{mended}")


def is_address(source: object) -> bool:
    """Whether a source is a web address."""
    return str(source).lower().startswith(("http://", "https://"))


def normal(address: str) -> str:
    """Normalise an address: host in ASCII, numbers as an IP address, a path, no fragment.

    Raises:
        ReadError: it is malformed.
    """
    from yarl import URL

    try:
        url = URL(address.strip()).with_fragment(None)
        if (number := _literal(url.host or "")) and number.version == 4 and str(number) != url.host:
            url = url.with_host(str(number))
        parts = urlsplit(str(url))
        return urlunsplit((parts.scheme, parts.netloc, parts.path or "/", parts.query, ""))
    except ValueError as error:
        raise ReadError(f"no address that can be fetched: {error_text(error)}") from None


def joined(base: str, link: str) -> str | None:
    """Resolve and normalise a link; None if it does not lead to the web."""
    try:
        found = urljoin(base, link.strip())
        return normal(found) if is_address(found) and len(found) <= LONGEST else None
    except (ValueError, ReadError):
        return None


def origin(address: str) -> str:
    """Return the scheme, host and port of an address."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def check(address: str, *, private: bool) -> None:
    """Refuse addresses that are never fetched.

    Raises:
        ReadError: it has no host, a password, or another scheme than http and https.
        NotPublicError: its host is a private IP address, and ``private`` is false.
    """
    from yarl import URL

    parts = urlsplit(address)
    if parts.scheme not in ("http", "https"):
        raise ReadError(f"only http and https addresses can be fetched, not {parts.scheme or address}")
    if not parts.hostname:
        raise ReadError("no address that can be fetched: it names no host")
    if parts.username or parts.password:
        raise ReadError("an address with a name and password in it is not fetched")
    # As aiohttp connects to it: yarl turns digits of other scripts and full-width dots into an IP address.
    literal = _literal(URL(address).host or "")  # None: a name, which the resolver checks
    if literal and not _may_be_asked(str(literal), private=private):
        raise NotPublicError(parts.hostname, private=private)


def _literal(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return the IP address that a host is, in any form that systems take ("127.1", "0x7f000001")."""
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host.partition("%")[0])
    with contextlib.suppress(OSError, UnicodeError, ValueError):
        if host.isascii() and not set(host) & set(" \t\r\n"):
            return ipaddress.IPv4Address(socket.inet_aton(host.removesuffix(".")))
    return None


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet."""
    found = _plain(address)
    return found.is_global and not found.is_multicast and not any(found in network for network in _TRANSLATING)


def _plain(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """Parse an IP address; one that is mapped into IPv6 is the IPv4 address that it stands for."""
    found = ipaddress.ip_address(address.partition("%")[0])
    return getattr(found, "ipv4_mapped", None) or found


def _may_be_asked(address: str, *, private: bool) -> bool:
    """Whether an IP address may be fetched; link-local ones never, because clouds serve credentials there."""
    if not private:
        return is_public(address)
    found = _plain(address)
    if any(found in network for network in _TRANSLATING):
        number = int(found) >> 80 if found in _IN_THE_MIDDLE else int(found)
        found = found if found.is_loopback else ipaddress.IPv4Address(number & 0xFFFFFFFF)
    return not found.is_link_local and not found.is_multicast


def connector(*, private: bool, ttl: int) -> aiohttp.TCPConnector:
    """Return a connector that refuses addresses that may not be fetched, before a name and after connecting.

    Args:
        private: whether addresses of this machine and its network may be fetched.
        ttl: for so many seconds a resolved name is remembered.
    """
    import aiohttp

    class PublicConnector(aiohttp.TCPConnector):
        async def connect(
            self, req: aiohttp.ClientRequest, *arguments: Any, **options: Any
        ) -> aiohttp.connector.Connection:
            connection = await super().connect(req, *arguments, **options)
            peer = connection.transport.get_extra_info("peername") if connection.transport else None
            if not peer or not _may_be_asked(str(peer[0]), private=private):
                connection.close()
                raise NotPublicError(req.url.host or "it", private=private)
            return connection

    return PublicConnector(resolver=resolver(private=private), ttl_dns_cache=ttl)


def resolver(*, private: bool) -> aiohttp.abc.AbstractResolver:
    """Return a resolver that refuses names with a private address; aiohttp connects to what it returns."""
    from aiohttp.abc import AbstractResolver

    class PublicResolver(AbstractResolver):
        async def resolve(
            self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
        ) -> list[ResolveResult]:
            found = await _looked_up(host, port, family)
            if not all(_may_be_asked(each["host"], private=private) for each in found):
                raise NotPublicError(host, private=private)
            return found

        async def close(self) -> None: ...

    return PublicResolver()


async def _looked_up(host: str, port: int, family: socket.AddressFamily) -> list[ResolveResult]:
    """Resolve in a thread that nobody waits for after the page's time is over."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[list[ResolveResult]] = loop.create_future()

    def settle(found: list[ResolveResult] | OSError | UnicodeError) -> None:
        if answer.done():
            return
        if isinstance(found, list):
            answer.set_result(found)
        else:
            answer.set_exception(found)

    def look() -> None:
        found: list[ResolveResult] | OSError | UnicodeError
        try:
            found = _asked(host, port, family)
        except (OSError, UnicodeError) as error:
            found = error
        with contextlib.suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(settle, found)

    threading.Thread(target=look, name="resolver", daemon=True).start()
    return await answer


def _asked(host: str, port: int, family: socket.AddressFamily) -> list[ResolveResult]:
    rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, family=family, flags=socket.AI_ADDRCONFIG)
    return [
        {
            "hostname": host,
            "host": socket.getnameinfo(to, socket.NI_NUMERICHOST | socket.NI_NUMERICSERV)[0]
            if of is socket.AF_INET6 and len(to) > 3 and to[3]  # a link-local address needs its zone
            else str(to[0]),
            "port": int(to[1]),
            "family": of,
            "proto": protocol,
            "flags": socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
        }
        for of, _, protocol, _, to in rows
    ]


def error_text(error: BaseException) -> str:
    """The message of an error, on one line."""
    return " ".join(str(error).split())[:200] or type(error).__name__
