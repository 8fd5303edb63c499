"""The rules for components: rows, buttons, selects, text displays, and the fields of a modal."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any

from .message import texts_shown

if TYPE_CHECKING:
    from .errors import Problems

LINK, PREMIUM = 5, 6
CUSTOM_ID = 100
V2_COMPONENTS = 40
V2_TEXT = 4000


class Kind(IntEnum):
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


SELECTS = frozenset(range(Kind.STRING_SELECT, Kind.CHANNEL_SELECT + 1)) - {Kind.TEXT_INPUT}
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
        if component.get("type") not in (V2_TOP if v2 else {Kind.ROW}):
            problems.at(number, "type").add("UNION_TYPE_CHOICES", "This component cannot stand here.")
    _check_inside(components, problems)
    check_custom_ids(every, problems)


def _check_inside(components: list[dict[str, Any]], problems: Problems) -> None:
    for number, component in enumerate(components):
        here, kind = problems.at(number), component.get("type")
        if kind == Kind.ROW:
            check_row(component, here)
        elif kind == Kind.BUTTON:
            check_button(component, here)
        elif kind in SELECTS:
            check_select(component, here)
        elif kind == Kind.TEXT_DISPLAY:
            here.text(component, "content", longest=V2_TEXT, shortest=1)
        elif kind in {Kind.CONTAINER, Kind.SECTION}:
            most = V2_COMPONENTS if kind == Kind.CONTAINER else 3
            inner = here.items(component, "components", most=most, least=1)
            _check_inside(inner, here.at("components"))
        if isinstance(component.get("accessory"), dict):
            _check_inside([component["accessory"]], here.at("accessory"))


def check_row(row: dict[str, Any], problems: Problems) -> None:
    """Check an action row."""
    inner = problems.items(row, "components", most=5, least=1)
    kinds = [component.get("type") for component in inner]
    if len(kinds) > 1 and any(kind != Kind.BUTTON for kind in kinds):
        problems.at("components").add("COMPONENT_LAYOUT_WIDTH_EXCEEDED", "A row holds five buttons or one select.")
    if not all(kind in SELECTS | {Kind.BUTTON} for kind in kinds):
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
    if select.get("type") != Kind.STRING_SELECT:
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
        if kind == Kind.ROW:
            for inner_number, field in enumerate(here.items(component, "components", most=1, least=1)):
                at = here.at("components", inner_number)
                at.text(field, "label", longest=45, shortest=1)
                check_field(field, at)
        elif kind == Kind.LABEL:
            here.text(component, "label", longest=45, shortest=1)
            here.text(component, "description", longest=100)
            check_field(component.get("component") or {}, here.at("component"))
        elif kind != Kind.TEXT_DISPLAY:
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
    if field.get("type") != Kind.TEXT_INPUT:
        return
    problems.text(field, "placeholder", longest=100)
    problems.text(field, "value", longest=4000)
    least, most = field.get("min_length") or 0, field.get("max_length") or 4000
    if not 0 <= least <= most <= 4000:
        problems.add("BASE_TYPE_BAD_LENGTH", "min_length and max_length must be in order, up to 4000.")
