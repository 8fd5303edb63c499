"""Places of job posts are recognised by every name, the world's other places as such."""

from __future__ import annotations

import pytest

from corpus.gazetteer import Gazetteer, What
from tests.corpus.gazetteer.shelf import Shelf, names, of

BOSTON, READING, BENGALURU, MADRID, OAKLAND = 1, 2, 3, 4, 5


@pytest.fixture(scope="module")
def jobs() -> Gazetteer:
    shelf = Shelf()
    shelf.job("US, MA, Boston", "Senior Kelp Scientist", "Tidal Energy Works (TEW)", "Our office is in Boston.")
    shelf.job("US, MA, N.reading", "Kelp Scientist", "Harbour Robotics", "A post in the U.S.")
    shelf.job("IN, KA, Bengaluru", "Kelp Analyst Intern", text="A 2031 internship, also open in Lisbon.")
    shelf.job("ES, M, Madrid", "Harbour Manager", "Buoy", "In EMEA we work in Austria, Estonia and Germany.")
    shelf.job("US, CA, Oakland", "Member of Diving Staff", "International Research")
    return shelf.gazetteer()


@pytest.mark.parametrize(
    ("question", "entries"),
    [
        ("jobs in boston", {BOSTON}),
        ("anything in Bostn?", {BOSTON}),
        ("jobs in MA", {BOSTON, READING}),
        ("massachusetts openings", {BOSTON, READING}),
        ("boston, MA roles", {BOSTON}),
        ("jobs around Boston", {BOSTON, READING}),
        ("greater boston", {BOSTON, READING}),
        ("North Reading", {READING}),
        ("Bangalore openings", {BENGALURU}),
        ("jobs in Bengalru", {BENGALURU}),
        ("karnataka jobs", {BENGALURU}),
        ("openings in Spain", {MADRID}),
        ("openings in EMEA", {MADRID}),
        ("anything in the US", {BOSTON, READING, OAKLAND}),
        ("bay area jobs", {OAKLAND}),
        ("jobs near San Francisco", {OAKLAND}),
        ("new england", {BOSTON, READING}),
        ("west coast roles", {OAKLAND}),
        ("jobs in Asia", {BENGALURU}),
    ],
)
def test_a_place_finds_the_posts_that_lie_in_it(jobs: Gazetteer, question: str, entries: set[int]) -> None:
    assert [mention.entries for mention in of(What.PLACE, jobs.read(question))] == [entries]


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("any openings in Stockholm", "Stockholm"),
        ("jobs in toronto", "Toronto"),
        ("Nairobi?", "Nairobi"),
        ("roles in brazil", "Brazil"),
    ],
)
def test_a_place_without_posts_has_no_entries(jobs: Gazetteer, question: str, place: str) -> None:
    assert [(m.name, m.entries) for m in of(What.PLACE, jobs.read(question))] == [(place, frozenset())]


def test_a_city_of_the_same_name_elsewhere_is_not_the_corpus_one(jobs: Gazetteer) -> None:
    (mention,) = of(What.PLACE, jobs.read("jobs in Madrid, Colombia"))
    assert mention.entries == frozenset()


@pytest.mark.parametrize("question", ["openings in Germany", "anything in Austria?"])
def test_a_country_that_posts_name_in_their_text(jobs: Gazetteer, question: str) -> None:
    (mention,) = of(What.PLACE, jobs.read(question))
    assert (mention.entries, mention.named_in_text) == (frozenset(), {MADRID})


def test_a_country_of_a_group_that_posts_name_is_not_named_itself(jobs: Gazetteer) -> None:
    (mention,) = of(What.PLACE, jobs.read("jobs in France"))  # the post says EMEA, and names others of it
    assert (mention.entries, mention.named_in_text) == (frozenset(), frozenset())


def test_a_city_that_posts_name_in_their_text(jobs: Gazetteer) -> None:
    (mention,) = of(What.PLACE, jobs.read("positions in Lisbon"))
    assert (mention.entries, mention.named_in_text) == (frozenset(), {BENGALURU})


def test_two_places_are_two_mentions(jobs: Gazetteer) -> None:
    assert names(What.PLACE, jobs.read("more posts in Madrid or Bengaluru?")) == ["Madrid", "Bengaluru"]


@pytest.mark.parametrize(
    "question",
    [
        "i like reading", "that would be nice", "tell us more", "who is Michael Jordan", "the man in the moon",
        "is it in or out", "turkey sandwich", "a mobile phone",
    ],
)  # fmt: skip
def test_ordinary_words_and_people_are_no_places(jobs: Gazetteer, question: str) -> None:
    assert names(What.PLACE, jobs.read(question)) == []


def test_a_year_in_a_post_is_named_in_its_text(jobs: Gazetteer) -> None:
    (mention,) = of(What.YEAR, jobs.read("2031 internships"))
    assert (mention.entries, mention.named_in_text) == (frozenset(), {BENGALURU})


@pytest.mark.parametrize(
    ("question", "role", "entries"),
    [
        ("kelp scientist jobs", "Kelp Scientist", {BOSTON, READING}),
        ("sr kelp scientists", "Senior Kelp Scientist", {BOSTON}),
        ("any internships?", "Intern", {BENGALURU}),
        ("is a manger wanted for the harbour manager role", "Harbour Manager", {MADRID}),
        ("member of diving staff", "Member of Diving Staff", {OAKLAND}),
        ("which analyst interns", "Analyst Intern", {BENGALURU}),
    ],
)
def test_a_role_finds_the_posts_whose_role_has_it(
    jobs: Gazetteer, question: str, role: str, entries: set[int]
) -> None:
    mentions = of(What.ROLE, jobs.read(question))
    assert (role, entries) in [(mention.name, mention.entries) for mention in mentions]


@pytest.mark.parametrize(
    ("question", "team"),
    [
        ("TEW openings", "Tidal Energy Works (TEW)"),
        ("tidal energy", "Tidal Energy Works (TEW)"),
        ("the robotics harbor team", "Harbour Robotics"),
        ("the buoy team", "Buoy"),
        ("international research openings", "International Research"),
    ],
)
def test_a_team_is_found(jobs: Gazetteer, question: str, team: str) -> None:
    assert names(What.TEAM, jobs.read(question)) == [team]


def test_a_team_that_is_a_word_needs_a_cue(jobs: Gazetteer) -> None:
    assert names(What.TEAM, jobs.read("a buoy floats")) == []
