"""A corpus in which nothing ever comes in, for tests that are about something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.alerts import Moment

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from bot.alerts import Arrival
    from bot.answer import Citation
    from corpus.model import Kind


class Quiet:
    """Has no news."""

    def now(self) -> Moment:
        return Moment(0, "", 0)

    def is_of_here(self, moment: object) -> bool:
        return True

    def arrivals(self, after: int, most: int) -> list[Arrival]:
        return []

    def matches(self, query: str, scope: int | None, entries: Collection[int]) -> list[int]:
        return []

    def citations(
        self, query: str, scope: int | None, keys: Sequence[str], most: int, kinds: frozenset[Kind] | None = None
    ) -> tuple[list[Citation], int]:
        return [], 0
