"""The rules for a message's texts: content, embeds, mentions, flags, and that there is something to send."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from .errors import ApiError, Problems
from .message import NO_FLAGS, Flag
from .rules_components import check_components

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
