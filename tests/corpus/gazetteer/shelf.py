"""A shelf: entries that a test puts on it, invented or read from a page, and the gazetteer of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from corpus.gazetteer import Gazetteer, Mention, NamesFile, What
from corpus.model import Entry, Kind, Span
from corpus.places import read_places
from corpus.readers import reader_for
from corpus.store import StandingDocument, StoredEntry
from corpus.text import entry_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path


@dataclass
class Shelf:
    """Entries that a test puts on it, and the gazetteer of them."""

    entries: list[StoredEntry] = field(default_factory=list)
    texts: dict[int, str] = field(default_factory=dict)

    def put(
        self, entry: Entry, text: str, digest: str = "Notes", venue: str | None = None, year: int | None = None
    ) -> int:
        number = len(self.entries) + 1
        key = entry_key(entry, text)
        self.entries.append(
            StoredEntry(number, key, "notes", digest, venue, year, None, datetime(2026, 1, 1, tzinfo=UTC), entry)
        )
        self.texts[number] = text
        return number

    def paper(self, title: str, *authors: str, topic: str | None = None, text: str = "", **facts: object) -> int:
        said = f"{title}\n{', '.join(authors)}\n{text}"
        headings = (topic,) if topic else ()
        return self.put(
            Entry(Kind.PAPER, title, Span(0, len(said)), topic, headings, authors),
            said,
            **facts,  # type: ignore[arg-type]
        )

    def job(self, place: str, role: str | None = None, team: str | None = None, text: str = "") -> int:
        said = f"{place}\n\n{text}"
        entry = Entry(
            Kind.JOB,
            role or "Opening",
            Span(0, len(said)),
            place=read_places(place).places[0],
            role=role,
            team=team,
        )
        return self.put(entry, said)

    def page(self, file: Path) -> None:
        page = reader_for(file).read(file.read_bytes(), name=file.stem)
        for entry in page.entries:
            venue = entry.venue or (None if entry.kind is Kind.JOB else page.venue)
            year = entry.year or (None if entry.kind is Kind.JOB else page.year)
            self.put(entry, page.text[entry.span.start : entry.span.end], page.title, venue, year)

    def gazetteer(self) -> Gazetteer:
        names = NamesFile(None, self)
        names.refresh()
        return names.gazetteer(None)

    # What a store tells: here each entry is a document of its own.

    @property
    def generation(self) -> int:
        return len(self.entries)

    def stamp(self, generation: int) -> str:
        return "the only shelf"

    def standing(self) -> list[StandingDocument]:
        return [
            StandingDocument(
                e.id, str(e.id), None, False, e.digest, None, e.venue, e.year, e.published, e.first_seen
            )
            for e in self.entries
        ]

    def written(self, number: int) -> tuple[list[StoredEntry], str]:
        stored = self.entries[number - 1]
        return [stored], " " * stored.entry.span.start + self.texts[number]

    def ids_by_key(self, keys: Iterable[str]) -> dict[str, list[int]]:
        wanted = set(keys)
        return {key: [e.id for e in self.entries if e.key == key] for key in wanted}

    def entries_by_id(self, ids: Sequence[int]) -> dict[int, StoredEntry]:
        return {i: self.entries[i - 1] for i in ids}

    def titles(self, ids: Sequence[int]) -> dict[int, str]:
        return {i: self.entries[i - 1].entry.title for i in ids}


def of(what: What, mentions: Iterable[Mention]) -> list[Mention]:
    return [mention for mention in mentions if mention.what is what]


def names(what: What, mentions: Iterable[Mention]) -> list[str]:
    return [mention.name for mention in of(what, mentions)]
