"""A server's pages show in that server and nowhere else, whatever is added and removed where."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.assistant import Assistant
from bot.discord.guilds import choices
from bot.discord.worker_pool import WorkerPool
from bot.sources.ingest import Source
from corpus.errors import NotFoundError
from corpus.gazetteer import What
from corpus.model import Kind
from embeddings.collection import Library
from tests.doubles import HashEncoder

if TYPE_CHECKING:
    from collections.abc import Iterator

WORDS = ("Zorbian", "Quexley", "Vantrix", "Mulberg", "Ostrava", "Pelqin", "Wexford", "Yttermann")
SCOPES = (None, 1, 2, 3)
NEUTRAL = (
    "papers about bandits",
    "job openings in Boston",
    "what has Grace Hopper written?",
    "papers at ICML 2023",
)
PAGE = """# Guide to {word} at ICML 2023

## {word} problems

### {word} bandits on slow rivers

- Authors: Ada {word}, Grace Hopper
- Venue: ICML 2023

Rivers carry {word} bandits.

## Job posts

### Applied Scientist, {word} team

- Place: Boston, Massachusetts, USA
- Team: {word} Robotics

We look for people who like {word} bandits.
"""
STEPS = st.lists(
    st.tuples(st.sampled_from(SCOPES), st.sampled_from(("guide", "notes")), st.booleans()), min_size=2, max_size=8
)
"""Where something happens, to which file, and whether it is added or removed."""


@given(steps=STEPS)
@settings(max_examples=8, deadline=None)
def test_pages_show_in_their_own_server_only(steps: list[tuple[int | None, str, bool]]) -> None:
    with TemporaryDirectory() as folder, Assistant(Library(Path(folder), HashEncoder()), lambda line: None) as bot:
        bot.ingest([_upload("common", "Everyone")])
        there: dict[tuple[int | None, str], tuple[str, str]] = {}
        for word, (scope, name, is_added) in zip(WORDS, steps, strict=False):
            if is_added:
                (outcome,) = bot.ingest([_upload(name, word)], scope=scope)
                assert outcome.document is not None, outcome
                there[scope, name] = word, outcome.document
            elif (scope, name) in there:
                bot.remove(there.pop((scope, name))[1])
            for viewer in SCOPES:
                _check(bot, viewer, there)


def _upload(name: str, word: str) -> Source:
    return Source(Path(f"{name}.md"), data=PAGE.format(word=word).encode())


def _check(bot: Assistant, viewer: int | None, there: dict[tuple[int | None, str], tuple[str, str]]) -> None:
    own = {word for (scope, _), (word, _) in there.items() if scope in (None, viewer)}
    foreign = set(WORDS) - own
    for shown in _shown(bot, viewer):
        assert not [word for word in foreign if word in shown], (viewer, shown)
    for word in own:
        assert any(word in name for name in bot.names(What.AUTHOR, "", scope=viewer))
        assert any(word in citation.title for citation in bot.ask(f"{word} bandits", scope=viewer).citations)
    for (scope, _), (word, document) in there.items():
        if scope not in (None, viewer):
            _check_hidden(bot, viewer, word, document, scope)


def _shown(bot: Assistant, viewer: int | None) -> Iterator[str]:
    """All that this viewer gets to see without naming anything."""
    for question in NEUTRAL:
        yield repr(bot.ask(question, scope=viewer))
    for kind in (Kind.PAPER, Kind.JOB):
        yield repr(bot.browse(kind, {}, scope=viewer, top=50))
    for what in What:
        yield repr(bot.names(what, "", scope=viewer))
    digests = bot.digests(viewer)
    yield repr(digests)
    yield repr(choices(digests, ""))
    yield repr([(each.entry.title, each.entry.authors) for each in bot.entries(scope=viewer)])


def _check_hidden(bot: Assistant, viewer: int | None, word: str, document: str, scope: int | None) -> None:
    """Not even who knows what a foreign page says, or how it is called, gets it."""
    answer = bot.ask(f"papers by Ada {word} about {word} bandits", scope=viewer)
    assert word not in repr((answer.citations, answer.nearest))
    assert bot.names(What.AUTHOR, f"Ada {word}", scope=viewer) == []
    with pytest.raises(NotFoundError):
        bot.ask("bandits", digest=document, scope=viewer)
    with pytest.raises(NotFoundError):
        bot.browse(Kind.PAPER, {"author": f"Ada {word}"}, scope=viewer)
    for entry in bot.entries(digest=document, scope=scope):
        with pytest.raises(NotFoundError):
            bot.surroundings(entry.id, entry.entry.span.start, entry.entry.span.end, scope=viewer)


@given(order=st.permutations(SCOPES))
@settings(max_examples=4, deadline=None)
def test_what_is_offered_from_memory_keeps_to_its_server(order: list[int | None]) -> None:
    import asyncio

    async def offered(workers: WorkerPool) -> dict[int | None, str]:
        seen = {}
        for scope in (*order, *order):
            names = await workers.names("author", "", scope)
            seen[scope] = f"{names}{choices(await workers.digests(scope), '')}"
        return seen

    with TemporaryDirectory() as folder, Assistant(Library(Path(folder), HashEncoder()), lambda line: None) as bot:
        for word, scope in zip(WORDS, SCOPES, strict=False):
            bot.ingest([_upload("guide", word)], scope=scope)
        workers = WorkerPool(bot)
        seen = asyncio.run(offered(workers))
        workers.close()
    for scope, shown in seen.items():
        visible = {word for word, other in zip(WORDS, SCOPES, strict=False) if other in (None, scope)}
        assert {word for word in WORDS if word in shown} == visible


def test_a_misspelt_word_is_not_read_as_one_that_only_another_server_has(tmp_path: Path) -> None:
    with Assistant(Library(tmp_path, HashEncoder()), lambda line: None) as bot:
        bot.ingest([_upload("common", "Everyone")])
        bot.ingest([_upload("own", "Zorblatine")], scope=7)
        asked = {"question": "what else about it?", "history": ["what is zorblatins about?"]}
        assert "zorblatine" in str(bot.ask(**asked, scope=7).to_json()).lower()
        assert "zorblatine" not in str(bot.ask(**asked, scope=8).to_json()).lower()
        assert "zorblatine" not in str(bot.explain("zorblatins", scope=8).to_json()).lower()
