"""The views of the page: what each is called, and the static files that all of them are made of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from aiohttp import web

STATIC = Path(__file__).parent / "static"


@dataclass(frozen=True)
class View:
    """A view, which every page's header links to."""

    path: str
    title: str
    file: str


VIEWS = [View("/", "Conversation", "conversation.html"), View("/corpus", "Corpus", "corpus.html")]


def mount(app: web.Application) -> None:
    """Add the views and their files to an application."""
    for view in VIEWS:
        app.router.add_get(view.path, partial(_page, view))
    app.router.add_static("/static", STATIC)


async def _page(view: View, request: web.Request) -> web.FileResponse:
    return web.FileResponse(STATIC / view.file)
