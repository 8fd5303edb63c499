"""The routes: users, guilds, channels, messages, commands, interactions and their webhooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.testing.errors import ApiError, Problems
from bot.testing.interactions import Interaction, Response, check_response_kind
from bot.testing.kinds import Flag
from bot.testing.rules import check_choices, check_message, check_modal

if TYPE_CHECKING:
    from bot.testing.commands import Scope
    from bot.testing.rest import Call, RouteLine
    from bot.testing.world import Channel, Message

MOST_MESSAGES = 100


# who and where


async def gateway(call: Call) -> Any:
    """Where the gateway is."""
    return {"url": call.backend.gateway.url}


async def gateway_bot(call: Call) -> Any:
    """Where the gateway is, and how often the bot may still identify."""
    starts = {"total": 1000, "remaining": 1000 - call.backend.gateway.identifies, "reset_after": 86_400_000}
    gateway = call.backend.gateway
    return {
        "url": gateway.url,
        "shards": gateway.shards,
        "session_start_limit": starts | {"max_concurrency": 1},
    }


async def me(call: Call) -> Any:
    """The bot's own user."""
    return call.backend.world.bot.json()


async def application(call: Call) -> Any:
    """The bot's application."""
    world = call.backend.world
    return {
        "id": str(world.bot.id),
        "name": world.bot.name,
        "icon": None,
        "description": "",
        "bot_public": True,
        "bot_require_code_grant": False,
        "owner": world.owner.json(),
        "verify_key": "0" * 64,
        "team": None,
        "flags": 0,
        "summary": "",
        "integration_types_config": {"0": {}, "1": {}},
        "approximate_guild_count": sum(g.with_bot for g in world.guilds.values()),
    }


async def user(call: Call) -> Any:
    """A user by id."""
    found = call.backend.world.users.get(int(call.params["user"]))
    if found is None:
        raise ApiError(10013)
    return found.json()


async def open_private_channel(call: Call) -> Any:
    """The bot's direct messages with a user."""
    call.check("private channel")
    world = call.backend.world
    other = world.users.get(int(call.body.get("recipient_id") or 0))
    if other is None or other.bot:
        raise ApiError(50007 if other else 10013)
    return world.private_channel(world.bot, other).json()


async def my_guilds(call: Call) -> Any:
    """The guilds that the bot is in."""
    return [g.json() for g in call.backend.world.guilds.values() if g.with_bot]


async def guild(call: Call) -> Any:
    """A guild that the bot is in."""
    return call.backend.world.guild(call.params["guild"]).json()


async def guild_channels(call: Call) -> Any:
    """The channels of a guild."""
    return [c.json() for c in call.backend.world.guild(call.params["guild"]).channels]


async def guild_roles(call: Call) -> Any:
    """The roles of a guild."""
    return call.backend.world.guild(call.params["guild"]).json()["roles"]


async def guild_member(call: Call) -> Any:
    """A member of a guild."""
    here = call.backend.world.guild(call.params["guild"])
    member = here.members.get(int(call.params["user"]))
    if member is None:
        raise ApiError(10007)
    return here.member_json(member)


# channels and messages


def _channel(call: Call) -> Channel:
    return call.backend.world.channel(call.params["channel"])


def _message(call: Call) -> Message:
    return call.backend.world.message(call.params["channel"], call.params["message"])


async def channel(call: Call) -> Any:
    """A channel that the bot can reach."""
    return _channel(call).json()


async def typing(call: Call) -> None:
    """Show the bot as typing."""
    here = _channel(call)
    if not here.bot_may_send:
        raise ApiError(50013)
    call.backend.typing.append((here, call.backend.clock.now()))
    call.backend.world.show(here)


async def read_messages(call: Call) -> Any:
    """Messages of a channel, the newest first."""
    limit = int(call.query.get("limit", 50))
    if not 1 <= limit <= MOST_MESSAGES:
        problems = Problems()
        problems.at("limit").add("NUMBER_TYPE_MAX", f"int value should be between 1 and {MOST_MESSAGES}.")
        problems.raise_if_any()
    messages = _channel(call).visible()
    if "before" in call.query:
        messages = [m for m in messages if m.id < int(call.query["before"])]
    if "after" in call.query:
        messages = [m for m in messages if m.id > int(call.query["after"])][:limit]
    return [call.backend.posts.readable(m) for m in reversed(messages[-limit:])]


async def read_message(call: Call) -> Any:
    """One message of a channel."""
    return call.backend.posts.readable(_message(call))


async def send_message(call: Call) -> Any:
    """Post a message to a channel."""
    call.check("message", lambda body, p: check_message(body, p, has_files=bool(call.uploads)))
    return call.backend.posts.by_bot(_channel(call), call.body, call.uploads).json()


async def edit_message(call: Call) -> Any:
    """Change a message of the bot's own."""
    message = _message(call)
    if message.author is not call.backend.world.bot:
        raise ApiError(50005)
    _check_edit(call, "message edit", message)
    return call.backend.posts.edit(message, call.body, call.uploads).json()


async def delete_message(call: Call) -> None:
    """Delete a message."""
    message = _message(call)
    if message.channel.guild is None and message.author is not call.backend.world.bot:
        raise ApiError(50013)
    call.backend.posts.delete(message)


async def open_thread(call: Call) -> Any:
    """Open a thread on a message."""

    def rule(body: dict[str, Any], problems: Problems) -> None:
        problems.text(body, "name", longest=100, shortest=1)

    call.check("thread", rule)
    return 201, call.backend.posts.start_thread(_message(call), call.body["name"]).json()


def _check_edit(call: Call, kind: str, message: Message) -> None:
    """Check an edit: what it sets, and that something is left to see."""

    def rule(body: dict[str, Any], problems: Problems) -> None:
        shown = {"content": message.content, "embeds": message.embeds, "components": message.components}
        left = any((shown | body).get(key) for key in shown)
        kept = message.attachments if body.get("attachments") is None else body["attachments"]
        has_files = bool(call.uploads or kept)
        check_message(body, problems, flags=message.flags, may_be_empty=left, has_files=has_files)

    call.check(kind, rule)


# commands


def _scope(call: Call) -> Scope:
    if call.params["application"] != str(call.backend.world.bot.id):
        raise ApiError(50001)
    return call.backend.world.guild(call.params["guild"]).id if "guild" in call.params else None


def _shown(call: Call, command: dict[str, Any]) -> dict[str, Any]:
    """A command in a listing: translations only where they are asked for."""
    if call.query.get("with_localizations", "").lower() in {"true", "1"}:
        return command
    return {key: value for key, value in command.items() if not key.endswith("_localizations")}


async def list_commands(call: Call) -> Any:
    """The commands of a scope."""
    return [_shown(call, command) for command in call.backend.commands.all(_scope(call))]


async def replace_commands(call: Call) -> Any:
    """Register exactly these commands."""
    call.check("commands")
    return call.backend.commands.replace(_scope(call), call.body)


async def create_command(call: Call) -> Any:
    """Register one command beside the others."""
    call.check("command")
    command, new = call.backend.commands.create(_scope(call), call.body)
    return 201 if new else 200, command


async def read_command(call: Call) -> Any:
    """One command."""
    return call.backend.commands.get(_scope(call), call.params["command"])


async def edit_command(call: Call) -> Any:
    """Change one command."""
    call.check("command edit")
    return call.backend.commands.edit(_scope(call), call.params["command"], call.body)


async def delete_command(call: Call) -> None:
    """Take one command away."""
    call.backend.commands.delete(_scope(call), call.params["command"])


# interactions and their webhooks


async def respond(call: Call) -> Any:
    """The first response to an interaction."""
    interactions = call.backend.interactions
    interaction = interactions.waiting(call.params["interaction"], call.params["token"])
    call.check("callback", lambda body, problems: _check_response(call, interaction, body, problems))
    interactions.respond(interaction, call.body, call.uploads)
    if call.query.get("with_response", "").lower() not in {"true", "1"}:
        return None
    about: dict[str, Any] = {"id": str(interaction.id), "type": int(interaction.kind)}
    response: dict[str, Any] = {"interaction": about}
    shown = interaction.original or (interaction.source if interaction.updated else None)
    if shown is not None:
        about |= {
            "response_message_id": str(shown.id),
            "response_message_loading": shown.loading,
            "response_message_ephemeral": shown.ephemeral,
        }
        response["resource"] = {"type": call.body["type"], "message": shown.json()}
    return response


def _check_response(call: Call, interaction: Interaction, body: dict[str, Any], problems: Problems) -> None:
    response = check_response_kind(interaction, body)
    data, here = body.get("data") or {}, problems.at("data")
    if response is Response.MESSAGE:
        check_message(data, here, ephemeral_allowed=True, has_files=bool(call.uploads))
    elif response is Response.UPDATE and interaction.source is not None:
        check_message(data, here, flags=interaction.source.flags, may_be_empty=True)
    elif response is Response.DEFERRED_MESSAGE:
        if (data.get("flags") or 0) & ~int(Flag.EPHEMERAL):
            here.at("flags").add("BITFIELD_INVALID", "A deferral may set EPHEMERAL and nothing else.")
    elif response is Response.CHOICES:
        check_choices(data, here, interaction.completes)
    elif response is Response.MODAL:
        check_modal(data, here)


def _acknowledged(call: Call) -> Interaction:
    return call.backend.interactions.acknowledged(call.params["application"], call.params["token"])


async def follow_up(call: Call) -> Any:
    """A further message of an interaction."""
    interaction = _acknowledged(call)
    call.check(
        "follow-up",
        lambda body, p: check_message(body, p, ephemeral_allowed=True, has_files=bool(call.uploads)),
    )
    return call.backend.interactions.follow_up(interaction, call.body, call.uploads).json()


async def read_reply(call: Call) -> Any:
    """A message of an interaction."""
    return call.backend.interactions.message(_acknowledged(call), call.params["message"]).json()


async def edit_reply(call: Call) -> Any:
    """Change a message of an interaction, or fill a deferral in."""
    interaction = _acknowledged(call)
    message = call.backend.interactions.message(interaction, call.params["message"])
    _check_edit(call, "webhook edit", message)
    return call.backend.interactions.edit(interaction, message, call.body, call.uploads).json()


async def delete_reply(call: Call) -> None:
    """Delete a message of an interaction."""
    interaction = _acknowledged(call)
    message = call.backend.interactions.message(interaction, call.params["message"])
    call.backend.interactions.delete(interaction, message)


def _command_routes(base: str) -> list[RouteLine]:
    one = base + "/{command}"
    return [
        ("GET", base, list_commands),
        ("PUT", base, replace_commands),
        ("POST", base, create_command),
        ("GET", one, read_command),
        ("PATCH", one, edit_command),
        ("DELETE", one, delete_command),
    ]


WEBHOOK = "/webhooks/{application}/{token}"
ROUTES: list[RouteLine] = [
    ("GET", "/gateway", gateway),
    ("GET", "/gateway/bot", gateway_bot),
    ("GET", "/users/@me", me),
    ("GET", "/users/@me/guilds", my_guilds),
    ("POST", "/users/@me/channels", open_private_channel),
    ("GET", "/users/{user}", user),
    ("GET", "/oauth2/applications/@me", application),
    ("GET", "/applications/@me", application),
    ("GET", "/guilds/{guild}", guild),
    ("GET", "/guilds/{guild}/channels", guild_channels),
    ("GET", "/guilds/{guild}/roles", guild_roles),
    ("GET", "/guilds/{guild}/members/{user}", guild_member),
    ("GET", "/channels/{channel}", channel),
    ("POST", "/channels/{channel}/typing", typing),
    ("GET", "/channels/{channel}/messages", read_messages),
    ("POST", "/channels/{channel}/messages", send_message),
    ("GET", "/channels/{channel}/messages/{message}", read_message),
    ("PATCH", "/channels/{channel}/messages/{message}", edit_message),
    ("DELETE", "/channels/{channel}/messages/{message}", delete_message),
    ("POST", "/channels/{channel}/messages/{message}/threads", open_thread),
    *_command_routes("/applications/{application}/commands"),
    *_command_routes("/applications/{application}/guilds/{guild}/commands"),
    ("POST", "/interactions/{interaction}/{token}/callback", respond),
    ("POST", WEBHOOK, follow_up),
    ("GET", WEBHOOK + "/messages/{message}", read_reply),
    ("PATCH", WEBHOOK + "/messages/{message}", edit_reply),
    ("DELETE", WEBHOOK + "/messages/{message}", delete_reply),
]
