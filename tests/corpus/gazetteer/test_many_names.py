"""Names are chosen and recognised in a corpus of very many, and only those of documents that are seen."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from pyroaring import FrozenBitMap

from corpus.gazetteer import gazetteer as catalogue
from corpus.gazetteer import teams
from corpus.gazetteer import teams as roles
from corpus.gazetteer import venues as digests
from corpus.gazetteer.gazetteer import Catalogue
from corpus.gazetteer.mentions import What
from corpus.gazetteer.postings import Gathered, List, Lists
from corpus.gazetteer.scope import Seen
from corpus.gazetteer.teams import Roles, Teams
from corpus.gazetteer.tokens import Asked
from corpus.gazetteer.venues import Digests

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.corpus.gazetteer.shelf import Shelf


def seen(shelf: Shelf, visible: Iterable[int] | None = None) -> Seen:
    """The names of a shelf, or of some of its entries."""
    lists, into = Lists(None), Gathered()
    for stored in shelf.entries:
        for gather in (teams.gather, roles.gather_roles, digests.gather_digests, catalogue.gather):
            gather(stored, shelf.texts[stored.id], into)
        into.add(List.KIND, str(stored.entry.kind), stored.id)
    with lists.writing() as db:
        lists.write(db, into, FrozenBitMap(stored.id for stored in shelf.entries))
    return Seen(lists, shelf, FrozenBitMap(visible or [stored.id for stored in shelf.entries]))


def asked(question: str) -> Asked:
    return Asked(question, Counter())


@pytest.fixture
def authors(shelf: Shelf) -> Shelf:
    """Some thousand authors with names of their own, and one who has written more."""
    syllables = [a + b for a in "bdfgklmnprst" for b in "aeiou"]
    for place, first in enumerate(syllables):
        shelf.paper(f"On {first}", *(f"{first}lo {last}{place}" for last in syllables))
    for title in ("Salt", "Tides", "Ice"):
        shelf.paper(title, "Zoë Quist", "Öberg de Vries")
    return shelf


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("", "Öberg de Vries"),
        ("z", "Zoë Quist"),
        ("q", "Zoë Quist"),
        ("quist zo", "Zoë Quist"),
        ("zoe quist", "Zoë Quist"),
        ("DE VRIES", "Öberg de Vries"),
        ("tulo tu5", "tulo tu59"),
        ("tu59 tulo", "tulo tu59"),
        ("ba59 t", "tulo ba59"),
    ],
)
def test_a_name_is_offered_among_thousands(authors: Shelf, typed: str, first: str) -> None:
    assert Catalogue(seen(authors)).names(What.AUTHOR, typed, 25)[0] == first


def test_no_more_names_are_offered_than_asked_for(authors: Shelf) -> None:
    known = Catalogue(seen(authors))
    assert [len(known.names(What.AUTHOR, typed, 25)) for typed in ("", "t", "lo", "lox")] == [25, 25, 25, 0]


def test_names_that_begin_so_come_first_and_then_the_most_frequent(shelf: Shelf) -> None:
    shelf.paper("Salt", "Ada Moreau", "Moritz Ebba", "Bo Moss")
    shelf.paper("Ice", "Ada Moreau", "Émile Ebba")
    shelf.paper("Tides", "émile ebba")
    known = Catalogue(seen(shelf))
    assert known.names(What.AUTHOR, "mo", 9) == ["Moritz Ebba", "Ada Moreau", "Bo Moss"]
    assert known.names(What.AUTHOR, "emi", 9) == ["Émile Ebba"]
    assert list(known.entries(What.AUTHOR, "EMILE EBBA")) == [2, 3]
    assert not known.entries(What.AUTHOR, "nobody")


def test_names_of_entries_that_are_not_seen_are_not_offered(authors: Shelf) -> None:
    known = Catalogue(seen(authors, visible=[1, 2]))
    assert known.names(What.AUTHOR, "zo", 25) == []
    assert known.names(What.AUTHOR, "be", 25)[0].startswith("belo")
    assert not known.entries(What.AUTHOR, "Zoë Quist")


@pytest.fixture
def posts(shelf: Shelf) -> Shelf:
    """Job posts of sixty teams that share a word, and of others."""
    for number in range(60):
        shelf.job("LU, Luxembourg", "Senior Buoy Keeper", f"Harbour unit{number}{chr(97 + number % 26)}x WQR")
    shelf.job("LU, Luxembourg", "Tide Analyst", "Harbour Beacon")
    return shelf


def test_a_word_of_very_many_team_names_means_all_of_them(posts: Shelf) -> None:
    (mention,) = Teams(seen(posts)).read(asked("who runs the harbours lab?"))
    assert (mention.name, len(mention.entries)) == ("Harbours", 61)
    (mention,) = Teams(seen(posts)).read(asked("jobs at WQR"))
    assert (mention.name, len(mention.entries)) == ("WQR", 60)


def test_a_whole_name_is_found_where_its_words_stand_in_very_many(posts: Shelf) -> None:
    posts.job("LU, Luxembourg", "Tide Analyst", "Harbour")
    known = Teams(seen(posts))
    assert [(m.name, list(m.entries)) for m in known.read(asked("harbour beacon team"))] == [
        ("Harbour Beacon", [61])
    ]
    assert [(m.name, list(m.entries)) for m in known.read(asked("jobs in the harbour team"))] == [
        ("Harbour", [62])
    ]
    assert [m.name for m in known.read(asked("roles in harbour unit7hx"))] == ["Harbour unit7hx WQR"]


def test_a_word_tells_a_team_where_the_many_others_are_not_seen(posts: Shelf) -> None:
    (mention,) = Teams(seen(posts, visible=[8])).read(asked("jobs in the harbour team"))
    assert (mention.name, list(mention.entries)) == ("Harbour unit7hx WQR", [8])


def test_a_role_is_found_where_it_is_seen(posts: Shelf) -> None:
    (mention,) = Roles(seen(posts)).read(asked("any buoy kepers?"))
    assert (mention.name, len(mention.entries)) == ("Buoy Keeper", 60)
    assert Roles(seen(posts, visible=[61])).read(asked("any buoy keepers?")) == []


def test_a_word_of_many_titles_tells_no_digest(shelf: Shelf) -> None:
    for number in range(60):
        shelf.paper(f"On {number}", digest=f"Weekly harbour{number}q notes")
    known = Digests(seen(shelf))
    assert known.read(asked("the weekly page")) == []
    (mention,) = known.read(asked("the harbour7q page"))
    assert (mention.name, list(mention.entries)) == ("Weekly harbour7q notes", [8])
    (mention,) = Digests(seen(shelf, visible=[8])).read(asked("the weekly page"))
    assert list(mention.entries) == [8]


def test_an_overlong_name_does_not_take_the_lists_for_itself(shelf: Shelf) -> None:
    long = " ".join(f"word{number}" for number in range(3000))
    shelf.job("LU, Luxembourg", f"Keeper {long}", long)
    shelf.paper("Salt", f"Ada {long}", digest=long)
    known = seen(shelf)
    assert Catalogue(known).names(What.AUTHOR, "ada word0", 5) == [f"Ada {long}"]
    assert len(known.keys_from(List.CATALOGUE_WORD, "")) < 100
    assert len(known.keys_from(List.ROLE_PHRASE, "")) < 300
