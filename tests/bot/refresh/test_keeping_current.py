"""A refresh reads what is new or changed and nothing else, marks what has gone, and keeps what it has."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.sources import refresh as refreshing
from bot.sources.sources import RefreshRunningError, StopSignal
from corpus.errors import NotFoundError
from tests.bot.refresh.conftest import Desk, Told, told
from tests.bot.refresh.pages import BROKEN, GUIDES, LIST, STYLES, TABLE
from tests.site import Site, feed_of, sitemap_of


def put_sitemap(site: Site, paths) -> None:
    site.put("/sitemap.xml", sitemap_of(site, dict.fromkeys(paths)), "application/xml")


def test_what_has_not_changed_is_neither_read_nor_embedded(site: Site, desk: Desk, monkeypatch):
    paths = [f"/page/{n}" for n in range(100)]
    for path in paths:
        site.put(path, f"<title>{path}</title><h1>Page {path}</h1><p>All about {path}.</p>")
    put_sitemap(site, paths)
    desk.add(site("/sitemap.xml"))
    site.forget()
    generation = desk.library.store.generation
    monkeypatch.setattr(refreshing, "read", lambda *arguments: pytest.fail("a document was read"))
    assert desk.refresh() == {}
    assert site.statuses == {304: 101, 404: 1}, "the list, the pages, and no robots.txt"
    assert desk.encoder.embedded == []
    assert desk.library.store.generation == generation, "nothing was written that an index would have to follow"
    assert desk.reports[0].unchanged == 100


def test_a_list_that_gives_days_saves_the_asking(site: Site, desk: Desk):
    days = dict.fromkeys(GUIDES, "2026-01-01")
    site.put("/sitemap.xml", sitemap_of(site, days), "application/xml")
    desk.add(site("/sitemap.xml"), every=timedelta(hours=1))
    site.forget()
    assert desk.refresh(hours=2) == {}
    assert set(site.asked) == {"/sitemap.xml", "/robots.txt"}
    site.put("/guide/list", LIST.replace("few labels", "no labels"))
    site.put("/sitemap.xml", sitemap_of(site, days | {"/guide/list": "2026-03-02"}), "application/xml")
    assert desk.refresh(hours=2) == {"list": "changed"}
    site.put("/guide/table", TABLE.replace("Low kites", "Lowest kites"))
    assert desk.refresh(hours=2) == {}
    assert desk.refresh(days=1) == {"table": "changed"}, "once a day every page is asked for"


def test_of_a_changed_page_only_what_changed_is_embedded(site: Site, desk: Desk):
    put_sitemap(site, STYLES)
    desk.add(site("/sitemap.xml"))
    site.put("/guide/list", LIST.replace("Counting sheep with few labels", "Counting sheep by night"))
    assert desk.refresh() == {"list": "changed"}
    assert desk.encoder.embedded
    assert all("Counting sheep by night" in text for text in desk.encoder.embedded)
    (outcome,) = desk.reports[0].outcomes
    assert (outcome.embedded, outcome.passages) == (1, 4)
    seen = {stored.entry.title: stored.first_seen for stored in desk.entries()}
    assert len(seen) > 4


def test_what_a_site_no_longer_has_is_marked_gone_and_kept(site: Site, desk: Desk):
    put_sitemap(site, GUIDES)
    desk.add(site("/sitemap.xml"))
    put_sitemap(site, list(GUIDES)[1:])
    site.put("/guide/table", "no longer", status=410)
    assert desk.refresh() == {"list": "gone", "table": "gone"}
    assert desk.gone() == {"list", "table"}
    assert desk.documents()["list"].gone == desk.clock()
    assert desk.library.store.text("list").startswith("A guide to our papers")
    assert (desk.source().documents, desk.source().gone) == (2, 2)
    assert desk.refresh() == {}, "told once"
    put_sitemap(site, GUIDES)
    assert desk.refresh() == {"list": "back"}
    assert desk.gone() == {"table"}


def test_what_falls_off_the_end_of_a_feed_is_not_gone(site: Site, desk: Desk):
    items = [(f"/post/{n}", f"Post {n}", "Read on.") for n in range(3)]
    for path, title, _ in items:
        site.put(path, f"<title>{title}</title><h1>{title}</h1><p>On {title}.</p>")
    site.put("/feed", feed_of(site, items), "application/rss+xml")
    desk.add(site("/feed"))
    site.put("/feed", feed_of(site, items[1:]), "application/rss+xml")
    site.forget()
    assert desk.refresh(hours=2) == {}
    assert desk.gone() == set()
    assert set(site.asked) == {"/feed", "/robots.txt"}, "nothing says that a page has changed"
    site.pages.pop("/post/0")
    assert desk.refresh(days=8) == {"0": "gone"}, "now and then it is asked for all the same"


def test_a_list_that_is_suddenly_empty_is_taken_for_a_fault(site: Site, desk: Desk):
    put_sitemap(site, GUIDES)
    desk.add(site("/sitemap.xml"))
    put_sitemap(site, [])
    assert desk.refresh() == {}
    assert desk.gone() == set()
    assert desk.source().error == "the list is empty now; items already ingested are kept"


def test_a_document_that_was_taken_out_by_hand_stays_out(site: Site, desk: Desk):
    put_sitemap(site, GUIDES)
    desk.add(site("/sitemap.xml"))
    desk.library.store.remove("list")
    site.put("/guide/list", LIST.replace("few", "no"))
    assert desk.refresh() == {}
    assert "list" not in desk.documents()


def test_what_an_older_reader_read_is_read_again(site: Site, desk: Desk, monkeypatch):
    put_sitemap(site, ["/guide/list"])
    desk.add(site("/sitemap.xml"))
    desk.library.store._connection.execute("UPDATE documents SET reader = 'html/0'")
    assert desk.refresh() == {"list": "changed"}
    assert desk.refresh() == {}


def test_a_document_of_two_sources_goes_when_neither_lists_it(site: Site, desk: Desk):
    put_sitemap(site, GUIDES)
    desk.add(site("/sitemap.xml"))
    site.put("/other.xml", sitemap_of(site, dict.fromkeys(list(GUIDES)[:2])), "application/xml")
    desk.add(site("/other.xml"), name="other")
    put_sitemap(site, list(GUIDES)[2:])
    assert desk.refresh() == {}
    site.put("/other.xml", sitemap_of(site, {"/guide/table": None}), "application/xml")
    assert desk.refresh() == {"list": "gone"}


def test_a_source_goes_with_the_documents_that_came_from_it_alone(site: Site, desk: Desk):
    put_sitemap(site, GUIDES)
    desk.add(site("/sitemap.xml"), name="all")
    desk.add(site("/guide/table"), name="one")
    source, own = desk.sources.remove("all", documents=True)
    assert (source.id, own) == ("all", ["broken", "german", "list"])
    assert set(desk.documents()) == {"table"}
    desk.sources.remove(site("/guide/table"), documents=False)
    assert set(desk.documents()) == {"table"}
    with pytest.raises(NotFoundError, match="source list"):
        desk.sources.remove("all", documents=True)


def test_only_what_is_due_is_looked_at(site: Site, desk: Desk):
    desk.add(site("/guide/list"), every=timedelta(hours=2))
    assert desk.sources.next_due() == desk.clock() + timedelta(hours=2)
    site.forget()
    desk.refresh(hours=1)
    assert (desk.reports, site.asked) == ([], {})
    desk.refresh(hours=1)
    assert [report.source.id for report in desk.reports] == ["127-0-0-1-list"]
    assert len(desk.sources.refresh(["127-0-0-1-list"], force=True)) == 1


def test_two_refreshes_at_the_same_time_do_not_meet(site: Site, desk: Desk):
    desk.add(site("/guide/list"))
    with desk.sources._alone(), pytest.raises(RefreshRunningError, match="another digestbot"):
        desk.sources.refresh()
    with desk.sources._alone():
        report = desk.add(site("/guide/table"))
    assert report.due_at is None
    assert desk.refresh() == {"table": "new"}, "who refreshes next reads what was added meanwhile"


def test_a_refresh_that_is_stopped_goes_on_where_it_was(site: Site, desk: Desk):
    put_sitemap(site, GUIDES)
    stop = StopSignal()

    class Stopping(Told):
        def finished(self, outcome) -> None:
            super().finished(outcome)
            stop.set()

    desk.sources._watched.add(_new(desk, site("/sitemap.xml")))
    first = Stopping()
    assert desk.sources.refresh(listener=first, stop=stop) == []
    assert 1 <= len(first.outcomes) < len(GUIDES)
    then = Told()
    (report,) = desk.sources.refresh(listener=then)
    assert set(told(first.outcomes)) | set(told(then.outcomes)) == {"list", "table", "german", "broken"}
    assert (report.error, len(desk.documents())) == (None, len(GUIDES))


def test_a_source_that_was_stopped_before_it_began_asks_nothing(site: Site, desk: Desk):
    desk.add(site("/guide/list"))
    stop = StopSignal()
    stop.set()
    site.forget()
    desk.clock.forward(days=2)
    assert desk.sources.refresh(stop=stop) == []
    assert site.asked == {}


def _new(desk: Desk, address: str):
    from bot.sources.sources import NewSource
    from corpus.model import SourceKind

    return NewSource(address).stored(SourceKind.SITEMAP, desk.clock())


def test_a_feed_that_has_not_changed_is_one_request(site: Site, desk: Desk):
    site.put(
        "/feed", feed_of(site, [("/guide/list", "A", "b"), ("/guide/table", "C", "d")]), "application/rss+xml"
    )
    desk.add(site("/feed"))
    site.forget()
    assert desk.refresh(hours=1) == {}
    assert (site.asked["/feed"], site.statuses) == (1, {304: 1, 404: 1})
    assert desk.source().refreshed_at == desk.clock()
    assert desk.gone() == set()


def test_a_part_of_the_list_that_cannot_be_had_makes_nothing_gone(site: Site, desk: Desk):
    index = "".join(f"<sitemap><loc>{site(path)}</loc></sitemap>" for path in ("/one.xml", "/two.xml"))
    site.put("/sitemap.xml", f"<sitemapindex>{index}</sitemapindex>", "application/xml")
    paths = list(GUIDES)
    site.put("/one.xml", sitemap_of(site, dict.fromkeys(paths[:2])), "application/xml")
    site.put("/two.xml", sitemap_of(site, dict.fromkeys(paths[2:])), "application/xml")
    desk.add(site("/sitemap.xml"))
    site.put("/one.xml", sitemap_of(site, dict.fromkeys(paths[:1])), "application/xml")
    site.put("/two.xml", "no", status=500)
    site.put(paths[3], BROKEN.replace("shallow seas", "deep seas"))
    became = desk.refresh()
    assert became == {"broken": "changed", "two.xml": "failed"}, "what it named is looked at all the same"
    assert desk.gone() == set()
    site.put("/two.xml", sitemap_of(site, dict.fromkeys(paths[2:])), "application/xml")
    assert desk.refresh() == {"table": "gone"}


def test_a_source_is_not_missed_by_cron_for_a_second(site: Site, desk: Desk):
    desk.add(site("/guide/list"), every=timedelta(hours=1))
    desk.refresh(minutes=59)
    assert len(desk.reports) == 1


def test_a_page_tells_of_the_feed_that_it_names(site: Site, desk: Desk):
    link = "<link rel=alternate type='application/rss+xml' href='/feed'>"
    site.put("/home", f"<title>Home</title>{link}<h1>Home</h1><p>Read on in the posts.</p>")
    assert desk.add(site("/home")).feed == site("/feed")
    assert desk.add(site("/guide/list")).feed is None


def test_a_sitemap_that_is_cut_off_makes_nothing_gone(site: Site, desk: Desk):
    put_sitemap(site, GUIDES)
    desk.add(site("/sitemap.xml"))
    whole = sitemap_of(site, dict.fromkeys(GUIDES))
    site.put("/sitemap.xml", whole[: len(whole) // 2], "application/xml")
    assert desk.refresh() == {"sitemap.xml": "failed"}
    assert "a part of it could not be read" in (desk.reports[0].outcomes[0].error or "")
    assert desk.gone() == set()
    put_sitemap(site, list(GUIDES)[1:])
    assert desk.refresh() == {"list": "gone"}


def test_a_clock_that_stood_ten_years_ahead_stops_nothing(site: Site, desk: Desk):
    put_sitemap(site, GUIDES)
    desk.clock.forward(days=3653)
    desk.add(site("/sitemap.xml"), every=timedelta(hours=6))
    site.put("/guide/table", "no", status=500)
    desk.refresh(days=2)
    desk.clock.forward(days=-3653)
    assert desk.sources.next_due() == desk.clock()
    site.put("/guide/table", TABLE.replace("Low kites", "Lowest kites"))
    site.put("/guide/list", LIST.replace("few labels", "no labels"))
    assert desk.refresh(hours=0) == {"table": "changed", "list": "changed"}
    assert desk.sources.next_due() == desk.clock() + timedelta(hours=6)


def test_a_named_source_that_is_not_due_is_known_to_wait(site: Site, desk: Desk):
    desk.add(site("/guide/list"), every=timedelta(hours=6))
    name = desk.source().id
    ((source, due),) = desk.sources.waiting([name])
    assert (source.id, due) == (name, desk.clock() + timedelta(hours=6))
    desk.clock.forward(hours=6)
    assert desk.sources.waiting([name]) == []
