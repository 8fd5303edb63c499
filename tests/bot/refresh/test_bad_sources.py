"""Addresses that are slow, endless, broken or lie: one clear line each, bounded, and no harm to anything else."""

from __future__ import annotations

import asyncio
import gzip
from contextlib import suppress
from datetime import timedelta

import pytest
from aiohttp import web

from bot.sources import fetcher, listing
from bot.sources import ingest as reading
from bot.sources import refresh as refreshing
from corpus.errors import DigestbotError, ReadError, StoreError
from corpus.model import SourceKind
from tests.bot.refresh.conftest import Desk, errors, told
from tests.bot.refresh.pages import GUIDES, LIST, TABLE
from tests.site import Answer, Site, feed_of, sitemap_of

BOMB = gzip.compress(b"a" * 40_000_000)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40


async def slow(request: web.Request) -> web.StreamResponse:
    await asyncio.sleep(30)
    return web.Response(text="late")


async def endless(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/html"})
    await response.prepare(request)
    try:
        while True:
            await response.write(b"<p>kites</p>" * 5000)
    except ConnectionError:
        return response


async def cut(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/html", "Content-Length": "9000"})
    await response.prepare(request)
    await response.write(b"<h1>Half a page</h1>")
    request.transport.close()
    return response


async def around(request: web.Request) -> web.StreamResponse:
    raise web.HTTPFound(request.path)


async def inside(request: web.Request) -> web.StreamResponse:
    raise web.HTTPFound("ftp://127.0.0.1/etc")


BAD = {
    "slow": (slow, "no answer within 1 seconds"),
    "endless": (endless, "it has more than the 16 MB that a document may have"),
    "around": (around, "it is redirected more than 5 times"),
    "inside": (inside, "only http and https addresses can be fetched, not ftp"),
    "broken": (Answer("no", status=500), "the site answers 500 Internal Server Error"),
    "missing": (Answer("no", status=404), "the site answers 404 Not Found"),
    "picture": (Answer(PNG, "image/png"), "image/png cannot be read; what can be: HTML, Markdown, plain text"),
    "untold": (Answer(PNG, "text/html"), None),
    "charset": (Answer("<h1>Grüße</h1><p>Aus Zürich.</p>", "text/html; charset=no-such-one"), ""),
    "wrongly": (Answer("<h1>Grüße</h1><p>Aus Bern.</p>", "text/html; charset=utf-16"), ""),
    "bomb": (Answer(BOMB, headers={"Content-Encoding": "gzip"}), "it has more than the 16 MB that a document may"),
    "cut": (cut, None),
    "empty": (Answer(""), None),
    "again": (Answer("", status=304), "the site answers 304 Not Modified"),
}
"""By path what answers there, and what is said of it: "" nothing, None a line that begins as it likes."""


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetcher, "_SECONDS", 1.0)


@pytest.mark.usefixtures("hurried")
def test_each_bad_page_is_one_line_and_the_good_ones_are_read(site: Site, desk: Desk):
    for path, (answer, _) in BAD.items():
        site.pages[f"/bad/{path}"] = answer
    paths = [*(f"/bad/{path}" for path in BAD), *GUIDES]
    site.put("/sitemap.xml", sitemap_of(site, dict.fromkeys(paths)), "application/xml")
    report = desk.add(site("/sitemap.xml"))
    said = errors(report)
    assert set(said) == {path for path, (_, line) in BAD.items() if line != ""}
    for path, line in said.items():
        assert "\n" not in line
        assert line.startswith(BAD[path][1] or "")
    assert {path.rpartition("/")[2] for path in GUIDES} <= set(desk.documents())
    assert "Grüße" in desk.library.store.text("charset")
    assert desk.source().unread == len(said)
    assert desk.source().complaint
    assert desk.refresh(minutes=1) == {}
    site.forget()
    desk.refresh(days=1)
    assert site.asked["/bad/picture"] == 1, "tried again later"


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("path", [path for path, (_, line) in BAD.items() if line != ""])
def test_a_bad_address_is_no_source(site: Site, desk: Desk, path: str):
    site.pages[f"/bad/{path}"] = BAD[path][0]
    with pytest.raises(ReadError) as refused:
        desk.add(site(f"/bad/{path}"))
    assert str(refused.value).startswith(f"{site(f'/bad/{path}')}: ")
    assert "\n" not in str(refused.value)
    assert (desk.sources.all(), desk.documents()) == ([], {})


@pytest.mark.parametrize(
    ("body", "kind", "said"),
    [
        ("<rss version='2.0'><channel></channel></rss>", "image/gif", "image/gif cannot be read"),
        ("<other/>", "application/xml", "neither a feed nor a sitemap nor a page"),
        ('{"version": 7}', "application/feed+json", "list: "),
        ('{"version": "https://jsonfeed.org/version/1", "items": [', "application/json", "its JSON is broken"),
        ("[" * 100_000, "application/json", "list: "),
        ("{" * 100_000, "application/json", "list: "),
        (BOMB, "application/gzip", "more than the 16 MB that a sitemap may have"),
        (BOMB[:900], "application/gzip", "its gzip ends too early"),
        (gzip.compress(b"<html></html>"), "application/gzip", "it is no sitemap"),
        ("/etc/passwd", "application/rss+xml", "neither a feed nor a sitemap nor a page"),
    ],
)
def test_a_list_that_is_none_is_no_source(site: Site, desk: Desk, body, kind: str, said: str):
    site.put("/list", body, kind)
    with pytest.raises(ReadError, match=said):
        desk.add(site("/list"))
    assert desk.sources.all() == []


def test_entities_of_xml_are_not_followed(site: Site, desk: Desk, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("the secret of the house")
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    head = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file://{secret}"><!ENTITY l0 "lol">{lol}]>'
    item = f"<item><title>&f;</title><link>{site('/guide/list')}</link><description>&l11;&f;</description></item>"
    site.put("/feed", f"{head}<rss version='2.0'><channel>{item}</channel></rss>", "text/xml")
    site.put("/map", f"{head}<urlset><url><loc>{site('/guide/list')}&l11;</loc></url></urlset>", "text/xml")
    for path, kind in (("/feed", SourceKind.FEED), ("/map", SourceKind.SITEMAP)):
        with suppress(ReadError):
            desk.add(site(path), kind=kind)
    texts = [desk.library.store.text(name) for name in desk.documents()]
    assert all("secret of the house" not in text and len(text) < 2000 for text in texts)


def test_a_failing_source_waits_longer_each_time_and_harms_no_other(site: Site, desk: Desk):
    site.put("/feed", feed_of(site, [("/guide/list", "A", "b")]), "application/rss+xml")
    desk.add(site("/feed"), name="good")
    site.put("/other", feed_of(site, [("/guide/table", "A", "b")]), "application/rss+xml")
    desk.add(site("/other"), name="bad")
    site.put("/other", "no", status=500)
    waits = []
    for failures in range(1, 8):
        desk.clock.now = desk.source("bad").due_at
        reports = {report.source.id: report.error for report in desk.sources.refresh()}
        assert reports["bad"] == "the site answers 500 Internal Server Error"
        assert reports.get("good") is None
        assert desk.source("bad").failures == failures
        waits.append(desk.source("bad").due_at - desk.clock())
    hours = [wait / timedelta(hours=1) for wait in waits]
    for wait, base in zip(hours, [1, 2, 4, 8, 16, 24, 24], strict=True):
        assert base <= wait <= base * 1.1
    assert len(desk.documents()) == 2, "what it brought stays"
    site.put("/other", feed_of(site, [("/guide/table", "A", "b")]), "application/rss+xml")
    desk.refresh(days=2)
    assert (desk.source("bad").failures, desk.source("bad").error) == (0, None)
    assert desk.source("bad").due_at == desk.clock() + timedelta(hours=1)


def test_a_site_that_asks_for_silence_gets_it(site: Site, desk: Desk):
    paths = [f"/page/{n}" for n in range(40)]
    for path in paths:
        site.put(path, f"<title>{path}</title><h1>{path}</h1><p>All about {path}.</p>")
    site.put("/sitemap.xml", sitemap_of(site, dict.fromkeys(paths)), "application/xml")
    desk.add(site("/sitemap.xml"))
    for path in paths[10:]:
        site.put(path, "later", status=429, headers={"Retry-After": "36000"})
    site.forget()
    assert desk.refresh() == {}
    assert site.statuses[429] <= 2, "those that were under way"
    assert "left alone for now" in str(desk.source().error)
    assert timedelta(hours=10) <= desk.source().due_at - desk.clock() <= timedelta(hours=11)
    assert len(desk.documents()) == 40
    assert desk.gone() == set()


def test_a_fault_of_a_reader_is_told_and_harms_no_other_source(site: Site, desk: Desk, monkeypatch):
    site.put("/feed", feed_of(site, [("/guide/list", "A", "b")]), "application/rss+xml")
    desk.add(site("/feed"), name="feed")
    desk.add(site("/guide/table"), name="page")

    def broken(*arguments: object) -> None:
        raise ZeroDivisionError("nobody thought of that")

    monkeypatch.setattr(listing, "feed", broken)
    site.put("/feed", feed_of(site, [("/guide/german", "A", "b")]), "application/rss+xml")
    site.put("/guide/table", TABLE.replace("Low kites", "Lowest kites"))
    assert desk.refresh() == {"table": "changed"}
    assert desk.source("feed").error == "unexpected ZeroDivisionError: nobody thought of that"


def test_a_page_that_breaks_its_reader_harms_no_other(site: Site, desk: Desk, monkeypatch):
    def broken(library, raw, progress):
        if raw.source.endswith("table"):
            raise RecursionError("deep\ndown")
        return reading.read(library, raw, progress)

    monkeypatch.setattr(refreshing, "read", broken)
    site.put("/sitemap.xml", sitemap_of(site, dict.fromkeys(GUIDES)), "application/xml")
    report = desk.add(site("/sitemap.xml"))
    assert errors(report) == {"table": "unexpected RecursionError: deep down"}
    assert set(desk.documents()) == {"list", "german", "broken"}


def test_a_source_that_goes_on_failing_goes_on_being_told(site: Site, desk: Desk):
    desk.add(site("/guide/list"), name="page")
    site.put("/sitemap.xml", sitemap_of(site, {"/guide/table": None}), "application/xml")
    desk.add(site("/sitemap.xml"), name="map")
    desk.library.store.remove("table")
    desk.library.store._connection.execute("UPDATE addresses SET document = NULL WHERE document = 'table'")
    site.put("/guide/list", "no", status=500)
    site.put("/guide/table", "no", status=500)
    for failures in range(1, 12):
        desk.clock.now = desk.sources.next_due()
        desk.sources.refresh()
        desk.clock.now = max(source.due_at for source in desk.sources.all())
        desk.sources.refresh()
        assert desk.source("page").failures >= failures
        assert desk.source("page").error == "the site answers 500 Internal Server Error"
        assert str(desk.source("map").error).startswith("none of what it lists could be read, such as http")
    assert desk.library.store.text("list")


def test_a_full_disk_ends_the_refresh_and_loses_nothing(site: Site, desk: Desk, monkeypatch):
    desk.add(site("/guide/list"))

    def full(*arguments: object) -> None:
        raise StoreError("cannot write: the disk is full")

    monkeypatch.setattr(desk.library.store.watched, "note", full)
    site.put("/guide/list", LIST.replace("few", "no"))
    with pytest.raises(StoreError, match="disk is full"):
        desk.refresh()
    monkeypatch.undo()
    assert desk.refresh() == {}
    assert "no labels" in desk.library.store.text("list")


def test_the_same_source_is_added_once(site: Site, desk: Desk):
    desk.add(site("/guide/list"))
    with pytest.raises(DigestbotError, match="that is a source already: 127-0-0-1-list"):
        desk.add(site("/guide/list#top"))


def test_a_folder_that_is_away_loses_nothing(desk: Desk, tmp_path):
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "moss.md").write_text("# Moss\n\nMoss grows.\n")
    (folder / "empty.md").write_text("")
    assert told(desk.add(str(folder)).outcomes) == {"moss.md": "new", "empty.md": "failed"}
    folder.rename(tmp_path / "away")
    assert desk.refresh() == {}
    assert (desk.source().error, desk.gone()) == ("there is no such folder", set())
    folder.mkdir()
    assert desk.refresh() == {}
    assert desk.gone() == set(), "an empty folder may be a disk that is not there"


def test_a_page_that_is_out_of_service_does_not_silence_its_site(site: Site, desk: Desk):
    site.put("/sitemap.xml", sitemap_of(site, dict.fromkeys(["/down", *GUIDES])), "application/xml")
    site.put("/down", "no", status=503)
    report = desk.add(site("/sitemap.xml"))
    assert errors(report) == {"down": "the site answers 503 Service Unavailable"}
    assert len(report.documents) == len(GUIDES)
