"""The command ``eval``: a question set or a test collection, asked and scored."""

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.console import Out
from bot.cli.options import AsJson, DataDir
from bot.cli.session import assistant_of, prepare
from bot.cli.tables import show_collection, show_set
from corpus.errors import DigestbotError

if TYPE_CHECKING:
    from rich.progress import Progress

    from bot.settings import Settings

_RUN_TAG = "digestbot"


def evaluate(
    questions: Annotated[
        Path | None,
        typer.Argument(metavar="[QUESTIONS.jsonl]", help="A question set.", show_default=False),
    ] = None,
    beir: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Instead: a test collection in BEIR form.", show_default=False),
    ] = None,
    out_file: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="FILE", help="Write the results too; with --beir a TREC run.", show_default=False
        ),
    ] = None,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Measure the answers to a question set, or the search.

    Example: digestbot eval questions.jsonl --out results.jsonl
    """
    out = Out()
    if questions is not None and beir is None:
        scores = _score_questions(questions, out_file, prepare(data_dir), out)
        show = show_set
    elif beir is not None and questions is None:
        scores = _score_collection(beir, out_file, prepare(data_dir))
        show = show_collection
    else:
        raise typer.BadParameter("give either a question set or --beir DIR")
    if as_json:
        out.json(scores)
    else:
        show(out, scores)


def _score_questions(path: Path, out_file: Path | None, settings: "Settings", out: Out) -> dict[str, Any]:
    from bot.evaluation.asking import ask_one
    from bot.evaluation.questions import read_questions
    from bot.evaluation.scores import score_set

    questions = read_questions(path)
    check_folder(out_file)
    results = []
    with assistant_of(settings, out, with_corpus=True) as assistant, progress_bar("questions") as tell:
        for number, question in enumerate(questions, 1):
            results.append(ask_one(assistant, question))
            tell(number, len(questions))
    if out_file:
        write(out_file, (json.dumps(result.to_json(), ensure_ascii=False) + "\n" for result in results))
    return score_set(results)


def _score_collection(folder: Path, out_file: Path | None, settings: "Settings") -> dict[str, Any]:
    from bot.evaluation.collection import run_collection
    from bot.evaluation.rankings import score_rankings, trec_lines

    check_folder(out_file)
    with progress_bar("passages embedded") as tell:
        run = run_collection(folder, settings=settings, progress=tell)
    if out_file:
        write(out_file, trec_lines(run.rankings, _RUN_TAG))
    return {"collection": folder.resolve().name, **score_rankings(run.rankings, run.judgements)}


class _Teller:
    """Is called with how many are done, of how many."""

    def __init__(self, bar: "Progress", name: str) -> None:
        self._bar = bar
        self._task = bar.add_task(name, total=None)

    def __call__(self, done: int, total: int) -> None:
        self._bar.update(self._task, completed=done, total=total)


@contextmanager
def progress_bar(name: str) -> Iterator[_Teller]:
    """Show on a terminal how many are done; yields what is called with that number and of how many."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
        yield _Teller(bar, name)


def check_folder(out_file: Path | None) -> None:
    """Say before minutes of work that its results could not be written."""
    if out_file and (out_file.is_dir() or not out_file.absolute().parent.is_dir()):
        raise DigestbotError(f"{out_file} cannot be written: no such folder, or itself a folder")


def write(out_file: Path, lines: Iterable[str]) -> None:
    """Write a file, or say why not."""
    try:
        with out_file.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(lines)
    except OSError as error:
        raise DigestbotError(f"{out_file} cannot be written: {error.strerror}") from None
