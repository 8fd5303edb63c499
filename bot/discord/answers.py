"""Giving answers: what the assistant says, rendered, kept for a while, and with the buttons that go on from it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import structlog

from bot.discord import render as buttons
from bot.discord.guilds import check_digest, check_shown, not_shown
from bot.discord.render import Reply, line, render
from bot.process import version
from bot.query.parser import wanted_kind
from bot.state.answers import GivenAnswers
from bot.state.feedback import Feedback
from bot.state.guilds import DEFAULTS
from corpus.errors import StoreError
from corpus.model import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.answer import Answer, Citation
    from bot.discord.worker_pool import Answers
    from bot.state import StateFile
    from bot.state.answers import GivenAnswer
    from bot.state.guilds import GuildSettings


log = structlog.get_logger(__name__)

TOP = 5
MOST = 25
"""Citations that a question gets in all its replies."""

RELATED = 0.5
"""What share of the best citation's score those behind the first five have at least.

Of 1,441 citations on ranks 6 to 25, in answers to the development questions over the five real pages, this keeps
all 4 that were wanted, and 294 others: that a search finds something for every rank does not make it an answer.
"""

ALL = "That is all that I found."


class Giver:
    """Gives answers their buttons, and goes on from them. Its methods block.

    Args:
        assistant: answers the questions.
        state: where answers and votes are kept.
        settings: what a server has chosen (None: outside of servers); may block.
    """

    def __init__(
        self,
        assistant: Answers,
        state: StateFile,
        settings: Callable[[int | None], GuildSettings] = lambda scope: DEFAULTS,
    ) -> None:
        self._assistant = assistant
        self.answers = GivenAnswers(state)
        self.feedback = Feedback(state)
        self._settings = settings

    def allows_feedback(self, scope: int | None) -> bool:
        """Whether votes are taken in a server."""
        return self._settings(scope).feedback

    def ask(self, given: GivenAnswer, *, private: bool) -> Reply:
        """Answer a question.

        Raises:
            DigestbotError: what the assistant raises.
        """
        answer = self._ask(given, TOP)
        given = replace(given, answered=answer.answered, confidence=answer.confidence)
        more = len(answer.citations) == TOP and is_related(answer.citations[-1], answer.citations)
        return self._finished(answer, given, private=private, more=more)

    def browse(self, given: GivenAnswer, *, private: bool) -> Reply:
        """List entries by facts.

        Raises:
            DigestbotError: what the assistant raises.
        """
        answer = self._browse(given, given.page)
        given = replace(given, question=answer.summary or "", answered=answer.answered)
        following: tuple[Citation, ...] = ()
        if len(answer.citations) == TOP:  # the last page comes again where there is no next
            following = self._browse(given, given.page + 1).citations
        left = {each.entry_id for each in following} - {each.entry_id for each in answer.citations}
        return self._finished(answer, given, private=private, more=bool(left))

    def more(self, given: GivenAnswer, *, private: bool) -> Reply:
        """The next citations of an answer; a line where there are none.

        Raises:
            DigestbotError: what the assistant raises.
        """
        answer, page = self._next(given)
        if not answer.citations:
            return replace(line(ALL), buttons=() if private else (buttons.delete(given.user, ""),))
        shown = replace(answer, citations=answer.citations[:TOP])
        more = len(answer.citations) > TOP
        return self._finished(shown, replace(given, page=page), private=private, more=more)

    def similar(self, entry: int, offset: int, scope: int | None) -> Reply:
        """The entries most like one of them.

        Raises:
            NotFoundError: it is no longer there, or is another server's.
        """
        answer = self._assistant.similar(entry, scope=scope, top=TOP + 1, offset=offset)
        kinds = self._settings(scope).kinds or frozenset(Kind)
        window = tuple(each for each in answer.citations[:TOP] if each.kind in kinds)
        reply = render(replace(answer, citations=window))
        # Those of kinds that the server does not show are passed over, and count.
        passed = answer.citations.index(reply.shown[-1]) + 1 if reply.shown else TOP
        following = offset + passed
        more = len(answer.citations) > passed and following < MOST
        return replace(reply, buttons=(buttons.similar(entry, following),)) if more else reply

    def _ask(self, given: GivenAnswer, top: int) -> Answer:
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
            return replace(answer, summary=not_shown(hidden))  # and not that the digest has none
        return answer

    def _browse(self, given: GivenAnswer, page: int) -> Answer:
        kind = Kind(given.kind or Kind.PAPER)
        check_shown(kind, self._settings(given.scope))
        return self._assistant.browse(kind, given.facts or {}, scope=given.scope, page=page)

    def _next(self, given: GivenAnswer) -> tuple[Answer, int]:
        """What was not shown yet, one citation more than is shown at a time; and the page where it begins."""
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

    def _next_page(self, given: GivenAnswer) -> tuple[Answer, int]:
        """The rest of a page that did not fit, and what stands on the next."""
        unseen: dict[int, Citation] = {}
        pages = [self._browse(given, page) for page in range(given.page, given.page + 3)]
        begins = [any(each.entry_id not in given.shown for each in page.citations) for page in pages]
        for page in pages:
            for each in page.citations:
                if each.entry_id not in given.shown:
                    unseen.setdefault(each.entry_id, each)
        first = begins.index(True) if any(begins) else 0
        return replace(pages[first], citations=tuple(unseen.values())[: TOP + 1]), given.page + first

    def _finished(self, answer: Answer, given: GivenAnswer, *, private: bool, more: bool) -> Reply:
        """Render an answer, keep it, and give it its buttons; where it cannot be kept it has none."""
        reply = render(answer)
        given = replace(given.with_shown(reply.shown), version=version(), model=self._assistant.model)
        try:
            name = self.answers.add(given)
        except StoreError as error:
            log.warning("answer not kept", error=str(error))
            return reply
        more = more or len(reply.shown) < len(answer.citations)
        row = [buttons.more(name)] if more and (len(given.shown) < MOST or given.facts is not None) else []
        if reply.shown:
            row.append(buttons.similar(reply.shown[0].entry_id))
        is_answer = given.facts is None and (reply.shown or answer.nearest)  # and no list, and no greeting
        if is_answer and self.allows_feedback(given.scope):
            row += buttons.votes(name)
        if not private:
            row.append(buttons.delete(given.user, name))
        return replace(reply, buttons=tuple(row))


def is_related(citation: Citation, citations: Sequence[Citation]) -> bool:
    """Whether a citation has enough to do with a question to follow the first five of its answer."""
    return citation.score >= RELATED * max(each.score for each in citations)
