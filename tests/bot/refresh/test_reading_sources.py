"""What comes in from sources: the right papers and posts, from each kind of list."""

from __future__ import annotations

import gzip
import json
from datetime import date

import pytest

from bot.sources.sources import NewSource
from corpus.errors import DigestbotError
from corpus.model import Kind, SourceKind
from tests.bot.refresh.conftest import Desk, told
from tests.bot.refresh.pages import JOBS, PAPERS, POSTS, STYLES
from tests.site import Site, feed_of, sitemap_of

WHOLE = "<p>" + "The moon pulls at the sea, and the sea pulls back. " * 20 + "</p>"


def test_pages_in_nine_styles_and_three_languages_give_their_papers_and_posts(site: Site, desk: Desk):
    site.put("/sitemap.xml", sitemap_of(site, dict.fromkeys(STYLES)), "application/xml")
    report = desk.add(site("/sitemap.xml"))
    assert report.source.kind is SourceKind.SITEMAP
    assert set(told(report.outcomes).values()) == {"new"}
    entries = [stored.entry for stored in desk.entries()]
    assert {e.title: e.authors for e in entries if e.kind is Kind.PAPER} == PAPERS
    posts = {e.title: (e.place.country, e.place.city) for e in entries if e.kind is Kind.JOB and e.place}
    assert posts == POSTS
    documents = desk.documents()
    assert "façades of Zürich" in desk.library.store.text("latin")
    assert (documents["list"].venue, documents["list"].year) == ("SLEEP", 2026)
    assert {d.url for d in documents.values()} == {site(path) for path in STYLES}
    assert site.asked["/robots.txt"] <= 2, "once to find out what the source is, once to read it"


def test_a_page_with_links_leads_to_those_that_fit_the_pattern(site: Site, desk: Desk):
    links = "".join(f'<a href="{path}#top">x</a>' for path in (*STYLES, "/jobs/table"))
    site.put("/board", f'<base href="/"><title>Board</title>{links}<a href="mailto:x@y.z">y</a>')
    report = desk.add(site("/board"), links="/jobs/*")
    assert report.source.kind is SourceKind.LINKS
    assert {outcome.source for outcome in report.outcomes} == {site(path) for path in JOBS}
    other = desk.add(site("/board"), links="http://*/guide/l*")
    assert told(other.outcomes) == {"list": "new"}


def test_a_feed_of_two_hundred_items_is_read(site: Site, desk: Desk):
    items = [(f"/post/{n}", f"Post number {n}", "Read on.") for n in range(200)]
    for path, title, _ in items:
        site.put(path, f"<title>{title}</title><h1>{title}</h1><p>It is about the number {path[6:]}.</p>")
    site.put("/feed", feed_of(site, items), "application/rss+xml")
    report = desk.add(site("/feed"))
    assert (report.source.kind, len(report.documents), report.left_out) == (SourceKind.FEED, 200, 0)
    assert all(site.asked[path] == 1 for path, _, _ in items)
    documents = desk.documents()
    assert len(documents) == 200
    assert documents["7"].published == date(2026, 3, 2)
    assert site.most_at_once <= 2, "a site is not hurried"


def test_no_more_is_read_than_the_limit_and_the_latest_first(site: Site, desk: Desk):
    days = {path: f"2026-02-{day:02}" for day, path in enumerate(STYLES, 10)}
    site.put("/sitemap.xml", sitemap_of(site, days), "text/xml")
    report = desk.add(site("/sitemap.xml"), items=2)
    assert {outcome.source for outcome in report.outcomes} == {site(path) for path in list(STYLES)[-2:]}
    assert report.left_out == len(STYLES) - 2
    assert desk.refresh() == {}, "the others stay out"
    assert desk.gone() == set()


def test_an_item_with_all_its_text_is_the_document(site: Site, desk: Desk):
    atom = f"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Tides</title>
    <entry><title>Why &lt;b&gt;tides&lt;/b&gt; turn</title><id>urn:1</id><link href="/post/tides"/>
    <updated>2026-02-01T23:30:00Z</updated><content type="html">{WHOLE.replace("<", "&lt;")}</content></entry>
    <entry><title>A note without a page</title><id>urn:2</id><updated>2026-02-02T00:00:00Z</updated>
    <content type="html">&lt;p&gt;It stands in the feed alone.&lt;/p&gt;</content></entry></feed>"""
    site.put("/atom", atom, "application/atom+xml")
    desk.add(site("/atom"))
    assert site.asked["/post/tides"] == 0
    documents = desk.documents()
    assert set(documents) == {"tides", "a-note-without-a-page"}
    tides = documents["tides"]
    assert (tides.title, tides.url, tides.published) == ("Why tides turn", site("/post/tides"), date(2026, 2, 1))
    assert "It stands in the feed alone." in desk.library.store.text("a-note-without-a-page")


@pytest.mark.parametrize(
    ("part", "text", "asked"),
    [
        ("content:encoded", WHOLE, 0),
        ("content:encoded", f"{WHOLE}<p>And then the tide […]</p>", 1),
        ("content:encoded", f"{WHOLE}<p>And then the tide … <a href='/x'>Continue reading</a></p>", 1),
        ("content:encoded", "<p>A line.</p>", 1),
        ("description", WHOLE, 1),
    ],
)
def test_a_page_is_fetched_where_the_feed_has_not_all_of_it(site: Site, desk: Desk, part, text, asked):
    site.put("/post/tides", "<title>Tides</title><h1>Tides</h1><p>The whole of the page.</p>")
    item = f"<item><title>Tides</title><link>/post/tides</link><{part}><![CDATA[{text}]]></{part}></item>"
    names = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    site.put("/feed", f'<rss version="2.0" {names}><channel>{item}</channel></rss>', "application/rss+xml")
    desk.add(site("/feed"))
    assert site.asked["/post/tides"] == asked
    assert set(desk.documents()) == {"tides"}


def test_a_teaser_stands_in_for_a_page_that_cannot_be_had_until_it_can(site: Site, desk: Desk):
    site.put("/post/1", "no", status=500)
    feed = feed_of(site, [("/post/1", "On eels", "Eels go far, says this teaser.")])
    site.put("/feed", feed, "application/rss+xml")
    assert told(desk.add(site("/feed")).outcomes) == {"1": "new"}
    assert "says this teaser" in desk.library.store.text("1")
    assert desk.source().unread == 0
    site.put("/post/1", "no", status=404)
    assert desk.refresh() == {}, "the feed still says it"
    assert desk.gone() == set()
    site.put("/post/1", "<title>On eels</title><h1>On eels</h1><p>Eels swim to the Sargasso Sea.</p>")
    assert desk.refresh() == {"1": "changed"}
    assert "Sargasso" in desk.library.store.text("1")


def test_json_feeds_are_read(site: Site, desk: Desk):
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Eels",
        "items": [
            {"id": 1, "url": "/post/eels", "title": "Eels", "content_html": WHOLE, "date_published": "2026-01-05"},
            {"id": "2", "content_text": "Plain words.\n\nIn two parts.", "title": "Words <b>here</b>"},
            {"id": "3"}, "no item", {"id": "4", "url": ["x"], "content_html": 7},
        ],
    }  # fmt: skip
    site.put("/feed.json", json.dumps(feed), "application/feed+json")
    report = desk.add(site("/feed.json"))
    assert (report.source.kind, sorted(report.documents)) == (SourceKind.FEED, ["eels", "words-here"])
    assert desk.documents()["eels"].published == date(2026, 1, 5)


def test_an_index_of_sitemaps_leads_to_gzipped_ones(site: Site, desk: Desk):
    first, second = list(STYLES)[:4], list(STYLES)[4:]
    index = (
        '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        f"<sitemap><loc>{site('/one.xml.gz')}</loc></sitemap><sitemap><loc>{site('/two.xml')}</loc></sitemap>"
        f"<sitemap><loc>{site('/sitemap.xml')}</loc></sitemap></sitemapindex>"
    )
    site.put("/sitemap.xml", index, "application/xml")
    site.put("/one.xml.gz", gzip.compress(sitemap_of(site, dict.fromkeys(first)).encode()), "application/x-gzip")
    site.put("/two.xml", sitemap_of(site, dict.fromkeys(second)), "application/xml")
    assert len(desk.add(site("/sitemap.xml")).documents) == len(STYLES)
    site.put("/two.xml", sitemap_of(site, dict.fromkeys(second[1:])), "application/xml")
    site.forget()
    (gone,) = desk.refresh().values()
    assert (gone, len(desk.gone())) == ("gone", 1)
    assert site.statuses == {304: len(STYLES) + 1, 200: 1, 404: 1}, "one list changed, and there is no robots.txt"


def test_a_single_page_and_a_folder_are_sources_too(site: Site, desk: Desk, tmp_path):
    assert desk.add(site("/guide/list")).source.kind is SourceKind.PAGE
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "moss.md").write_text("# Moss\n\nMoss grows on the north side.\n")
    (folder / "fern.txt").write_text("Ferns\n\nFerns unroll in spring.\n")
    report = desk.add(str(folder))
    assert (report.source.kind, told(report.outcomes)) == (
        SourceKind.FOLDER,
        {"moss.md": "new", "fern.txt": "new"},
    )
    (folder / "moss.md").write_text("# Moss\n\nMoss grows on the west side, too.\n")
    (folder / "fern.txt").unlink()
    assert desk.refresh() == {"moss.md": "changed", "fern.txt": "gone"}
    (folder / "fern.txt").write_text("Ferns\n\nFerns unroll in spring.\n")
    assert desk.refresh() == {"fern.txt": "back"}
    assert desk.gone() == set()


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"links": "/x/*", "kind": SourceKind.FEED}, "takes no pattern"),
        ({"kind": SourceKind.LINKS}, "needs the pattern"),
        ({"kind": SourceKind.FOLDER}, "on this machine"),
    ],
)
def test_what_does_not_fit_together_is_told(desk: Desk, wanted, said):
    with pytest.raises(DigestbotError, match=said):
        desk.sources.add(NewSource("https://example.org/", **wanted))
    assert desk.sources.all() == []


def test_a_server_can_add_no_folder_of_this_machine(desk: Desk, tmp_path):
    with pytest.raises(DigestbotError, match="begins with http"):
        desk.add(str(tmp_path), scope=7)


def test_what_a_server_adds_is_seen_there_alone(site: Site, desk: Desk):
    desk.add(site("/guide/list"), scope=7)
    desk.add(site("/guide/table"))
    store = desk.library.store
    assert {document.id for document in store.documents()} == {"table"}
    assert {document.id for document in store.documents(7)} == {"table", "list"}
