"""A corpus with days, for tests: two boards of job posts and two guides, as they stood on 21 November 2026."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from corpus.model import Entry, Kind, Page, Place, Span
from corpus.store import Identity

if TYPE_CHECKING:
    from embeddings.collection import Library

TODAY = date(2026, 11, 21)


@dataclass(frozen=True)
class Post:
    """A job post to be: its role, what it says, its city in Spain or Italy, and its days."""

    role: str
    text: str
    city: str
    posted: date | None = None
    closes: date | None = None


MADRID = Post("Kite Scientist", "Measure kites in gusts.", "Madrid", date(2026, 10, 20), date(2026, 11, 30))
TURIN = Post("Lantern Engineer", "Build paper lanterns that float.", "Turin", date(2026, 3, 3), date(2026, 4, 30))
BARCELONA = Post("Sail Economist", "Price the sails of a whole harbour.", "Barcelona")
COUNTRIES = {"Madrid": ("ES", "M"), "Barcelona": ("ES", "B"), "Turin": ("IT", "21")}


def board(*posts: Post, published: date | None = None) -> Page:
    """A page of job posts."""
    text, entries = "Work with us\n", []
    for post in posts:
        country, region = COUNTRIES[post.city]
        said = f"{post.role}\n{country}, {post.city}\n{post.text}"
        span = Span(len(text) + 1, len(text) + 1 + len(said))
        text += f"\n{said}\n"
        place = Place(f"{country}, {post.city}", country, region, post.city)
        entries.append(
            Entry(Kind.JOB, post.role, span, place=place, role=post.role, posted=post.posted, closes=post.closes)
        )
    return Page(text, "Work with us", tuple(entries), published=published)


def guide(venue: str, year: int, *titles: str, published: date | None = None, title: str | None = None) -> Page:
    """A page of papers, each with a sentence of its own."""
    head = title or f"A guide to kites at {venue} {year}"
    text, entries = f"{head}\n", []
    for name in titles:
        said = f"{name}\nAda Moss\nHere {name.lower()} are told of at length."
        span = Span(len(text) + 1, len(text) + 1 + len(said))
        text += f"\n{said}\n"
        entries.append(Entry(Kind.PAPER, name, span, "Flight", ("Flight",), ("Ada Moss",)))
    return Page(text, head, tuple(entries), venue=venue, year=year, published=published)


def put(library: Library, name: str, page: Page, *, seen: str = "2026-11-01", source: str | None = None) -> None:
    """Store a page as if it had been read for the first time on a day."""
    who = Identity(name, source or f"/pages/{name}.txt", "html/1", f"{len(page.text)}-{name}", None)
    library.add(who, page)
    moment = f"{seen}T08:00:00+00:00"
    db = library.store._connection
    (number,) = db.execute("SELECT number FROM documents WHERE id = ?", (name,)).fetchone()
    db.execute("UPDATE documents SET first_seen = ?, ingested_at = ? WHERE number = ?", (moment, moment, number))
    db.execute("UPDATE entries SET first_seen = ? WHERE document = ?", (moment, number))


def mark_gone(library: Library, name: str, day: str) -> None:
    """Note that a document's source no longer has it."""
    with library.store._transaction() as db:
        db.execute("UPDATE documents SET gone = ? WHERE id = ?", (f"{day}T08:00:00+00:00", name))
        db.execute("INSERT INTO generations (stamp) VALUES (hex(randomblob(8)))")
