"""A block of a PDF as it is put together: its lines, its type, and the pages that it stands on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpus.readers._pdf_lines import Line
    from corpus.readers._pdf_words import Hyphens

_BULLET = re.compile(r"[•▪◦‣●○■□⁃∙·–-]\s+(?=\S)")

_PROSE_ROWS = 4
"""Rows from which a line is one of prose."""

_Mark = tuple[str | None, bool, bool]
"""Link, bold, italic."""


class Draft:
    """A block in the making.

    ``turns`` are the offsets in its lines, joined by line feeds, at which further pages begin, with these pages;
    ``room`` is what its last row leaves free, ``x`` where its first row begins; ``captions`` is whether it stands
    under a picture.
    """

    def __init__(self, line: Line, page: int) -> None:
        bullet = _BULLET.match(line.text)
        self.is_item = bullet is not None
        self.lines = [_blank(line.text[bullet.end() :] if bullet else line.text)]
        self.cells: list[tuple[str, str]] = []
        self.page, self.turns = page, list[tuple[int, int]]()
        self.size, self.bold, self.x = line.size, line.bold, line.x
        self.rows, self.room = 1, 0.0
        self._wrapped = 1
        self.captions = False
        self._marked: list[tuple[str, _Mark]] = []
        self._mark(line, bullet.end() if bullet else 0)

    @staticmethod
    def bullet(line: Line) -> bool:
        """Whether a line begins as an item of a list."""
        return _BULLET.match(line.text) is not None

    @property
    def last_page(self) -> int:
        """The page that it ends on."""
        return self.turns[-1][1] if self.turns else self.page

    @property
    def is_open(self) -> bool:
        """Whether its last line cannot end here: within a word, a quotation, or a paragraph's sentence."""
        said = self.lines[-1]
        if said[-1] == "-" and said[-2:-1].isalpha():
            return True
        return said.count("“") > said.count("”") or (self._wrapped >= _PROSE_ROWS and said[-1].isalnum())

    def add(self, line: Line) -> None:
        """Add a line that stands on its own."""
        self.lines.append(_blank(line.text))
        self.rows += 1
        self._wrapped = 1
        self.bold = self.bold and line.bold

    def join(self, line: Line, page: int, hyphens: Hyphens) -> None:
        """Go on with the last line."""
        joined = hyphens.joined(self.lines[-1], _blank(line.text))
        if page != self.last_page:
            self.turns.append(
                (sum(len(each) + 1 for each in self.lines[:-1]) + len(joined) - len(line.text), page)
            )
        if len(self.lines) == 1:
            kept = len(joined) - len(line.text) - len(self.lines[0])
            words, mark = self._marked[-1]
            self._marked[-1] = (words + " " if kept > 0 else words[:kept] if kept else words, mark)
            self._mark(line, 0)
        self.lines[-1] = joined
        self.rows += 1
        self._wrapped += 1
        self.bold = self.bold and line.bold

    def _mark(self, line: Line, skip: int) -> None:
        for words, run in line.parts:
            if said := words[skip:]:
                self._marked.append((_blank(said), (run.link, run.bold, run.italic)))
            skip = max(0, skip - len(words))

    def lead(self) -> tuple[str, str | None]:
        """The marked-up words that it begins with, and where they link to."""
        first = self._marked[0][1]
        if not any(first):
            return "", None
        words = []
        for said, mark in self._marked:
            if said.strip() and (mark[0] != first[0] if first[0] else mark != first):
                break
            words.append(said)
        return "".join(words).strip(), first[0]


def _blank(words: str) -> str:
    return words.replace("\xa0", " ")
