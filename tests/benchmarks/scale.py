"""How a corpus's size is felt: ``python tests/benchmarks/scale.py 1000 10000`` prints a table in Markdown.

For each number of passages, invented pages of papers and job posts are ingested into a temporary data folder, or
one below ``--keep``, where what is there already is not ingested again; and asked in a process of their own. Their
words and names are drawn by chance from those of the bundled digests; their vectors are those of the bundled
passages, moved a little, so that they lie in clusters as real ones do. Questions are embedded by the real model.
"""

from __future__ import annotations

import argparse
import random
import re
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from bot import Assistant
from bot.process import settle
from embeddings.collection import Library
from embeddings.encoder import DEFAULT_MODEL
from embeddings.loader import ServingEncoder
from embeddings.vectors import unit_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

PAPERS, POSTS = 15, 10
"""Of each invented page."""
PASSAGES_A_PAGE = 26
NOISE = 0.6
"""Length of what is added to a real unit vector: cosines of some 0.85 within a cluster."""
ROUNDS = 200
JUDGED = 50
"""Questions that the recall is measured with."""
BATCH = 5000
AT_ONCE = (1, 4, 16, 64)
CITIES = (
    "US, WA, Seattle",
    "US, NY, New York",
    "ES, M, Madrid",
    "DE, BE, Berlin",
    "IN, KA, Bengaluru",
    "IT, Turin",
)
ROLES = ("Applied Scientist", "Economist", "Data Scientist", "Research Engineer")


class Derived:
    """The real model for questions; for passages, a real passage's vector, moved by the text's own chance."""

    def __init__(self) -> None:
        self._real = ServingEncoder(DEFAULT_MODEL)
        self.fingerprint = f"{self._real.fingerprint}, derived"
        self.dimensions, self.window = self._real.dimensions, self._real.window

    @cached_property
    def _centres(self) -> NDArray[np.float32]:
        return self._real.encode([text for text in bundled().split("\n\n") if len(text) > 80], "passage")

    def encode(self, texts: Sequence[str], role: str) -> NDArray[np.float32]:
        """Vectors of shape (len(texts), dimensions)."""
        if role == "question":
            return self._real.encode(texts, "question")
        rows = np.empty((len(texts), self.dimensions), np.float32)
        for row, text in zip(rows, texts, strict=True):
            chance = np.random.default_rng(crc32(text.encode()))
            moved = chance.standard_normal(self.dimensions).astype(np.float32)
            row[:] = self._centres[chance.integers(len(self._centres))] + NOISE * moved / np.linalg.norm(moved)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    def count_pieces(self, texts: Sequence[str]) -> list[int]:
        """Word pieces, near enough."""
        return [2 + len(re.findall(r"\w+|[^\w\s]", text)) for text in texts]


def bundled() -> str:
    """The text of the bundled digests."""
    folder = Path(str(files("corpus"))) / "digests"
    return "\n\n".join(path.read_text("utf-8") for path in sorted(folder.glob("*.md")))


class Words:
    """Words, names and sentences by chance."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self._words = sorted(set(re.findall(r"[a-z]{3,}", bundled())))
        names = sorted(set(re.findall(r"\b[A-Z][a-z]{2,}\b", bundled())))
        self._first, self._last = names[::2], names[1::2]

    def words(self, count: int) -> str:
        return " ".join(self.chance.choices(self._words, k=count))

    def sentence(self) -> str:
        return self.words(self.chance.randint(8, 22)).capitalize() + "."

    def name(self) -> str:
        ends = "".join(self.chance.choices("abcdefghiklmnoprstuvz", k=2))
        return f"{self.chance.choice(self._first)} {self.chance.choice(self._last)}{ends}"

    def page(self, number: int) -> str:
        """A guide with papers under topics, and job posts."""
        lines = [f"# Guide {number} to papers at ICML {2000 + number % 25}", self.sentence()]
        for paper in range(PAPERS):
            if paper % 3 == 0:
                lines.append(f"## {self.words(2).capitalize()}")
            authors = ", ".join(self.name() for _ in range(4))
            about = " ".join(self.sentence() for _ in range(4))
            lines += [f"### {self.words(7).capitalize()}", f"- Authors: {authors}", about]
        lines.append("## Jobs")
        for _ in range(POSTS):
            told = " ".join(self.sentence() for _ in range(10))
            lines += [f"### {self.chance.choice(ROLES)}", f"- Place: {self.chance.choice(CITIES)}", told]
        return "\n\n".join(lines) + "\n"

    def question(self, number: int) -> str:
        """One after the other: in words, by an author, by a place, by a venue."""
        forms = (
            self.words(7),
            f"papers by {self.name().split()[1]}",
            f"openings for an {self.chance.choice(ROLES)} in {self.chance.choice(CITIES).split(', ')[-1]}",
            f"papers about {self.words(2)} at ICML {2000 + number % 25}",
        )
        return forms[number % len(forms)]


def megabytes() -> float:
    """What this process has in memory."""
    return int(re.findall(r"VmRSS:\s+(\d+)", Path("/proc/self/status").read_text())[0]) / 1024


def ingest(passages: int, folder: Path) -> None:
    """Make the pages and ingest them; prints the rate."""
    if (folder / "data").exists():
        print("(kept) | ", end="")
        return
    words = Words(passages)
    (folder / "pages").mkdir(parents=True)
    for number in range(max(1, passages // PASSAGES_A_PAGE)):
        (folder / "pages" / f"guide-{number}.md").write_text(words.page(number), "utf-8")
    with Assistant(Library(folder / "data", Derived()), print) as assistant:
        begun = time.perf_counter()
        assistant.ingest([folder / "pages"])
        took = time.perf_counter() - begun
        count = assistant.status().passages
    print(f"{count / took:,.0f} | ", end="")


def ask(passages: int, folder: Path) -> None:
    """Open the folder and ask; prints times and memory."""
    words = Words(passages + 1)
    begun = time.perf_counter()
    encoder = Derived()
    library = Library(folder / "data", encoder)
    with Assistant(library, print) as assistant:
        assistant.ask(words.question(0))
        first = time.perf_counter() - begun
        for number in range(20):
            assistant.ask(words.question(number))
        settle()  # as the bot does
        took = sorted(assistant.ask(words.question(number)).took_ms for number in range(ROUNDS))
        alone = megabytes()
        rates = [rate(assistant, words, at_once) for at_once in AT_ONCE]
        memory = megabytes()
        status = assistant.status()
        found = recall(library, [words.question(number) for number in range(JUDGED)])
        encoder.encode(["made before the clock starts"], "passage")
        (folder / "one.md").write_text(words.page(int(time.time())), "utf-8")
        begun = time.perf_counter()
        assistant.ingest([folder / "one.md"])
        added = time.perf_counter() - begun
    shares = f"{took[ROUNDS // 2]:.1f} ms | {took[int(0.95 * ROUNDS)]:.1f} ms"
    index = f"{status.index_kind}, {found:.3f}"
    print(
        f"{status.passages:,} | {index} | {first:.1f} s | {shares} | {' / '.join(rates)} | {added:.2f} s"
        f" | {alone:,.0f}, {memory:,.0f} MB |"
    )


def recall(library: Library, questions: Sequence[str]) -> float:
    """Of the ten nearest passages by the cosines of all, the share that the index finds."""
    vectors = library.encoder.encode(questions, "question")
    nearest = np.empty((len(vectors), 0), np.float32)
    with library.index.view() as view:
        assert view
        ids = view.dense.columns.ids
        for at in range(0, len(ids), BATCH):
            stored = library.store.indexing.vectors_of(ids[at : at + BATCH].tolist(), library.encoder.fingerprint)
            cosines = vectors @ unit_rows(list(stored.values())).T
            nearest = -np.sort(-np.hstack([nearest, cosines]), axis=1)[:, :10]
        found = 0
        for vector, wanted in zip(vectors, nearest, strict=True):
            had = list(view.dense.search(vector, 100).values())[:10]
            found += sum(cosine >= wanted[-1] - 1e-5 for cosine in had)
    return found / nearest.size


def rate(assistant: Assistant, words: Words, at_once: int) -> str:
    """Questions answered a second, that many at a time."""
    questions = [words.question(number) for number in range(ROUNDS)]
    begun = time.perf_counter()
    with ThreadPoolExecutor(at_once) as threads:
        list(threads.map(assistant.ask, questions))
    return f"{ROUNDS / (time.perf_counter() - begun):.0f}"


def main() -> None:
    work = {"--ingest": ingest, "--ask": ask}.get(sys.argv[1] if len(sys.argv) > 1 else "")
    if work:
        work(int(sys.argv[2]), Path(sys.argv[3]))
        return
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("passages", nargs="*", type=int, default=(1_000, 10_000))
    given.add_argument("--keep", type=Path, metavar="DIR", help="where the data folders stay")
    wanted = given.parse_args()
    print(
        "| ingested a second, embedding aside | passages | index, recall@10 | open to first answer | p50 | p95 |",
        end="",
    )
    print(f" a second, {' / '.join(map(str, AT_ONCE))} at once | a page added | memory, alone and then at once |")
    print("|---|---|---|---|---|---|---|---|---|")
    for passages in wanted.passages:
        with tempfile.TemporaryDirectory() as temporary:
            folder = (wanted.keep or Path(temporary)) / str(passages)
            print("| ", end="", flush=True)
            for step in ("--ingest", "--ask"):
                subprocess.run([sys.executable, __file__, step, str(passages), str(folder)], check=True)


if __name__ == "__main__":
    main()
