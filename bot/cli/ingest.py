"""The commands ``ingest``, ``remove`` and ``status``."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.console import AsJson, DataDir, Out, counted, listed, minute, warn
from bot.cli.session import IngestProgress, assistant_of, count_kinds, prepare
from bot.cli.sources import trouble

if TYPE_CHECKING:
    from bot.status import Status


def ingest(
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PATH or URL]...",
            help="Files, folders and web pages; none: the bundled digests.",
            show_default=False,
        ),
    ] = None,
    prune: Annotated[
        bool, typer.Option("--prune", help="Also remove documents whose file has gone from a named folder.")
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """Read documents into the corpus.

    Only what is new or changed is embedded; what a folder no longer has stays, unless --prune is given.

    Example: digestbot ingest notes/ https://example.org/guide --prune
    """
    out = Out()
    opened = assistant_of(prepare(data_dir), out, with_corpus=False)
    with opened as assistant, IngestProgress(out, lines=True) as progress:
        outcomes = assistant.ingest(sources or [], prune=prune, listener=progress)
    if not outcomes:
        warn("there is nothing to read there")
    if any(outcome.state == "failed" for outcome in outcomes):
        raise typer.Exit(1)


def remove(
    document: Annotated[
        str | None,
        typer.Argument(metavar="[ID]", help="The document, as `list` names it.", show_default=False),
    ] = None,
    bundled: Annotated[bool, typer.Option("--bundled", help="All bundled digests.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Take a document out of the corpus and the index.

    Example: digestbot remove 000_icml-2023
    """
    if bundled == (document is not None):
        raise typer.BadParameter("name one document, or --bundled")
    out = Out()
    with assistant_of(prepare(data_dir), out, with_corpus=False) as assistant:
        if document is not None:
            assistant.remove(document)
            gone = [document]
        else:
            gone = assistant.remove_bundled()
    for name in gone:
        out.line(("removed", "magenta"), "  ", (listed([name]), "bold"))
    if not gone:
        out.line("no bundled digests are in the corpus")


def status(
    verify: Annotated[
        bool, typer.Option("--verify", help="Check text, vectors and index against each other.")
    ] = False,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Show what the data folder holds and whether it is in order.

    Example: digestbot status --verify
    """
    out = Out()
    with assistant_of(prepare(data_dir), out, with_corpus=False) as assistant:
        found = assistant.status(verify=verify)
    if as_json:
        out.json(_as_json(found))
    else:
        _show(out, found)
    if found.problems:
        raise typer.Exit(1)


def _show(out: Out, found: Status) -> None:
    made = found.index_generation
    indexed = "none yet" if made is None else f"{found.index_kind}, generation {made}"
    facts = {
        "data folder": str(found.data_dir),
        "model": found.model,
        "index": f"{indexed} (corpus: generation {found.generation})",
        "documents": f"{found.documents:,}",
        "entries": count_kinds(found.entries) or "none",
        "passages": f"{found.passages:,}, {counted(found.vectors, 'vector')}",
        "size": f"{found.store_bytes / 1e6:,.1f} MB",
        "last ingest": minute(found.last_ingest) if found.last_ingest else "never",
    }
    if found.sources:
        due = min(source.due_at for source in found.sources)
        facts["sources"] = f"{len(found.sources):,}, next due {minute(due)}"
    for name, fact in facts.items():
        out.line((f"{name:<12}", "dim"), "  ", listed([fact]))
    for source in found.sources:
        if wrong := trouble(source):
            out.line(("failing     ", "bold red"), "  ", listed([f"{source.id}: {wrong}"]))
    for problem in found.problems:
        out.line(("problem     ", "bold red"), "  ", listed([problem]))
    if found.mend:
        out.line(("to mend     ", "bold"), "  ", listed([found.mend]))
    if found.verified and not found.problems:
        out.line(("verified    ", "green"), "  text, vectors and index agree")


def _as_json(found: Status) -> dict[str, Any]:
    facts = {field.name: getattr(found, field.name) for field in fields(found) if field.name != "sources"}
    facts["last_ingest"] = found.last_ingest.isoformat() if found.last_ingest else None
    failing = {source.id: source.error or source.complaint for source in found.sources if trouble(source)}
    return {**facts, "data_dir": str(found.data_dir), "sources": len(found.sources), "failing": failing}
