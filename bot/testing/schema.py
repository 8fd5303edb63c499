"""Request bodies against Discord's OpenAPI document, where that and jsonschema are at hand."""

from __future__ import annotations

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

    from .errors import Problems

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
