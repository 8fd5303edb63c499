"""The rules for commands as they are registered, and for the choices of an autocompletion."""

from __future__ import annotations

import re
from typing import Any

from .errors import ApiError, Problems

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
