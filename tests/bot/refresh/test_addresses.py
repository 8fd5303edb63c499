"""Pages that say where they are: a canonical address is one document, and a page that leads on is followed."""

from __future__ import annotations

import pytest

from bot.sources.head import canonical, onward
from tests.bot.refresh.conftest import Desk, errors
from tests.bot.refresh.pages import ARTICLE, GUIDES, LIST, TABLE
from tests.site import Site, sitemap_of

HERE = "https://lab.example/papers/list?a=1"


def named(page: str, address: str) -> str:
    return page.replace("<head>", f"<head><link rel=canonical href='{address}'>")


@pytest.mark.parametrize(
    ("link", "found"),
    [
        ("/papers/list", "https://lab.example/papers/list"), ("list#top", "https://lab.example/papers/list"),
        ("https://www.lab.example/p", "https://www.lab.example/p"), (HERE, None),
        ("https://other.example/papers/list", None), ("javascript:x", None), ("http://[bad", None),
    ],
)  # fmt: skip
def test_a_canonical_address_is_another_one_of_the_same_site(link: str, found: str | None):
    assert canonical(named(LIST, link).encode(), HERE) == found


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("0; url=/new", "https://lab.example/new"), ("5;URL='new'", "https://lab.example/papers/new"),
        ("0,/new", "https://lab.example/new"), ("3.5; url=/new", "https://lab.example/new"), ("600", None),
        ("600; url=/new", None), ("0", None), (f"0; url={HERE}", None), ("soon; url=/new", None),
        ("0; url=javascript:x", None), ("0; url=", None), ("", None),
    ],
)  # fmt: skip
def test_a_page_leads_on_that_nobody_has_the_time_to_read(content: str, found: str | None):
    page = f'<html><head><meta http-equiv="Refresh" content="{content}"></head><body>Moved.</body></html>'
    assert onward(page.encode(), HERE) == found
    assert onward(f"<noscript>{page[12:90]}</noscript>".encode(), HERE) is None


def test_pages_that_call_one_address_canonical_are_one_document(site: Site, desk: Desk):
    for path in ("/guide/list", "/guide/list?from=mail", "/print/list"):
        site.put(path.partition("?")[0], named(LIST, "/guide/list"))
    site.put("/sitemap.xml", sitemap_of(site, dict.fromkeys(
        ("/print/list", "/guide/list?from=mail", "/guide/list", "/guide/table"))), "application/xml")  # fmt: skip
    site.put("/print/list", named(LIST, "/guide/list").replace("What our teams bring", "Printed: what we bring"))
    desk.add(site("/sitemap.xml"))
    assert set(desk.documents()) == {"list", "table"}
    assert desk.refresh() == {}
    for path in ("/guide/list", "/print/list"):
        site.put(path, named(LIST, "/guide/list").replace("few labels", "no labels"))
    assert list(desk.refresh().values()) == ["changed"]
    assert set(desk.documents()) == {"list", "table"}
    assert sum("no labels" in stored.entry.title for stored in desk.entries()) == 1
    for path in ("/guide/list", "/print/list"):
        site.put(path, "<title>Sign in</title><h1>Sign in</h1><p>Your name, please.</p>")
    desk.refresh()
    assert all("has lost its 3 papers" in error for error in errors(desk.reports[0]).values())
    assert set(desk.documents()) == {"list", "table"}


def test_pages_that_wrongly_call_the_first_one_canonical_stay_documents_of_their_own(site: Site, desk: Desk):
    for path in GUIDES:
        site.put(path, named(GUIDES[path], "/guide/table"))
    site.put("/sitemap.xml", sitemap_of(site, dict.fromkeys(GUIDES)), "application/xml")
    desk.add(site("/sitemap.xml"))
    assert set(desk.documents()) == {"list", "table", "german", "broken"}
    assert desk.refresh() == {}
    site.put("/guide/german", named(TABLE.replace("Low kites", "Lowest kites"), "/guide/table"))
    assert desk.refresh() == {"german": "changed"}
    assert set(desk.documents()) == {"list", "table", "german", "broken"}


def test_a_page_that_leads_on_is_followed_within_bounds(site: Site, desk: Desk):
    moved = "<html><head><meta http-equiv=refresh content='0; url={}'></head><body>Moved.</body></html>"
    site.put("/old", moved.format("/older"))
    site.put("/older", moved.format("/guide/table"))
    desk.add(site("/old"))
    (document,) = desk.documents().values()
    assert (document.title, document.url) == ("Accepted papers at KITE 2025", site("/guide/table"))
    assert desk.refresh() == {}
    site.put("/guide/table", moved.format("/old"))
    desk.refresh()
    assert desk.source().error == "it is redirected more than 5 times"
    site.put("/guide/table", moved.format("http://169.254.169.254/latest"))
    desk.refresh()
    assert "169.254.169.254 is not a public address" in desk.source().error


def test_an_article_that_reloads_itself_is_read(site: Site, desk: Desk):
    site.put("/news/article", ARTICLE.replace("<title>", "<meta http-equiv=refresh content=300><title>"))
    desk.add(site("/news/article"))
    assert next(iter(desk.documents().values())).title == "How bridges hum"
