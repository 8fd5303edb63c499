"""Sources over a site on loopback, with a clock that a test moves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

import pytest

from bot.sources.items import Refreshed, RefreshSilence
from bot.sources.sources import NewSource, Sources
from corpus.store import Filter
from embeddings.collection import Library
from tests.bot.refresh.pages import LATIN, MARKDOWN, STYLES
from tests.doubles import HashEncoder
from tests.site import Site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.sources.ingest import Outcome


class Clock:
    """Says the time that it was set to."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


class Desk:
    """A data folder with its sources, and what the last refresh told."""

    def __init__(self, folder: Path) -> None:
        self.encoder = HashEncoder()
        self.library = Library(folder, self.encoder)
        self.clock = Clock()
        self.sources = Sources(self.library, private=True, clock=self.clock, random=Random(1))

    def add(self, address: str, **facts: object) -> Refreshed:
        return self.sources.add(NewSource(address, **facts))  # type: ignore[arg-type]

    def refresh(self, **by: float) -> dict[str, str]:
        """What became of the documents, by the last part of their addresses, after so much time has passed."""
        self.clock.forward(**(by or {"days": 8}))
        self.encoder.embedded.clear()
        self.reports = self.sources.refresh()
        return told([outcome for report in self.reports for outcome in report.outcomes])

    def source(self, name: str | None = None):
        return next(each for each in self.sources.all() if name in (None, each.id))

    def documents(self):
        return {document.id: document for document in self.library.store.documents(every_scope=True, gone=True)}

    def gone(self) -> set[str]:
        return {document.id for document in self.documents().values() if document.gone}

    def entries(self):
        return self.library.store.entries(Filter())


class Told(RefreshSilence):
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.outcomes: list[Outcome] = []

    def finished(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)


def told(outcomes: list[Outcome]) -> dict[str, str]:
    return {outcome.source.rpartition("/")[2]: outcome.state for outcome in outcomes}


def errors(report: Refreshed) -> dict[str, str]:
    """By the last part of their addresses why documents could not be read."""
    return {o.source.rpartition("/")[2]: o.error or "" for o in report.outcomes if o.state == "failed"}


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        for path, page in STYLES.items():
            site.put(path, page)
        site.put("/news/latin", LATIN.encode("latin-1"), "text/html; charset=iso-8859-1")
        site.put("/notes/moss.md", MARKDOWN, "text/plain; charset=utf-8")
        yield site


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path / "data")
    yield desk
    desk.library.close()
