"""Drafts become entries: what the words of a record say as facts, and nothing that they do not."""

from __future__ import annotations

from datetime import date

from corpus.model import Kind, Link, Pay, Place, Span
from corpus.readers.draft import OPENING, Context, Draft, Fact, entry_of

TODAY = date(2026, 3, 20)


def read(text: str, *said: tuple, kind: Kind = Kind.JOB, **context):
    draft = Draft(kind, Span(0, len(text)))
    for fact, words, *more in said:
        draft.add(fact, words, **dict(zip(("href", "label"), more, strict=False)))
    inside = Context(text, TODAY, **context)
    return entry_of(draft, inside), inside


def test_a_row_of_a_list_of_posts():
    post, _ = read(
        "Kites | Pilot | Porto, Portugal | 8d",
        (Fact.COMPANY, "Kites"),
        (Fact.TITLE, "Senior Pilot 🛂"),
        (Fact.PLACE, "Porto, Portugal; Remote in Spain"),
        (Fact.PAY, "€30/hour"),
        (Fact.POSTED, "8d"),
        (Fact.LINK, "the post", "/jobs/7"),
        (Fact.LINK, "Apply", "https://kites.example/apply"),
        url="https://kites.example/list",
    )
    assert post is not None
    assert (post.title, post.role, post.posted) == ("Senior Pilot", "Senior Pilot", date(2026, 3, 12))
    assert post.url == "https://kites.example/apply"
    assert post.links[0] == Link("the post", "https://kites.example/jobs/7")
    job = post.job
    assert job is not None
    assert (job.company, job.level, job.workplace, job.remote_in) == ("Kites", "senior", "remote", ("ES",))
    assert [(place.country, place.city) for place in job.places] == [("PT", "Porto"), ("ES", None)]
    assert post.place == job.places[0]
    assert job.pay == Pay(30, 30, "EUR", "hour")
    assert job.sponsorship is False
    assert job.closed is None


def test_a_legend_says_what_marks_mean():
    post, _ = read("Pilot 🪁", (Fact.TITLE, "Pilot 🪁"), legend=(("🪁", "Position is closed"),))
    assert post is not None
    assert post.job is not None
    assert (post.title, post.job.closed) == ("Pilot", True)


def test_parts_of_an_address_are_one_place():
    post, _ = read(
        "",
        (Fact.TITLE, "Pilot"),
        (Fact.PLACE, "Munich", None, "city"),
        (Fact.PLACE, "DE", None, "country"),
        (Fact.PLACE, "Vigo", None, "city"),
        (Fact.PLACE, "Spain", None, "country"),
    )
    assert post is not None
    assert post.job is not None
    assert [place.text for place in post.job.places] == ["Munich, DE", "Vigo, Spain"]


def test_placeholders_say_nothing():
    post, inside = read(
        "",
        (Fact.TITLE, "Pilot"),
        (Fact.TEAM, "N/A"),
        (Fact.COMPANY, "Unknown"),
        (Fact.CLOSES, "-1"),
        (Fact.PLACE, "-"),
    )
    assert post is not None
    assert post.job is not None
    assert (post.team, post.job.company, post.closes, post.place, inside.notes) == (None, None, None, None, [])


def test_a_day_that_cannot_be_is_told_and_not_believed():
    post, inside = read("", (Fact.TITLE, "Pilot"), (Fact.POSTED, "2031-01-01"))
    assert post is not None
    assert post.posted is None
    assert inside.notes == ["posted '2031-01-01' is not believed"]


def test_a_carried_company_is_the_group_s():
    post, _ = read("", (Fact.TITLE, "Pilot"), (Fact.COMPANY, "↳"), company="Kites")
    assert post is not None
    assert post.job is not None
    assert post.job.company == "Kites"


def test_prose_tells_what_no_field_does():
    words = (
        "Kites is hiring. This is a hybrid role. The salary is $90,000 a year. US citizenship is required."
        " Apply by 1 April 2026."
    )
    post, _ = read(words, (Fact.TITLE, "Pilot"))
    assert post is not None
    assert post.job is not None
    assert (post.job.workplace, post.job.citizenship, post.closes) == ("hybrid", "US", date(2026, 4, 1))
    assert post.job.pay == Pay(90_000, 90_000, "USD", "year")


def test_a_post_that_names_its_place_alone_is_an_opening():
    post, _ = read("Fly with us.", (Fact.PLACE, "US, MA, Boston"))
    assert post is not None
    assert (post.title, post.place) == (OPENING, Place("US, MA, Boston", "US", "MA", "Boston"))
    assert read("Fly with us.")[0] is None


def test_a_paper():
    paper, _ = read(
        "Kites",
        (Fact.TITLE, "Kites in  high winds"),
        (Fact.AUTHORS, "Moss, Ada"),
        (Fact.AUTHORS, "KITE Collaboration", None, "name"),
        (Fact.VENUE, "WIND 2025"),
        (Fact.AWARD, "Best paper"),
        (Fact.LINK, "Code", "https://kites.example/code"),
        (Fact.LINK, "PDF", "https://kites.example/paper.pdf"),
        (Fact.ABSTRACT, "They fly."),
        kind=Kind.PAPER,
        venue="OTHER",
        year=2020,
    )
    assert paper is not None
    assert (paper.title, paper.authors) == ("Kites in high winds", ("Ada Moss", "KITE Collaboration"))
    assert (paper.venue, paper.year, paper.award, paper.abstract) == ("WIND", 2025, "Best paper", True)
    assert paper.url == "https://kites.example/paper.pdf"


def test_a_paper_s_own_words_alone_give_its_venue_and_year():
    paper, _ = read("Kites", (Fact.TITLE, "Kites"), kind=Kind.PAPER, venue="OTHER", year=2020)
    assert paper is not None
    assert (paper.venue, paper.year) == (None, None)
    assert read("", (Fact.TITLE, "Untitled"), kind=Kind.PAPER)[0] is None
