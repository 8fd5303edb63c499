"""The plan: what a question asks to be done, on which facts, and what accounts for each of its words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from corpus.gazetteer import NO_IDS, Ids, Mention, What
from corpus.model import Kind, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.query.attributes import Attribute
    from bot.query.periods import Period


class Operation(StrEnum):
    """What is to be done."""

    FIND = "find"
    """Find what answers, by meaning."""
    LIST = "list"
    """List the entries that the condition selects."""
    COUNT = "count"
    """Tell their number, or that of their authors, companies, topics."""
    GROUP = "group"
    """Tell what there is of a sort (topics, companies), with the number of entries of each."""
    COMPARE = "compare"
    """Hold the numbers of two or more against each other."""
    EXTREME = "extreme"
    """Put first what has most or least of something."""
    WHO = "who"
    """Tell the authors of a paper."""
    DEFINE = "define"
    """Show what the pages say of a thing."""
    OVERVIEW = "overview"
    """Tell what a page is about."""
    CHAT = "chat"
    """Answer small talk."""


_LISTS = (Operation.LIST, Operation.COUNT, Operation.GROUP, Operation.COMPARE, Operation.EXTREME)


class Use(StrEnum):
    """What accounts for a word of the question."""

    FACT = "fact"
    """The condition or a name."""
    ATTRIBUTE = "attribute"
    """It asks for something that an entry may tell."""
    TEXT = "text"
    """Nothing yet: it has to stand in what is cited."""
    ASKING = "asking"
    """It only asks, or is carried out by the operation."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the question: as written, folded, where it stands, and what accounts for it."""

    text: str
    folded: str
    span: Span
    use: Use


@dataclass(frozen=True, slots=True)
class Option:
    """Names that hold together: one, several people of one name, or a venue with its year behind it."""

    names: tuple[Mention, ...]

    @property
    def what(self) -> What:
        """What the names are."""
        return self.names[0].what

    @property
    def span(self) -> Span:
        """From the first to the last of its words."""
        return Span(min(n.span.start for n in self.names), max(n.span.end for n in self.names))

    @property
    def told(self) -> str:
        """The names as a summary tells them."""
        return " ".join(dict.fromkeys(name.name for name in self.names))

    def entries(self, *, texts: bool = False, wider: bool = False) -> Ids:
        """The entries that carry the names; of several of one sort any, of different sorts all.

        Args:
            texts: those that name a place or year in their text alone, too.
            wider: those under headings that have a topic's words among others, too.
        """
        sorts: dict[What, Ids] = {}
        for name in self.names:
            ids = name.entries
            ids = ids | name.named_in_text if texts else ids
            ids = ids | name.wider if wider else ids
            sorts[name.what] = sorts.get(name.what, NO_IDS) | ids
        return Ids.intersection(*sorts.values())

    @property
    def unknown(self) -> Ids:
        """The entries that may carry them, as far as is known."""
        return NO_IDS.union(*(name.unknown for name in self.names))


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of the condition: any of some options, or all of them; or none.

    ``words`` are no facts but words that an entry's text has to say; they stand where there are no options.
    """

    options: tuple[Option, ...]
    every: bool = False
    negated: bool = False
    words: tuple[str, ...] = ()

    @property
    def what(self) -> What:
        """What its names are."""
        return self.options[0].what if self.options else What.WORDS


@dataclass(frozen=True, slots=True)
class Order:
    """A column of the cards that entries are ordered by: ``sign`` -1 puts the greatest first, 1 the least."""

    column: str
    sign: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A question as it is understood.

    Attributes:
        question: as it was asked; all spans lie in it.
        operation: what is to be done.
        kind: of the entries that are asked for, None where it is not said.
        mentions: all names and facts that stand in it, those that select nothing among them.
        condition: clauses, all of which have to hold.
        words: its words in order.
        attributes: what is asked for of an entry.
        period: the time that it names, one of the clauses, if any.
        group: by what entries are grouped, or of what a number is asked for.
        both: whether only what all options of a clause have is grouped ("authors at both").
        order: in what order they come, None for the pages'.
        limit: how many are asked for, None for all.
        nth: the place of the author that is asked for, from 1, -1 for the last.
    """

    question: str
    operation: Operation
    kind: Kind | None
    mentions: tuple[Mention, ...]
    condition: tuple[Clause, ...]
    words: tuple[Word, ...]
    attributes: tuple[Attribute, ...]
    period: Period | None = None
    group: What | None = None
    both: bool = False
    order: Order | None = None
    limit: int | None = None
    nth: int | None = None

    def named(self, *what: What) -> list[Mention]:
        """The mentions of these sorts."""
        return [mention for mention in self.mentions if mention.what in what]

    def clauses(self, *what: What) -> Iterator[Clause]:
        """The clauses of these sorts, in order."""
        return (clause for clause in self.condition if clause.what in what)

    @property
    def selecting(self) -> list[Mention]:
        """The mentions by which entries are selected."""
        return [name for clause in self.condition for option in clause.options for name in option.names]

    @property
    def left(self) -> tuple[Word, ...]:
        """The words that the plan does not carry out: they have to stand in what is cited."""
        return tuple(word for word in self.words if word.use in (Use.TEXT, Use.ATTRIBUTE))

    @property
    def rest(self) -> tuple[str, ...]:
        """The same, folded."""
        return tuple(word.folded for word in self.left)

    @property
    def is_chat(self) -> bool:
        """Whether somebody says hello or thanks, or asks about the bot itself."""
        return self.operation is Operation.CHAT

    @property
    def is_list(self) -> bool:
        """Whether several entries are wanted, all of those that the facts select."""
        return self.operation in _LISTS
