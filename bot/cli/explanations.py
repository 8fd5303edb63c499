"""What stands behind an answer on the command line: how it came about, and a quote in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cli.console import Out, inert, one_line

if TYPE_CHECKING:
    from bot.answer import Surroundings
    from bot.explaining import Explanation

_WEIGHTIEST = 6
_TITLE = 44


def show_explanation(out: Out, found: Explanation) -> None:
    """Print what a question was read as, what was found with its scores, and what the confidence is made of."""
    kind = f", {found.kind}s" if found.kind else ""
    out.line(("searched  ", "dim"), one_line(found.searched), (f"  ({found.intent}{kind})", "dim"))
    for name in found.recognised:
        exact = "" if name.exactness == 1 else f", {name.exactness:.0%} exact"
        carried = f"{name.entries:,} {'entry' if name.entries == 1 else 'entries'}"
        said = f"  “{one_line(name.words)}”{exact}, {carried}"
        out.line((f"{name.what:<10}", "dim"), one_line(name.name), (said, "dim"))
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
    """Print a quote in bold within what stands around it."""
    out.line((one_line(found.title), "bold"))
    if found.digest != found.title:
        out.line((one_line(found.digest), "dim"))
    cut = found.quoted
    pieces = (
        (found.text[: cut.start], ""),
        (found.text[cut.start : cut.end], "bold"),
        (found.text[cut.end :], ""),
    )
    row: list[tuple[str, str]] = []
    for words, style in pieces:
        first, *rest = inert(words).split("\n")
        row.append((first, style))
        for line in rest:
            out.line(*row, margin="│ " if out.terminal else "> ")
            row = [(line, style)]
    out.line(*row, margin="│ " if out.terminal else "> ")
