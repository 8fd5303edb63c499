"""What `list` shows: digests, papers and job posts, each once, by filters that forgive spelling."""

import json

import pytest

from corpus.model import Span
from tests.bot.cli.conftest import document


def rows(ran):
    assert (ran.code, ran.err) == (0, "")
    return [line.split("\t") for line in ran.out.splitlines()]


def test_digests_are_listed_with_their_ids_and_counts(digestbot, assistant):
    assert rows(digestbot("list")) == [
        ["000_guide", "A guide to SLEEP", "SLEEP 2031", "Dream House", "2 papers, 1 job post"],
        ["003_later", "Later on sleep", "2032", "", ""],
        ["2 digests"],
    ]
    assert "ensure_corpus" in assistant.calls


def test_a_paper_in_two_digests_is_listed_once_with_both(digestbot, assistant):
    assert rows(digestbot("list", "papers")) == [
        ["On counting sheep", "Ada One, Bo Two", "Sleep", "SLEEP 2031", "", "000_guide, 003_later"],
        ["Goats, awake", "José Núñez", "Waking", "SLEEP 2031", "", "000_guide"],
        ["2 papers in 2 digests"],
    ]


def test_job_posts_are_listed_with_place_and_team(digestbot, assistant):
    assert rows(digestbot("list", "jobs"))[:2] == [
        [
            "Shepherd",
            "Fold",
            "NZ, Otago, Dunedin",
            "hybrid",
            "Flocks",
            "NZD 30 to 40 an hour",
            "2031-04-30",
            "",
            "000_guide",
        ],
        ["Dreamer", "", "US, MA, Boston", "", "Naps", "", "", "closed", "000_guide"],
    ]


@pytest.mark.parametrize(
    ("arguments", "titles"),
    [
        (["papers", "--author", "nunez"], ["Goats, awake"]),
        (["papers", "--topic", "SLEEP"], ["On counting sheep"]),
        (["papers", "--venue", "sleep 2031"], ["On counting sheep", "Goats, awake"]),
        (["papers", "--year", "2032"], ["On counting sheep"]),
        (["papers", "--digest", "later"], ["On counting sheep"]),
        (["papers", "--author", "nobody"], []),
        (["papers", "--author", "!"], []),
        (["jobs", "--place", "NZ"], ["Shepherd"]),
        (["jobs", "--place", "new zealand"], ["Shepherd"]),
        (["jobs", "--place", "IN"], []),
        (["jobs", "--place", "it"], ["Opening"]),
        (["jobs", "--place", "massachusetts"], ["Dreamer"]),
        (["jobs", "--place", "MA"], ["Dreamer"]),
        (["jobs", "--place", "Boston, usa"], ["Dreamer"]),
        (["jobs", "--place", "duned"], ["Shepherd"]),
        (["jobs", "--team", "flock"], ["Shepherd"]),
        (["jobs", "--company", "fold"], ["Shepherd"]),
        (["jobs", "--remote", "hybrid"], ["Shepherd"]),
        (["jobs", "--country", "Australia"], ["Shepherd"]),
        (["jobs", "--closed"], ["Dreamer"]),
        (["jobs", "--open"], ["Shepherd", "Opening"]),
        (["jobs", "--min-pay", "35"], ["Shepherd"]),
        (["jobs", "--min-pay", "90k"], []),
        (["jobs", "--since", "2031-04-01"], ["Shepherd"]),
        (["jobs", "--level", "senior", "--employment", "part-time"], ["Shepherd"]),
        (["jobs", "--no-sponsorship"], ["Shepherd"]),
        (["jobs", "--skill", "dogs"], ["Shepherd"]),
        (["papers", "--award", "best"], []),
        (["papers", "--since", "2031-05-01"], ["On counting sheep", "Goats, awake"]),
        (["digests", "--year", "2032"], ["003_later"]),
        (["digests", "--digest", "guide"], ["000_guide"]),
    ],
)
def test_filters(digestbot, assistant, arguments, titles):
    assert [row[0] for row in rows(digestbot("list", *arguments))[:-1]] == titles


def test_a_digest_that_is_not_there_is_said(digestbot, assistant):
    ran = digestbot("list", "papers", "--digest", "goats")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == "digestbot: no digest is called 'goats'; `digestbot list` names them all\n"


def test_a_filter_of_something_else_is_wrong_usage(digestbot, assistant):
    ran = digestbot("list", "papers", "--place", "US")
    assert (ran.code, ran.out) == (2, "")
    assert "--place is no filter of papers" in ran.err


def test_listings_as_json(digestbot, assistant):
    papers = json.loads(digestbot("list", "papers", "--json").out)
    assert papers[0] == {
        "title": "On counting sheep", "authors": ["Ada One", "Bo Two"], "section": "Sleep", "venue": "SLEEP",
        "year": 2031, "url": None, "links": [], "award": None, "track": None, "abstract": False,
        "first_seen": "2031-05-01T00:00:00+00:00", "gone": None, "documents": ["000_guide", "003_later"],
    }  # fmt: skip
    jobs = json.loads(digestbot("list", "jobs", "--json").out)
    assert jobs[0] == {
        "title": "Shepherd", "company": "Fold", "team": "Flocks",
        "locations": [{"text": "NZ, Otago, Dunedin", "country": "NZ", "region": "OTA", "city": "Dunedin"}],
        "remote": "hybrid", "remote_in": ["AU"], "employment": "part-time", "term": "6 months", "level": "senior",
        "degree": None, "pay": {"min": 30, "max": 40, "currency": "NZD", "per": "hour"}, "skills": ["dogs"],
        "posted": "2031-04-30", "closes": None, "open": True, "sponsorship": False, "citizenship": None,
        "url": None,
        "first_seen": "2031-05-01T00:00:00+00:00", "gone": None, "documents": ["000_guide"],
    }  # fmt: skip
    assert jobs[1]["open"] is False
    digests = json.loads(digestbot("list", "--json").out)
    assert [each["id"] for each in digests] == ["000_guide", "003_later"]
    assert digests[0]["entries"] == {"paper": 2, "job": 1}


def test_what_has_gone_is_listed_where_it_is_asked_for(digestbot, assistant):
    shown = rows(digestbot("list", "--gone"))
    assert shown[1] == ["001_left", "A page that left", "SLEEP 2031", "Dream House", "", "gone since 2031-06-02"]
    assert shown[-1] == ["3 digests"]
    assert [each["gone"] for each in json.loads(digestbot("list", "--gone", "--json").out)] == [
        None, "2031-06-02T00:00:00+00:00", None,
    ]  # fmt: skip


@pytest.mark.parametrize(("option", "value"), [("--min-pay", "plenty"), ("--since", "someday")])
def test_a_filter_that_cannot_be_read_is_told(digestbot, assistant, option, value):
    ran = digestbot("list", "jobs", option, value)
    assert (ran.code, ran.out) == (1, "")
    assert value in ran.err


def test_on_a_terminal_an_entry_is_a_block(digestbot, assistant):
    shown = digestbot("list", "papers", "--author", "ada", columns=100).out
    assert "\x1b[1mOn counting sheep" in shown
    assert "Ada One, Bo Two · Sleep · SLEEP 2031 · 000_guide, 003_later" in shown


def test_what_was_not_recognised_is_listed_with_its_first_words(digestbot, assistant, monkeypatch):
    found = [document(unplaced=(Span(0, 5), Span(6, 30))), document("003")]
    monkeypatch.setattr(assistant, "digests", lambda gone=False: found)
    assert rows(digestbot("list", "--unplaced")) == [
        ["000_guide", "Sheep"],
        ["000_guide", "are counted one by one."],
        ["2 blocks not recognised in 1 digest"],
    ]
    told = json.loads(digestbot("list", "--unplaced", "--json").out)
    assert told[0] == {"document": "000_guide", "start": 0, "end": 5, "text": "Sheep"}


def test_what_was_not_recognised_goes_with_digests_alone(digestbot, assistant):
    ran = digestbot("list", "papers", "--unplaced")
    assert ran.code == 2
    assert "--unplaced goes with digests" in ran.err
