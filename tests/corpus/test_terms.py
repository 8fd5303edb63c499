"""Terms of a job: what titles, fields and sentences say, and what they do not."""

from __future__ import annotations

import pytest

from corpus.readers import terms


@pytest.mark.parametrize(
    ("text", "label", "workplace"),
    [
        ("Remote", "", "remote"),
        ("On Site", "", "onsite"),
        ("Hybrid remote", "", "hybrid"),
        ("TELECOMMUTE", "", "remote"),
        ("true", "isRemote", "remote"),
        ("false", "isRemote", "onsite"),
        ("Remote Sensing", "", None),
        ("no remote", "", "onsite"),
        ("Porto", "", None),
    ],
)
def test_workplaces(text: str, label: str, workplace: str | None):
    assert terms.workplace_of(text, label) == workplace


def test_a_post_says_how_it_is_done():
    assert terms.workplace_in("This is a fully remote position.") == "remote"
    assert terms.workplace_in("Kite Pilot (hybrid)") == "hybrid"
    assert terms.workplace_in("We make remote controls.") is None


@pytest.mark.parametrize(
    ("title", "level"),
    [
        ("Sr. Kite Engineer", "senior"),
        ("Junior Pilot", "entry"),
        ("Kite Engineering Intern", "intern"),
        ("Senior Staff Engineer", "staff"),
        ("Member of Technical Staff", None),
        ("Product Manager", None),
        ("Engineering Manager, Kites", "manager"),
        ("Associate Director of Wind", "director"),
        ("VP, Wind", "executive"),
        ("Executive Assistant", None),
        ("International Wind Analyst", None),
    ],
)
def test_levels_of_titles(title: str, level: str | None):
    assert terms.level_of(title) == level


@pytest.mark.parametrize(
    ("text", "kind"),
    [("FULL_TIME", "full-time"), ("Teilzeit", "part-time"), ("Contract", "contract"), ("Internship", "internship"),
     ("Permanent", None), ("full-time or part-time", "full-time")],
)  # fmt: skip
def test_kinds_of_employment(text: str, kind: str | None):
    assert terms.employment_of(text) == kind


def test_a_contract_manager_has_no_contract():
    assert terms.employment_of("Contract Manager", title=True) is None


@pytest.mark.parametrize(
    ("text", "label", "sponsored"),
    [
        ("Yes", "", True),
        ("true", "no_sponsorship", False),
        ("false", "no_sponsorship", None),
        ("We cannot sponsor visas.", "", False),
        ("Candidates must be authorized to work without sponsorship.", "", False),
        ("We offer visa sponsorship", "", True),
        ("sponsored by Kites Inc.", "", None),
    ],
)
def test_sponsorship(text: str, label: str, sponsored: bool | None):
    assert terms.sponsorship_of(text, label) is sponsored


@pytest.mark.parametrize(
    ("text", "label", "country"),
    [
        ("U.S. citizenship is required.", "", "US"),
        ("true", "us_citizenship_required", "US"),
        ("Must be a Canadian citizen.", "", "CA"),
        ("We hire without regard to race, religion or US citizenship.", "", None),
        ("US citizens or permanent residents", "", None),
        ("Citizen science of kites", "", None),
    ],
)
def test_citizenship(text: str, label: str, country: str | None):
    assert terms.citizenship_of(text, label) == country


@pytest.mark.parametrize(
    ("text", "label", "closed"),
    [
        ("Closed", "", True),
        ("🔒", "", True),
        ("Open", "", False),
        ("false", "active", True),
        ("true", "active", False),
        ("true", "is_closed", True),
        ("This position has been filled.", "", True),
        ("No longer accepting applications", "", True),
        ("Porto", "", None),
    ],
)
def test_states(text: str, label: str, closed: bool | None):
    assert terms.closed_of(text, label) is closed


def test_degrees():
    assert terms.degree_of("Yes", "phd_required") == "phd"
    assert terms.degree_of("BSc or MSc") == "bachelor"
    assert terms.degree_in("A PhD in wind is required. A master's degree in kites is a plus.") == "phd"


def test_titles_lose_their_marks_and_keep_their_words():
    assert terms.without_marks("🔥 Kite Engineer (m/w/d) 🛂 [Closed]") == "Kite Engineer (m/w/d)"
    assert terms.without_marks("~~Wind Analyst~~") == "Wind Analyst"


def test_terms_of_internships():
    assert terms.term_in("Kite Intern, Summer 2027") == "Summer 2027"
    assert terms.term_in("a contract of 6 months") == "6 months"
