"""The rules for a message's texts: content, embeds, mentions, flags, and that there is something to send."""

from __future__ import annotations

import re
from enum import IntEnum
from typing import Any
from urllib.parse import urlsplit

from bot.testing.errors import ApiError, Problems
from bot.testing.kinds import NO_FLAGS, Flag
from bot.testing.world import texts_shown

LINK, PREMIUM = 5, 6
CUSTOM_ID = 100
V2_COMPONENTS = 40
V2_TEXT = 4000


class ComponentKind(IntEnum):
    """The types of components."""

    ROW = 1
    BUTTON = 2
    STRING_SELECT = 3
    TEXT_INPUT = 4
    USER_SELECT = 5
    ROLE_SELECT = 6
    MENTIONABLE_SELECT = 7
    CHANNEL_SELECT = 8
    SECTION = 9
    TEXT_DISPLAY = 10
    THUMBNAIL = 11
    MEDIA_GALLERY = 12
    FILE = 13
    SEPARATOR = 14
    CONTAINER = 17
    LABEL = 18


SELECTS = frozenset(range(ComponentKind.STRING_SELECT, ComponentKind.CHANNEL_SELECT + 1)) - {
    ComponentKind.TEXT_INPUT
}
V2_TOP = frozenset({1, 9, 10, 12, 13, 14, 17})


def flattened(components: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every component, nested ones after the one that holds them."""
    found = []
    for component in components:
        found.append(component)
        inner = [component[key] for key in ("accessory", "component") if isinstance(component.get(key), dict)]
        found += flattened([*(component.get("components") or []), *inner])
    return found


def check_components(components: list[dict[str, Any]], problems: Problems, *, v2: bool) -> None:
    """Check the components of a message; ``v2`` by the rules of the second version."""
    every = flattened(components)
    if v2 and len(every) > V2_COMPONENTS:
        problems.add("BASE_TYPE_BAD_LENGTH", f"A message holds at most {V2_COMPONENTS} components.")
    if sum(map(len, texts_shown(components))) > V2_TEXT:
        problems.add("COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", f"Text displays hold at most {V2_TEXT} together.")
    for number, component in enumerate(components):
        if component.get("type") not in (V2_TOP if v2 else {ComponentKind.ROW}):
            problems.at(number, "type").add("UNION_TYPE_CHOICES", "This component cannot stand here.")
    _check_inside(components, problems)
    check_custom_ids(every, problems)


def _check_inside(components: list[dict[str, Any]], problems: Problems) -> None:
    for number, component in enumerate(components):
        here, kind = problems.at(number), component.get("type")
        if kind == ComponentKind.ROW:
            check_row(component, here)
        elif kind == ComponentKind.BUTTON:
            check_button(component, here)
        elif kind in SELECTS:
            check_select(component, here)
        elif kind == ComponentKind.TEXT_DISPLAY:
            here.text(component, "content", longest=V2_TEXT, shortest=1)
        elif kind in {ComponentKind.CONTAINER, ComponentKind.SECTION}:
            most = V2_COMPONENTS if kind == ComponentKind.CONTAINER else 3
            inner = here.items(component, "components", most=most, least=1)
            _check_inside(inner, here.at("components"))
        if isinstance(component.get("accessory"), dict):
            _check_inside([component["accessory"]], here.at("accessory"))


def check_row(row: dict[str, Any], problems: Problems) -> None:
    """Check an action row."""
    inner = problems.items(row, "components", most=5, least=1)
    kinds = [component.get("type") for component in inner]
    if len(kinds) > 1 and any(kind != ComponentKind.BUTTON for kind in kinds):
        problems.at("components").add("COMPONENT_LAYOUT_WIDTH_EXCEEDED", "A row holds five buttons or one select.")
    if not all(kind in SELECTS | {ComponentKind.BUTTON} for kind in kinds):
        problems.at("components").add("UNION_TYPE_CHOICES", "A row holds buttons or a select.")
    _check_inside(inner, problems.at("components"))


def check_button(button: dict[str, Any], problems: Problems) -> None:
    """Check a button."""
    style = button.get("style")
    label = problems.text(button, "label", longest=80)
    if style not in range(1, 7):
        problems.at("style").add("BASE_TYPE_CHOICES", "Value must be one of 1 to 6.")
    if style == LINK:
        url = problems.text(button, "url", longest=512, shortest=1)
        if url and not url.startswith(("http://", "https://", "discord://")):
            problems.at("url").add("URL_TYPE_INVALID_SCHEME", "Scheme must be http, https or discord.")
        if button.get("custom_id"):
            problems.add("BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", "A link has a url and no custom_id.")
    elif style != PREMIUM:
        problems.text(button, "custom_id", longest=CUSTOM_ID, shortest=1)
        if button.get("url"):
            problems.add("BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", "Only a link has a url.")
    if style != PREMIUM and not (label.strip() or button.get("emoji")):
        problems.add("BUTTON_COMPONENT_INVALID_EMPTY", "A button needs a label or an emoji.")


def check_select(select: dict[str, Any], problems: Problems) -> None:
    """Check a select and its options."""
    problems.text(select, "custom_id", longest=CUSTOM_ID, shortest=1)
    problems.text(select, "placeholder", longest=150)
    least, most = select.get("min_values"), select.get("max_values")
    least, most = 1 if least is None else least, 1 if most is None else most
    if not 0 <= least <= most <= 25 or most < 1:
        problems.add("BASE_TYPE_BAD_LENGTH", "min_values and max_values must be in order, 0 to 25.")
    if select.get("type") != ComponentKind.STRING_SELECT:
        return
    options = problems.items(select, "options", most=25, least=1)
    for number, option in enumerate(options):
        at = problems.at("options", number)
        at.text(option, "label", longest=100, shortest=1)
        at.text(option, "value", longest=100, shortest=1)
        at.text(option, "description", longest=100)
    values = [option.get("value") for option in options]
    for number in range(len(values)):
        if values[number] in values[:number]:
            problems.at("options", number, "value").add(
                "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "The specified option value is already used"
            )
    if most > len(options) or sum(bool(o.get("default")) for o in options) > most:
        problems.add("BASE_TYPE_BAD_LENGTH", "There are fewer options than max_values, or too many defaults.")


def check_custom_ids(components: list[dict[str, Any]], problems: Problems) -> None:
    """Check that no custom id comes twice."""
    seen: set[str] = set()
    for component in components:
        custom_id = component.get("custom_id")
        if isinstance(custom_id, str) and custom_id in seen:
            problems.add(
                "COMPONENT_CUSTOM_ID_DUPLICATED", f"Component custom id {custom_id!r} cannot be duplicated"
            )
        elif isinstance(custom_id, str):
            seen.add(custom_id)


def check_modal(modal: dict[str, Any], problems: Problems) -> None:
    """Check a modal: its title, its id, and one to five rows, labels or texts."""
    problems.text(modal, "title", longest=45, shortest=1)
    problems.text(modal, "custom_id", longest=CUSTOM_ID, shortest=1)
    components = problems.items(modal, "components", most=5, least=1)
    for number, component in enumerate(components):
        here = problems.at("components", number)
        kind = component.get("type")
        if kind == ComponentKind.ROW:
            for inner_number, field in enumerate(here.items(component, "components", most=1, least=1)):
                at = here.at("components", inner_number)
                at.text(field, "label", longest=45, shortest=1)
                check_field(field, at)
        elif kind == ComponentKind.LABEL:
            here.text(component, "label", longest=45, shortest=1)
            here.text(component, "description", longest=100)
            check_field(component.get("component") or {}, here.at("component"))
        elif kind != ComponentKind.TEXT_DISPLAY:
            here.at("type").add("UNION_TYPE_CHOICES", "A modal holds rows, labels and texts.")
    check_custom_ids(flattened(components), problems.at("components"))


def check_field(field: dict[str, Any], problems: Problems) -> None:
    """Check what can be filled in inside a modal."""
    if field.get("type") in SELECTS:
        check_select(field, problems)
        if field.get("required", True) and field.get("min_values") == 0:
            problems.add("BASE_TYPE_BAD_LENGTH", "What has to be filled in needs at least one value.")
        return
    problems.text(field, "custom_id", longest=CUSTOM_ID, shortest=1)
    if field.get("type") != ComponentKind.TEXT_INPUT:
        return
    problems.text(field, "placeholder", longest=100)
    problems.text(field, "value", longest=4000)
    least, most = field.get("min_length") or 0, field.get("max_length") or 4000
    if not 0 <= least <= most <= 4000:
        problems.add("BASE_TYPE_BAD_LENGTH", "min_length and max_length must be in order, up to 4000.")


CONTENT = 2000
EMBEDS_TOGETHER = 6000
NONCE = 25
SENDABLE = Flag.SUPPRESS_EMBEDS | Flag.SUPPRESS_NOTIFICATIONS | Flag.COMPONENTS_V2
URL_KEYS = (
    ("url",),
    ("image", "url"),
    ("thumbnail", "url"),
    ("author", "url"),
    ("author", "icon_url"),
    ("footer", "icon_url"),
)


def check_message(
    body: dict[str, Any],
    problems: Problems,
    *,
    flags: Flag = NO_FLAGS,
    may_be_empty: bool = False,
    ephemeral_allowed: bool = False,
    has_files: bool = False,
) -> None:
    """Check what a create or edit body of a message holds; ``flags`` are those that the message has already."""
    wanted = body.get("flags") or 0
    allowed = SENDABLE | Flag.EPHEMERAL if ephemeral_allowed else SENDABLE
    if not isinstance(wanted, int) or wanted & ~int(allowed):
        problems.at("flags").add("BITFIELD_INVALID", "These flags cannot be set here.")
        wanted = 0
    v2 = Flag.COMPONENTS_V2 in Flag(wanted) | flags
    content = problems.text(body, "content", longest=CONTENT)
    embeds = problems.items(body, "embeds", most=10)
    check_embeds(embeds, problems.at("embeds"))
    components = problems.items(body, "components", most=40 if v2 else 5)
    check_components(components, problems.at("components"), v2=v2)
    check_allowed_mentions(body.get("allowed_mentions"), problems.at("allowed_mentions"))
    if len(str(body.get("nonce") or "")) > NONCE:
        problems.at("nonce").add("NONCE_TYPE_TOO_LONG", f"Must be {NONCE} or fewer in length.")
    if v2 and (content or embeds):
        problems.add(
            "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
            "The 'content' and 'embeds' fields cannot be used when using MessageFlags.IS_COMPONENTS_V2",
        )
    problems.raise_if_any()
    if not (may_be_empty or content.strip() or embeds or components or has_files or body.get("poll")):
        raise ApiError(50006)


def check_embeds(embeds: list[dict[str, Any]], problems: Problems) -> None:
    """Check embeds one by one, and their length together."""
    together = 0
    for number, embed in enumerate(embeds):
        here = problems.at(number)
        texts = [
            here.text(embed, "title", longest=256),
            here.text(embed, "description", longest=4096),
            *_parts(embed, here),
        ]
        for field_number, field in enumerate(here.items(embed, "fields", most=25)):
            at = here.at("fields", field_number)
            texts += [
                at.text(field, "name", longest=256, shortest=1),
                at.text(field, "value", longest=1024, shortest=1),
            ]
        if not any(texts) and not (embed.get("image") or embed.get("thumbnail")):
            here.add("EMBED_EMPTY", "An embed must show something.")
        _check_urls(embed, here)
        together += sum(map(len, texts))
    if together > EMBEDS_TOGETHER:
        problems.add(
            "MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {EMBEDS_TOGETHER} ({together})"
        )


def _parts(embed: dict[str, Any], problems: Problems) -> list[str]:
    texts = []
    for part, key, longest in (("footer", "text", 2048), ("author", "name", 256)):
        value = embed.get(part)
        if isinstance(value, dict):
            texts.append(problems.at(part).text(value, key, longest=longest, shortest=1))
        elif value is not None:
            problems.at(part).add("MODEL_TYPE_CONVERT", "Must be an object.")
    return texts


def _check_urls(embed: dict[str, Any], problems: Problems) -> None:
    for keys in URL_KEYS:
        value: Any = embed
        for key in keys:
            value = value.get(key) if isinstance(value, dict) else None
        if value is None:
            continue
        schemes = {"http", "https"} if keys == ("url",) else {"http", "https", "attachment"}
        url = urlsplit(value if isinstance(value, str) else "")
        if url.scheme not in schemes or not url.netloc:
            problems.at(*keys).add("URL_TYPE_INVALID_URL", "Not a well formed URL.")


def check_allowed_mentions(allowed: Any, problems: Problems) -> None:
    """Check which mentions a body lets ring."""
    if allowed is None:
        return
    if not isinstance(allowed, dict):
        problems.add("MODEL_TYPE_CONVERT", "Must be an object.")
        return
    parse = allowed.get("parse") or []
    for kind in parse:
        if kind not in {"users", "roles", "everyone"}:
            problems.at("parse").add("BASE_TYPE_CHOICES", f"{kind!r} is not one of users, roles, everyone.")
    for kind in ("users", "roles"):
        if kind in parse and allowed.get(kind):
            problems.add(
                "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", f"parse:{kind} and {kind} exclude each other."
            )


NAME = re.compile(r"[-_'\w]{1,32}")
SLASH, USER, MESSAGE = 1, 2, 3
MOST = {SLASH: 100, USER: 15, MESSAGE: 15}
CHARACTERS = 8000
STRING, INTEGER, NUMBER = 3, 4, 10
SUBCOMMANDS = {1, 2}
CHOOSABLE = {STRING, INTEGER, NUMBER}
PYTHON_TYPES: dict[int, tuple[type, ...]] = {STRING: (str,), INTEGER: (int,), NUMBER: (int, float)}


def check_all(commands: list[dict[str, Any]]) -> None:
    """Check a whole set of commands, one by one and together."""
    problems = Problems()
    for number, command in enumerate(commands):
        check_command(command, problems.at(number))
        check_unique(command, commands[:number], problems.at(number))
    problems.raise_if_any()
    check_count(commands)


def check_unique(command: dict[str, Any], others: list[dict[str, Any]], problems: Problems) -> None:
    """Check that no other command of the scope has this type and name."""
    if key(command) in map(key, others):
        message = "Application command names must be unique"
        problems.at("name").add("APPLICATION_COMMANDS_DUPLICATE_NAME", message)


def check_count(commands: list[dict[str, Any]]) -> None:
    """Check that a scope has no more commands than it may."""
    for kind, most in MOST.items():
        if sum(key(command)[0] == kind for command in commands) > most:
            raise ApiError(30032)


def key(command: dict[str, Any]) -> tuple[int, Any]:
    """What tells commands of one scope apart: type and name."""
    return command.get("type") or SLASH, command.get("name")


def check_command(command: dict[str, Any], problems: Problems) -> None:
    """Check one command as it is registered."""
    kind = command.get("type") or SLASH
    name = problems.text(command, "name", longest=32, shortest=1)
    if kind != SLASH:
        if command.get("description") or command.get("options"):
            problems.add(
                "APPLICATION_COMMAND_CONTEXT_MENU", "Context menu commands have no description or options."
            )
        return
    _check_name(name, problems)
    problems.text(command, "description", longest=100, shortest=1)
    check_options(command, problems)
    if (length := characters(command)) > CHARACTERS:
        problems.add("APPLICATION_COMMAND_TOO_LARGE", f"Command exceeds maximum size ({CHARACTERS}): {length}")


def _check_name(name: str, problems: Problems) -> None:
    if name and (not NAME.fullmatch(name) or name != name.lower()):
        problems.at("name").add("APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")


def check_options(holder: dict[str, Any], problems: Problems) -> None:
    """Check the options of a command or subcommand."""
    options = problems.items(holder, "options", most=25)
    names: set[str] = set()
    optional_seen = False
    for number, option in enumerate(options):
        here = problems.at("options", number)
        name = here.text(option, "name", longest=32, shortest=1)
        _check_name(name, here)
        here.text(option, "description", longest=100, shortest=1)
        if name in names:
            here.at("name").add("APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", "Option names must be unique")
        names.add(name)
        if option.get("type") in SUBCOMMANDS:
            check_options(option, here)
            continue
        if option.get("required") and optional_seen:
            here.add(
                "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
                "Required options must be placed before non-required options",
            )
        optional_seen = optional_seen or not option.get("required")
        _check_choices(option, here)


def _check_choices(option: dict[str, Any], problems: Problems) -> None:
    choices = option.get("choices") or []
    if (choices or option.get("autocomplete")) and option.get("type") not in CHOOSABLE:
        problems.add("APPLICATION_COMMAND_OPTION_TYPE", "Only strings and numbers have choices.")
    elif choices and option.get("autocomplete"):
        problems.add(
            "APPLICATION_COMMAND_OPTIONS_CHOICES_AUTOCOMPLETE", "Choices and autocomplete exclude each other."
        )
    else:
        check_choices(option, problems, option.get("type"))


def check_choices(holder: dict[str, Any], problems: Problems, option_type: int | None) -> None:
    """Check the choices of an option or of an autocompletion: at most 25, each of the option's type."""
    for number, choice in enumerate(problems.items(holder, "choices", most=25)):
        here = problems.at("choices", number)
        here.text(choice, "name", longest=100, shortest=1)
        value = choice.get("value")
        wanted = PYTHON_TYPES.get(option_type or 0)
        if wanted and (not isinstance(value, wanted) or isinstance(value, bool)):
            here.at("value").add("BASE_TYPE_CHOICES", "The value is not of the option's type.")
        elif isinstance(value, str):
            here.text(choice, "value", longest=100, shortest=1)


def characters(holder: dict[str, Any]) -> int:
    """How many characters a command counts: names, descriptions and choice values, the longest translation."""
    total = len(str(holder.get("value", ""))) if isinstance(holder.get("value"), str) else 0
    for key in ("name", "description"):
        translations = (holder.get(f"{key}_localizations") or {}).values()
        total += max(len(text or "") for text in [holder.get(key), *translations])
    return total + sum(map(characters, [*(holder.get("options") or []), *(holder.get("choices") or [])]))
