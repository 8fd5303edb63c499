"""The HTTP side: every request is recorded, let through or made to fail, and answered as Discord would."""

from __future__ import annotations

import json
import re
import time
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from aiohttp import BodyPartReader, web

from bot.testing import commands as schema
from bot.testing.errors import ApiError, Fault, Faults, Problems
from bot.testing.exchange import Exchange, Upload, served

if TYPE_CHECKING:
    from bot.testing.commands import Commands
    from bot.testing.errors import Clock
    from bot.testing.gateway import Gateway
    from bot.testing.interactions import Interactions
    from bot.testing.posts import Posts
    from bot.testing.world import Channel, World

BASE = "/api/v10"
PLACE = re.compile(r"\{(\w+)\}")
ID = r"\d+"
ID_FORMS = {"token": "[^/]+", "message": r"\d+|@original"}
"""What may stand in a place of a path that is no plain number."""
BUCKET_LIMIT = 1000
Handler = Callable[["Call"], Awaitable[Any]]
RouteLine = tuple[str, str, Handler]
"""Method, path below the base, and what answers."""


@dataclass
class Backend:
    """The nouns that requests are about."""

    clock: Clock
    world: World
    posts: Posts
    commands: Commands
    interactions: Interactions
    gateway: Gateway
    typing: list[tuple[Channel, float]] = field(default_factory=list)
    """Each time the bot was seen typing: where, and when on the clock."""


@dataclass
class Call:
    """A request as a route sees it."""

    backend: Backend
    params: dict[str, str]
    query: dict[str, str]
    body: Any
    uploads: list[Upload]

    def check(self, kind: str, *rules: Callable[[Any, Problems], None]) -> None:
        """Hold the body against the rules given and against Discord's document."""
        problems = Problems()
        parts = self.body if kind == "commands" else [self.body]
        if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
            problems.add("MODEL_TYPE_CONVERT", "The body is not of the form that this request takes.")
            problems.raise_if_any()
        for rule in rules:
            rule(self.body, problems)
        schema.check(kind, self.body, problems)
        problems.raise_if_any()


class Api:
    """The REST API over a backend, with its records and faults."""

    def __init__(self, backend: Backend, token: str) -> None:
        self._backend, self._token = backend, token
        self.faults = Faults()
        self.requests: list[Exchange] = []
        self.refused: list[Exchange] = []
        self.unknown: list[Exchange] = []
        self.in_flight = 0

    def mount(self, app: web.Application, routes: list[RouteLine]) -> None:
        """Add the routes to an application, and one that records what fits none."""
        for method, path, handler in routes:
            pattern = PLACE.sub(lambda m: f"{{{m[1]}:{ID_FORMS.get(m[1], ID)}}}", path)
            app.router.add_route(method, BASE + pattern, partial(self._serve, handler, path))
        app.router.add_route("*", "/{rest:.*}", partial(self._serve, None, ""))

    async def _serve(self, handler: Handler | None, template: str, request: web.Request) -> web.StreamResponse:
        path = request.path.removeprefix(BASE)
        exchange = Exchange(request.method, path, self._backend.clock.now(), dict(request.query))
        self.requests.append(exchange)
        self.in_flight += 1
        try:
            answer = await self._answer(handler, template, request, exchange)
        finally:
            self.in_flight -= 1
            self._backend.clock.pulse()
        return answer

    async def _answer(
        self, handler: Handler | None, template: str, request: web.Request, exchange: Exchange
    ) -> web.StreamResponse:
        try:
            exchange.raw, uploads = await _read(request)
            exchange.body = _parsed(exchange.raw) if exchange.raw else None
        except ApiError as error:
            return self._failed(exchange, error)
        fault = self.faults.take(exchange.method, exchange.path)
        if fault is not None and not fault.takes_effect:
            return self._injected(request, exchange, fault)
        if handler is None:
            self.unknown.append(exchange)
            return _json(exchange, 404, {"message": "404: Not Found", "code": 0})
        if _needs_token(template) and request.headers.get("Authorization") != f"Bot {self._token}":
            return _json(exchange, 401, {"message": "401: Unauthorized", "code": 0})
        call = Call(self._backend, dict(request.match_info), exchange.query, exchange.body, uploads)
        served.set(exchange)
        try:
            answer = _json(exchange, *_with_status(await handler(call)))
        except ApiError as error:
            answer = self._failed(exchange, error)
        if fault is not None:
            return self._injected(request, exchange, fault)
        answer.headers.update(_rate_limit(exchange.method, template))
        return answer

    def _failed(self, exchange: Exchange, error: ApiError) -> web.Response:
        if error.about_the_body:
            self.refused.append(exchange)
        return _json(exchange, error.status, error.body())

    def _injected(self, request: web.Request, exchange: Exchange, fault: Fault) -> web.Response:
        exchange.injected = True
        if fault.status is not None:
            answer = _json(exchange, fault.status, fault.body)
            answer.headers.update(fault.headers)
            return answer
        exchange.status = None
        if request.transport is not None:
            request.transport.abort()
        return web.Response()


def _needs_token(template: str) -> bool:
    return not template.startswith(("/interactions/", "/webhooks/")) and template != "/gateway"


def _with_status(result: Any) -> tuple[int, Any]:
    """What a route returned: nothing (204), a body (200), or a status with a body."""
    if result is None:
        return 204, None
    if isinstance(result, tuple):
        return result
    return 200, result


def _json(exchange: Exchange, status: int, body: Any) -> web.Response:
    exchange.status = status
    exchange.error = body if status >= 400 else None
    if body is None:
        return web.Response(status=status)
    # discord.py takes exactly this content type for JSON; aiohttp's own helper would add a charset
    return web.Response(
        status=status, body=json.dumps(body).encode(), headers={"Content-Type": "application/json"}
    )


def _rate_limit(method: str, template: str) -> dict[str, str]:
    return {
        "X-RateLimit-Limit": str(BUCKET_LIMIT),
        "X-RateLimit-Remaining": str(BUCKET_LIMIT - 1),
        "X-RateLimit-Reset": f"{time.time() + 1:.3f}",
        "X-RateLimit-Reset-After": "1.000",
        "X-RateLimit-Bucket": f"{zlib.crc32(f'{method} {template}'.encode()):08x}",
        "Via": "1.1 loopback",
    }


async def _read(request: web.Request) -> tuple[bytes, list[Upload]]:
    """A request's JSON and files; form bodies carry the JSON as ``payload_json``."""
    if request.content_type.startswith("multipart/"):
        return await _read_form(request)
    raw = await request.read()
    if raw and request.content_type != "application/json":
        raise ApiError(50109)
    return raw, []


async def _read_form(request: web.Request) -> tuple[bytes, list[Upload]]:
    raw = b""
    uploads: list[Upload] = []
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            raise ApiError(50109)
        if part.name == "payload_json":
            raw = bytes(await part.read())
        else:
            content_type = part.headers.get("Content-Type", "application/octet-stream")
            uploads.append(Upload(part.filename or "unnamed", bytes(await part.read()), content_type))
    return raw, uploads


def _parsed(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        raise ApiError(50109) from None
