"""The command ``news``: new, changed and gone documents since a day."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.console import AsJson, DataDir, OnlyKind, Out, counted, listed
from bot.cli.session import assistant_of, count_kinds, prepare

if TYPE_CHECKING:
    from bot.changes import News
    from corpus.store.records import StoredEntry

_SHOWN = 10
"""The most entries of a document that a terminal shows."""

_STYLES = {"new": "green", "changed": "yellow", "gone": "magenta"}


def show_news(
    since: Annotated[
        str,
        typer.Option(metavar="DATE|7d", help="A day (2026-10-01, October, last week), or days or weeks back."),
    ] = "7d",
    kind: OnlyKind = None,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """List what came in: documents with their new entries, and those that have changed or gone.

    Example: digestbot news --since 2w --kind job
    """
    out = Out()
    with assistant_of(prepare(data_dir), out, with_corpus=True) as assistant:
        first = _day(since, assistant.today())
        found = assistant.news(first, kind=kind)
    if as_json:
        out.json([_as_json(each) for each in found])
        return
    for each in found:
        _show(out, each)
    entries = sum(len(each.entries) for each in found)
    new = counted(entries, "new entry", "new entries")
    out.line(f"{counted(len(found), 'document')} and {new} since {first.isoformat()}")


def _day(said: str, today: date) -> date:
    """Parse a day or a time span. Raises typer.BadParameter."""
    from bot.query.dates import stretch_at

    if back := re.fullmatch(r"(\d{1,5}) ?([dw])", said.strip()):
        return today - timedelta(days=int(back[1]) * (7 if back[2] == "w" else 1))
    found = stretch_at(said.strip(), 0, today)
    if found is None or found.end != len(said.strip()):
        raise typer.BadParameter(f"{said!r} is not a day; 2026-10-01, October and 7d are", param_hint="--since")
    return found.first


def _show(out: Out, news: News) -> None:
    document, day = news.document, news.when.date().isoformat()
    if not out.terminal:
        out.line("\t".join((news.change, document.id, listed([document.title]), day)))
        for entry in news.entries:
            out.line("\t".join((str(entry.entry.kind), document.id, listed([entry.entry.title]), _where(entry))))
        return
    numbers = count_kinds(Counter(entry.entry.kind for entry in news.entries)) or "nothing new in it"
    out.line((f"{news.change:<9}", _STYLES[news.change]), (listed([document.title]), "bold"))
    out.line((listed([document.id, day, "" if news.change == "gone" else numbers]), "dim"), margin=" " * 9)
    for entry in news.entries[:_SHOWN]:
        out.line(listed([entry.entry.title, _where(entry)]), margin=" " * 11)
    if len(news.entries) > _SHOWN:
        out.line((f"and {len(news.entries) - _SHOWN} more", "dim"), margin=" " * 11)


def _where(entry: StoredEntry) -> str:
    """Return a post's company and place, or a paper's topic."""
    job, place = entry.entry.job, entry.entry.place
    return listed([job.company if job else None, place.text if place else entry.entry.section])


def _as_json(news: News) -> dict[str, Any]:
    return {
        "change": news.change,
        "when": news.when.isoformat(),
        "document": news.document.id,
        "title": news.document.title,
        "url": news.document.url,
        "entries": [
            {
                "kind": str(each.entry.kind),
                "title": each.entry.title,
                "location": each.entry.place.text if each.entry.place else None,
                "section": each.entry.section,
                "first_seen": each.first_seen.isoformat(),
                "url": each.url,
            }
            for each in news.entries
        ],
    }
