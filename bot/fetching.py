"""Fetching: a page from the web, bounded in time and size, and from public addresses alone."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit, urlunsplit
from urllib.robotparser import RobotFileParser

from corpus.errors import ReadError

if TYPE_CHECKING:
    import aiohttp
    from aiohttp.abc import ResolveResult

AGENT: Final = "digestbot"

_SECONDS = 30.0
"""For one page, redirects and all."""
_CONNECT_SECONDS = 10.0
_REDIRECTS = 5
_REDIRECTING = frozenset({301, 302, 303, 307, 308})
_CHUNK = 1 << 16
_ROBOTS_BYTES = 500_000
_REFUSED, _GONE = frozenset({401, 403}), 400
_TRANSLATING = tuple(map(ipaddress.ip_network, ("::/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16")))
"""IPv6 addresses that stand for IPv4 ones, private ones too."""

_SUFFIXES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/markdown": ".md",
    "text/x-markdown": ".md",
    "text/plain": ".txt",
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "application/json": ".json",
    "application/ld+json": ".json",
    "application/x-ndjson": ".jsonl",
    "application/jsonl": ".jsonl",
    "application/x-bibtex": ".bib",
    "text/x-bibtex": ".bib",
    "application/pdf": ".pdf",
    "application/x-pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.ms-word.document.macroenabled.12": ".docm",
}
_PLAIN = (".md", ".markdown", ".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".bib")
"""Endings of an address that tell what plain text is."""
_ACCEPTED = "text/html, text/markdown, text/plain;q=0.8, application/pdf;q=0.8, */*;q=0.1"
_OF_ANY_KIND = frozenset({"application/octet-stream", "binary/octet-stream"})
_BINARY = (".pdf", ".docx", ".docm")


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page as it came: its bytes, the address that it came from in the end, and the ending of its format."""

    data: bytes
    address: str
    suffix: str


def is_address(source: object) -> bool:
    """Whether a source of an ingest is on the web."""
    return str(source).lower().startswith(("http://", "https://"))


def normal(address: str) -> str:
    """An address as sources are told apart, and as it is asked: its host spelt out, no place within the page.

    Raises:
        ReadError: it is none.
    """
    from yarl import URL

    try:
        parts = urlsplit(str(URL(address.strip()).with_fragment(None)))
        return urlunsplit((parts.scheme, parts.netloc, parts.path or "/", parts.query, ""))
    except ValueError as error:
        raise ReadError(f"no address that can be fetched: {_said(error)}") from None


def fetch(address: str, *, limit: int, private: bool = False) -> Fetched:
    """Fetch a page.

    Text that the server names another character set for comes as UTF-8 behind a byte-order mark.

    Args:
        address: of http or https.
        limit: bytes that it may have, uncompressed.
        private: whether addresses that are not public (this machine's, the local network's) may be asked.

    Raises:
        ReadError: it cannot be had; the message says why, in one line.
    """
    try:
        return asyncio.run(asyncio.wait_for(_fetch(normal(address), limit, private=private), _SECONDS))
    except TimeoutError:
        raise ReadError(f"no answer within {_SECONDS:.0f} seconds") from None


async def _fetch(address: str, limit: int, *, private: bool) -> Fetched:
    import aiohttp

    timeout = aiohttp.ClientTimeout(total=_SECONDS, connect=_CONNECT_SECONDS)
    headers = {"User-Agent": AGENT, "Accept": _ACCEPTED}
    connector = aiohttp.TCPConnector(resolver=_resolver(private=private))
    try:
        async with aiohttp.ClientSession(
            connector=connector, timeout=timeout, headers=headers, cookie_jar=aiohttp.DummyCookieJar()
        ) as session:
            return await _followed(session, address, limit, private=private)
    except _NotPublicError as error:
        raise ReadError(str(error)) from None
    except aiohttp.ClientError as error:
        inner = error.__cause__ or getattr(error, "os_error", None)
        if isinstance(inner, _NotPublicError):
            raise ReadError(str(inner)) from None
        raise ReadError(f"cannot be fetched: {_said(error)}") from None
    except (ValueError, UnicodeError) as error:
        raise ReadError(f"no address that can be fetched: {_said(error)}") from None


async def _followed(session: aiohttp.ClientSession, address: str, limit: int, *, private: bool) -> Fetched:
    """Fetch with its redirects, each of which has to be allowed as the first address has."""
    for _ in range(_REDIRECTS + 1):
        _check(address, private=private)
        if not await _robots_allow(session, address):
            raise ReadError("the site's robots.txt does not allow it")
        async with session.get(address, allow_redirects=False) as response:
            if response.status in _REDIRECTING and (to := response.headers.get("Location")):
                address = normal(urljoin(address, to))
                continue
            if response.status >= _GONE:
                raise ReadError(f"the site answers {response.status} {response.reason or ''}".rstrip())
            suffix = _suffix(response, address)
            data = await _body(response, limit)
            charset = None if suffix in _BINARY else response.charset
            return Fetched(_as_utf8(data, charset), address, suffix)
    raise ReadError(f"it is redirected more than {_REDIRECTS} times")


def _check(address: str, *, private: bool) -> None:
    from yarl import URL

    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ReadError(f"only http and https addresses can be fetched, not {parts.scheme or address}")
    if parts.username or parts.password:
        raise ReadError("an address with a name and password in it is not fetched")
    try:
        # As it is connected to: digits of other scripts and full-width dots are those of an address, too.
        literal = ipaddress.ip_address(URL(address).host or "")
    except ValueError:
        return  # a name: looked at when it is resolved
    if not private and not _is_public(str(literal)):
        raise _not_public(parts.hostname)


async def _robots_allow(session: aiohttp.ClientSession, address: str) -> bool:
    """Whether the site's robots.txt lets this bot read an address, as ``urllib.robotparser`` reads it."""
    parts = urlsplit(address)
    robots = urlunsplit((parts.scheme, parts.netloc, "/robots.txt", "", ""))
    async with session.get(robots, allow_redirects=False) as response:
        if response.status >= 500:
            return False
        if response.status != 200:
            return response.status not in _REFUSED
        rules = bytearray()
        async for chunk in response.content.iter_chunked(_CHUNK):
            rules += chunk
            if len(rules) > _ROBOTS_BYTES:
                break
    parser = RobotFileParser()
    try:
        parser.parse(rules.decode("utf-8-sig", "replace").splitlines())
    except ValueError:  # an address in it that is none
        return True
    return parser.can_fetch(AGENT, address)


def _suffix(response: aiohttp.ClientResponse, address: str) -> str:
    """The ending of the format that the server names; by the address where that may be one of several."""
    if "Content-Type" not in response.headers:
        raise ReadError("the site does not say what kind of file it is")
    kind = response.content_type.lower()
    path = urlsplit(address).path.lower()
    suffix = _SUFFIXES.get(kind)
    if suffix is None and kind in _OF_ANY_KIND:
        suffix = next((each for each in _BINARY if path.endswith(each)), None)
    if suffix is None:
        raise ReadError(
            f"{kind} cannot be read; what can be: HTML, Markdown, plain text, PDF, Word (.docx), CSV, JSON, BibTeX"
        )
    told = next((ending for ending in _PLAIN if path.endswith(ending)), suffix)
    return told if suffix == ".txt" else suffix


async def _body(response: aiohttp.ClientResponse, limit: int) -> bytes:
    """The body, uncompressed, read no further than to the limit."""
    data = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK):
        data += chunk
        if len(data) > limit:
            raise ReadError(f"it has more than the {limit / 1e6:.0f} MB that a document may have")
    return bytes(data)


def _as_utf8(data: bytes, charset: str | None) -> bytes:
    if not charset or charset.lower().replace("_", "-") in ("utf-8", "utf8"):
        return data
    try:
        return b"\xef\xbb\xbf" + data.decode(charset).encode()
    except (LookupError, UnicodeError):
        return data  # the reader finds out


class _NotPublicError(OSError):
    """An address that is not on the public internet."""


def _not_public(host: str) -> _NotPublicError:
    return _NotPublicError(
        f"{host} is not a public address; DIGESTBOT_PRIVATE_ADDRESSES=true allows this machine's and its network's"
    )


def _is_public(address: str) -> bool:
    found = ipaddress.ip_address(address.partition("%")[0])
    return found.is_global and not found.is_multicast and not any(found in network for network in _TRANSLATING)


def _resolver(*, private: bool) -> aiohttp.abc.AbstractResolver:
    from aiohttp import ThreadedResolver

    class PublicResolver(ThreadedResolver):
        """Resolves names to addresses, all of which have to be public: it is these that are connected to."""

        async def resolve(
            self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
        ) -> list[ResolveResult]:
            found = await super().resolve(host, port, family)
            if not private and not all(_is_public(each["host"]) for each in found):
                raise _not_public(host)
            return found

    return PublicResolver()


def _said(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
