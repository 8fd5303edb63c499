"""The commands that the bot has registered: for everyone, and server by server."""

from __future__ import annotations

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.testing.errors import ApiError, Problems, need
from bot.testing.rules import SLASH, check_all, check_command, check_count, check_unique, key

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

    from bot.testing.world import Channel, User, World

CREATIONS_A_DAY = 200
DAY_SECONDS = 86_400.0
GUILD_INSTALL, USER_INSTALL = 0, 1
IN_GUILD, IN_BOT_DM, IN_PRIVATE = 0, 1, 2
SPARSE = ("required", "autocomplete", "choices", "options", "channel_types", "min_length", "max_length")
"""Keys of an option that Discord leaves out of its answers where they say nothing."""

Scope = int | None
"""A guild's id, or None for the commands of everyone."""


class Commands:
    """A registry of commands by scope; names are unique within a type."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._scopes: dict[Scope, dict[int, dict[str, Any]]] = {}
        self._created: dict[Scope, list[float]] = {}

    def all(self, scope: Scope = None) -> list[dict[str, Any]]:
        """The commands of a scope."""
        return list(self._scopes.get(scope, {}).values())

    def get(self, scope: Scope, command_id: str) -> dict[str, Any]:
        """The command of this id; ApiError where there is none."""
        command = self._scopes.get(scope, {}).get(int(command_id))
        if command is None:
            raise ApiError(10063)
        return command

    def replace(self, scope: Scope, bodies: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Register exactly these commands; known names keep their ids."""
        check_all(bodies)
        before = {key(command): command for command in self.all(scope)}
        self._count(scope, sum(key(body) not in before for body in bodies))
        made = [self._made(scope, body, before.get(key(body))) for body in bodies]
        self._scopes[scope] = {int(command["id"]): command for command in made}
        return made

    def create(self, scope: Scope, body: dict[str, Any]) -> tuple[dict[str, Any], bool]:
        """Register one command beside the others, or in the place of its namesake; tell whether it is new."""
        namesake = next((command for command in self.all(scope) if key(command) == key(body)), None)
        _check_one(body, [])
        if namesake is None:
            check_count([*self.all(scope), body])
            self._count(scope, 1)
        command = self._made(scope, body, namesake)
        self._scopes.setdefault(scope, {})[int(command["id"])] = command
        return command, namesake is None

    def edit(self, scope: Scope, command_id: str, body: dict[str, Any]) -> dict[str, Any]:
        """Change some parts of a command."""
        before = self.get(scope, command_id)
        changed = before | body
        _check_one(changed, [command for command in self.all(scope) if command is not before])
        self._scopes[scope][int(command_id)] = command = self._made(scope, changed, before)
        return command

    def delete(self, scope: Scope, command_id: str) -> None:
        """Take a command away."""
        self.get(scope, command_id)
        del self._scopes[scope][int(command_id)]

    def _count(self, scope: Scope, new: int) -> None:
        since = self._world.clock.now() - DAY_SECONDS
        recent = [t for t in self._created.get(scope, []) if t > since]
        if len(recent) + new > CREATIONS_A_DAY:
            raise ApiError(30034)
        self._created[scope] = recent + [self._world.clock.now()] * new

    def _made(self, scope: Scope, body: dict[str, Any], before: dict[str, Any] | None) -> dict[str, Any]:
        """A command as Discord answers with it: the body, numbered, with what it left out filled in."""
        permissions = body.get("default_member_permissions")
        command = {
            "id": before["id"] if before else str(self._world.next_id()),
            "application_id": str(self._world.bot.id),
            "type": body.get("type") or SLASH,
            "name": body["name"],
            "name_localizations": body.get("name_localizations") or None,
            "description": body.get("description") or "",
            "description_localizations": body.get("description_localizations") or None,
            "options": [_option(option) for option in body.get("options") or []],
            "default_member_permissions": None if permissions is None else str(permissions),
            "dm_permission": body.get("dm_permission") is not False,
            "contexts": body.get("contexts"),
            "integration_types": body.get("integration_types") or [GUILD_INSTALL],
            "nsfw": bool(body.get("nsfw")),
        }
        if scope is not None:
            command["guild_id"] = str(scope)
        same = before is not None and {**before, "version": None} == {**command, "version": None}
        command["version"] = before["version"] if before and same else str(self._world.next_id())
        return command

    def visible(self, name: str, kind: int, user: User, channel: Channel) -> dict[str, Any]:
        """The command that this user finds under this name here; NotPossibleError says why there is none."""
        guild = channel.guild
        scopes: list[Scope] = [None] if guild is None else [guild.id, None]
        named = [c for scope in scopes for c in self.all(scope) if c["type"] == kind and c["name"] == name]
        known = sorted(c["name"] for scope in self._scopes for c in self.all(scope) if c["type"] == kind)
        need(named, f"the bot has registered no command {name!r} here; it has {known}")
        hidden = [why for command in named if (why := why_hidden(command, user, channel))]
        need(len(hidden) < len(named), f"{user.name} cannot use {name!r} here: {'; '.join(hidden)}")
        return next(command for command in named if not why_hidden(command, user, channel))


def place(channel: Channel) -> int:
    """The interaction context of a channel: a guild, the bot's own direct messages, or other private ones."""
    if channel.guild is not None:
        return IN_GUILD
    return IN_BOT_DM if any(user.bot for user in channel.recipients) else IN_PRIVATE


def why_hidden(command: dict[str, Any], user: User, channel: Channel) -> str | None:
    """Why a command is not offered to a user in a channel, or None where it is."""
    here = place(channel)
    contexts, installs = command["contexts"], command["integration_types"]
    if contexts is not None and here not in contexts:
        return f"its contexts {contexts} leave out {here}"
    if contexts is None and here == IN_BOT_DM and not command["dm_permission"]:
        return "it is not for direct messages"
    by_user = USER_INSTALL in installs and user.installed_app
    by_guild = GUILD_INSTALL in installs and (channel.guild.with_bot if channel.guild else here == IN_BOT_DM)
    if not (by_user or by_guild):
        return f"its integration types are {installs}, and the app is not installed that way here"
    return None


def _check_one(command: dict[str, Any], others: list[dict[str, Any]]) -> None:
    problems = Problems()
    check_command(command, problems)
    check_unique(command, others, problems)
    problems.raise_if_any()


def _option(option: dict[str, Any]) -> dict[str, Any]:
    kept = {k: v for k, v in option.items() if v is not None and not (k in SPARSE and v in (False, [], None))}
    if "options" in kept:
        kept["options"] = [_option(inner) for inner in kept["options"]]
    return kept


DOCUMENT = Path(__file__).resolve().parents[3] / "shared" / "discord" / "openapi.json"
REFERENCE = "#/components/schemas/"

BODIES: dict[str, dict[str, Any]] = {
    "callback": {
        "anyOf": [
            {"$ref": f"{REFERENCE}{name}"}
            for name in (
                "CreateMessageInteractionCallbackRequest",
                "UpdateMessageInteractionCallbackRequest",
                "ApplicationCommandAutocompleteCallbackRequest",
                "ModalInteractionCallbackRequest",
            )
        ]
    },
    "follow-up": {"$ref": f"{REFERENCE}IncomingWebhookRequestPartial"},
    "webhook edit": {"$ref": f"{REFERENCE}IncomingWebhookUpdateRequestPartial"},
    "message": {"$ref": f"{REFERENCE}MessageCreateRequest"},
    "message edit": {"$ref": f"{REFERENCE}MessageEditRequestPartial"},
    "private channel": {"$ref": f"{REFERENCE}CreatePrivateChannelRequest"},
    "thread": {"$ref": f"{REFERENCE}CreateTextThreadWithMessageRequest"},
    "commands": {"type": "array", "items": {"$ref": f"{REFERENCE}ApplicationCommandUpdateRequest"}},
    "command": {"$ref": f"{REFERENCE}ApplicationCommandCreateRequest"},
    "command edit": {"$ref": f"{REFERENCE}ApplicationCommandPatchRequestPartial"},
}
"""What each kind of request may hold; kinds that are not named here take no body."""

LACKING: dict[str, dict[str, Any]] = {
    "IncomingWebhookUpdateRequestPartial": {"tts": {"type": "boolean"}},
    "IncomingWebhookUpdateForInteractionCallbackRequestPartial": {"tts": {"type": "boolean"}},
    "MessageEditRequestPartial": {"tts": {"type": "boolean"}},
    "RichEmbed": {"flags": {"type": "integer"}},
    "ApplicationCommandUpdateRequest": {"nsfw": {"type": "boolean"}},
    "ApplicationCommandCreateRequest": {"nsfw": {"type": "boolean"}},
    "ApplicationCommandPatchRequestPartial": {"nsfw": {"type": "boolean"}},
}
"""Properties that Discord takes and its document does not name."""


def available() -> bool:
    """Discord's document and the library that reads it are at hand."""
    return DOCUMENT.is_file() and find_spec("jsonschema") is not None


@cache
def _schemas() -> dict[str, Any]:
    schemas: dict[str, Any] = json.loads(DOCUMENT.read_text(encoding="utf-8"))["components"]["schemas"]
    schemas["SnowflakeType"] = {"anyOf": [schemas["SnowflakeType"], {"type": "integer", "minimum": 0}]}
    for name, properties in LACKING.items():
        schemas[name]["properties"] |= properties
    return schemas


@cache
def _validator(kind: str) -> Draft202012Validator:
    from jsonschema import Draft202012Validator

    body, schemas = BODIES[kind], _schemas()
    needed: dict[str, Any] = {}
    ahead = [body]
    while ahead:
        for name in _references(ahead.pop()):
            if name not in needed:
                needed[name] = _closed(schemas[name])
                ahead.append(schemas[name])
    return Draft202012Validator(body | {"components": {"schemas": needed}})


def _references(node: Any) -> set[str]:
    if isinstance(node, dict):
        own = {node["$ref"].removeprefix(REFERENCE)} if isinstance(node.get("$ref"), str) else set()
        return own.union(*map(_references, node.values()))
    return set().union(*map(_references, node)) if isinstance(node, list) else set()


def _closed(node: Any) -> Any:
    """The schema with no room for properties that it does not name: a misspelt key is a mistake."""
    if isinstance(node, list):
        return [_closed(item) for item in node]
    if not isinstance(node, dict):
        return node
    closed = {key: _closed(value) for key, value in node.items()}
    if node.get("type") == "object" and "properties" in node and "additionalProperties" not in node:
        closed["additionalProperties"] = False
    return closed


def check(kind: str, body: Any, problems: Problems) -> None:
    """Add what Discord's document finds wrong with a body of this kind."""
    if not available():
        return
    from jsonschema.exceptions import best_match

    for error in _validator(kind).iter_errors(body):
        cause = best_match([error])
        problems.at(*cause.absolute_path).add("SCHEMA", cause.message[:500])
