"""Discord on 127.0.0.1, and the people on it: what a test says and what its users get to see."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, Self

from aiohttp import web

from bot.testing import payloads
from bot.testing.commands import Commands
from bot.testing.errors import Clock, Fault, NotPossibleError, need
from bot.testing.exchange import SIGNATURE, Upload
from bot.testing.gateway import Gateway
from bot.testing.interactions import RESPONSE_SECONDS, TOKEN_SECONDS, Interaction, Interactions, Kind, Reply
from bot.testing.kinds import NO_INTENT, Intent, MessageKind
from bot.testing.posts import Posts
from bot.testing.rest import BASE, Api, Backend
from bot.testing.routes import ROUTES
from bot.testing.rules import MESSAGE, SELECTS, SLASH
from bot.testing.rules import ComponentKind as Component
from bot.testing.world import Channel, Guild, Message, User, World

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.testing.exchange import Exchange

GATEWAY_PATH = "/gateway-socket"
FILE_PATH = r"/attachments/{number:\d+}/{name}"
TYPING_SECONDS = 10.0
USER_CONTENT = 4000
"""Characters that a user may send at most, with what Discord sells."""


class NoReplyError(AssertionError):
    """The bot did not do what a user was waiting for."""


class Loopback:
    """A strict Discord of one bot. Use it as ``async with Loopback() as discord``.

    ``time_scale`` is the speed of its clock (0: it stands until ``clock.advance``), ``patience`` the real
    seconds that any wait takes at most, ``privileged`` the privileged intents that the bot is granted.
    """

    def __init__(
        self,
        *,
        time_scale: float = 1.0,
        patience: float = 30.0,
        privileged: Intent = NO_INTENT,
        bot_name: str = "digestbot",
    ) -> None:
        self.token = secrets.token_urlsafe(24)
        self.patience = patience
        self.clock = Clock(time_scale)
        self.world = World(self.clock, bot_name)
        self.gateway = Gateway(self.world, self.token, pulse=self.clock.pulse, privileged=privileged)
        self.posts = Posts(self.world, self.gateway)
        self.commands = Commands(self.world)
        self.interactions = Interactions(self.world, self.posts)
        self.world.listener = self._announce
        self._backend = Backend(self.clock, self.world, self.posts, self.commands, self.interactions, self.gateway)
        self._api = Api(self._backend, self.token)
        self._runner: web.AppRunner | None = None
        self.api_url = ""
        self.gateway_url = ""

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=32 * 2**20)
        app.router.add_get(GATEWAY_PATH, self.gateway.handle)
        app.router.add_get(FILE_PATH, self._file)
        self._api.mount(app, ROUTES)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.world.files.base = f"http://{host}:{port}"
        self.api_url = f"http://{host}:{port}{BASE}"
        self.gateway.url = self.gateway_url = f"ws://{host}:{port}{GATEWAY_PATH}"
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.gateway.drop()
        if self._runner is not None:
            await self._runner.cleanup()

    # who and what there is

    @property
    def bot(self) -> User:
        """The bot, as a user among users."""
        return self.world.bot

    def add_user(self, name: str) -> User:
        """Make a user, who is in no guild yet."""
        return self.world.add_user(name)

    def add_guild(self, name: str, *, with_bot: bool = True) -> Guild:
        """Make a guild; ``with_bot`` False: the bot is no member of it."""
        return self.world.add_guild(name, with_bot=with_bot)

    def direct_channel(self, user: User) -> Channel:
        """The direct messages of a user with the bot."""
        return self.world.private_channel(self.bot, user)

    def private_channel(self, *users: User) -> Channel:
        """The direct messages of users among themselves, where the bot is not."""
        return self.world.private_channel(*users)

    # what came in

    @property
    def intents(self) -> Intent | None:
        """The intents of the last identify."""
        return self.gateway.intents

    @property
    def requests(self) -> list[Exchange]:
        """Every request, in the order in which they came."""
        return self._api.requests

    @property
    def refused(self) -> list[Exchange]:
        """The requests whose body broke a rule."""
        return self._api.refused

    @property
    def unknown_requests(self) -> list[Exchange]:
        """The requests for which there is no route."""
        return self._api.unknown

    @property
    def pings(self) -> list[tuple[Message, str]]:
        """Every mention by the bot that rang, with the message that it stood in."""
        return [(m, ping) for m in self.world.messages() if m.author is self.bot for ping in m.pings]

    # faults

    def fail_next(
        self,
        method: str,
        path_pattern: str,
        *,
        status: int,
        body: Any = None,
        headers: dict[str, str] | None = None,
        times: int = 1,
    ) -> None:
        """Answer the next matching requests with this, without carrying them out."""
        body = {"message": f"{status}: injected", "code": 0} if body is None else body
        self._api.faults.add(Fault(method, path_pattern, status, body, headers or {}, times=times))

    def drop_next(self, method: str, path_pattern: str, *, takes_effect: bool = False, times: int = 1) -> None:
        """Cut the connection of the next matching requests, before or after they are carried out."""
        fault = Fault(method, path_pattern, None, takes_effect=takes_effect, times=times)
        self._api.faults.add(fault)

    def rate_limit_next(
        self, method: str, path_pattern: str, *, retry_after: float, everywhere: bool = False, times: int = 1
    ) -> None:
        """Answer the next matching requests with 429; ``retry_after`` is in real seconds."""
        body = {"message": "You are being rate limited.", "retry_after": retry_after, "global": everywhere}
        headers = {"Via": "1.1 loopback", "Retry-After": f"{retry_after:.3f}"}
        headers["X-RateLimit-Scope"] = "global" if everywhere else "user"
        self.fail_next(method, path_pattern, status=429, body=body, headers=headers, times=times)

    # waiting

    async def until(self, done: Callable[[], bool], what: str, *, moment: float | None = None) -> None:
        """Wait for a condition; NoReplyError names ``what`` was waited for in vain."""
        if not await self.clock.wait(done, until=moment, real_seconds=self.patience):
            last = "\n  ".join(str(e) for e in self.requests[-5:]) or "none"
            raise NoReplyError(f"waited in vain for this: {what}\nlast requests:\n  {last}")

    async def wait_ready(self) -> None:
        """Wait until the bot is connected and has read everything sent so far."""
        await self.until(lambda: bool(self.gateway.connected()), "the bot connects to the gateway")
        await self.until(self.gateway.ask_heartbeats(), "the bot answers a heartbeat")

    async def settle(self) -> None:
        """Wait until the bot has read everything sent and has nothing open that can be seen from here.

        Open are a request under way, an interaction or a deferral without its answer, typing without a message.
        """
        for _ in range(2):  # what was read the first time may have led to more
            await self.wait_ready()
            await self.until(self._idle, "the bot finishes what it has begun")

    def _idle(self) -> bool:
        now = self.clock.now()
        waiting = any(interaction.awaited(now) for interaction in self.interactions.by_token.values())
        typing = any(self._typing_on(channel, at, now) for channel, at in self._backend.typing)
        return not (self._api.in_flight or waiting or typing)

    def _typing_on(self, channel: Channel, at: float, now: float) -> bool:
        posted = any(m.author is self.bot and m.posted_at >= at for m in channel.messages.values())
        return now - at <= TYPING_SECONDS and not posted

    # what users do

    async def slash(self, user: User, name: str, /, *, channel: Channel | None = None, **options: Any) -> Reply:
        """Use a slash command ("name" or "name subcommand"); no channel: in the bot's direct messages.

        An option that takes a file is given an ``Upload``.
        """
        return await self.use(user, name, options, channel)

    async def use(
        self, user: User, name: str, options: Mapping[str, Any], channel: Channel | None = None
    ) -> Reply:
        """Use a slash command, whatever its options are called."""
        here, (root, *path) = self._enter(user, channel), name.split()
        command = self.commands.visible(root, SLASH, user, here)
        values = {k: self.world.files.keep(v) if isinstance(v, Upload) else v for k, v in options.items()}
        data = payloads.command_data(command, path, values)
        interaction = self.interactions.open(Kind.COMMAND, user, here, message_kind=MessageKind.SLASH_COMMAND)
        return await self._send(interaction, data, f"/{name}{payloads.said(options)}")

    async def message_command(self, user: User, name: str, target: Message | Reply) -> Reply:
        """Use a command from a message's menu."""
        message = target.message if isinstance(target, Reply) else target
        here = self._enter(user, message.channel)
        command = self.commands.visible(name, MESSAGE, user, here)
        interaction = self.interactions.open(Kind.COMMAND, user, here, message_kind=MessageKind.CONTEXT_MENU)
        return await self._send(interaction, payloads.message_command_data(command, message), name)

    async def autocomplete(
        self, user: User, name: str, option: str, typed: str, /, *, channel: Channel | None = None, **options: Any
    ) -> list[dict[str, Any]]:
        """Type into an option that completes; return the choices offered: name and value."""
        return await self.complete(user, name, option, typed, options, channel)

    async def complete(
        self,
        user: User,
        name: str,
        option: str,
        typed: str,
        options: Mapping[str, Any],
        channel: Channel | None = None,
    ) -> list[dict[str, Any]]:
        """Type into an option that completes, whatever the options are called."""
        here, (root, *path) = self._enter(user, channel), name.split()
        command = self.commands.visible(root, SLASH, user, here)
        registered = payloads.find_option(command, path, option)
        need(registered.get("autocomplete"), f"option {option!r} of /{name} does not complete")
        data = payloads.command_data(command, path, {**options, option: typed}, focused=option)
        interaction = self.interactions.open(Kind.AUTOCOMPLETE, user, here, completes=registered["type"])
        await self._send(interaction, data, f"completing {option!r} of /{name}")
        return interaction.choices

    async def click(self, user: User, reply: Reply | Message, *, custom_id: str) -> Reply:
        """Press a button."""
        source = reply.message if isinstance(reply, Reply) else reply
        button = payloads.usable(source, user, custom_id, {Component.BUTTON})
        data = {"custom_id": custom_id, "component_type": button["type"]}
        return await self._use(user, source, data, f"the button {custom_id!r}")

    async def select(self, user: User, reply: Reply | Message, *, custom_id: str, values: list[str]) -> Reply:
        """Choose in a select."""
        source = reply.message if isinstance(reply, Reply) else reply
        select = payloads.usable(source, user, custom_id, SELECTS)
        data = payloads.selection_data(select, values, source.channel.guild)
        return await self._use(user, source, data, f"the select {custom_id!r}")

    async def submit_modal(self, user: User, reply: Reply, /, **fields: Any) -> Reply:
        """Fill in and send the form that a reply opened; fields by their custom_id."""
        if reply.modal is None or reply.interaction is None:
            raise NotPossibleError(f"{reply} opened no form")
        data = payloads.form_data(reply.modal, fields)
        interaction = self.interactions.open(
            Kind.MODAL, user, reply.interaction.channel, source=reply.interaction.source
        )
        return await self._send(interaction, data, f"the form {reply.modal['custom_id']!r}")

    async def direct_message(self, user: User, content: str, *, reply_to: Reply | Message | None = None) -> Reply:
        """Write to the bot in its direct messages, and wait for its answer there."""
        channel = self.direct_channel(user)
        return await self._await_message(user, await self.say(user, channel, content, reply_to=reply_to))

    async def mention(
        self, user: User, channel: Channel, content: str, *, reply_to: Reply | Message | None = None
    ) -> Reply:
        """Write a message that mentions the bot, and wait for its answer there."""
        message = await self.say(user, channel, f"{self.bot.mention} {content}", reply_to=reply_to)
        return await self._await_message(user, message)

    async def say(
        self,
        user: User,
        channel: Channel,
        content: str,
        *,
        reply_to: Reply | Message | None = None,
        ring: bool = True,
    ) -> Message:
        """Write a message and wait for nothing; not ``ring``: a reply without a ping."""
        source = reply_to.message if isinstance(reply_to, Reply) else reply_to
        need(0 < len(content) <= USER_CONTENT, f"nobody can send {len(content)} characters")
        return self.posts.by_user(user, self._enter(user, channel), content, source, ring=ring)

    async def delete(self, *messages: Message) -> None:
        """Delete messages, several as a moderator does it at once; wait for nothing."""
        if len(messages) == 1:
            self.posts.delete(messages[0])
        else:
            self.posts.delete_many(list(messages))

    def remove_bot(self, guild: Guild, *, unavailable: bool = False) -> None:
        """Take the bot out of a guild, or let Discord lose the guild for a while."""
        gone: dict[str, Any] = {"id": str(guild.id)}
        self._announce("GUILD_DELETE", gone | ({"unavailable": True} if unavailable else {}), guild)
        guild.with_bot = unavailable

    def delete_channel(self, channel: Channel) -> None:
        """Delete a channel of a guild with all that is in it."""
        if channel.guild is None:
            raise NotPossibleError("nobody deletes the channel of direct messages")
        channel.guild.channels.remove(channel)
        del self.world.channels[channel.id]
        self.world.announce("CHANNEL_DELETE", channel.json(), channel.guild)

    # behind them

    async def _file(self, request: web.Request) -> web.Response:
        upload = self.world.files.get(int(request.match_info["number"]))
        fault = self._api.faults.take("GET", request.path)
        if fault is not None and fault.status is not None:
            return web.Response(status=fault.status)
        if upload is None:
            raise web.HTTPNotFound
        if request.query_string != SIGNATURE:
            raise web.HTTPForbidden
        return web.Response(body=upload.content, headers={"Content-Type": upload.content_type})

    def _announce(self, event: str, data: dict[str, Any], guild: Guild) -> None:
        self.gateway.dispatch(event, data, guild, Intent.GUILDS)

    def _enter(self, user: User, channel: Channel | None) -> Channel:
        if channel is None:
            return self.direct_channel(user)
        here = channel.guild.members.values() if channel.guild else channel.recipients
        need(user in here, f"{user.name} is not in {channel.name or 'these private messages'}")
        return channel

    async def _use(self, user: User, source: Message, data: dict[str, Any], what: str) -> Reply:
        interaction = self.interactions.open(Kind.COMPONENT, user, source.channel, source=source)
        return await self._send(interaction, data, what)

    async def _send(self, interaction: Interaction, data: dict[str, Any], what: str) -> Reply:
        guild = interaction.channel.guild
        interaction.what = what
        event = payloads.event(interaction, data, self.bot)
        self.gateway.dispatch("INTERACTION_CREATE", event, guild, NO_INTENT)
        await self.until(
            lambda: interaction.response is not None,
            f"the bot acknowledges {what} within {RESPONSE_SECONDS:.0f} s",
            moment=interaction.born + RESPONSE_SECONDS,
        )
        await self.until(
            lambda: interaction.answered,
            f"the bot answers {what}, which it has acknowledged",
            moment=interaction.born + TOKEN_SECONDS,
        )
        return Reply(interaction.user, interaction=interaction)

    async def _await_message(self, user: User, asked: Message) -> Reply:
        typed_before = len(self._backend.typing)

        def answers() -> list[Message]:
            return [
                message
                for message in asked.channel.messages.values()
                if message.id > asked.id and message.author is self.bot and message.interaction is None
                if message.reference in {None, asked}
            ]

        await self.until(lambda: bool(answers()), f"the bot answers {asked.content!r}")
        answer = answers()[0]
        typed = [at for channel, at in self._backend.typing[typed_before:] if channel is asked.channel]
        return Reply(user, message=answer, acknowledged_after=min([answer.posted_at, *typed]) - asked.posted_at)
