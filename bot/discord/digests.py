"""Digests as an option of a command: what is offered while a user types, and what the typed word means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import app_commands

from bot.discord.inert import label
from corpus.errors import NotFoundError
from corpus.naming import folded

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corpus.store.records import StoredDocument

MOST = 25
LENGTH = 100


def choices(documents: Iterable[StoredDocument], typed: str) -> list[app_commands.Choice[str]]:
    """The digests that have every typed word in their name, id, venue or year; at most 25."""
    words = typed.casefold().split()
    offered = [
        app_commands.Choice(name=label(document.title, LENGTH) or document.id, value=document.id)
        for document in documents
        if all(word in _searched(document) for word in words)
    ]
    return offered[:MOST]


def check_digest(documents: Iterable[StoredDocument], typed: str) -> None:
    """Make sure of a digest that was chosen from the list, or whose id or name was typed without it.

    Raises:
        NotFoundError: there is none in what the scope sees.
    """
    wanted = folded(typed)
    if not any(wanted in (folded(document.id), folded(document.title)) for document in documents):
        raise NotFoundError(
            f"I have no digest called “{label(typed, LENGTH)}”. Pick one from the list as you type."
        )


def _searched(document: StoredDocument) -> str:
    return f"{document.title} {document.id} {document.venue or ''} {document.year or ''}".casefold()
