"""The command ``ask``, and how answers, explanations and quotes are printed."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from bot.answer import told
from bot.cli.console import (
    AsJson,
    DataDir,
    Digest,
    Gone,
    OnlyKind,
    Out,
    Top,
    counted,
    inert,
    listed,
    looking_it_up,
    name_of,
    one_line,
    readable,
)
from bot.cli.session import assistant_of, beside, load_engine, prepare, warm_up
from bot.process import unswept

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.answer import Answer, Citation, Surroundings
    from bot.answering.explain import Explanation


def show_answer(out: Out, answer: Answer) -> None:
    """Print an answer, or the nearest entries if there is none."""
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
        excerpt = citation.excerpt
        _show_quote(out, excerpt[: best.start], excerpt[best.start : best.end], excerpt[best.end :], margin=margin)
        others = [place.document for place in citation.also_in if place.document != citation.document]
        if others:
            out.line((f"also in {listed(dict.fromkeys(others), ', ')}", "dim"), margin=margin)


def _show_quote(out: Out, before: str, bold: str, after: str, *, margin: str = "") -> None:
    """Print a quote behind a bar, with a part of it in bold."""
    rows: list[list[tuple[str, str]]] = [[]]
    for words, style in ((before, ""), (bold, "bold"), (after, "")):
        first, *rest = inert(words).split("\n")
        rows[-1].append((first, style))
        rows += [[(line, style)] for line in rest]
    for row in rows:
        out.line(*row, margin=f"{margin}{'│' if out.terminal else '>'} ")


def _show_heading(out: Out, citation: Citation) -> str:
    """Print a citation's number, title and small print; return the margin for its excerpt."""
    number = f"[{citation.rank}]"
    margin = " " * (len(number) + 1)
    out.line((number, "bold cyan"), " ", (name_of(citation.title), "bold"))
    for small_print in _small_print(citation):
        out.line((small_print, "dim"), margin=margin)
    return margin


def _addresses(citation: Citation) -> list[str | None]:
    """Return the link that opens the quote, and the entry's own address if that leads elsewhere."""
    url, link = citation.url, citation.link
    return [link] if url and link and link.startswith(url) else [url, link]


def _small_print(citation: Citation) -> list[str]:
    venue = listed([citation.venue, str(citation.year) if citation.year else None], " ")
    page = f"p. {citation.page}" if citation.page else None
    lines = [
        listed(citation.authors, ", "),
        listed([citation.company, citation.place, citation.team, citation.remote, citation.pay]),
        listed([name_of(citation.digest), name_of(citation.section or ""), venue, page, *told(citation)]),
        listed(_addresses(citation)),
    ]
    return [line for line in lines if line]


def ask(
    question: Annotated[
        str, typer.Argument(metavar="QUESTION", help="The question; - reads it from standard input.")
    ],
    history: Annotated[
        list[str] | None,
        typer.Option(metavar="QUESTION", help="A question asked before, oldest first; may be repeated."),
    ] = None,
    kind: OnlyKind = None,
    digest: Digest = None,
    top: Top = 5,
    gone: Gone = False,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Answer one question with cited excerpts.

    Example: digestbot ask "who wrote RLSbench?"
    """
    words = readable(sys.stdin.read() if question == "-" else question)
    if not words:
        raise typer.BadParameter("the question is empty", param_hint="QUESTION")
    out = Out()
    before = [readable(each) for each in history or []]
    with unswept():
        with (
            beside(load_engine),
            assistant_of(prepare(data_dir), out, with_corpus=True) as assistant,
            beside(partial(warm_up, assistant)),
            looking_it_up(out),
        ):
            answer = assistant.ask(words, history=before, kind=kind, digest=digest, top=top, gone=gone)
        if as_json:
            out.json(answer.to_json())
        else:
            show_answer(out, answer)


_WEIGHTIEST = 6
_TITLE = 44


def show_explanation(out: Out, found: Explanation) -> None:
    """Print how a question was parsed, the candidates with their scores, and the confidence's signals."""
    kind = f", {found.kind}s" if found.kind else ""
    out.line(("searched  ", "dim"), one_line(found.searched), (f"  ({found.intent}{kind})", "dim"))
    for name in found.recognised:
        exact = "" if name.exactness == 1 else f", {name.exactness:.0%} exact"
        note = f"  “{one_line(name.words)}”{exact}, {counted(name.entries, 'entry', 'entries')}"
        out.line((f"{name.what:<10}", "dim"), one_line(name.name), (note, "dim"))
    out.line()
    out.line(("     score  passage  sentence  words  facts", "dim"))
    for each in found.found:
        numbers = (
            f"{each.score:.3f}    {each.passage:.3f}     {each.sentence:.3f}  {each.words:.3f}  {each.facts:.3f}"
        )
        title = one_line(each.title)
        title = title if len(title) <= _TITLE else f"{title[: _TITLE - 1]}…"
        out.line((f"[{each.rank}]".ljust(5), "bold cyan"), f"{numbers}  ", title, (f"  {each.kind}", "dim"))
    out.line()
    answered = "answered" if found.answer.answered else "not answered"
    out.line(
        f"confidence {found.answer.confidence:.3f}, {answered}",
        (f" (answered from {found.threshold:.3f} on)", "dim"),
    )
    if found.refusal:
        out.line(("missing   ", "dim"), one_line(found.refusal))
    signals = [f"{each.name} {each.value:g} ({each.adds:+.2f})" for each in found.weighed[:_WEIGHTIEST]]
    out.line(("weighed   ", "dim"), ", ".join(signals))


def show_surroundings(out: Out, found: Surroundings) -> None:
    """Print a quote in bold within its surroundings."""
    out.line((one_line(found.title), "bold"))
    if found.digest != found.title:
        out.line((one_line(found.digest), "dim"))
    cut = found.quoted
    _show_quote(out, found.text[: cut.start], found.text[cut.start : cut.end], found.text[cut.end :])
