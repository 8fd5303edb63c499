"""What `news` shows: documents that came, changed or went, with their new entries."""

import json
from datetime import date

import pytest

from corpus.model import Kind


def test_what_came_and_what_went_is_a_row_each_in_a_pipe(digestbot, assistant):
    ran = digestbot("news")
    assert (ran.code, ran.err) == (0, "")
    assert [line.split("\t") for line in ran.out.splitlines()] == [
        ["gone", "001_left", "A page that left", "2031-05-06"],
        ["new", "000_guide", "A guide to SLEEP", "2031-05-01"],
        ["paper", "000_guide", "On counting sheep", "Sleep"],
        ["job", "000_guide", "Shepherd", "Fold · NZ, Otago, Dunedin"],
        ["2 documents and 2 new entries since 2031-05-01"],
    ]


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("3d", date(2031, 5, 5)),
        ("2w", date(2031, 4, 24)),
        ("2031-03-04", date(2031, 3, 4)),
        ("April", date(2031, 4, 1)),
        ("yesterday", date(2031, 5, 7)),
        ("last week", date(2031, 4, 28)),
    ],
)
def test_the_day_is_said_as_people_say_it(digestbot, assistant, said, day):
    assert digestbot("news", "--since", said, "--kind", "job").code == 0
    assert ("news", day, Kind.JOB) in assistant.calls


@pytest.mark.parametrize("said", ["", "soon", "31 June", "7d ago", "99999999d", "2031-13-01"])
def test_what_is_no_day_is_wrong_usage(digestbot, assistant, said):
    ran = digestbot("news", "--since", said)
    assert (ran.code, ran.out) == (2, "")
    assert "is not a day" in ran.err


def test_news_as_json(digestbot, assistant):
    gone, new = json.loads(digestbot("news", "--json").out)
    assert (gone["change"], gone["document"], gone["entries"]) == ("gone", "001_left", [])
    assert [each["title"] for each in new["entries"]] == ["On counting sheep", "Shepherd"]
    assert new["when"] == "2031-05-01T00:00:00+00:00"


def test_on_a_terminal_a_document_is_a_block(digestbot, assistant):
    shown = digestbot("news", columns=100).out
    assert "000_guide · 2031-05-01 · 1 paper, 1 job post" in shown
    assert "Shepherd · Fold · NZ, Otago, Dunedin" in shown
