"""Text is read by its byte-order mark, else by the header, and by what the page says of itself last."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.bot.refresh.conftest import Desk
    from tests.site import Site

TITLES = {"windows-1251": "Змеи над озером", "gb2312": "湖上的風箏", "iso-8859-1": "Drachen – über dem “See”"}
REAL = {"windows-1251": "cp1251", "gb2312": "gb18030", "iso-8859-1": "cp1252"}


def rss(site: Site, title: str, encoding: str | None = None) -> str:
    declared = f' encoding="{encoding}"' if encoding else ""
    text = "Kites fly high above the lake when the wind is strong and steady. " * 12
    return (
        f'<?xml version="1.0"{declared}?><rss version="2.0"><channel><title>N</title><item><title>{title}</title>'
        f"<link>{site('/guide/list')}</link><guid>1</guid><content:encoded"
        f' xmlns:content="http://purl.org/rss/1.0/modules/content/">{title} {text}</content:encoded></item>'
        "</channel></rss>"
    )


@pytest.mark.parametrize("kind", ["text/html", "application/rss+xml", "text/xml"])
@pytest.mark.parametrize("by", ["header", "declaration", "both"])
@pytest.mark.parametrize("charset", TITLES)
def test_a_feed_in_any_charset_is_read_whatever_it_is_sent_as(site: Site, desk: Desk, charset, by, kind):
    title = TITLES[charset]
    body = rss(site, title, None if by == "header" else charset).encode(REAL[charset])
    site.put("/feed", body, kind if by == "declaration" else f"{kind}; charset={charset}")
    desk.add(site("/feed"))
    (document,) = desk.documents().values()
    assert document.title == title


def test_a_feed_with_a_mark_is_utf_8_whatever_header_and_declaration_say(site: Site, desk: Desk):
    body = codecs.BOM_UTF8 + rss(site, "Змеи", "windows-1251").encode()
    site.put("/feed", body, "text/xml; charset=windows-1251")
    desk.add(site("/feed"))
    assert next(iter(desk.documents().values())).title == "Змеи"


PAGE = (
    "<html><head>{}<title>Змеи над озером</title></head><body><h1>Змеи над озером</h1><p>Ветер.</p></body></html>"
)
META = "<meta charset={}>"


@pytest.mark.parametrize(
    ("meta", "real", "header"),
    [
        ("", "utf-8", "utf-8"),
        (META.format("windows-1251"), "utf-8", "utf-8"),
        (META.format("iso-8859-1"), "utf-8", "UTF-8"),
        (META.format("windows-1251"), "utf-8-sig", None),
        (META.format("windows-1251"), "utf-8-sig", "windows-1251"),
        (META.format("utf-8"), "utf-16", "windows-1251"),
        (META.format("utf-8"), "cp1251", "windows-1251"),
        (META.format("windows-1251"), "cp1251", None),
    ],
)
def test_a_page_is_read_by_mark_then_header_then_meta(site: Site, desk: Desk, meta, real, header):
    site.put("/page", PAGE.format(meta).encode(real), f"text/html; charset={header}" if header else "text/html")
    desk.add(site("/page"))
    (document,) = desk.documents().values()
    assert document.title == "Змеи над озером"


def test_links_of_a_page_that_is_utf_8_by_its_header_alone(site: Site, desk: Desk):
    site.put("/страница", PAGE.format(META.format("utf-8")))
    site.put("/list", '<h1>Список</h1><a href="/страница">раз</a>', "text/html; charset=utf-8")
    desk.add(site("/list"), links="/*")
    assert [document.title for document in desk.documents().values()] == ["Змеи над озером"]


@pytest.mark.parametrize("body", [b"", b" \r\n", codecs.BOM_UTF8, b"<rss", b"<?xml version='1.0'?>"])
def test_an_empty_feed_is_a_clear_line(site: Site, desk: Desk, body: bytes):
    site.put("/feed", rss(site, "Kites"), "application/rss+xml")
    desk.add(site("/feed"))
    site.put("/feed", body, "application/rss+xml")
    desk.refresh()
    assert "feed" in desk.source().error
    assert "unexpected" not in desk.source().error
    assert len(desk.documents()) == 1


def test_a_feed_that_lists_nothing_now_keeps_what_it_had_and_says_so(site: Site, desk: Desk):
    site.put("/feed", rss(site, "Kites"), "application/rss+xml")
    desk.add(site("/feed"))
    site.put("/feed", "<rss version='2.0'><channel><title>N</title></channel></rss>", "application/rss+xml")
    assert desk.refresh() == {}
    assert desk.reports[0].notes == ["the feed lists nothing now; items already ingested are kept"]
    assert desk.source().documents == 1
