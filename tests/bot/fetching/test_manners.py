"""How a fetcher behaves: robots.txt as RFC 9309 has it, pauses, silence, conditional requests, and time limits."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from bot.sources import fetcher
from bot.sources import politeness as hosts
from bot.sources import urls as addresses
from bot.sources.fetcher import Fetcher, PageGoneError, Validators, fetch
from bot.sources.politeness import Host, SiteBusyError, robots_of
from corpus.errors import ReadError
from tests.site import Answer, Site

if TYPE_CHECKING:
    from collections.abc import Iterator

LIMIT = 100_000
RULES = "User-agent: *\nDisallow: /hidden/\n"


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        site.put("/page", "<h1>A page</h1><p>It is here.</p>")
        site.put("/hidden/page", "<h1>A page</h1><p>It is hidden.</p>")
        yield site


class Time:
    """A clock that goes on by what is slept."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def refused(site: Site, path: str = "/hidden/page") -> str | None:
    try:
        fetch(site(path), limit=LIMIT, private=True)
    except ReadError as error:
        return str(error)
    return None


def redirecting(to: str):
    async def answer(request: web.Request) -> web.StreamResponse:
        raise web.HTTPFound(to)

    return answer


def test_robots_txt_is_followed_where_it_is_redirected_to(site: Site):
    for hop in range(4):
        site.pages[f"/robots-{hop}"] = redirecting(f"/robots-{hop + 1}")
    site.pages["/robots.txt"] = redirecting("/robots-0")
    site.put("/robots-4", RULES, "text/plain")
    assert refused(site) == "the site's robots.txt does not allow it"
    assert site.asked["/hidden/page"] == 0
    site.pages["/robots-4"] = redirecting("/robots-5")
    site.put("/robots-5", RULES, "text/plain")
    assert refused(site) is None, "five times and no more: then there are no rules"


@pytest.mark.parametrize(
    ("status", "allowed"), [(401, True), (403, True), (404, True), (429, False), (503, False)]
)
def test_a_site_without_rules_allows_all_and_one_that_cannot_tell_nothing(site: Site, status: int, allowed: bool):
    site.put("/robots.txt", RULES, "text/plain", status=status)
    said = refused(site)
    assert (said is None) == allowed
    if said:
        assert said == f"the site answers {status} when asked for its robots.txt, so it is left alone for now"


def test_the_longest_rule_that_fits_decides_and_other_crawlers_are_not_meant():
    rules = (
        "User-agent: other\nDisallow: /\n\nUser-agent: DigestBot\nCrawl-delay: 2\nDisallow: /a/\nAllow: /a/b$\n"
        "Disallow: /*.pdf\n"
    )
    robots = robots_of(200, rules.encode())
    fits = {
        path: robots.refusal(f"https://x.org{path}") is None for path in ("/", "/a/c", "/a/b", "/a/b/c", "/x.pdf")
    }
    assert fits == {"/": True, "/a/c": False, "/a/b": True, "/a/b/c": False, "/x.pdf": False}
    assert robots.delay == 2
    assert robots_of(200, b"User-agent: *\nCrawl-delay: 86400\n").delay == 10, "bounded"


def test_rules_beyond_what_is_read_do_not_hang_the_reading():
    begun = time.process_time()
    lines = b"".join(b"Disallow: /" + b"a*" * 40 + str(n).encode() + b"$\n" for n in range(20_000))
    robots = robots_of(200, b"User-agent: *\n" + lines)
    assert robots.refusal("https://x.org/" + "a" * 2000) is None
    assert time.process_time() - begun < 20


async def test_robots_txt_is_asked_for_once_however_many_pages_are(site: Site):
    site.put("/robots.txt", RULES, "text/plain")
    async with Fetcher(private=True) as fetcher:
        pages = await asyncio.gather(*(fetcher.fetch(site("/page"), limit=LIMIT) for _ in range(10)))
    assert all(pages)
    assert site.asked == {"/robots.txt": 1, "/page": 10}
    assert site.most_at_once <= 2


async def test_a_page_that_is_as_it_was_is_not_sent_again(site: Site):
    async with Fetcher(private=True) as fetcher:
        page = await fetcher.fetch(site("/page"), limit=LIMIT)
        assert page is not None
        known = Validators(page.address, page.etag, page.modified)
        assert await fetcher.fetch(site("/page"), limit=LIMIT, known=known) is None
        site.put("/page", "<h1>Another</h1><p>It changed.</p>")
        assert await fetcher.fetch(site("/page"), limit=LIMIT, known=known) is not None
        elsewhere = Validators(site("/other"), page.etag)
        assert await fetcher.fetch(site("/page"), limit=LIMIT, known=elsewhere) is not None, "of another address"


async def test_the_day_of_a_page_is_enough_for_a_condition(site: Site):
    day = "Mon, 02 Mar 2026 10:00:00 GMT"

    async def dated(request: web.Request) -> web.StreamResponse:
        if request.headers.get("If-Modified-Since") == day:
            return web.Response(status=304)
        return web.Response(text="<p>Dated.</p>", content_type="text/html", headers={"Last-Modified": day})

    site.pages["/dated"] = dated
    async with Fetcher(private=True) as fetcher:
        page = await fetcher.fetch(site("/dated"), limit=LIMIT)
        assert page is not None
        known = Validators(page.address, page.etag, page.modified)
        assert await fetcher.fetch(site("/dated"), limit=LIMIT, known=known) is None


@pytest.mark.parametrize("status", [404, 410])
async def test_what_is_gone_is_told_apart(site: Site, status: int):
    site.pages["/gone"] = Answer("no", status=status)
    async with Fetcher(private=True) as fetcher:
        with pytest.raises(PageGoneError):
            await fetcher.fetch(site("/gone"), limit=LIMIT)


@pytest.mark.parametrize(("places", "slept"), [(1, [1.0, 0.5, 5.0]), (2, [0.5])])
async def test_a_place_rests_as_long_as_the_site_took_to_answer(
    monkeypatch: pytest.MonkeyPatch, places: int, slept: list[float]
):
    monkeypatch.setattr(hosts, "_AT_ONCE", places)
    clock = Time()
    host = Host(clock, clock.sleep)
    for took in (1.0, 0.5, 60.0, 0.0):
        async with host.turn(0):
            clock.now += took
    assert clock.slept == slept


async def test_the_pause_that_a_site_names_is_kept():
    clock = Time()
    host = Host(clock, clock.sleep)
    starts = []
    for _ in range(4):
        async with host.turn(2.0):
            starts.append(clock())
    assert starts == [0, 2, 4, 6]


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("120", 120), ("999999999999", 86400), ("soon", None), ("-5", None), (None, None), ("Mon, 99 Foo", None)],
)
async def test_how_long_a_site_asks_to_be_left_alone(written: str | None, seconds: float | None):
    host = Host(Time(), Time().sleep)
    assert host.silenced("the site answers 429", written).seconds == seconds
    with pytest.raises(SiteBusyError, match="left alone for now"):
        async with host.turn(0):
            pytest.fail("it was asked all the same")


def test_a_day_until_which_a_site_wants_silence_is_understood():
    until = format_datetime(datetime.now(UTC) + timedelta(minutes=10), usegmt=True)
    seconds = Host(Time(), Time().sleep).silenced("503", until).seconds
    assert seconds is not None
    assert 500 < seconds <= 600


def test_a_name_that_takes_too_long_to_look_up_does_not_outlive_the_limit(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(fetcher, "_SECONDS", 0.2)
    hanging = threading.Event()

    def look(*arguments: object, **options: object) -> list[object]:
        hanging.wait(20)
        raise socket.gaierror

    monkeypatch.setattr(addresses.socket, "getaddrinfo", look)
    begun = time.monotonic()
    with pytest.raises(ReadError, match="no answer within"):
        fetch("http://slow.example/", limit=LIMIT)
    assert time.monotonic() - begun < 10
    hanging.set()


def test_a_name_is_refused_by_the_address_that_it_leads_to(monkeypatch: pytest.MonkeyPatch):
    row = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.7", 80))
    monkeypatch.setattr(addresses.socket, "getaddrinfo", lambda *arguments, **options: [row])
    with pytest.raises(ReadError, match=r"inside\.example is not a public address"):
        fetch("http://inside.example/", limit=LIMIT)


def test_lists_are_not_pages_but_it_is_told_what_to_do_with_them(site: Site):
    site.put("/feed", "<rss/>", "application/rss+xml")
    with pytest.raises(ReadError, match="`digestbot source add` reads what it lists"):
        fetch(site("/feed"), limit=LIMIT, private=True)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://127.0.0.1:9/", "cannot be fetched: no connection to 127.0.0.1 (Connection refused)"),
        ("http:///page", "no address that can be fetched: it names no host"),
        ("ftp://127.0.0.1/page", "only http and https addresses can be fetched, not ftp"),
    ],
)
def test_where_nobody_answers_is_one_line(address: str, said: str):
    with pytest.raises(ReadError) as refused:
        fetch(address, limit=LIMIT, private=True)
    assert str(refused.value) == said
