"""The commands that keep up with sources, over a site on loopback and a real data folder."""

import json

import pytest

import bot.assistant
from bot.assistant import Assistant
from embeddings.collection import Library
from tests.bot.refresh.pages import GUIDES, LIST
from tests.doubles import HashEncoder
from tests.site import Site, sitemap_of


@pytest.fixture
def site():
    with Site() as site:
        for path, page in GUIDES.items():
            site.put(path, page)
        site.put("/sitemap.xml", sitemap_of(site, dict.fromkeys(GUIDES)), "application/xml")
        yield site


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The data folder of the assistants that commands open, with an encoder that needs no model."""

    class Opened(Assistant):
        @classmethod
        def open(cls, data_dir=None, *, settings=None, notify=None):
            return cls(Library(tmp_path / "data", HashEncoder()), notify or print, private_addresses=True)

    monkeypatch.setattr(bot.assistant, "Assistant", Opened)
    return tmp_path / "data"


@pytest.mark.usefixtures("folder")
def test_a_source_is_added_listed_refreshed_and_removed(digestbot, site):
    ran = digestbot("source", "add", site("/sitemap.xml"), "--name", "guides", "--every", "6h")
    assert (ran.code, ran.err) == (0, "")
    assert sorted(ran.out.splitlines()) == [
        "added      guides  sitemap · every 6h · 4 new",
        "new        broken  2 papers, 1 article · 3 passages embedded",
        "new        german  2 papers · 2 passages embedded",
        "new        list  3 papers, 1 article · 4 passages embedded",
        "new        table  2 papers · 2 passages embedded",
    ]
    (row, count) = digestbot("source", "list").out.splitlines()
    name, address, kind, documents, read, due, wrong = row.split("\t")
    assert (name, address, kind, documents) == ("guides", site("/sitemap.xml"), "sitemap, every 6h", "4 documents")
    assert (read[:7], due[:7], wrong, count) == ("read 20", "next 20", "", "1 source")
    assert digestbot("refresh").out == "", "nothing is due, and cron has nothing to send"
    assert digestbot("refresh", columns=100).out.startswith("nothing is due before 20")

    site.put("/guide/list", LIST.replace("few labels", "no labels"))
    site.put("/guide/german", "no", status=410)
    site.put("/guide/table", "no", status=500)
    ran = digestbot("source", "refresh", "guides")
    assert ran.code == 1
    assert ran.err == f"digestbot: {site('/guide/table')}: the site answers 500 Internal Server Error\n"
    assert sorted(ran.out.splitlines()) == [
        "changed    list  3 papers, 1 article · 1 of 4 passages embedded",
        "gone       german",
        "refreshed  guides  1 changed, 1 gone, 1 failed, 1 unchanged",
    ]
    (shown,) = json.loads(digestbot("source", "list", "--json").out)
    assert (shown["documents"], shown["gone"], shown["unread"], shown["every"]) == (3, 1, 1, 21600)
    assert "1 page could not be read, such as" in digestbot("source", "list").out

    site.put("/sitemap.xml", "no", status=500)
    ran = digestbot("source", "refresh")
    assert ran.code == 1
    assert ran.err.startswith("digestbot: guides: the site answers 500 Internal Server Error; next try 20")
    assert "failing       guides: failed 1 time: the site answers 500" in digestbot("status").out
    assert "sources       1, next due 20" in digestbot("status").out
    assert json.loads(digestbot("status", "--json").out)["failing"] == {
        "guides": "the site answers 500 Internal Server Error"
    }

    assert digestbot("source", "remove", "guides").out == "removed    guides  4 documents kept\n"
    assert digestbot("source", "list").out == "0 sources\n"
    assert "3 documents" not in digestbot("list").out


@pytest.mark.usefixtures("folder")
def test_a_source_is_removed_with_its_documents_when_that_is_asked_for(digestbot, site):
    digestbot("source", "add", site("/sitemap.xml"), "--name", "guides")
    ran = digestbot("source", "remove", "guides", "--documents")
    assert (ran.code, ran.out) == (0, "removed    guides  4 documents removed with it\n")
    assert "documents     0" in digestbot("status").out


@pytest.mark.usefixtures("folder")
def test_on_a_terminal_it_is_asked_whether_the_documents_go(digestbot, site, monkeypatch):
    digestbot("source", "add", site("/guide/list"), "--name", "one")
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    asked = []
    monkeypatch.setattr("typer.confirm", lambda question, err: asked.append(question) or True)
    assert "1 document removed with it" in digestbot("source", "remove", "one").out
    assert asked == ["Remove its 1 document, too?"]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (
            ["add", "/no/such/folder"],
            1,
            "/no/such/folder: there is no such folder, and it is no address on the web",
        ),
        (["add", "ftp://example.org/x"], 1, "ftp addresses cannot be read; those of http and https can"),
        (["add", "https://example.org/", "--every", "1m"], 2, "an interval is between 5m and 30d, not 1m"),
        (["add", "https://example.org/", "--kind", "links"], 1, "a page with links needs the pattern"),
        (["remove", "nothing"], 1, "no source 'nothing'; `digestbot source list` shows what there is"),
        (["refresh", "nothing"], 1, "no source 'nothing'"),
    ],
)
def test_what_cannot_be_done_is_one_line(digestbot, arguments, code, said):
    ran = digestbot("source", *arguments)
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err
    assert len(ran.err.splitlines()) == 1 + ("no source" in ran.err and arguments[0] == "refresh")


@pytest.mark.usefixtures("folder")
def test_without_a_source_a_refresh_says_how_to_add_one(digestbot):
    ran = digestbot("refresh")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == "digestbot: there is no source; `digestbot source add ADDRESS` adds one\n"


@pytest.mark.usefixtures("folder")
def test_a_page_that_lost_its_papers_is_told_everywhere_and_taken_when_told_to(digestbot, site):
    digestbot("source", "add", site("/guide/list"), "--name", "sleep")
    site.put("/guide/list", "<title>Sign in</title><h1>Sign in</h1><p>Your name and your password, please.</p>")
    ran = digestbot("source", "refresh", "sleep")
    lost = "the page has lost its 3 papers; what was read before is kept"
    assert (ran.code, ran.err.count(lost)) == (1, 1)
    assert f"failed 1 time: {lost}" in digestbot("source", "list").out
    assert lost in digestbot("status").out
    assert lost in json.loads(digestbot("status", "--json").out)["failing"]["sleep"]
    assert digestbot("refresh", "--accept").code == 2, "of one source, not of all"
    ran = digestbot("refresh", "sleep", "--accept")
    assert (ran.code, ran.err) == (0, "")
    assert "sleep  1 changed" in ran.out
    assert "failing" not in digestbot("status").out


@pytest.mark.usefixtures("folder")
def test_a_named_source_that_is_not_due_says_so_and_is_refreshed_by_force(digestbot, site):
    digestbot("source", "add", site("/guide/list"), "--name", "sleep")
    site.forget()
    ran = digestbot("refresh", "sleep")
    assert (ran.code, ran.out[:26]) == (0, "sleep is not due before 20")
    assert ran.out.endswith("; --force refreshes it now\n")
    assert not site.asked
    assert digestbot("refresh", "sleep", "--force").out == "refreshed  sleep  1 unchanged\n"
    assert site.asked["/guide/list"] == 1
