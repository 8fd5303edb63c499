"""What ``list --unplaced`` shows: stretches that look like papers or posts, but were only kept as prose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cli.console import Out, counted, listed, one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.assistant import Assistant
    from corpus.store.records import StoredDocument

_FIRST = 120
"""Characters of a stretch that are shown."""


def show_unplaced(out: Out, assistant: Assistant, digests: Sequence[StoredDocument], *, as_json: bool) -> None:
    """Print each stretch with its document and its first words; as JSON with its offsets and all of it."""
    found = [
        (each.id, span.start, span.end, assistant.text(each.id, span.start, span.end))
        for each in digests
        for span in each.unplaced
    ]
    if as_json:
        out.json([dict(zip(("document", "start", "end", "text"), each, strict=True)) for each in found])
        return
    for document, _, _, text in found:
        words = one_line(text)
        shown = words if len(words) <= _FIRST else f"{words[:_FIRST].rsplit(' ', 1)[0]}…"
        if out.terminal:
            out.line((listed([document]), "bold"), f"  {shown}")
        else:
            out.line(f"{listed([document])}\t{shown}")
    digests_told = counted(len({document for document, *_ in found}), "digest")
    out.line(f"{counted(len(found), 'block')} not recognised in {digests_told}")
