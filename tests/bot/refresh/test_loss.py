"""A page that turns into something else keeps its last good version, and says what it has lost."""

from __future__ import annotations

import pytest

from tests.bot.refresh.conftest import Desk, errors
from tests.bot.refresh.pages import ARTICLE, GUIDES, JOB_TABLE, LIST
from tests.site import Site, sitemap_of

SIGN_IN = """<title>Konto</title><h1>Anmelden</h1><form><label>Name <input></label><label>Wort <input></label>
<button>Weiter</button></form>"""
CONSENT = f"""<title>Before you go on</title><h1>We and our 812 partners</h1>
{"<p>Partners may keep a number on your device, to measure what you look at and for how long.</p>" * 9}
<button>All of them</button><button>None</button>"""
CHALLENGE = """<title>One moment</title><h1>Looking at your browser</h1><p>Ray 7f3a. This will not take long.</p>
<script>setTimeout(() => location.reload(), 4000)</script>"""
SHELL = """<!doctype html><title>Lab</title><div id=root></div><script src=/main.js></script>
<noscript><p>This needs a script.</p></noscript>"""
NOT_HERE = "<title>Lab</title><h1>Nothing here</h1><p>Try the <a href=/>start</a> instead.</p>"
WALLS = {"sign-in": SIGN_IN, "consent": CONSENT, "challenge": CHALLENGE, "shell": SHELL, "not-here": NOT_HERE}


@pytest.mark.parametrize("wall", WALLS.values(), ids=WALLS)
@pytest.mark.parametrize(
    ("page", "lost"), [(LIST, "its 3 papers"), (JOB_TABLE, "its 2 job posts")], ids=["papers", "jobs"]
)
def test_a_followed_page_that_loses_its_records_keeps_them(site: Site, desk: Desk, page, lost, wall):
    site.put("/list", page)
    desk.add(site("/list"))
    before = [(stored.id, stored.entry) for stored in desk.entries()]
    site.put("/list", wall)
    desk.refresh()
    assert [(stored.id, stored.entry) for stored in desk.entries()] == before
    assert lost in desk.source().error
    assert wall is SHELL or "refresh 127-0-0-1-list --accept` takes what is there now" in desk.source().error
    assert (desk.source().documents, desk.source().gone) == (1, 0)
    site.put("/list", page)
    assert desk.refresh() == {}
    assert desk.source().error is None, "the good page is there again"


def test_it_is_looked_at_as_long_as_it_takes(site: Site, desk: Desk):
    desk.add(site("/guide/list"))
    site.put("/guide/list", CHALLENGE)
    for _ in range(12):
        site.forget()
        desk.refresh(days=1.2)
        assert site.asked["/guide/list"] == 1
    site.put("/guide/list", LIST.replace("few labels", "no labels"))
    assert desk.refresh(days=1.2) == {"list": "changed"}
    assert any("no labels" in stored.entry.title for stored in desk.entries())


def test_one_page_of_a_list_keeps_its_version_beside_the_others(site: Site, desk: Desk):
    site.put("/sitemap.xml", sitemap_of(site, dict.fromkeys(GUIDES)), "application/xml")
    desk.add(site("/sitemap.xml"))
    site.put("/guide/table", SIGN_IN)
    site.put("/guide/list", LIST.replace("few labels", "no labels"))
    assert desk.refresh() == {"table": "failed", "list": "changed"}
    assert "the page has lost its 2 papers" in errors(desk.reports[0])["table"]
    assert desk.source().error is None
    assert (desk.source().unread, "lost its 2 papers" in desk.source().complaint) == (1, True)
    assert desk.library.store.text("table").startswith("Accepted papers")


def test_an_article_keeps_its_text_when_nine_tenths_of_it_are_lost(site: Site, desk: Desk):
    site.put("/a", ARTICLE.replace("</article>", "<p>The hum is heard from far away, at night.</p>" * 30))
    desk.add(site("/a"))
    site.put("/a", NOT_HERE)
    desk.refresh()
    assert "the page has lost its text: " in desk.source().error
    assert "hums at seven hertz" in desk.library.store.text("a")


def test_a_page_that_shrinks_as_pages_do_is_taken(site: Site, desk: Desk):
    desk.add(site("/guide/list"))
    site.put("/guide/list", LIST.partition("<h2>Dreaming")[0])
    assert desk.refresh() == {"list": "changed"}
    assert sum(stored.entry.kind == "paper" for stored in desk.entries()) == 2


def test_a_page_that_has_really_shrunk_is_taken_when_somebody_says_so(site: Site, desk: Desk):
    desk.add(site("/guide/list"))
    site.put("/guide/list", NOT_HERE)
    desk.refresh()
    name = desk.source().id
    (report,) = desk.sources.refresh([name], accept=True)
    assert [outcome.state for outcome in report.outcomes] == ["changed"]
    assert desk.source().error is None
    assert not [stored for stored in desk.entries() if stored.entry.kind == "paper"]


def test_a_list_that_has_nearly_nothing_left_does_not_make_the_rest_gone(site: Site, desk: Desk):
    paths = [f"/page/{n}" for n in range(20)]
    for path in paths:
        site.put(path, f"<title>{path}</title><h1>Page {path}</h1><p>All about {path}.</p>")
    site.put("/list", "".join(f"<a href={path}>{path}</a>" for path in paths))
    desk.add(site("/list"), links="/*")
    site.put("/list", "<h1>Sign in</h1><a href=/page/0>Start</a>")
    desk.refresh()
    assert desk.gone() == set()
    assert desk.source().error.startswith("the list has 1 of its 20 items left; ")
    desk.sources.refresh([desk.source().id], accept=True)
    assert len(desk.gone()) == 19
