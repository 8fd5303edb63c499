"""A site on loopback: pages by path, with the conditional requests and the bad manners that a test gives it."""

from __future__ import annotations

import asyncio
import hashlib
import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    Odd = Callable[[web.Request], Awaitable[web.StreamResponse]]


HTML = "text/html; charset=utf-8"


@dataclass
class Answer:
    """What a path answers. With ``validated`` it has an ETag, and 304 for who knows it."""

    body: bytes | str
    kind: str = HTML
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    validated: bool = True


class Site:
    """Serves ``pages`` from a thread of its own; ``asked`` counts requests by path, ``statuses`` the answers."""

    def __init__(self) -> None:
        self.pages: dict[str, Answer | Odd] = {}
        self.asked: Counter[str] = Counter()
        self.statuses: Counter[int] = Counter()
        self.at_once = self.most_at_once = 0
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Site:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *exception: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def __call__(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def put(self, path: str, body: bytes | str, kind: str = HTML, **facts: object) -> None:
        self.pages[path] = Answer(body, kind, **facts)  # type: ignore[arg-type]

    def forget(self) -> None:
        """Count from nought."""
        self.asked.clear()
        self.statuses.clear()

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        application = web.Application()
        application.router.add_get("/{path:.*}", self._answer)
        runner = web.AppRunner(application, shutdown_timeout=0.1, access_log=None)
        self._loop.run_until_complete(runner.setup())
        site = web.TCPSite(runner, "127.0.0.1", self.port)
        self._loop.run_until_complete(site.start())
        self.port = runner.addresses[0][1]
        self._ready.set()
        self._loop.run_forever()
        self._loop.run_until_complete(runner.cleanup())
        left = asyncio.all_tasks(self._loop)
        for task in left:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        self._loop.close()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.asked[request.path] += 1
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            found = self.pages.get(request.path) or Answer("nothing here", status=404)
            response = self._plain(request, found) if isinstance(found, Answer) else await found(request)
        finally:
            self.at_once -= 1
        self.statuses[response.status] += 1
        return response

    def _plain(self, request: web.Request, answer: Answer) -> web.Response:
        body = answer.body if isinstance(answer.body, bytes) else answer.body.encode()
        headers = {"Content-Type": answer.kind, **answer.headers}
        if answer.validated and answer.status == 200:
            headers["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
            if request.headers.get("If-None-Match") == headers["ETag"]:
                return web.Response(status=304, headers={"ETag": headers["ETag"]})
        return web.Response(body=body, status=answer.status, headers=headers)


def feed_of(site: Site, items: list[tuple[str, str, str]], title: str = "News") -> str:
    """An RSS feed of (path, title, summary)."""
    rows = "".join(
        f"<item><title>{title}</title><link>{site(path)}</link><guid>{path}</guid>"
        f"<description>{summary}</description>"
        f"<pubDate>{'Mon, 02 Mar 2026 10:00:00 GMT'}</pubDate></item>"
        for path, title, summary in items
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>{title}</title>{rows}</channel></rss>'


def sitemap_of(site: Site, paths: Mapping[str, str | None]) -> str:
    """A sitemap of paths, with the days of their changes."""
    rows = "".join(
        f"<url><loc>{site(path)}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</url>"
        for path, day in paths.items()
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'
    )
