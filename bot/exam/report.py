"""The report of the last exam, kept in the data folder: its marks, and which entries were found."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.exam.asking import marks, misses
from corpus.files import write_whole

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bot.exam.asking import Graded

FILE_NAME = "exam.json"
_FIRST = 5


def save(folder: Path, graded: Sequence[Graded]) -> None:
    """Write the report of an exam, whole or not at all."""
    asked: Counter[str] = Counter()
    found: Counter[str] = Counter()
    for each in graded:
        for key in each.question.gold if len(each.question.gold) == 1 else ():
            asked[key] += 1
            found[key] += any(rank <= _FIRST for rank in each.ranks)
    report = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "marks": marks(graded),
        "entries": {key: [found[key], count] for key, count in asked.items()},
        "misses": [
            {"question": each.question.question, "form": each.question.form, "wanted": sorted(each.question.gold)}
            for each in misses(graded)
        ],
    }
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / FILE_NAME, json.dumps(report, ensure_ascii=False))


def load(folder: Path) -> dict[str, Any] | None:
    """The report of the last exam; None where there was none.

    Returns:
        ``at``, an ISO time; ``marks`` as of ``bot.exam.asking.marks``; ``entries``, by key how many of the
        questions for that entry alone had it among the first five, and how many there were; ``misses``, questions
        of which nothing was found, with the keys that were wanted.
    """
    try:
        report = json.loads((folder / FILE_NAME).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return report if isinstance(report, dict) else None
