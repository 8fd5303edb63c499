"""Registration: the commands are sent to Discord only where they differ from what it has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import discord
    from discord import app_commands

log = structlog.get_logger(__name__)

SAID_BY_BOTS = {
    *("type", "name", "description", "options", "choices", "value", "required", "autocomplete", "channel_types"),
    *("min_length", "max_length", "min_value", "max_value", "name_localizations", "description_localizations"),
    *("default_member_permissions", "contexts", "integration_types", "nsfw", "handler"),
}
"""What a bot may say of a command, its options and their choices, but for ``dm_permission``, which says what
``contexts`` say. Discord gives more back, and may give still more one day.
"""


async def register(client: discord.Client, tree: app_commands.CommandTree[Any]) -> bool:
    """Bring the registered commands up to date; return whether anything had to be sent.

    Raises:
        discord.HTTPException: Discord refused, or cannot be reached.
    """
    if client.application_id is None:
        raise RuntimeError("commands are registered after the login")
    registered = await client.http.get_global_commands(client.application_id)
    ours = [command.to_dict(tree) for command in tree.get_commands()]
    if comparable(registered) == comparable(ours):
        return False
    await tree.sync()
    log.info("commands registered", commands=len(ours))
    return True


def comparable(commands: Iterable[Mapping[str, Any]]) -> dict[tuple[int, str], Any]:
    """Commands by type and name, without what is Discord's own and what only says a default."""
    return {(command.get("type", 1), command["name"]): _plain(command) for command in commands}


def _said(key: str, kept: Any) -> Any:
    if key == "default_member_permissions":
        return None if kept is None else str(kept)  # a number to discord.py, words to Discord
    return kept if key.endswith("_localizations") else _plain(kept)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        known = {key: _said(key, kept) for key, kept in value.items() if key in SAID_BY_BOTS}
        return {key: kept for key, kept in known.items() if kept not in (None, "", [], {}) and kept is not False}
    if isinstance(value, list):
        items = [_plain(item) for item in value]
        return sorted(items) if all(isinstance(item, int) for item in items) else items
    return value
