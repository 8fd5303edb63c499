"""Where the time of a warm answer goes: ``python tests/benchmarks/stages.py`` prints a table in Markdown.

Each question is asked once, made from the names of the bundled digests, or of the data folder that is given. A
stage's time is its own: what it asks of another stage counts there.
"""

from __future__ import annotations

import functools
import statistics
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parents[2]))

import bot.answering.pipeline
from bot import Assistant
from bot.answering.pipeline import AnswerPipeline
from bot.discord.render import render
from corpus.model import Kind
from embeddings.collection import Library
from embeddings.dense import DenseIndex
from embeddings.fulltext import LexicalIndex
from embeddings.loader import ServingEncoder

if TYPE_CHECKING:
    from collections.abc import Iterator

STAGES: dict[str, list[tuple[Any, str]]] = {
    "recognition": [(bot.answering.pipeline, "ways_of"), (bot.answering.pipeline, "parse"), (Library, "spelt")],
    "embedding": [(ServingEncoder, "encode")],
    "dense": [(DenseIndex, name) for name in ("search", "units")],
    "lexical": [(LexicalIndex, name) for name in ("search", "terms")],
    "facts": [(bot.answering.pipeline, "facts_of"), (bot.answering.pipeline, "boosts_of")],
    "rescoring": [
        (Library, "search"),
        (bot.answering.pipeline, "with_attributes"),
        (bot.answering.pipeline, "told_first"),
        (AnswerPipeline, "_judged"),
    ],
    "excerpts, citing": [(AnswerPipeline, "_cite")],
    "rendering": [],
}
REST, WHOLE = "the rest", "**the whole way**"
WARM = 20
"""Questions before those that count."""


class Watch:
    """Adds up what each stage of a question takes, in seconds, without the stages within it."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}
        self._within = [0.0]

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        self._within.append(0.0)
        begun = time.perf_counter()
        try:
            yield
        finally:
            took = time.perf_counter() - begun
            self.spent[stage] = self.spent.get(stage, 0.0) + took - self._within.pop()
            self._within[-1] += took

    def wrap(self, stage: str, owner: Any, name: str) -> None:
        original = getattr(owner, name)

        @functools.wraps(original)
        def timed(*arguments: Any, **named: Any) -> Any:
            with self.timed(stage):
                return original(*arguments, **named)

        setattr(owner, name, timed)


def questions(assistant: Assistant) -> list[str]:
    """Distinct questions over what is there, of the sorts that people ask, in turn."""
    papers = [entry.entry.title for entry in assistant.entries(kind=Kind.PAPER)]
    sorts = [
        [f"who wrote {title}?" for title in papers[::2]],
        [f"how does {title} work?" for title in papers[1::2]],
        [f"papers about {name}" for name in assistant.names("topic", most=200)],
        [f"papers by {name}" for name in assistant.names("author", most=200)[::3]],
        [f"openings in {name}" for name in assistant.names("place", most=200)],
        [f"what does the team {name} look for?" for name in assistant.names("team", most=200)],
        ["how long do the internships last?", "what is the weather like?", "which salary is paid?"],
    ]
    longest = max(map(len, sorts))
    return list(dict.fromkeys(sort[i] for i in range(longest) for sort in sorts if i < len(sort)))


def measure(assistant: Assistant) -> None:
    """Ask all questions, and print what the stages took."""
    asked = questions(assistant)
    for question in asked[-WARM:]:
        assistant.ask(question)
    watch = Watch()
    for stage, functions in STAGES.items():
        for owner, name in functions:
            watch.wrap(stage, owner, name)
    rows: list[dict[str, float]] = []
    for question in asked[:-WARM]:
        watch.spent = {}
        begun = time.perf_counter()
        with watch.timed(REST):
            answer = assistant.ask(question)
            with watch.timed("rendering"):
                render(answer)
        rows.append({**watch.spent, WHOLE: time.perf_counter() - begun})
    print(f"| stage of a warm answer, {len(rows)} questions | p50 | p95 |\n|---|---|---|")
    for stage in (*STAGES, REST, WHOLE):
        took = sorted(1000 * row.get(stage, 0.0) for row in rows)
        print(f"| {stage} | {statistics.median(took):.2f} ms | {took[int(0.95 * len(took))]:.2f} ms |")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, Assistant.open(*sys.argv[1:2] or [folder]) as assistant:
        assistant.ensure_corpus()
        assistant.warm_up()
        measure(assistant)


if __name__ == "__main__":
    main()
