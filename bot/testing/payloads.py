"""What an interaction carries: the options of a command, the use of a component, the fields of a form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.testing.commands import GUILD_INSTALL, USER_INSTALL, place
from bot.testing.errors import need
from bot.testing.rules import ComponentKind as Component
from bot.testing.rules import flattened
from bot.testing.world import EVERYTHING, User

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.testing.interactions import Interaction
    from bot.testing.world import Guild, Message


SUBCOMMAND, SUBCOMMAND_GROUP, STRING, INTEGER, BOOLEAN, NUMBER, ATTACHMENT = 1, 2, 3, 4, 5, 10, 11
PYTHON_TYPES: dict[int, tuple[type, ...]] = {
    STRING: (str,),
    INTEGER: (int,),
    BOOLEAN: (bool,),
    NUMBER: (int, float),
}
LONGEST_TEXT = 6000
SIZE_LIMIT = 10_485_760


def event(interaction: Interaction, data: dict[str, Any], bot: User) -> dict[str, Any]:
    """The INTERACTION_CREATE of an interaction."""
    channel, user, guild = interaction.channel, interaction.user, interaction.channel.guild
    owners = {}
    if guild is not None and guild.with_bot:
        owners[str(GUILD_INSTALL)] = str(guild.id)
    elif guild is None and bot in channel.recipients:
        owners[str(GUILD_INSTALL)] = "0"
    if user.installed_app:
        owners[str(USER_INSTALL)] = str(user.id)
    body: dict[str, Any] = {
        "id": str(interaction.id),
        "application_id": str(bot.id),
        "type": int(interaction.kind),
        "token": interaction.token,
        "version": 1,
        "data": data,
        "channel_id": str(channel.id),
        "channel": channel.json() | {"permissions": EVERYTHING},
        "locale": "en-US",
        "app_permissions": EVERYTHING,
        "entitlements": [],
        "authorizing_integration_owners": owners,
        "context": place(channel),
        "attachment_size_limit": SIZE_LIMIT,
    }
    if guild is None:
        body["user"] = user.json()
    else:
        body["guild_id"] = str(guild.id)
        body["guild"] = {"id": str(guild.id), "locale": "en-US", "features": []}
        body["guild_locale"] = "en-US"
        body["member"] = guild.member_json(user)
    if interaction.source is not None:
        body["message"] = interaction.source.json()
    return body


def command_data(
    command: dict[str, Any], path: list[str], values: Mapping[str, Any], *, focused: str | None = None
) -> dict[str, Any]:
    """The data of a slash command; ``path`` names the subcommand, ``focused`` the option being typed.

    Files among the values come as attachments on the wire.
    """
    data = {"id": command["id"], "name": command["name"], "type": command["type"]}
    if "guild_id" in command:
        data["guild_id"] = command["guild_id"]
    data["options"] = _options(command, path, values, focused)
    if attached := {value["id"]: value for value in values.values() if isinstance(value, dict)}:
        data["resolved"] = {"attachments": attached}
    return data


def said(options: Mapping[str, Any]) -> str:
    """The options behind a command's name, as its user would say them; files by their names."""
    return "".join(f" {name}: {getattr(value, 'filename', value)}" for name, value in options.items())


def find_option(command: dict[str, Any], path: list[str], name: str) -> dict[str, Any]:
    """The registered option of this name, under the subcommand that ``path`` names."""
    for step in path:
        command = _named(command, step)
    return _named(command, name)


def _named(holder: dict[str, Any], name: str) -> dict[str, Any]:
    names = [option["name"] for option in holder.get("options", [])]
    need(name in names, f"/{holder['name']} has no option {name!r}; it has {names}")
    found: dict[str, Any] = holder["options"][names.index(name)]
    return found


def _options(
    holder: dict[str, Any], path: list[str], values: Mapping[str, Any], focused: str | None
) -> list[dict[str, Any]]:
    if path:
        inner = _named(holder, path[0])
        return [{"name": path[0], "type": inner["type"], "options": _options(inner, path[1:], values, focused)}]
    registered = holder.get("options", [])
    nested = [o["name"] for o in registered if o["type"] in {SUBCOMMAND, SUBCOMMAND_GROUP}]
    need(not nested, f"/{holder['name']} is used through one of {nested}")
    missing = [o["name"] for o in registered if o.get("required") and o["name"] not in values]
    need(focused is not None or not missing, f"/{holder['name']} cannot be sent without {missing}")
    return [_filled(_named(holder, name), value, focused) for name, value in values.items()]


def _filled(option: dict[str, Any], value: Any, focused: str | None) -> dict[str, Any]:
    name, kind = option["name"], option["type"]
    if name == focused:
        return {"name": name, "type": kind, "value": str(value), "focused": True}
    if kind == ATTACHMENT:
        need(isinstance(value, dict), f"option {name!r} takes a file, not {value!r}")
        return {"name": name, "type": kind, "value": value["id"]}
    need(kind in PYTHON_TYPES, f"option {name!r} is of type {kind}, which cannot be filled in here")
    fits = isinstance(value, PYTHON_TYPES[kind]) and (kind == BOOLEAN) == isinstance(value, bool)
    need(fits, f"option {name!r} is of type {kind} and cannot be {value!r}")
    if choices := option.get("choices"):
        offered = [choice["value"] for choice in choices]
        need(value in offered, f"option {name!r} offers {offered}, not {value!r}")
    if kind == STRING:
        least, most = option.get("min_length", 0), option.get("max_length", LONGEST_TEXT)
        need(least <= len(value) <= most, f"option {name!r} takes {least} to {most} characters, not {len(value)}")
    elif kind in {INTEGER, NUMBER}:
        least, most = option.get("min_value", value), option.get("max_value", value)
        need(least <= value <= most, f"option {name!r} takes {least} to {most}, not {value}")
    return {"name": name, "type": kind, "value": value}


def message_command_data(command: dict[str, Any], message: Message) -> dict[str, Any]:
    """The data of a message command; the message comes whole."""
    resolved = {"messages": {str(message.id): message.json()}}
    data = {"id": command["id"], "name": command["name"], "type": command["type"]}
    return data | {"target_id": str(message.id), "resolved": resolved}


def usable(message: Message, user: User, custom_id: str, kinds: Iterable[int]) -> dict[str, Any]:
    """The component of a message that this user can use; NotPossibleError says why there is none."""
    need(not message.deleted, "the message is gone")
    need(message.audience in {None, user}, f"{user.name} does not see this ephemeral message")
    components = {c["custom_id"]: c for c in flattened(message.components) if c.get("custom_id")}
    need(custom_id in components, f"the message has no component {custom_id!r}; it has {sorted(components)}")
    component = components[custom_id]
    need(component["type"] in kinds, f"component {custom_id!r} is of type {component['type']}")
    need(not component.get("disabled"), f"component {custom_id!r} is disabled")
    return component


def selection_data(select: dict[str, Any], values: list[str], guild: Guild | None = None) -> dict[str, Any]:
    """The data of a choice in a select, of texts or of a guild's channels."""
    of_channels = select["type"] == Component.CHANNEL_SELECT
    channels = {str(channel.id): channel for channel in guild.channels} if guild and of_channels else {}
    kinds = select.get("channel_types") or []
    offered = [option["value"] for option in select.get("options", [])]
    offered += [number for number, channel in channels.items() if not kinds or channel.kind in kinds]
    need(set(values) <= set(offered), f"the select offers {offered}, not {values}")
    least, most = select.get("min_values", 1), select.get("max_values", 1)
    need(least <= len(values) <= most, f"the select takes {least} to {most} values, not {len(values)}")
    data = {"custom_id": select["custom_id"], "component_type": select["type"], "values": values}
    if of_channels:
        chosen = {number: channels[number].json() | {"permissions": EVERYTHING} for number in values}
        data["resolved"] = {"channels": chosen}
    return data


def form_data(modal: dict[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """The data of a form that was filled in and sent."""
    fields = {c["custom_id"] for c in flattened(modal["components"]) if c.get("custom_id")}
    need(set(values) <= fields, f"the form has the fields {sorted(fields)}, not {sorted(set(values) - fields)}")
    components = [_filled_row(component, values) for component in modal["components"]]
    return {"custom_id": modal["custom_id"], "components": [c for c in components if c is not None]}


def _filled_row(component: dict[str, Any], values: Mapping[str, Any]) -> dict[str, Any] | None:
    if component["type"] == Component.ROW:
        return {"type": Component.ROW, "components": [_filled_field(f, values) for f in component["components"]]}
    if component["type"] == Component.LABEL:
        return {"type": Component.LABEL, "component": _filled_field(component["component"], values)}
    return None


def _filled_field(field: dict[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    name = field["custom_id"]
    filled = {"type": field["type"], "custom_id": name}
    if field["type"] != Component.TEXT_INPUT:
        given = values.get(name, [])
        chosen = [given] if isinstance(given, str) else list(given)
        if chosen or field.get("required", True):
            selection_data(field, chosen)  # what is offered, and how many of it
        return filled | {"values": chosen}
    text = values.get(name, field.get("value") or "")
    needed = field.get("required", True)
    least, most = field.get("min_length") or int(needed), field.get("max_length") or 4000
    fits = (not text and not needed) or least <= len(text) <= most
    need(fits, f"field {name!r} takes {least} to {most} characters, not {len(text)}")
    return filled | {"value": text}
