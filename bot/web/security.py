"""Guards the page: who may use it, and what a browser may do with it.

On loopback the page answers to its own host names only, so that no other site can reach it through DNS. Elsewhere
it needs a token, which the address carries once and a cookie afterwards. Requests that change something must come
from the page itself.
"""

from __future__ import annotations

import hmac
import ipaddress
from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
READING = {"GET", "HEAD"}
OWN_NAMES = ("127.0.0.1", "localhost", "[::1]")


class Guard:
    """Lets requests in or turns them away. ``token`` None: loopback alone, where none is needed."""

    def __init__(self, port: int, token: str | None) -> None:
        self._token = token
        self._cookie = f"digestbot-{port}"
        names = {f"{name}:{port}" for name in OWN_NAMES}
        self._hosts = names | set(OWN_NAMES) if port == 80 else names

    def mount(self, app: web.Application) -> None:
        """Stand before every route of an application."""
        app.middlewares.append(self.check)
        app.on_response_prepare.append(_harden)

    @web.middleware
    async def check(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """Turn away what does not come from the page, or from somebody who was not given the token."""
        if self._token is None:
            if request.host not in self._hosts:
                raise web.HTTPForbidden(
                    text="This page is for the machine that it runs on: open it as 127.0.0.1.\n"
                )
        elif not self._known(request):
            return self._let_in(request)
        if not from_the_page(request):
            raise web.HTTPForbidden(text="This is for the page itself, not for another site.\n")
        return await handler(request)

    def _known(self, request: web.Request) -> bool:
        return self._is_token(request.cookies.get(self._cookie, ""))

    def _is_token(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(), (self._token or "").encode())

    def _let_in(self, request: web.Request) -> web.Response:
        """Trade the address's token for a cookie, and take it out of the address."""
        if request.method not in READING or not self._is_token(request.query.get("token", "")):
            raise web.HTTPForbidden(text="Open the address that digestbot web has printed: it holds a token.\n")
        response = web.Response(status=303, headers={"Location": request.path})
        response.set_cookie(self._cookie, self._token or "", httponly=True, samesite="Strict", path="/")
        return response


def from_the_page(request: web.Request) -> bool:
    """Whether a request comes from this page, or, where it only reads, from somebody who opens the page.

    Browsers say where a request comes from: in Origin with what does more than read, newer ones in Sec-Fetch-Site.
    """
    site = request.headers.get("Sec-Fetch-Site", "none")
    if request.method in READING:
        opened = request.headers.get("Sec-Fetch-Mode") == "navigate" and not request.path.startswith("/api/")
        return site in {"none", "same-origin"} or opened
    return site in {"none", "same-origin"} and request.headers.get("Origin") in {
        f"http://{request.host}",
        f"https://{request.host}",
    }


def is_loopback(host: str) -> bool:
    """Whether a name or address to listen on can be reached from this machine alone."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


async def _harden(request: web.Request, response: web.StreamResponse) -> None:
    for name, value in HEADERS.items():
        response.headers[name] = value
    response.headers.setdefault("Cache-Control", "no-cache")
