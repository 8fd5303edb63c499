"""An answer on the command line: summary, numbered citations with their headings, excerpts as quotes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cli.console import Out, inert, listed, name_of, one_line
from bot.freshness import told

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.answer import Answer, Citation


def show_answer(out: Out, answer: Answer) -> None:
    """Print an answer, or that there is none with the entries that come nearest."""
    if answer.understood:
        out.line((f"about: {one_line(answer.understood)}", "dim"))
    if answer.answered:
        if answer.summary:
            out.line((one_line(answer.summary), "bold"))
            out.line()
        _show_citations(out, answer.citations)
        return
    out.line((one_line(answer.summary or "The corpus holds no answer to this."), "bold yellow"))
    if answer.nearest:
        out.line("Nearest, but not an answer:")
        out.line()
        for citation in answer.nearest:
            _show_heading(out, citation)


def _show_citations(out: Out, citations: Sequence[Citation]) -> None:
    for citation in citations:
        if citation is not citations[0]:
            out.line()
        margin = _show_heading(out, citation)
        best = citation.best
        parts = (
            citation.excerpt[: best.start],
            citation.excerpt[best.start : best.end],
            citation.excerpt[best.end :],
        )
        for row in _rows(zip(map(inert, parts), ("", "bold", ""), strict=True)):
            out.line(*row, margin=f"{margin}{'│' if out.terminal else '>'} ")
        others = [place.document for place in citation.also_in if place.document != citation.document]
        if others:
            out.line((f"also in {listed(dict.fromkeys(others), ', ')}", "dim"), margin=margin)


def _rows(pieces: Iterable[tuple[str, str]]) -> list[list[tuple[str, str]]]:
    """Lines of pieces of (words, style)."""
    rows: list[list[tuple[str, str]]] = [[]]
    for words, style in pieces:
        for number, line in enumerate(words.split("\n")):
            if number:
                rows.append([])
            rows[-1].append((line, style))
    return rows


def _show_heading(out: Out, citation: Citation) -> str:
    """Print a citation's number, title and small print; returns the margin of what goes under them."""
    number = f"[{citation.rank}]"
    margin = " " * (len(number) + 1)
    out.line((number, "bold cyan"), " ", (name_of(citation.title), "bold"))
    for small_print in _small_print(citation):
        out.line((small_print, "dim"), margin=margin)
    return margin


def _addresses(citation: Citation) -> list[str | None]:
    """The page's address with what opens the quote, or both where the entry's own leads elsewhere."""
    url, link = citation.url, citation.link
    return [link] if url and link and link.startswith(url) else [url, link]


def _small_print(citation: Citation) -> list[str]:
    venue = listed([citation.venue, str(citation.year) if citation.year else None], " ")
    page = f"p. {citation.page}" if citation.page else None
    lines = [
        listed(citation.authors, ", "),
        listed([citation.place, citation.team]),
        listed([name_of(citation.digest), name_of(citation.section or ""), venue, page, *told(citation)]),
        listed(_addresses(citation)),
    ]
    return [line for line in lines if line]
