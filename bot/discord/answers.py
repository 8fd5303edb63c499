"""Asks the assistant, renders its answers with buttons, and stores what the buttons need later."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import structlog

from bot.discord.guilds import check_digest, check_shown, not_shown
from bot.discord.render import Reply, delete_button, line, more_button, render, similar_button, vote_buttons
from bot.process import version
from bot.query.parser import wanted_kind
from bot.state.answers import AnswerStore
from bot.state.feedback import Feedback
from bot.state.guilds import DEFAULTS
from corpus.errors import StoreError
from corpus.model import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.answer import Answer, Citation
    from bot.assistant import Assistant
    from bot.state import StateFile
    from bot.state.answers import StoredAnswer
    from bot.state.guilds import GuildSettings

log = structlog.get_logger(__name__)

TOP = 5
MOST = 25
"""The most citations of one question over all its replies."""

RELATED = 0.5
"""The least share of the best citation's score for citations after the first five.

Of 1,441 citations on ranks 6 to 25, in answers to the development questions over the five real pages, this keeps
all 4 wanted ones and 294 others: a search finds something for every rank, but that is not always an answer.
"""

ALL = "That is all I found."


class AnswerService:
    """Answers questions with buttons, and continues from them. All methods block.

    Args:
        assistant: answers the questions.
        state: stores answers and votes.
        settings: returns a server's settings (None: outside of servers); may block.
    """

    def __init__(
        self,
        assistant: Assistant,
        state: StateFile,
        settings: Callable[[int | None], GuildSettings] = lambda scope: DEFAULTS,
    ) -> None:
        self._assistant = assistant
        self.stored = AnswerStore(state)
        self.feedback = Feedback(state)
        self._settings = settings

    def allows_feedback(self, scope: int | None) -> bool:
        """Whether a server takes votes."""
        return self._settings(scope).feedback

    def ask(self, given: StoredAnswer, *, private: bool) -> Reply:
        """Answer a question; raises what the assistant raises."""
        answer = self._ask(given, TOP)
        given = replace(given, answered=answer.answered, confidence=answer.confidence)
        more = len(answer.citations) == TOP and is_related(answer.citations[-1], answer.citations)
        return self._finished(answer, given, private=private, more=more)

    def browse(self, given: StoredAnswer, *, private: bool) -> Reply:
        """List entries by facts; raises what the assistant raises."""
        answer = self._browse(given, given.page)
        given = replace(given, question=answer.summary or "", answered=answer.answered)
        following: tuple[Citation, ...] = ()
        if len(answer.citations) == TOP:  # beyond the last page the assistant repeats it
            following = self._browse(given, given.page + 1).citations
        left = {each.entry_id for each in following} - {each.entry_id for each in answer.citations}
        return self._finished(answer, given, private=private, more=bool(left))

    def more(self, given: StoredAnswer, *, private: bool) -> Reply:
        """Show the next citations of an answer, or say that there are none; raises what the assistant raises."""
        answer, page = self._next(given)
        if not answer.citations:
            return replace(line(ALL), buttons=() if private else (delete_button(given.user, ""),))
        shown = replace(answer, citations=answer.citations[:TOP])
        more = len(answer.citations) > TOP
        return self._finished(shown, replace(given, page=page), private=private, more=more)

    def similar(self, entry: int, offset: int, scope: int | None) -> Reply:
        """Show the entries most similar to one.

        Raises:
            NotFoundError: the entry is gone, or belongs to another server.
        """
        answer = self._assistant.similar(entry, scope=scope, top=TOP + 1, offset=offset)
        kinds = self._settings(scope).kinds or frozenset(Kind)
        window = tuple(each for each in answer.citations[:TOP] if each.kind in kinds)
        reply = render(replace(answer, citations=window))
        # Entries of hidden kinds are skipped, but count for the offset.
        passed = answer.citations.index(reply.shown[-1]) + 1 if reply.shown else TOP
        following = offset + passed
        more = len(answer.citations) > passed and following < MOST
        return replace(reply, buttons=(similar_button(entry, following),)) if more else reply

    def _ask(self, given: StoredAnswer, top: int) -> Answer:
        if given.digest:
            check_digest(self._assistant.digests(given.scope), given.digest)
        settings = self._settings(given.scope)
        if given.kind:
            check_shown(given.kind, settings)
        answer = self._assistant.ask(
            given.question,
            history=given.history,
            kind=given.kind or settings.kinds or None,
            digest=given.digest,
            scope=given.scope,
            top=top,
        )
        hidden = wanted_kind(given.question)
        if hidden and not answer.answered and settings.kinds and hidden not in settings.kinds:
            return replace(answer, summary=not_shown(hidden))  # rather than that the digest has none
        return answer

    def _browse(self, given: StoredAnswer, page: int) -> Answer:
        kind = Kind(given.kind or Kind.PAPER)
        check_shown(kind, self._settings(given.scope))
        return self._assistant.browse(kind, given.facts or {}, scope=given.scope, page=page)

    def _next(self, given: StoredAnswer) -> tuple[Answer, int]:
        """Return the next citations, one more than a reply shows, and the page where they begin."""
        if given.facts is not None:
            return self._next_page(given)
        before = len(given.shown)
        answer = self._ask(given, before + TOP + 1)
        unseen = [
            each
            for each in answer.citations
            if each.entry_id not in given.shown and (each.rank <= TOP or is_related(each, answer.citations))
        ][: MOST - before]
        ranked = tuple(replace(each, rank=rank) for rank, each in enumerate(unseen, before + 1))
        return replace(answer, citations=ranked, summary=f"More on “{given.question}”", understood=None), 1

    def _next_page(self, given: StoredAnswer) -> tuple[Answer, int]:
        """Return what did not fit of a page, and the next page."""
        unseen: dict[int, Citation] = {}
        pages = [self._browse(given, page) for page in range(given.page, given.page + 3)]
        begins = [any(each.entry_id not in given.shown for each in page.citations) for page in pages]
        for page in pages:
            for each in page.citations:
                if each.entry_id not in given.shown:
                    unseen.setdefault(each.entry_id, each)
        first = begins.index(True) if any(begins) else 0
        return replace(pages[first], citations=tuple(unseen.values())[: TOP + 1]), given.page + first

    def _finished(self, answer: Answer, given: StoredAnswer, *, private: bool, more: bool) -> Reply:
        """Render an answer, store it, and add its buttons; without storage it gets none."""
        reply = render(answer)
        given = replace(given.with_shown(reply.shown), version=version(), model=self._assistant.model)
        try:
            name = self.stored.add(given)
        except StoreError as error:
            log.warning("answer not stored", error=str(error))
            return reply
        more = more or len(reply.shown) < len(answer.citations)
        row = [more_button(name)] if more and (len(given.shown) < MOST or given.facts is not None) else []
        if reply.shown:
            row.append(similar_button(reply.shown[0].entry_id))
        is_answer = given.facts is None and (reply.shown or answer.nearest)  # not a list, not a greeting
        if is_answer and self.allows_feedback(given.scope):
            row += vote_buttons(name)
        if not private:
            row.append(delete_button(given.user, name))
        return replace(reply, buttons=tuple(row))


def is_related(citation: Citation, citations: Sequence[Citation]) -> bool:
    """Whether a citation scores high enough to follow the first five of its answer."""
    return citation.score >= RELATED * max(each.score for each in citations)
