"""The commands ``source add``, ``list``, ``remove`` and ``refresh``, and ``refresh`` for cron."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.console import AsJson, DataDir, Out, counted, listed, minute, warn
from bot.cli.session import IngestProgress, assistant_of, prepare
from bot.sources.schedule import interval, spelt
from corpus.errors import DigestbotError
from corpus.model import SourceKind

if TYPE_CHECKING:
    from bot.sources.ingest import Outcome
    from bot.sources.items import Refreshed
    from corpus.store import StoredSource

source = typer.Typer(name="source", help="Keep up with feeds, sitemaps, pages and folders.", no_args_is_help=True)

_Names = Annotated[
    list[str] | None,
    typer.Argument(metavar="[NAME]...", help="Sources, as `source list` names them.", show_default=False),
]


class RefreshProgress(IngestProgress):
    """Shows a refresh: a line for each document that is not unchanged, and one for each source."""

    def __init__(self, out: Out) -> None:
        super().__init__(out, lines=True)
        self._total = 0

    def started(self, documents: int) -> None:
        """Add the documents of one more source."""
        self._total += documents
        super().started(self._total)

    def finished(self, outcome: Outcome) -> None:
        """Show the outcome of a document unless it is unchanged."""
        self.show(outcome, quiet=outcome.state == "unchanged")

    def refreshed(self, report: Refreshed) -> None:
        """Show the report of a source."""
        if report.error:
            warn(f"{report.source.id}: {report.error}; next try {_when(report.due_at)}")
        else:
            self.say(("refreshed", "green"), report.source.id, _gist(report))
        for note in report.notes:
            warn(f"{report.source.id}: {note}")


class AddProgress(RefreshProgress):
    """Shows the first refresh of a source; the command itself reports its failure."""

    def refreshed(self, report: Refreshed) -> None:
        """Show nothing."""


def _every(written: str) -> timedelta:
    try:
        return interval(written)
    except DigestbotError as error:
        raise typer.BadParameter(str(error)) from None


@source.command()
def add(
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="Where it is on the web, or a folder.")],
    kind: Annotated[
        SourceKind | None, typer.Option(help="What it is; left out: found out.", show_default=False)
    ] = None,
    links: Annotated[
        str | None,
        typer.Option(
            metavar="PATTERN",
            help="Read the pages that it links to, as far as their address (or path, with a slash first) fits.",
            show_default=False,
        ),
    ] = None,
    every: Annotated[
        timedelta | None,
        typer.Option(
            metavar="INTERVAL",
            parser=_every,
            help="How often it is looked at, such as 30m, 6h, 1d; left out: feeds 1h, folders 10m, all else 1d.",
            show_default=False,
        ),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=5000, metavar="N", help="Documents at most.")] = 200,
    name: Annotated[
        str | None, typer.Option(metavar="NAME", help="What it is called.", show_default=False)
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Add a source and read it for the first time.

    Example: digestbot source add https://example.org/feed --every 6h
    """
    from bot.sources.sources import NewSource

    out = Out()
    new = NewSource(address, kind, links, every, limit, name)
    with assistant_of(prepare(data_dir), out, with_corpus=False) as assistant, AddProgress(out) as progress:
        report = assistant.sources.add(new, listener=progress)
        kept = report.source
        progress.say(("added", "green"), kept.id, listed([kept.kind, f"every {spelt(kept.every)}", _gist(report)]))
        if report.error:
            warn(f"{kept.id}: {report.error}; next try {_when(report.due_at)}")
        elif report.due_at is None:
            warn(f"{kept.id}: another digestbot is refreshing now, and will read it next")
        for note in report.notes:
            warn(f"{kept.id}: {note}")
        if report.feed:
            out.line((f"note: the page names a feed: digestbot source add {report.feed}", "dim"))
    _end([report])


@source.command("list")
def list_sources(as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """List the sources: when each was read, when it is due, and what is wrong with it.

    Example: digestbot source list
    """
    out = Out()
    with assistant_of(prepare(data_dir), out, with_corpus=False) as assistant:
        found = assistant.sources.all()
    if as_json:
        out.json([_as_json(each) for each in found])
        return
    for each in found:
        _show(out, each)
    out.line(counted(len(found), "source"))


@source.command()
def remove(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The source, as `source list` names it.")],
    documents: Annotated[
        bool | None,
        typer.Option(
            "--documents/--keep",
            help="Whether the documents that came from it alone are removed, too; left out: asked on a terminal, "
            "else they are kept.",
            show_default=False,
        ),
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Remove a source, with or without its documents.

    Example: digestbot source remove example-org-feed --documents
    """
    out = Out()
    with assistant_of(prepare(data_dir), out, with_corpus=False) as assistant:
        number = len(assistant.sources.documents(name))
        if documents is None and number and sys.stdin.isatty() and sys.stderr.isatty():
            documents = typer.confirm(f"Remove its {counted(number, 'document')}, too?", err=True)
        gone, own = assistant.sources.remove(name, documents=bool(documents))
    what = "removed with it" if documents else "kept"
    told = f"{counted(len(own), 'document')} {what}" if own else ""
    out.line(("removed", "magenta"), "    ", (listed([gone.id]), "bold"), f"  {told}".rstrip())


@source.command("refresh")
def refresh_now(names: _Names = None, data_dir: DataDir = None) -> None:
    """Refresh sources now, due or not; without a name, all of them.

    Example: digestbot source refresh example-org-feed
    """
    _refresh(names or [], data_dir, force=True)


def refresh(
    names: _Names = None,
    force: Annotated[bool, typer.Option("--force", help="Refresh sources that are not due, too.")] = False,
    accept: Annotated[
        bool,
        typer.Option(
            "--accept",
            help="Take what is there now of the named sources, even if it has lost nearly all that it had.",
        ),
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """Refresh the sources that are due, as `digestbot run` does by itself; meant for cron.

    Example: digestbot refresh
    """
    if accept and not names:
        raise typer.BadParameter("--accept needs the names of the sources")
    _refresh(names or [], data_dir, force=force, accept=accept)


def _refresh(names: Sequence[str], data_dir: Any, *, force: bool, accept: bool = False) -> None:
    out = Out()
    with assistant_of(prepare(data_dir), out, with_corpus=False) as assistant, RefreshProgress(out) as progress:
        if not assistant.sources.all():
            warn("there is no source; `digestbot source add ADDRESS` adds one")
        waiting = [] if force or accept else assistant.sources.waiting(names)
        reports = assistant.sources.refresh(names, force=force, accept=accept, listener=progress)
        due = assistant.sources.next_due()
    for each, when in waiting:
        out.line(listed([f"{each.id} is not due before {_when(when)}; --force refreshes it now"]))
    if not (reports or waiting) and due and out.terminal:  # cron would send this by mail every time
        out.line(f"nothing is due before {_when(due)}")
    _end(reports)


def _end(reports: Sequence[Refreshed]) -> None:
    if any(each.error or any(outcome.state == "failed" for outcome in each.outcomes) for each in reports):
        raise typer.Exit(1)


def _gist(report: Refreshed) -> str:
    states = [outcome.state for outcome in report.outcomes]
    counts = [(state, states.count(state)) for state in ("new", "changed", "back", "gone", "failed")]
    told = ", ".join(f"{number:,} {state}" for state, number in counts if number)
    unchanged = f"{report.unchanged:,} unchanged" if report.unchanged else ""
    beyond = f"{report.left_out:,} beyond its limit of {report.source.items:,}" if report.left_out else ""
    return listed([", ".join(filter(None, [told, unchanged])) or "nothing there yet", beyond])


def _show(out: Out, each: StoredSource) -> None:
    read = f"read {_when(each.refreshed_at)}" if each.refreshed_at else "not read yet"
    number = counted(each.documents, "document") + (f" and {each.gone:,} gone" if each.gone else "")
    address = f"{each.address} ({each.pattern})" if each.pattern else each.address
    facts = [address, f"{each.kind}, every {spelt(each.every)}", number, read, f"next {_when(each.due_at)}"]
    wrong = trouble(each)
    if not out.terminal:
        out.line("\t".join(listed([field]) for field in (each.id, *facts, wrong)))
        return
    out.line((listed([each.id]), "bold"))
    out.line((listed(facts), "dim"), margin="    ")
    if wrong:
        out.line((listed([wrong]), "red"), margin="    ")


def trouble(each: StoredSource) -> str:
    """Say in one line what is wrong with a source; empty if nothing is."""
    if each.error:
        return f"failed {counted(each.failures, 'time')}: {each.error}"
    if each.unread:
        return f"{counted(each.unread, 'page')} could not be read, such as {each.complaint}"
    return ""


def _when(moment: datetime | None) -> str:
    return minute(moment) if moment else "later"


def _as_json(each: StoredSource) -> dict[str, Any]:
    return {
        "id": each.id,
        "kind": str(each.kind),
        "address": each.address,
        "links": each.pattern,
        "scope": each.scope,
        "every": int(each.every.total_seconds()),
        "limit": each.items,
        "documents": each.documents,
        "gone": each.gone,
        "unread": each.unread,
        "added_at": each.added_at.isoformat(),
        "refreshed_at": each.refreshed_at.isoformat() if each.refreshed_at else None,
        "due_at": each.due_at.isoformat(),
        "failures": each.failures,
        "error": each.error,
    }
