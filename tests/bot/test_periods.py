"""What a question says of time, asked on Saturday, 21 November 2026."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.query.periods import Sort, period_of

TODAY = date(2026, 11, 21)
WORDS = [
    "new",
    "jobs",
    "papers",
    "posted",
    "since",
    "after",
    "before",
    "until",
    "in",
    "the",
    "last",
    "next",
    "this",
    "31",
    "29",
    "999",
    "1st",
    "of",
    "February",
    "June",
    "week",
    "month",
    "year",
    "years",
    "days",
    "ago",
    "on",
    "onwards",
    "closing",
    "by",
    "soon",
    "still",
    "open",
    "latest",
    "guide",
    "today",
    "yesterday",
    "Monday",
    "2024",
    "0001-01-01",
    "9999-12-31",
    "2026-02-29",
    "came",
    "in,",
    "?",
]


@pytest.mark.parametrize(
    ("question", "sort", "words"),
    [
        ("new this week", Sort.NEW, "since 16 November 2026"),
        ("what's new?", Sort.NEW, "since 14 November 2026"),
        ("anything new", Sort.NEW, "since 14 November 2026"),
        ("what came in since October", Sort.CAME, "since 1 October 2026"),
        ("what was added yesterday", Sort.CAME, "on 20 November 2026"),
        ("what came in after 3 March 2026", Sort.CAME, "since 4 March 2026"),
        ("openings since 1 October", Sort.NEW, "since 1 October 2026"),
        ("openings since the 1st of October", Sort.NEW, "since 1 October 2026"),
        ("openings since Oct 1st, 2025", Sort.NEW, "since 1 October 2025"),
        ("openings since December", Sort.NEW, "since 1 December 2025"),
        ("papers since 2026-10-01", Sort.NEW, "since 1 October 2026"),
        ("jobs posted in the last 30 days", Sort.PUBLISHED, "since 22 October 2026"),
        ("jobs in the past two weeks", Sort.NEW, "since 7 November 2026"),
        ("jobs last week", Sort.NEW, "from 9 November 2026 to 15 November 2026"),
        ("jobs from October", Sort.NEW, "from 1 October 2026 to 31 October 2026"),
        ("jobs posted before May", Sort.PUBLISHED, "until 30 April 2026"),
        ("papers published last year", Sort.PUBLISHED, "from 1 January 2025 to 31 December 2025"),
        ("jobs closing this month", Sort.CLOSES, "from 21 November 2026 to 30 November 2026"),
        ("which jobs close by 30 April?", Sort.CLOSES, "from 21 November 2026 to 30 April 2027"),
        ("closing before December", Sort.CLOSES, "from 21 November 2026 to 30 November 2026"),
        ("openings closing in the next two weeks", Sort.CLOSES, "from 21 November 2026 to 5 December 2026"),
        ("positions closing soon", Sort.CLOSES, "from 21 November 2026 to 21 December 2026"),
        ("openings that are still open", Sort.OPEN, ""),
        ("which jobs can I still apply to?", Sort.OPEN, ""),
        ("the latest guide", Sort.LATEST_DIGEST, ""),
        ("what does the newest ICML digest say about bandits?", Sort.LATEST_DIGEST, ""),
        ("latest papers by Kveton", Sort.LATEST, ""),
        ("any new openings?", Sort.LATEST, ""),
    ],
)
def test_a_period_is_understood(question: str, sort: Sort, words: str):
    period = period_of(question, TODAY)
    assert period is not None
    assert (period.sort, period.words) == (sort, words)


@pytest.mark.parametrize(
    "question",
    [
        "papers at ICML 2023",
        "papers from 2023",
        "papers published in 2023",
        "how many papers did they have in 2024",
        "how long do the 2026 internships last?",
        "who won the champions league in 2019",
        "how's everyone doing today?",
        "is there anything open in Germany?",
        "an LLM which keeps absorbing new facts after it was deployed",
        "when does the Madrid job close?",
        "openings close to Boston",
        "jobs in New York",
        "posts since 31 June",
        "posts since 0000-00-00",
        "papers after 9999-12-31",
        "papers before 0001-01-01",
        "jobs closing before 0001-01-01",
        "",
    ],
)
def test_what_is_no_period_is_left_alone(question: str):
    assert period_of(question, TODAY) is None


@pytest.mark.parametrize(
    "question", ["new this week", "openings since 1 October", "jobs posted in the last 30 days"]
)
def test_its_words_are_known_by_their_places(question: str):
    period = period_of(question, TODAY)
    assert period is not None
    words = " ".join(question[span.start : span.end] for span in period.spans)
    assert words == question.removeprefix("openings ").removeprefix("jobs ")


@pytest.mark.parametrize(
    ("today", "words"),
    [
        (date(2024, 2, 29), "from 1 January 2024 to 31 January 2024"),
        (date(2026, 1, 1), "from 1 December 2025 to 31 December 2025"),
    ],
)
def test_the_calendar_turns(today: date, words: str):
    period = period_of("jobs posted last month", today)
    assert period is not None
    assert period.words == words


@given(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join), st.dates(date(1990, 1, 1), date(2200, 1, 1)))
def test_any_words_are_read_on_any_day(question: str, today: date):
    period = period_of(question, today)
    if period is not None:
        assert all(0 <= span.start < span.end <= len(question) for span in period.spans)
        assert period.first is None or period.last is None or period.first <= period.last
