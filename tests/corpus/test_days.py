"""Days as people write them: read where they are sure, and left alone where day and month could be either."""

from __future__ import annotations

from datetime import date

import pytest

from corpus.model import Kind
from corpus.readers import reader_for
from corpus.readers.dates import closes_in, dateline, order_of_days, parse_day, posted_in

MARCH = date(2026, 3, 12)
FEBRUARY, JANUARY = date(2026, 2, 1), date(2026, 1, 2)


@pytest.mark.parametrize(
    "words",
    [
        "2026-03-12", "2026-03-12T08:00:00+01:00", "2026/3/12", "12 March 2026", "12th of March, 2026",
        "March 12, 2026", "Mar. 12, 2026", "12-Mar-2026", "12. März 2026", "12 de marzo de 2026",
        "12 mar 2026",
    ],
)  # fmt: skip
def test_a_day_is_read_as_it_is_written(words: str):
    assert parse_day(words) == MARCH


@pytest.mark.parametrize(
    ("words", "language", "day"),
    [
        ("01/02/2026", None, None),
        ("01/02/2026", "en", None),
        ("01/02/2026", "en-US", JANUARY),
        ("01/02/2026", "en-GB", FEBRUARY),
        ("01/02/2026", "es-MX", FEBRUARY),
        ("01.02.2026", "de", FEBRUARY),
        ("01.02.2026", None, FEBRUARY),
        ("13/02/2026", None, date(2026, 2, 13)),
        ("02/13/2026", None, date(2026, 2, 13)),
        ("02/02/2026", None, date(2026, 2, 2)),
        ("31.02.2026", "de", None),
        ("March 2026", None, None),
        ("1.2.3.2026", "de", None),
    ],
)
def test_day_and_month_are_never_guessed(words: str, language: str | None, day: date | None):
    assert parse_day(words, language) == day


@pytest.mark.parametrize(
    "words",
    [
        "Apply by 12 March 2026.",
        "Applications are accepted until Thursday, March 12, 2026",
        "Closing date for applications: 2026-03-12",
        "The application deadline is 12 March 2026",
        "This position closes on 12 March 2026",
        "Bewerbungsfrist: 12. März 2026",
        "Bitte bewerben Sie sich bis spätestens 12. März 2026",
        "Fecha límite: 12 de marzo de 2026",
        "El plazo de solicitud finaliza el 12 de marzo de 2026",
        "Envíe su solicitud hasta el 12 de marzo de 2026",
    ],
)
def test_the_last_day_to_apply_is_found(words: str):
    assert closes_in(f"We fly kites since 2 May 2001. {words}") == MARCH
    assert posted_in(words) is None


@pytest.mark.parametrize(
    "words",
    ["The position starts on 1 May 2026", "befristet bis zum 31. Mai 2027", "Applications open on 1 May 2026"],
)
def test_other_days_of_a_post_are_not_its_last(words: str):
    assert closes_in(words) is None


@pytest.mark.parametrize(
    "line",
    [
        "12 March 2026",
        "Thursday, 12 March 2026",
        "Published: 12 March 2026",
        "By Ada Moss | March 12, 2026 | 5 min read",
        "Conference · March 12, 2026",
        "Veröffentlicht am 12. März 2026",
        "Publicado el 12 de marzo de 2026",
    ],
)
def test_a_dateline_gives_the_day(line: str):
    assert dateline(line) == MARCH


@pytest.mark.parametrize(
    "line", ["ICML will be held from 12 March 2026 to the 14th", "12 March 2026 is when we all meet on the hill"]
)
def test_a_sentence_with_a_day_is_no_dateline(line: str):
    assert dateline(line) is None


def test_a_page_of_text_has_its_day():
    page = reader_for("page.txt").read(
        b"Kites of spring\n12 March 2026\n\nKites fly, and they fly on 3 May 2026.\n", name="x"
    )
    assert page.published == MARCH


def test_the_language_of_a_text_decides_between_day_and_month():
    german = "Drachen im Frühling\nVeröffentlicht am 01/02/2026\n\nDie Drachen sind auf dem Hügel und fliegen.\n"
    assert reader_for("page.txt").read(german.encode(), name="x").published == FEBRUARY
    english = "Kites of spring\nPublished on 01/02/2026\n\nThe kites are on the hill, and the wind is there.\n"
    assert reader_for("page.txt").read(english.encode(), name="x").published is None


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("0d", date(2026, 3, 20)),
        ("8d", MARCH),
        ("8 days ago", MARCH),
        ("Posted yesterday", date(2026, 3, 19)),
        ("2w", date(2026, 3, 6)),
        ("1mo", date(2026, 2, 20)),
        ("vor 8 Tagen", MARCH),
        ("hace 2 semanas", date(2026, 3, 6)),
        ("Mar 12", MARCH),
        ("12 mars", MARCH),
        ("Dec 24", date(2025, 12, 24)),
        ("1773273600", MARCH),
        ("1773273600000", MARCH),
        ("Thu, 12 Mar 2026 08:00:00 GMT", MARCH),
        ("2026年3月12日", MARCH),
        ("12 marca 2026", MARCH),
        ("20260312", MARCH),
        ("soon", None),
        ("-1", None),
        ("0000-00-00", None),
        ("10 applicants", None),
    ],
)
def test_days_of_lists_are_read_against_the_day_of_reading(words: str, day: date | None):
    assert parse_day(words, None, date(2026, 3, 20)) == day


def test_a_day_to_come_without_its_year_is_the_nearest():
    assert parse_day("Jan 5", None, date(2026, 12, 20), ahead=True) == date(2027, 1, 5)
    assert parse_day("Jan 5", None, date(2026, 12, 20)) == date(2026, 1, 5)


@pytest.mark.parametrize(
    ("words", "posted", "closes"),
    [
        ("Kite pilot. Apply before 12 March 2026.", None, MARCH),
        ("Applications are due on March 12, 2026; we start on 1 April 2026.", None, MARCH),
        ("Start date: 1 April 2026. Deadline: 12 March 2026", None, MARCH),
        ("We begin on 12 March 2026.", None, None),
        ("Bewerben Sie sich bis zum 12. März 2026.", None, MARCH),
        ("Posted 8 days ago. Closing date 1 April", MARCH, date(2026, 4, 1)),
    ],
)
def test_what_a_post_says_of_its_days(words: str, posted: date | None, closes: date | None):
    today = date(2026, 3, 20)
    assert (posted_in(words, None, today), closes_in(words, None, today)) == (posted, closes)


def test_the_order_of_a_column_s_days_is_told_by_those_that_fit_one_alone():
    assert order_of_days("Date", ["01/02/2026", "13/02/2026"]) == "en-gb"
    assert order_of_days("Date", ["01/02/2026", "02/13/2026"]) == "en-us"
    assert order_of_days("Date", ["4/7", "4/30"]) == "en-us"
    assert order_of_days("Date", ["01/02/2026", "03/02/2026"]) is None


def test_a_column_s_head_may_tell_the_order():
    assert order_of_days("Posted (mm/dd)", ["04/05"]) == "en-us"
    assert order_of_days("Stand (DD.MM.)", ["04.05."]) == "en-gb"


def test_a_day_of_two_numbers_is_the_last_one_in_a_known_order():
    today = date(2026, 3, 20)
    assert parse_day("04/05", "en-us", today) == date(2025, 4, 5)
    assert parse_day("04/05", "en-gb", today, ahead=True) == date(2026, 5, 4)
    assert parse_day("04/05", "en", today) is None
    assert parse_day("30/45", "en-us", today) is None


@pytest.mark.parametrize("field", ["date: 2026-03-12", "Published: March 12, 2026", "datum: 12. März 2026"])
def test_front_matter_gives_the_day(field: str):
    page = reader_for("page.md").read(
        f"---\ntitle: Kites\n{field}\n---\n# Kites\n\nThey fly.\n".encode(), name="x"
    )
    assert page.published == MARCH


def test_the_day_of_a_post_is_not_its_page_s():
    page = reader_for("page.txt").read(
        b"US, MA, Boston\nPosted on 12 March 2026\n"
        b"We are hiring for our team: join us in this role. Apply by April 1, 2026.\n",
        name="x",
    )
    (job,) = page.entries
    assert (job.kind, job.posted, job.closes, page.published) == (Kind.JOB, MARCH, date(2026, 4, 1), None)


def test_a_markdown_post_has_its_days_from_its_fields():
    page = reader_for("page.md").read(
        "# Jobs\n\n## Ingeniera de cometas\n\n- Lugar: Madrid, España\n"
        "- **Fecha límite:** 12 de marzo de 2026\n\nBuscamos.\n".encode(),
        name="x",
    )
    (job,) = page.entries
    assert (job.kind, job.closes) == (Kind.JOB, MARCH)


@pytest.mark.parametrize(
    "head",
    [
        '<meta property="article:published_time" content="2026-03-12T10:00:00Z">',
        '<meta name="citation_publication_date" content="2026/03/12">',
        '<script type="application/ld+json">[{"@type": "Article", "datePublished": "2026-03-12"}]</script>',
    ],
)
def test_the_head_of_a_page_gives_its_day(head: str):
    page = reader_for("page.html").read(
        f"<html><head>{head}</head><body><h1>Kites</h1><p>They fly.".encode(), name="x"
    )
    assert page.published == MARCH


def test_the_body_of_a_page_gives_its_day():
    for body in ("<time datetime='2026-03-12'>today</time>", "<p>March 12, 2026</p>"):
        page = reader_for("page.html").read(f"<h1>Kites</h1>{body}<p>They fly over the hill.".encode(), name="x")
        assert page.published == MARCH
