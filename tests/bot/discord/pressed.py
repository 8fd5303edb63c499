"""What tests of buttons share: an assistant with many entries, and what is read of a reply."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.bot.discord.samples import answer, citation
from tests.bot.discord.scripted import Scripted

if TYPE_CHECKING:
    from bot.answer import Answer
    from bot.testing import Reply


def of(reply: Reply, act: str) -> str:
    """The custom_id of a reply's button."""
    (found,) = [b["custom_id"] for b in reply.buttons if b["custom_id"].startswith(f"digestbot:{act}:")]
    return str(found)


def acts(reply: Reply) -> list[str]:
    return [button["custom_id"].split(":")[1] for button in reply.buttons]


def titles(reply: Reply) -> list[str]:
    return [embed["title"] for embed in reply.embeds]


class Ranking(Scripted):
    """An assistant that has ``found`` so many entries, and gives as many of them as are asked for."""

    found = 12
    falling = 0.0
    """What each rank's score is lower than the one's before it."""

    def ask(self, question: str, **options: Any) -> Answer:
        super().ask(question, **options)
        ranked = [
            citation(rank=n, entry_id=n, title=f"Paper {n}", score=1 - self.falling * (n - 1))
            for n in range(1, self.found + 1)
        ]
        return answer(*ranked[: options.get("top", 5)], summary=f"{self.found} papers")

    def browse(self, kind: str, facts: Any, *, scope: Any = None, page: int = 1, top: int = 5) -> Answer:
        super().browse(kind, facts, scope=scope, page=page)
        page = min(page, -(-self.found // top))
        ranks = range((page - 1) * top + 1, min(page * top, self.found) + 1)
        listed = [citation(rank=n, entry_id=n, title=f"Paper {n}") for n in ranks]
        return answer(*listed, summary=f"12 papers, page {page}")

    def similar(self, entry_id: int, *, scope: Any = None, top: int = 5, offset: int = 0) -> Answer:
        super().similar(entry_id, scope=scope, top=top, offset=offset)
        ranks = range(offset + 1, min(offset + top, self.found) + 1)
        likest = [citation(rank=n, entry_id=100 + n, title=f"Like {n}") for n in ranks]
        return answer(*likest, summary=f"Most like {entry_id}")
