"""Fetches web pages from public addresses, within limits of time and size, and politely."""

from __future__ import annotations

import asyncio
import codecs
import os
import re
import time
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, Self
from urllib.parse import urljoin, urlsplit

from bot.sources.head import onward
from bot.sources.politeness import AGENT, BYTES, REDIRECTS, Host, Robots, robots_of
from bot.sources.urls import NotPublicError, check, connector, error_text, normal, origin
from corpus.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    import aiohttp

_SECONDS = 30.0
"""For one page with its redirects, without the pauses for its site."""
_CONNECT_SECONDS = 10.0
_REDIRECTS = 5
_REDIRECTING = frozenset({301, 302, 303, 307, 308})
_CHUNK = 1 << 16
_RESOLVED_SECONDS = 300
_GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
_LONGEST_VALIDATOR = 1000

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
"""Endings of addresses that tell the format of plain text."""
_READ = "HTML, Markdown, plain text, PDF, Word (.docx), CSV, JSON, BibTeX"
_OF_ANY_KIND = frozenset({"application/octet-stream", "binary/octet-stream"})
_BINARY = (".pdf", ".docx", ".docm")
_IN_BYTES = frozenset({".xml", ".gz", *_BINARY})
"""Formats that are binary or declare their own encoding."""
_LISTS = {
    "application/rss+xml": ".xml",
    "application/atom+xml": ".xml",
    "application/rdf+xml": ".xml",
    "application/xml": ".xml",
    "text/xml": ".xml",
    "application/feed+json": ".json",
    "application/gzip": ".gz",
    "application/x-gzip": ".gz",
    "application/octet-stream": ".gz",
}
"""Content types of feeds and sitemaps."""
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_BEGINNING = 4096
_DECLARED = re.compile(rb"charset\s{0,9}=\s{0,9}[\"']?([\w-]{1,40})", re.IGNORECASE)
_SUPERSETS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso-8859-1": "cp1252",
    "us-ascii": "cp1252",
    "shift-jis": "cp932",
    "euc-kr": "cp949",
    "iso-8859-9": "cp1254",
}
"""Charsets that browsers read as larger ones, because sites name the smaller."""
LISTS: Final = {**_SUFFIXES, **_LISTS}


@dataclass(frozen=True, slots=True)
class Validators:
    """Identify the stored version of a page for conditional requests; ``address`` is its final address."""

    address: str
    etag: str | None = None
    modified: str | None = None

    def headers(self, address: str) -> dict[str, str]:
        """Return the headers of a conditional request; none for another address."""
        if address != self.address:
            return {}
        given = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in given.items() if value}


@dataclass(frozen=True, slots=True)
class Fetched:
    """A fetched page: bytes, final address, the file ending of its format, declared charset and validators."""

    data: bytes
    address: str
    suffix: str
    charset: str | None = None
    etag: str | None = None
    modified: str | None = None


class PageGoneError(ReadError):
    """The site says that the page does not exist."""


def fetch(address: str, *, limit: int, private: bool = False) -> Fetched:
    """Fetch one page; see ``Fetcher.fetch``."""

    async def once() -> Fetched:
        async with Fetcher(private=private) as fetcher:
            fetched = await fetcher.fetch(address, limit=limit)
            if fetched is None:
                raise ReadError("the site answers 304 to a request without a condition")
            return fetched

    return asyncio.run(once())


class Fetcher:
    """Fetches pages over one session, with one request for each robots.txt and pauses between requests.

    ``private`` allows addresses of this machine and its network; ``clock`` is monotonic.
    """

    def __init__(
        self,
        *,
        private: bool = False,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._private = private
        self._clock, self._sleep = clock, sleep
        self._hosts: dict[str, Host] = {}

    async def __aenter__(self) -> Self:
        import aiohttp

        timeout = aiohttp.ClientTimeout(total=_SECONDS, connect=_CONNECT_SECONDS)
        self._session = aiohttp.ClientSession(
            connector=connector(private=self._private, ttl=_RESOLVED_SECONDS),
            timeout=timeout,
            headers={"User-Agent": AGENT},
            cookie_jar=aiohttp.DummyCookieJar(),
        )
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self._session.close()

    async def fetch(
        self,
        address: str,
        *,
        limit: int,
        types: Mapping[str, str] | None = None,
        known: Validators | None = None,
    ) -> Fetched | None:
        """Fetch a page, unless it is unchanged.

        Text in another declared charset is returned as UTF-8 with a byte-order mark.

        Args:
            address: http or https.
            limit: the greatest size in bytes, uncompressed.
            types: content types with their file endings; by default those of pages.
            known: makes the request conditional.

        Returns:
            The page; None if it is unchanged.

        Raises:
            PageGoneError: the site answers 404 or 410.
            SiteBusyError: the site answers, or has answered, 429 or 503 with Retry-After.
            ReadError: the page cannot be fetched; the message says why in one line.
        """
        import aiohttp

        try:
            return await self._followed(normal(address), limit, types or _SUFFIXES, known)
        except TimeoutError:
            raise ReadError(f"no answer within {_SECONDS:.0f} seconds") from None
        except NotPublicError as error:
            raise ReadError(str(error)) from None
        except aiohttp.ClientError as error:
            raise ReadError(_failure(error)) from None
        except (ValueError, UnicodeError) as error:
            raise ReadError(f"no address that can be fetched: {error_text(error)}") from None

    async def _followed(
        self, address: str, limit: int, types: Mapping[str, str], known: Validators | None
    ) -> Fetched | None:
        """Follow redirects, those of pages too, and check each address like the first."""
        left = _SECONDS
        for _ in range(_REDIRECTS + 1):
            check(address, private=self._private)
            host = self._host(address)
            robots = await self._robots(host, address)
            if refusal := robots.refusal(address):
                raise ReadError(refusal)
            async with host.turn(robots.delay):
                begun = self._clock()
                async with asyncio.timeout(left):
                    found = await self._asked(host, address, limit, types, known)
                left -= self._clock() - begun
            if not isinstance(found, str):
                return found
            address = found
        raise ReadError(f"it is redirected more than {_REDIRECTS} times")

    async def _asked(
        self, host: Host, address: str, limit: int, types: Mapping[str, str], known: Validators | None
    ) -> Fetched | str | None:
        """Send one request; return the page, the target of a redirect, or None if unchanged."""
        headers = known.headers(address) if known else {}
        accept = ", ".join([*types, "*/*;q=0.1"])
        async with self._session.get(
            address, allow_redirects=False, headers={"Accept": accept, **headers}
        ) as response:
            if response.status in _REDIRECTING and (to := response.headers.get("Location")):
                return normal(urljoin(address, to))
            if response.status == HTTPStatus.NOT_MODIFIED and headers:
                return None
            answer = f"the site answers {response.status} {response.reason or ''}".rstrip()
            again = response.headers.get("Retry-After")
            if response.status == HTTPStatus.TOO_MANY_REQUESTS or (
                again and response.status == HTTPStatus.SERVICE_UNAVAILABLE
            ):
                raise host.silenced(answer, again)
            if response.status in _GONE:
                raise PageGoneError(answer)
            if response.status != HTTPStatus.OK:
                raise ReadError(answer)
            suffix = _suffix(response, address, types)
            data, charset = await _body(response, limit), response.charset
            if suffix not in _IN_BYTES:
                data = _as_utf8(data, charset)
            if suffix == ".html" and (to := onward(data, address)):
                return to
            etag, modified = (_validator(response, name) for name in ("ETag", "Last-Modified"))
            return Fetched(data, address, suffix, charset, etag, modified)

    def _host(self, address: str) -> Host:
        return self._hosts.setdefault(origin(address), Host(self._clock, self._sleep))

    async def _robots(self, host: Host, address: str) -> Robots:
        """Return a site's rules; concurrent callers share one request."""
        async with host.asking:
            if host.robots is None:
                host.robots = await self._ask_robots(f"{origin(address)}/robots.txt")
        return host.robots

    async def _ask_robots(self, address: str) -> Robots:
        import aiohttp

        try:
            async with asyncio.timeout(_SECONDS):
                for _ in range(REDIRECTS + 1):
                    check(address, private=self._private)
                    async with self._session.get(address, allow_redirects=False) as response:
                        if response.status in _REDIRECTING and (to := response.headers.get("Location")):
                            address = normal(urljoin(address, to))
                            continue
                        return robots_of(response.status, await _beginning(response, BYTES))
        except TimeoutError:
            return Robots(unreachable=f"no answer within {_SECONDS:.0f} seconds")
        except aiohttp.ClientError as error:
            return Robots(unreachable=_failure(error))
        except (NotPublicError, ReadError) as error:
            return Robots(unreachable=str(error))
        return Robots()  # too many redirects count as no file


def _failure(error: aiohttp.ClientError) -> str:
    from aiohttp import ClientConnectorError

    inner = error.__cause__ or getattr(error, "os_error", None)
    if isinstance(inner, NotPublicError):
        return str(inner)
    if isinstance(error, ClientConnectorError):
        number, words = error.os_error.errno or 0, error.os_error.strerror
        because = os.strerror(number) if number > 0 else words
        return f"cannot be fetched: no connection to {error.host} ({because or error_text(error)})"
    return f"cannot be fetched: {error_text(error)}"


def _suffix(response: aiohttp.ClientResponse, address: str, types: Mapping[str, str]) -> str:
    """Return the file ending of the content type; for plain text the address may name a format."""
    if "Content-Type" not in response.headers:
        raise ReadError("the site does not say what kind of file it is")
    kind = response.content_type.lower()
    path = urlsplit(address).path.lower()
    suffix = types.get(kind)
    if kind in _OF_ANY_KIND:
        suffix = next((each for each in _BINARY if path.endswith(each)), suffix)
    if suffix is None and kind in _LISTS and kind not in _OF_ANY_KIND:
        raise ReadError(f"{kind} is no page but may list some: `digestbot source add` reads what it lists")
    if suffix is None:
        lists = ", feeds, sitemaps" if types is LISTS else ""
        raise ReadError(f"{kind} cannot be read; what can be: {_READ}{lists}")
    told = next((ending for ending in _PLAIN if path.endswith(ending)), suffix)
    return told if suffix == ".txt" else suffix


async def _body(response: aiohttp.ClientResponse, limit: int) -> bytes:
    """Read the uncompressed body up to the limit."""
    data = await _beginning(response, limit)
    if len(data) > limit:
        raise ReadError(f"it has more than the {limit / 1e6:.0f} MB that a document may have")
    return data


async def _beginning(response: aiohttp.ClientResponse, limit: int) -> bytes:
    """Read the body until the chunk that exceeds the limit."""
    data = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK):
        data += chunk
        if len(data) > limit:
            break
    return bytes(data)


def _as_utf8(data: bytes, charset: str | None) -> bytes:
    """Return text as UTF-8 with a mark where the page itself would be believed otherwise.

    A byte-order mark tells the charset, else the header does; what the page says of itself comes last.
    """
    name = (charset or "").lower().replace("_", "-")
    if data.startswith(_MARKS) or not name:
        return data  # the reader goes by the mark, or detects the charset
    is_utf8 = name in ("utf-8", "utf8")
    if is_utf8 and not _declares_another(data):
        return data
    try:
        return codecs.BOM_UTF8 + data.decode("utf-8" if is_utf8 else _SUPERSETS.get(name, name)).encode()
    except (LookupError, UnicodeError):
        return data


def _declares_another(data: bytes) -> bool:
    """Whether the page itself names a charset other than UTF-8."""
    declared = _DECLARED.search(data[:_BEGINNING])
    return bool(declared and declared[1].lower() not in (b"utf-8", b"utf8")) and not data.isascii()


def _validator(response: aiohttp.ClientResponse, name: str) -> str | None:
    value = response.headers.get(name)
    return value if value and value.isascii() and len(value) <= _LONGEST_VALIDATOR else None
