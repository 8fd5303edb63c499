"""The gateway: websocket sessions that identify, hear events, resume and are cut off on request."""

from __future__ import annotations

import asyncio
import json
import secrets
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from bot.testing.kinds import Intent

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.testing.world import Guild, World


DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, INVALID, HELLO, ACK = 0, 1, 2, 6, 7, 9, 10, 11
IGNORED = {3, 4, 8, 31}
"""Presence, voice and member requests: taken and not acted on."""
HEARTBEAT_INTERVAL_MS = 41_250
SEND_LIMIT = 4096
"""Bytes that a client may send in one frame."""


class ClosedError(Exception):
    """The gateway hangs up on a client, with one of Discord's close codes."""

    def __init__(self, code: int, reason: str) -> None:
        self.code, self.reason = code, reason
        super().__init__(f"{code}: {reason}")


class Connection:
    """One websocket, compressed as its client asked: zlib-stream or, for anything else, plain text.

    Frames go out one by one, in the order in which they were put.
    """

    def __init__(self, request: web.Request, socket: web.WebSocketResponse) -> None:
        self._request = request
        self._socket = socket
        self._deflate = zlib.compressobj() if request.query.get("compress") == "zlib-stream" else None
        self._outbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    @property
    def closed(self) -> bool:
        """The socket is no longer open."""
        return self._socket.closed

    def put(self, op: int, data: Any = None, *, seq: int | None = None, event: str | None = None) -> None:
        """Have a frame sent, after those that were put before."""
        self._outbox.put_nowait({"op": op, "d": data, "s": seq, "t": event})

    async def write(self) -> None:
        """Send what is put, for as long as the socket stands."""
        while True:
            text = json.dumps(await self._outbox.get())
            try:
                if self._deflate is None:
                    await self._socket.send_str(text)
                else:
                    frame = self._deflate.compress(text.encode()) + self._deflate.flush(zlib.Z_SYNC_FLUSH)
                    await self._socket.send_bytes(frame)
            except ConnectionError:
                return  # gone meanwhile: the session keeps its events for a resume

    async def close(self, code: int, reason: str = "") -> None:
        """Hang up with a close code."""
        await self._socket.close(code=code, message=reason.encode())

    def cut(self) -> None:
        """End the connection without a word."""
        if self._request.transport is not None:
            self._request.transport.abort()


@dataclass(eq=False)
class Session:
    """What an identified client may come back to: its events by number, heard or not."""

    id: str
    intents: Intent
    shard: tuple[int, int]
    connection: Connection | None = None
    events: list[tuple[str, Any]] = field(default_factory=list)
    heard: int = 0
    """The number of the last event that the client had read when it sent its last heartbeat."""

    def hears(self, guild: Guild | None) -> bool:
        """What happens in this guild (None: in private channels) is told to this session's shard."""
        number, shards = self.shard
        return (guild.id >> 22) % shards == number if guild else number == 0

    def tell(self, event: str, data: Any) -> None:
        """Number an event, keep it and send it."""
        self.events.append((event, data))
        if self.connection is not None:
            self.connection.put(DISPATCH, data, seq=len(self.events), event=event)


class Gateway:
    """Every session, and the switches that make the gateway misbehave."""

    def __init__(self, world: World, token: str, *, pulse: Callable[[], None], privileged: Intent) -> None:
        self._world, self._token, self._pulse = world, token, pulse
        self.privileged = privileged
        self.url = ""
        self.sessions: dict[str, Session] = {}
        self.intents: Intent | None = None
        self.identifies = 0
        self.resumes = 0
        self.heartbeat_interval_ms = HEARTBEAT_INTERVAL_MS
        self.beats: list[float] = []
        """When the heartbeats came, in seconds on the clock."""
        self.connections = 0
        self.shards = 1
        """The fewest shards that the bot may come with, which is what it is told to come with."""
        self.refuse_connections = 0
        """How many of the next connections are turned away with 503."""

    # what tests do to it

    async def drop(self, code: int | None = None) -> None:
        """Cut every connection: without a word, or closing with ``code``."""
        for session, connection in self._pairs():
            session.connection = None
            if code is None:
                connection.cut()
            else:
                await connection.close(code)

    async def request_reconnect(self) -> None:
        """Ask every client to reconnect and resume (op 7)."""
        for _, connection in self._pairs():
            connection.put(RECONNECT)

    async def invalidate(self, *, resumable: bool) -> None:
        """Tell every client that its session is invalid (op 9)."""
        for session, connection in self._pairs():
            connection.put(INVALID, resumable)
            if not resumable:
                del self.sessions[session.id]

    def ask_heartbeats(self) -> Callable[[], bool]:
        """Ask every client for a heartbeat (op 1); the result tells whether all have read what came before."""
        asked = [(session, connection, len(session.events)) for session, connection in self._pairs()]
        for session, connection, _ in asked:
            session.heard = -1
            connection.put(HEARTBEAT)
        return lambda: all(s.connection is not c or c.closed or s.heard >= told for s, c, told in asked)

    def connected(self) -> list[Session]:
        """The sessions whose client is there."""
        return [session for session, _ in self._pairs()]

    def _pairs(self) -> list[tuple[Session, Connection]]:
        pairs = [(session, session.connection) for session in self.sessions.values()]
        return [(session, connection) for session, connection in pairs if connection and not connection.closed]

    def dispatch(self, event: str, data: Any, guild: Guild | None, needs: Intent) -> None:
        """Tell every session of the guild's shard (or the first) that has one of the needed intents."""
        for session in self.sessions.values():
            if session.hears(guild) and (not needs or session.intents & needs):
                session.tell(event, data(session) if callable(data) else data)

    # what clients do

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one websocket until it closes."""
        self.connections += 1
        if self.refuse_connections:
            self.refuse_connections -= 1
            return web.Response(status=503, text="no gateway here just now")
        socket = web.WebSocketResponse(max_msg_size=SEND_LIMIT, compress=False)
        await socket.prepare(request)
        connection = Connection(request, socket)
        connection.put(HELLO, {"heartbeat_interval": self.heartbeat_interval_ms, "_trace": []})
        writer = asyncio.create_task(connection.write())
        session: Session | None = None
        try:
            async for frame in socket:
                if frame.type is not WSMsgType.TEXT:
                    raise ClosedError(4002, "Error while decoding payload.")
                session = self._hear(connection, session, frame.data)
                self._pulse()
        except ClosedError as closing:
            await connection.close(closing.code, closing.reason)
        finally:
            writer.cancel()
            if session is not None and session.connection is connection:
                session.connection = None
            self._pulse()
        return socket

    def _hear(self, connection: Connection, session: Session | None, text: str) -> Session | None:
        try:
            frame = json.loads(text)
            return self._take(connection, session, frame["op"], frame.get("d"))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise ClosedError(4002, "Error while decoding payload.") from None

    def _take(self, connection: Connection, session: Session | None, op: int, data: Any) -> Session | None:
        if op == HEARTBEAT:
            self.beats.append(self._world.clock.now())
            if session is not None:
                session.heard = data or 0
            connection.put(ACK)
        elif op == IDENTIFY:
            if session is not None:
                raise ClosedError(4005, "Already authenticated.")
            return self._identify(connection, data)
        elif op == RESUME:
            return self._resume(connection, data)
        elif op not in IGNORED:
            raise ClosedError(4001, "Unknown opcode.")
        elif session is None:
            raise ClosedError(4003, "Not authenticated.")
        return session

    def _identify(self, connection: Connection, data: dict[str, Any]) -> Session:
        self.identifies += 1
        if data.get("token") != self._token:
            raise ClosedError(4004, "Authentication failed.")
        self.intents = intents = Intent(data["intents"])
        if intents & Intent.privileged() & ~self.privileged:
            raise ClosedError(4014, "Disallowed intent(s).")
        shard = data.get("shard") or [0, 1]
        if not 0 <= shard[0] < shard[1]:
            raise ClosedError(4010, "Invalid shard.")
        if shard[1] < self.shards:
            raise ClosedError(4011, "Sharding required.")
        session = Session(secrets.token_hex(16), intents, (shard[0], shard[1]), connection)
        self.sessions[session.id] = session
        guilds = [g for g in self._world.guilds.values() if g.with_bot and session.hears(g)]
        session.tell(
            "READY",
            {
                "v": 10,
                "user": self._world.bot.json(),
                "guilds": [{"id": str(g.id), "unavailable": True} for g in guilds],
                "session_id": session.id,
                "resume_gateway_url": self.url,
                "shard": list(session.shard),
                "application": {"id": str(self._world.bot.id), "flags": 0},
                "private_channels": [],
            },
        )
        if Intent.GUILDS in intents:
            for guild in guilds:
                session.tell("GUILD_CREATE", guild.create_event())
        return session

    def _resume(self, connection: Connection, data: dict[str, Any]) -> Session | None:
        if data.get("token") != self._token:
            raise ClosedError(4004, "Authentication failed.")
        session = self.sessions.get(str(data.get("session_id")))
        if session is None:
            connection.put(INVALID, False)
            return None
        if not 0 <= data["seq"] <= len(session.events):
            raise ClosedError(4007, "Invalid seq.")
        self.resumes += 1
        session.connection = connection
        for number, (event, told) in enumerate(session.events[data["seq"] :], data["seq"] + 1):
            connection.put(DISPATCH, told, seq=number, event=event)
        session.tell("RESUMED", {"_trace": []})
        return session
