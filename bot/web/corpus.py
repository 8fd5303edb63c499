"""The routes of the corpus view: documents, explanations, the map of passages, exam and feedback."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.facts import places_of
from bot.state.feedback import votes_in
from corpus.errors import DigestbotError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.assistant import Assistant
    from corpus.store import StoredDocument, StoredEntry

CORPUS: web.AppKey[Assistant] = web.AppKey("corpus")
_MOST_BEFORE = 6
_MOST_VOTES = 50


def mount(app: web.Application, assistant: Assistant) -> None:
    """Add the routes to an application. They only read."""
    app[CORPUS] = assistant
    app.router.add_get("/api/corpus/documents", _told(_documents))
    app.router.add_get("/api/corpus/documents/{id}", _told(_document))
    app.router.add_get("/api/corpus/explanation", _told(_explanation))
    app.router.add_get("/api/corpus/map", _told(_map))
    app.router.add_get("/api/corpus/exam", _told(_exam))
    app.router.add_get("/api/corpus/feedback", _told(_feedback))


def _told(work: Callable[[Assistant, web.Request], Any]) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Make a route that runs in a worker thread and answers JSON, errors included."""

    async def handle(request: web.Request) -> web.Response:
        try:
            return web.json_response(await asyncio.to_thread(work, request.app[CORPUS], request))
        except NotFoundError as error:
            return web.json_response({"error": str(error)}, status=404)
        except DigestbotError as error:
            return web.json_response({"error": str(error)}, status=400)

    return handle


def _documents(assistant: Assistant, request: web.Request) -> Any:
    return [_shelved(document) for document in assistant.digests()]


def _shelved(document: StoredDocument) -> dict[str, Any]:
    return {
        "id": document.id,
        "title": document.title,
        "venue": document.venue,
        "year": document.year,
        "url": document.url,
        "characters": document.characters,
        "bundled": document.bundled,
        "published": document.published.isoformat() if document.published else None,
        "ingested_at": document.ingested_at.isoformat(),
        "counts": {str(kind): count for kind, count in document.counts.items()},
        "unplaced": [[span.start, span.end] for span in document.unplaced],
    }


def _document(assistant: Assistant, request: web.Request) -> Any:
    """A document's text, its entries, and their passages; all offsets are in characters (code points)."""
    name = request.match_info["id"]
    found = [document for document in assistant.digests() if document.id == name]
    if not found:
        raise NotFoundError(f"no document {name!r}")
    entries = assistant.entries(digest=name)
    passages: dict[int, list[list[int]]] = {}
    for passage in assistant.passages([entry.id for entry in entries]):
        passages.setdefault(passage.entry, []).append([passage.span.start, passage.span.end])
    return {
        **_shelved(found[0]),
        "text": assistant.text(name),
        "entries": [_entry(entry) | {"passages": passages.get(entry.id, [])} for entry in entries],
    }


def _entry(stored: StoredEntry) -> dict[str, Any]:
    entry = stored.entry
    return {
        "id": stored.id,
        "key": stored.key,
        "kind": str(entry.kind),
        "title": entry.title,
        "start": entry.span.start,
        "end": entry.span.end,
        "section": entry.section,
        "authors": list(entry.authors),
        "place": "; ".join(place.text for place in places_of(stored)) or None,
        "company": entry.job.company if entry.job else None,
        "team": entry.team,
        "url": stored.url,
        "venue": stored.venue,
        "year": stored.year,
    }


def _explanation(assistant: Assistant, request: web.Request) -> Any:
    query = request.query
    return assistant.explain(
        query.get("question", ""),
        history=query.getall("before", [])[-_MOST_BEFORE:],
        kind=query.get("kind") or None,
    ).to_json()


def _map(assistant: Assistant, request: web.Request) -> Any:
    return [asdict(point) for point in assistant.projection()]


def _exam(assistant: Assistant, request: web.Request) -> Any:
    return assistant.last_exam()


def _feedback(assistant: Assistant, request: web.Request) -> Any:
    """The latest votes of the folder's bot and of this page."""
    votes = [*votes_in(assistant.folder), *votes_in(assistant.folder / "page")]
    return [vote.to_json() for vote in sorted(votes, key=lambda vote: vote.at, reverse=True)[:_MOST_VOTES]]
