"""Feeds and sitemaps as sites write them: the guid is the item, odd days are told, slips are mended."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest

from tests.bot.refresh.pages import GUIDES, LIST
from tests.site import Site, sitemap_of

if TYPE_CHECKING:
    from tests.bot.refresh.conftest import Desk

ATOM, RSS, JSON = "application/atom+xml", "application/rss+xml", "application/feed+json"
XML = "application/xml"


def rss(*items: str) -> str:
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>{"".join(items)}</channel></rss>'


def item(link: str, guid: str = "", day: str = "") -> str:
    given = f"<guid isPermaLink='false'>{guid}</guid>" if guid else ""
    dated = f"<pubDate>{day}</pubDate>" if day else ""
    return f"<item><title>Sheep</title><link>{link}</link>{given}{dated}<description>Read on.</description></item>"


def test_an_item_is_its_guid_whatever_its_link_tracks(site: Site, desk: Desk):
    for visit in range(4):
        links = [site(f"/guide/{name}?from=feed-{visit}") for name in ("list", "table")]
        site.put("/feed", rss(item(links[0], "sheep-1"), item(links[1], "kites-7")), RSS)
        if not visit:
            desk.add(site("/feed"))
        else:
            assert desk.refresh() == {}
        assert set(desk.documents()) == {"list", "table"}
    site.put("/guide/list", LIST.replace("few labels", "no labels"))
    site.put("/feed", rss(item(site("/guide/list?from=feed-9"), "sheep-1")), RSS)
    assert desk.refresh() == {"list?from=feed-0": "changed"}


def test_a_guid_that_several_items_share_names_none_of_them(site: Site, desk: Desk):
    site.put("/feed", rss(*(item(site(path), "0") for path in GUIDES)), RSS)
    desk.add(site("/feed"))
    assert len(desk.documents()) == 4
    site.put("/feed", rss(item(site("/news/article"), "0")), RSS)
    assert desk.refresh() == {"article": "new"}


def posts(**days: object) -> str:
    text = "Kites fly high above the lake when the wind is strong and steady. " * 12
    found = [
        {"id": name, "title": f"On {name}", "content_text": text, "date_published": day}
        for name, day in days.items()
    ]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Kites", "items": found})


def test_days_are_read_in_each_form_and_odd_ones_told(site: Site, desk: Desk):
    days = {"iso": "2026-01-05T10:00:00Z", "seconds": 1767614400, "text": "1767614400", "thousands": 1767614400000}
    site.put("/feed", posts(**days, late="2194-05-01", zero=0, epoch="1970-01-01", huge=10**40, odd=[1]), JSON)
    report = desk.add(site("/feed"))
    published = {document.title: document.published for document in desk.documents().values()}
    assert published == {
        **{f"On {name}": date(2026, 1, 5) for name in days},
        **dict.fromkeys(("On late", "On zero", "On epoch", "On huge", "On odd")),
    }
    assert report.notes == ["2 days in it cannot be right, such as 2194-05-01: left out"]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("1767614400", date(2026, 1, 5)), ("1767614400000", date(2026, 1, 5)),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("Mon, 05 Jan 2026 10:00:00 GMT", date(2026, 1, 5)), ("Fri, 05 Jan 2195 10:00:00 GMT", None),
    ],
)  # fmt: skip
def test_days_of_rss_are_read_alike(site: Site, desk: Desk, written: str, day: date | None):
    site.put("/feed", rss(item(site("/guide/list"), "sheep", written)), RSS)
    report = desk.add(site("/feed"))
    assert desk.documents()["list"].published == day
    assert len(report.notes) == (day is None)


def slips(site: Site) -> dict[str, bytes]:
    good = sitemap_of(site, {**dict.fromkeys(GUIDES), "/guide/list?a=1&amp;b=2": None})
    return {
        "as-it-should-be": good.encode(),
        "line-end": f"\r\n\n{good}".encode(),
        "mark": b"\xef\xbb\xbf" + good.encode(),
        "mark-and-line-end": b"\xef\xbb\xbf\n " + good.encode(),
        "bare": good.replace("&amp;", "&").encode(),
        "bare-at-the-end": good.replace("a=1&amp;b=2", "a=1&").encode(),
        "prefix": good.replace("</url>", "<x:link rel='alternate'/></url>").encode(),
    }


@pytest.mark.parametrize("name", list(slips(Site())))
def test_a_sitemap_with_a_slip_is_read_to_its_last_page(site: Site, desk: Desk, name: str):
    site.put("/sitemap.xml", slips(site)[name], XML)
    report = desk.add(site("/sitemap.xml"))
    assert (report.listed, len(report.outcomes) + report.unchanged) == (5, 5)
    assert not [outcome for outcome in report.outcomes if outcome.state == "failed"]
    assert desk.refresh() == {}
    assert desk.source().error is None


def test_a_sitemap_that_is_cut_off_is_told_and_takes_nothing_for_gone(site: Site, desk: Desk):
    whole = sitemap_of(site, dict.fromkeys(GUIDES))
    site.put("/sitemap.xml", whole, XML)
    desk.add(site("/sitemap.xml"))
    site.put("/sitemap.xml", whole[: whole.rindex("<url>") + 20], XML)
    assert desk.refresh() == {"sitemap.xml": "failed"}
    assert desk.gone() == set()


def test_pages_of_a_sitemap_on_another_host_are_told(site: Site, desk: Desk):
    there = sitemap_of(site, dict.fromkeys(GUIDES)).replace("127.0.0.1", "elsewhere.example")
    site.put("/sitemap.xml", there, XML)
    report = desk.add(site("/sitemap.xml"))
    assert report.notes == ["4 addresses on another site left out (elsewhere.example): add a source there"]
