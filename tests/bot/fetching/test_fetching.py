"""Pages from the web: read from a site on loopback, bounded, and refused in one line where they cannot be had."""

from __future__ import annotations

import asyncio
import gzip
from typing import TYPE_CHECKING

import pytest
from aiohttp import ThreadedResolver, web

from bot.assistant import Assistant
from bot.sources import fetcher
from bot.sources import urls as addresses
from bot.sources.fetcher import fetch
from bot.sources.urls import is_address, normal
from corpus.errors import ReadError
from corpus.model import Kind
from embeddings.collection import Library
from tests.corpus.pdf_files import Sheet
from tests.doubles import HashEncoder
from tests.site import Site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LIMIT = 100_000
GUIDE = """<title>Kites</title><h1>Papers on kites at ICML 2024</h1><h2>Sails</h2>
<ul><li><a href="papers/low.html">Low kites in high winds</a>, Ada Moss, Ben Ray</li></ul>{}"""

CAN_BE = "HTML, Markdown, plain text, PDF, Word (.docx), CSV, JSON, BibTeX"


def kites() -> bytes:
    sheet = Sheet()
    sheet.put("Kites fly high above the lake.", 50, 100)
    return sheet.data()


class OddSite(Site):
    """A site of a few pages, each odd in its own way; ``asked`` counts the requests by path."""

    def __init__(self) -> None:
        super().__init__()
        self.robots: str | None = None
        self.guide = GUIDE.format("")

    async def _answer(self, request: web.Request) -> web.StreamResponse:  # noqa: C901 - a page a case
        self.asked[request.path] += 1
        match request.path:
            case "/robots.txt" if self.robots is not None:
                return await self._in_two_parts(request, self.robots)
            case "/guide.html" | "/hidden/guide.html":
                return web.Response(text=self.guide, content_type="text/html")
            case "/notes.md":
                return web.Response(text="# Notes\n\nKites fly.\n")
            case "/latin":
                body = "<h1>Zoë’s kites</h1><p>In Zürich.</p>".encode("cp1252")
                return web.Response(body=body, headers={"Content-Type": "text/html; charset=windows-1252"})
            case "/moved":
                raise web.HTTPFound("/guide.html")
            case "/moved-inside":
                raise web.HTTPFound("http://10.0.0.7/secret")
            case "/round":
                raise web.HTTPFound("/round")
            case "/to-file":
                raise web.HTTPFound("file:///etc/passwd")
            case "/kites.pdf":
                return web.Response(body=kites(), headers={"Content-Type": "application/pdf; charset=latin-1"})
            case "/download/kites.pdf":
                return web.Response(body=kites(), content_type="application/octet-stream")
            case "/download/kites.exe":
                return web.Response(body=b"MZ", content_type="application/octet-stream")
            case "/picture":
                return web.Response(body=b"\x89PNG", content_type="image/png")
            case "/nothing-said":
                return web.Response(body=b"kites", headers={"Content-Type": ""})
            case "/lying":
                return web.Response(body=b"%PDF-1.4 \x00\x01", content_type="text/html")
            case "/large":
                return web.Response(body=b"a" * (2 * LIMIT), content_type="text/plain")
            case "/bomb":
                packed = gzip.compress(b"a" * (50 * LIMIT))
                return web.Response(body=packed, headers={"Content-Type": "text/html", "Content-Encoding": "gzip"})
            case "/slow":
                await asyncio.sleep(30)
            case "/endless":
                return await self._endless(request)
            case "/broken":
                raise web.HTTPInternalServerError
        raise web.HTTPNotFound

    async def _in_two_parts(self, request: web.Request, text: str) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/plain"})
        await response.prepare(request)
        for part in (text[:12], text[12:]):
            await response.write(part.encode())
            await asyncio.sleep(0.05)
        return response

    async def _endless(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/html"})
        await response.prepare(request)
        try:
            while True:
                await response.write(b"kites " * 1000)
                await asyncio.sleep(0.001)
        except ConnectionError:
            return response


@pytest.fixture
def site() -> Iterator[OddSite]:
    with OddSite() as site:
        yield site


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    with Assistant(Library(tmp_path, HashEncoder()), lambda line: None, private_addresses=True) as assistant:
        yield assistant


def test_a_page_of_the_web_is_read_like_a_file(site: OddSite, assistant: Assistant):
    (outcome,) = assistant.ingest([site("/guide.html#sails")])
    assert (outcome.state, outcome.document, outcome.source) == ("new", "guide", site("/guide.html"))
    (document,) = assistant.digests()
    assert (document.title, document.url) == ("Papers on kites at ICML 2024", site("/guide.html"))
    (paper,) = assistant.entries(kind=Kind.PAPER)
    assert (paper.entry.title, paper.entry.url) == ("Low kites in high winds", site("/papers/low.html"))


def test_links_that_lead_nowhere_on_the_web_are_left_out(site: OddSite, assistant: Assistant):
    paper = "<h2>Sails</h2><ul><li><a href='{}'>Strings that hold</a>, Cy Dunn, Eva Holt</li></ul>"
    for link in ("javascript:alert(1)", "http://[bad/x", "data:text/html,x"):
        site.guide = GUIDE.format(paper.format(link))
        assistant.ingest([site("/guide.html")])
        found = [entry.entry.url for entry in assistant.entries(kind=Kind.PAPER)]
        assert found == [site("/papers/low.html"), None]


def test_a_page_is_read_again_only_where_it_has_changed(site: OddSite, assistant: Assistant):
    assistant.ingest([site("/guide.html")])
    assert [each.state for each in assistant.ingest([site("/guide.html")])] == ["unchanged"]
    site.guide = GUIDE.format("<p>Kites fly higher.</p>")
    (changed,) = assistant.ingest([site("/guide.html")])
    assert (changed.state, changed.document) == ("changed", "guide")
    assert changed.embedded < changed.passages or changed.passages == 1


def test_the_same_page_at_two_addresses_is_one_document(site: OddSite, assistant: Assistant):
    outcomes = assistant.ingest([site("/guide.html"), site("/hidden/guide.html")])
    assert [each.state for each in outcomes] == ["new", "unchanged"]
    assert len(assistant.digests()) == 1


def test_a_redirect_is_followed_and_the_page_known_by_what_was_asked_for(site: OddSite, assistant: Assistant):
    (outcome,) = assistant.ingest([site("/moved")])
    assert outcome.source == site("/moved")
    assert assistant.digests()[0].url == site("/guide.html")


def test_markdown_and_character_sets_are_known_by_what_the_site_says(site: OddSite):
    assert fetch(site("/notes.md"), limit=LIMIT, private=True).suffix == ".md"
    latin = fetch(site("/latin"), limit=LIMIT, private=True)
    assert latin.data.decode("utf-8-sig") == "<h1>Zoë’s kites</h1><p>In Zürich.</p>"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/missing", "the site answers 404 Not Found"),
        ("/broken", "the site answers 500 Internal Server Error"),
        ("/round", "it is redirected more than 5 times"),
        ("/to-file", "only http and https addresses can be fetched, not file"),
        ("/picture", f"image/png cannot be read; what can be: {CAN_BE}"),
        (
            "/download/kites.exe",
            f"application/octet-stream cannot be read; what can be: {CAN_BE}",
        ),
        ("/large", "it has more than the 0 MB that a document may have"),
        ("/bomb", "it has more than the 0 MB that a document may have"),
        ("/endless", "it has more than the 0 MB that a document may have"),
    ],
)
def test_what_cannot_be_had_is_one_line(site: OddSite, path: str, said: str):
    with pytest.raises(ReadError) as refused:
        fetch(site(path), limit=LIMIT, private=True)
    assert str(refused.value) == said


def test_a_slow_site_is_given_up(site: OddSite, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(fetcher, "_SECONDS", 0.3)
    with pytest.raises(ReadError, match="no answer within"):
        fetch(site("/slow"), limit=LIMIT, private=True)


def test_a_site_that_is_not_there_and_one_that_lies_do_not_stop_the_others(site: OddSite, assistant: Assistant):
    nowhere = "http://127.0.0.1:9/guide.html"
    outcomes = assistant.ingest([nowhere, site("/lying"), "http://[bad", site("/guide.html")])
    assert [each.state for each in outcomes] == ["failed", "failed", "failed", "new"]
    assert all(each.error and "\n" not in each.error for each in outcomes[:3])


def test_robots_are_heard(site: OddSite):
    site.robots = "\ufeffUser-agent: *\nDisallow: /hidden/\n"
    assert fetch(site("/guide.html"), limit=LIMIT, private=True).data
    with pytest.raises(ReadError, match=r"robots\.txt does not allow it"):
        fetch(site("/hidden/guide.html"), limit=LIMIT, private=True)
    assert site.asked["/hidden/guide.html"] == 0


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "localhost", "127.1", "[::1]", "[::ffff:127.0.0.1]", "[::127.0.0.1]", "10.0.0.7", "0.0.0.0",
        "１２７.０.０.１", "127。0。0。1", "①②⑦.0.0.1", "2130706433", "0x7f.1",
        "0", "0177.1", "0x7f000001", "017700000001", "127.0.1", "0x7F.0.0x0.1", "127.0.0.1.", "2130706433.",
        "[::ffff:7f00:1]", "[::ffff:0:0]", "[64:ff9b::127.0.0.1]", "[2002:7f00:1::]", "１２７.1", "[::]",
    ],
)  # fmt: skip
def test_what_is_not_public_is_not_asked(site: OddSite, host: str):
    with pytest.raises(ReadError):
        fetch(f"http://{host}:{site.port}/guide.html", limit=LIMIT)
    assert not site.asked


def test_a_number_is_checked_and_asked_as_the_address_that_it_is():
    assert normal("http://2130706433/x") == normal("http://0x7f.1/x") == "http://127.0.0.1/x"
    assert normal("http://0x5db8d822:8080/") == "http://93.184.216.34:8080/"
    assert normal("http://1e100.net/") == "http://1e100.net/"


def test_a_resolver_that_lets_a_private_address_through_is_caught_once_connected(site: OddSite, monkeypatch):
    def trusting(**options: bool) -> ThreadedResolver:
        return ThreadedResolver()

    monkeypatch.setattr(addresses, "resolver", trusting)
    with pytest.raises(ReadError, match="localhost is not a public address"):
        fetch(f"http://localhost:{site.port}/guide.html", limit=LIMIT)
    assert not site.asked, "connected, and nothing sent"


def test_the_connected_peer_is_checked_even_where_the_address_was_let_through(site: OddSite, monkeypatch):
    monkeypatch.setattr(fetcher, "check", lambda address, *, private: None)
    with pytest.raises(ReadError, match="is not a public address"):
        fetch(site("/guide.html"), limit=LIMIT)
    assert not site.asked


def test_a_redirect_to_what_is_not_public_is_not_followed(site: OddSite, monkeypatch: pytest.MonkeyPatch):
    public = addresses.is_public
    monkeypatch.setattr(addresses, "is_public", lambda address: address == "127.0.0.1" or public(address))
    with pytest.raises(ReadError, match=r"10\.0\.0\.7 is not a public address"):
        fetch(site("/moved-inside"), limit=LIMIT)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True), ("2606:2800:220:1:248:1893:25c8:1946", True), ("192.168.1.1", False),
        ("169.254.169.254", False), ("100.64.0.1", False), ("224.0.0.1", False), ("fe80::1%eth0", False),
        ("64:ff9b::7f00:1", False), ("2002:7f00:1::", False), ("::ffff:10.0.0.1", False), ("fd00::1", False),
        ("::ffff:93.184.216.34", True), ("::ffff:169.254.169.254", False),
    ],
)  # fmt: skip
def test_which_addresses_are_public(address: str, public: bool):
    assert addresses.is_public(address) is public


def test_addresses_are_told_apart_by_what_is_fetched():
    assert is_address("HTTPS://Example.org")
    assert not is_address("notes/http.md")
    assert normal("HTTPS://Example.ORG#top") == "https://example.org/"
    with pytest.raises(ReadError, match="name and password"):
        fetch("https://ada:secret@example.org/", limit=LIMIT)


@pytest.mark.parametrize("path", ["/kites.pdf", "/download/kites.pdf"])
def test_a_pdf_is_read_as_one_whatever_the_server_calls_its_bytes(assistant: Assistant, site: OddSite, path: str):
    (outcome,) = assistant.ingest([site(path)])
    assert (outcome.state, outcome.document, outcome.error) == ("new", "kites", None)
    assert assistant._library.store.text("kites") == "Kites fly high above the lake.\n"


@pytest.mark.parametrize(
    "host",
    ["169.254.169.254", "[::ffff:169.254.169.254]", "[fe80::1]", "224.0.0.1",
     "2852039166", "0xa9fea9fe", "169.254.43518", "[64:ff9b::a9fe:a9fe]", "[2002:a9fe:a9fe::]", "[::a9fe:a9fe]"],
)  # fmt: skip
def test_the_machines_own_services_are_never_asked(host: str):
    with pytest.raises(ReadError, match=r"is not a public address$"):
        fetch(f"http://{host}/latest", limit=LIMIT, private=True)
