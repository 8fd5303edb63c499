"""Places of job posts are recognised by every name, the world's other places as such."""

from __future__ import annotations

import pytest

from corpus.gazetteer import Gazetteer, What
from corpus.gazetteer.areas import distance, square, squares
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
    assert [set(mention.entries) for mention in of(What.PLACE, jobs.read(question))] == [entries]


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
    assert [(m.name, set(m.entries)) for m in of(What.PLACE, jobs.read(question))] == [(place, set())]


def test_near_a_city_are_no_posts_of_a_namesake_elsewhere(shelf: Shelf) -> None:
    shelf.job("US, MA, Boston")
    shelf.job("US, MA, Cambridge")
    shelf.job("GB, Cambridge")
    (mention,) = of(What.PLACE, shelf.gazetteer().read("jobs near Boston"))
    assert set(mention.entries) == {1, 2}


def test_a_city_is_found_by_words_that_begin_another(shelf: Shelf) -> None:
    shelf.job("US, CA, San Jose")
    shelf.job("US, TX, San Antonio")
    found = shelf.gazetteer().read("is there something in San Jose, san antonio or San Francisco?")
    assert [(m.name, set(m.entries)) for m in of(What.PLACE, found)] == [
        ("San Jose", {1}), ("San Antonio", {2}), ("San Francisco", set()),
    ]  # fmt: skip


def test_a_stop_word_is_no_city_though_a_table_calls_one_so(shelf: Shelf) -> None:
    shelf.job("BR, PI, Teresina")
    (mention,) = of(What.PLACE, shelf.gazetteer().read("jobs in the US"))
    assert (mention.name, set(mention.entries)) == ("United States", set())


@pytest.mark.parametrize("centre", [(42.36, -71.06), (-16.5, 179.9), (64.1, -21.9), (0.0, 0.0), (89.5, 10.0)])
def test_the_squares_of_a_circle_hold_every_point_in_it(centre: tuple[float, float]) -> None:
    touched = set(squares(centre, 180.0))
    steps = [step / 10 for step in range(-60, 61)]
    around = [
        (latitude, (centre[1] + 30 * east + 180) % 360 - 180)
        for north in steps
        for east in steps
        if (latitude := centre[0] + north) <= 90
    ]
    inside = [point for point in around if distance(centre, point) <= 180.0]
    assert len(inside) > 20
    assert {square(point) for point in inside} <= touched


def test_a_city_of_the_same_name_elsewhere_is_not_the_corpus_one(jobs: Gazetteer) -> None:
    (mention,) = of(What.PLACE, jobs.read("jobs in Madrid, Colombia"))
    assert set(mention.entries) == set()


@pytest.mark.parametrize("question", ["openings in Germany", "anything in Austria?"])
def test_a_country_that_posts_name_in_their_text(jobs: Gazetteer, question: str) -> None:
    (mention,) = of(What.PLACE, jobs.read(question))
    assert (set(mention.entries), set(mention.named_in_text)) == (set(), {MADRID})


def test_a_country_of_a_group_that_posts_name_is_not_named_itself(jobs: Gazetteer) -> None:
    (mention,) = of(What.PLACE, jobs.read("jobs in France"))  # the post says EMEA, and names others of it
    assert (set(mention.entries), set(mention.named_in_text)) == (set(), set())


def test_a_city_that_posts_name_in_their_text(jobs: Gazetteer) -> None:
    (mention,) = of(What.PLACE, jobs.read("positions in Lisbon"))
    assert (set(mention.entries), set(mention.named_in_text)) == (set(), {BENGALURU})


def test_a_region_that_posts_name_in_their_text(shelf: Shelf) -> None:
    shelf.job("US, MA, Boston", text="Work from Texas or the U.K. as you like.")
    gazetteer = shelf.gazetteer()
    for question in ("jobs in Texas", "jobs in Britain"):
        (mention,) = of(What.PLACE, gazetteer.read(question))
        assert (set(mention.entries), set(mention.named_in_text)) == (set(), {1})


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
    assert (set(mention.entries), set(mention.named_in_text)) == (set(), {BENGALURU})


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
    assert (role, entries) in [(mention.name, set(mention.entries)) for mention in mentions]


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
