"""The index by size: ``python tests/benchmarks/index.py 1000 10000 100000 1000000`` prints a table in Markdown.

Invented passages: their vectors are real ones, moved a little, so that they lie in clusters as real ones do; their
words are drawn as often as real texts have them. The texts are those of the bundled digests, or of a collection in
BEIR form (``--collection ../shared/ir/scifact``); the questions are the digests' headings, or the collection's.
Both are embedded by the real model. ``--real`` takes the vectors as they are, as many as there are. A question is
what a search asks of the index: the words, the vectors, the exact cosines of all found, and the same once more for
the question moved towards its best passages. Recall is that of the ten nearest, against the cosines of all rows.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from corpus.model import Kind
from corpus.store import Filter, IndexedPassage
from embeddings.encoder import DEFAULT_MODEL
from embeddings.index import SearchIndex
from embeddings.loader import ServingEncoder
from embeddings.vectors import unit
from tests.benchmarks.scale import bundled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from embeddings.filters import Members
    from embeddings.index import View

PAGE = 26
"""Passages of a document: 16 of papers, 10 of jobs."""
WORDS = 60
NOISE = 0.5
QUESTIONS = 200
DEPTH = 100
SHOWN = 10


class Invented:
    """What the index asks of a store, of invented passages."""

    def __init__(self, material: Path, passages: int, *, real: bool) -> None:
        self._vectors = np.load(material / "vectors.npy")
        self._bag = np.load(material / "bag.npy", allow_pickle=True)
        self._count = min(passages, len(self._vectors)) if real else passages
        self._real = real
        self.generation = 1

    def stamp(self, generation: int) -> str:
        return str(generation)

    @property
    def indexing(self) -> Invented:
        return self

    def removed_since(self, generation: int) -> list[int]:
        return []

    def hidden_documents(self, scope: int | None, *, gone: bool) -> list[int]:
        return []

    def document_numbers(self, ids: Sequence[str]) -> list[int]:
        return [int(each) for each in ids]

    def passages_since(self, generation: int, model: str, until: int | None = None) -> Iterator[IndexedPassage]:
        begin, end = (0, self._count) if generation == 0 else (self._count, self._count + PAGE)
        for at in range(begin, end, 1000):
            yield from self._stretch(at, min(1000, end - at))

    def _stretch(self, begin: int, count: int) -> Iterator[IndexedPassage]:
        chance = np.random.default_rng(begin + 1)
        if self._real and begin < self._count:
            vectors = self._vectors[begin : begin + count]
        else:
            away = chance.standard_normal((count, self._vectors.shape[1]), dtype=np.float32)
            away /= np.linalg.norm(away, axis=1, keepdims=True)
            vectors = self._vectors[chance.integers(len(self._vectors), size=count)] + NOISE * away
            vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        words = self._bag[chance.integers(len(self._bag), size=(count, WORDS))]
        halves = vectors.astype(np.float16)
        for n in range(count):
            i = begin + n
            kind = Kind.PAPER if i % PAGE < 16 else Kind.JOB
            yield IndexedPassage(
                i + 1, " ".join(words[n]), halves[n].tobytes(), i + 1, kind, str(i), i // PAGE + 1
            )


def prepare(material: Path, collection: Path | None) -> None:
    """Embed texts and questions by the real model."""
    encoder = ServingEncoder(DEFAULT_MODEL)
    if collection:
        rows = [json.loads(line) for line in (collection / "corpus.jsonl").read_text("utf-8").splitlines()]
        texts = [f"{row['title']}\n{row['text']}" for row in rows]
        asked = [json.loads(row)["text"] for row in (collection / "queries.jsonl").read_text("utf-8").splitlines()]
    else:
        texts = [text for text in bundled().split("\n\n") if len(text) > 80]
        asked = [line.strip("# ") for line in bundled().splitlines() if line.startswith("#")]
    asked = list(dict.fromkeys(asked))[:QUESTIONS]
    order = np.argsort([len(text) for text in texts])
    vectors = np.concatenate(
        [encoder.encode([texts[i] for i in order[at : at + 32]], "passage") for at in range(0, len(order), 32)]
    )
    np.save(material / "vectors.npy", vectors)
    np.save(material / "bag.npy", np.array([word for text in texts for word in text.split()], dtype=object))
    np.save(material / "questions.npy", encoder.encode(asked, "question"))
    (material / "questions.json").write_text(json.dumps(asked))


def memory(name: str) -> float:
    """What this process has in memory now (VmRSS), or had at most (VmHWM), in MB."""
    return int(re.findall(rf"{name}:\s+(\d+)", Path("/proc/self/status").read_text())[0]) / 1024


def build(store: Invented, folder: Path) -> None:
    begun = time.perf_counter()
    SearchIndex(folder, store, "invented").refresh()  # type: ignore[arg-type]
    took = time.perf_counter() - begun
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
    print(f"{took:,.1f} s, {memory('VmHWM'):,.0f} MB | {size:,.0f} MB", end=" | ")


def asked(view: View, question: str, vector: NDArray[np.float32], members: Members | None) -> None:
    """What a search asks of the index."""
    shares, _ = view.lexical.search(question, DEPTH, members)
    near = view.dense.search(vector, DEPTH, members)
    at = view.dense.standing([*{*near, *shares}])
    moved = 0.7 * vector + 0.3 * view.dense.units(at)[:2].mean(axis=0)
    moved /= np.linalg.norm(moved)
    at = np.union1d(at, view.dense.standing(list(view.dense.search(moved, DEPTH, members))))
    view.dense.units(at) @ moved


def recall(view: View, vectors: NDArray[np.float32]) -> float:
    """Of the nearest rows by all cosines, the share that is found."""
    rows, nearest = view.dense.base, np.empty((len(vectors), 0), np.float32)
    for batch in rows.batches():
        nearest = -np.sort(-np.hstack([nearest, vectors @ unit(rows.half(batch)).T]), axis=1)[:, :SHOWN]
    found = 0
    for vector, wanted in zip(vectors, nearest, strict=True):
        cosines = list(view.dense.search(vector, DEPTH).values())[:SHOWN]
        found += sum(cosine >= wanted[-1] - 1e-5 for cosine in cosines)
    return found / nearest.size


def ask(store: Invented, folder: Path, material: Path) -> None:
    questions = json.loads((material / "questions.json").read_text())
    vectors = np.load(material / "questions.npy")
    before = memory("VmRSS")
    index = SearchIndex(folder, store, "invented")  # type: ignore[arg-type]
    begun = time.perf_counter()
    index.refresh()
    opened = time.perf_counter() - begun
    documents = max(1, store._count // PAGE)
    some = frozenset(str(1 + n * 97 % documents) for n in range(max(1, documents // 100)))
    filters = (Filter(), Filter(kinds=frozenset({Kind.JOB})), Filter(documents=some))
    shown = []
    with index.view() as view:
        assert view
        for allowed in filters:
            took = []
            for question, vector in zip(questions, vectors, strict=True):
                begun = time.perf_counter()
                asked(view, question, vector, view.members(store, allowed))  # type: ignore[arg-type]
                took.append(1e3 * (time.perf_counter() - begun))
            took.sort()
            shown.append(f"{took[len(took) // 2]:.1f}, {took[int(0.95 * len(took))]:.1f} ms")
        held = memory("VmRSS") - before
        found = recall(view, vectors)
    store.generation = 2
    begun = time.perf_counter()
    index.refresh()
    added = time.perf_counter() - begun
    manifest = json.loads((folder / "manifest.json").read_text())
    kind = manifest["kind"] + (f", {manifest['probes']} lists" if manifest["probes"] else "")
    print(f"{kind} | {1e3 * opened:.0f} ms | {' | '.join(shown)} | {found:.3f} | {held:,.0f} MB | {added:.2f} s |")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("sizes", nargs="*", type=int, default=[1_000, 10_000, 100_000])
    parser.add_argument("--collection", type=Path)
    parser.add_argument("--real", action="store_true")
    parser.add_argument("--material", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--step", choices=("build", "ask"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.step:
        store = Invented(given.material, given.sizes[0], real=given.real)
        folder = given.material / "index"
        build(store, folder) if given.step == "build" else ask(store, folder, given.material)
        return
    print("| passages | built in, at most | on the disk | kind | opened in | a question: p50, p95 |", end="")
    print(" of one kind | of a hundredth of the documents | recall@10 | memory after | a page added |")
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        material = given.material or Path(folder)
        if not (material / "questions.json").exists():
            prepare(material, given.collection)
        for size in given.sizes:
            print(f"| {size:,} | ", end="", flush=True)
            for step in ("build", "ask"):
                more = ["--real"] if given.real else []
                command = [sys.executable, __file__, str(size), "--material", str(material), "--step", step, *more]
                subprocess.run(command, check=True)
            shutil.rmtree(material / "index")


if __name__ == "__main__":
    main()
