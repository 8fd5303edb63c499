"""Digests as an option of a command: what is offered while a user types, and what the typed word means."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from discord import app_commands

from bot.discord.inert import label
from corpus.errors import NotFoundError
from corpus.naming import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from corpus.store.records import StoredDocument

MOST = 25
LENGTH = 100


def choices(documents: Iterable[StoredDocument], typed: str) -> list[app_commands.Choice[str]]:
    """The digests that have every typed word in their name, id, venue or year; at most 25."""
    words, held = typed.casefold().split(), list(documents)
    offered = [
        app_commands.Choice(name=label(name, LENGTH) or document.id, value=document.id)
        for document, name in zip(held, names_of(held), strict=True)
        if all(word in _searched(document) for word in words)
    ]
    return offered[:MOST]


def names_of(documents: Sequence[StoredDocument]) -> list[str]:
    """What digests are called: by their titles, those of the same title by their ids, too."""
    many = Counter(document.title for document in documents)
    return [
        document.title
        if many[document.title] == 1
        else f"{label(document.title, max(LENGTH - len(document.id) - 3, LENGTH // 2))} ({document.id})"
        for document in documents
    ]


def named(documents: Iterable[StoredDocument], typed: str) -> list[StoredDocument]:
    """The digests that a word means: the one chosen from the list, or those whose id or name was typed."""
    held, wanted = list(documents), folded(typed)
    chosen = [document for document in held if document.id == typed]
    return chosen or [each for each in held if wanted in (folded(each.id), folded(each.title))]


def check_digest(documents: Iterable[StoredDocument], typed: str) -> None:
    """Make sure of a digest that was chosen or typed.

    Raises:
        NotFoundError: there is none in what the scope sees.
    """
    if not named(documents, typed):
        raise NotFoundError(
            f"I have no digest called “{label(typed, LENGTH)}”. Pick one from the list as you type."
        )


def _searched(document: StoredDocument) -> str:
    return f"{document.title} {document.id} {document.venue or ''} {document.year or ''}".casefold()
