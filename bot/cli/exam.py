"""The commands ``exam`` and ``calibrate``, and their plots."""

from __future__ import annotations

from dataclasses import asdict
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.console import AsJson, DataDir, Out, counted, one_line
from bot.cli.evaluate import check_folder, progress_bar, write
from bot.cli.session import assistant_of, prepare

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.evaluation.exam import ExamResult
    from bot.evaluation.fit import Fit
    from embeddings.confidence import Calibration

_CELLS = 30
_STYLE = "font: 12px sans-serif; fill: #333"
_DATA, _GRID = "#4568b5", "#bbb"


def bar(share: float) -> str:
    """Draw a share, 0 to 1, as a bar of characters."""
    full = round(share * _CELLS)
    return "█" * full + "·" * (_CELLS - full)


def bars_svg(title: str, rows: Sequence[tuple[str, float]]) -> str:
    """Draw names with their shares, 0 to 1, as horizontal bars."""
    left, width, high = 240, 320, 22
    drawn = [_text(10, 20, title, bold=True)]
    for at, (name, share) in enumerate(rows):
        y = 34 + at * high
        drawn += [
            _text(10, y + 13, name),
            f'<rect x="{left}" y="{y}" width="{width}" height="16" fill="#eee"/>',
            f'<rect x="{left}" y="{y}" width="{width * share:.1f}" height="16" fill="{_DATA}"/>',
            _text(left + width + 8, y + 13, f"{share:.2f}"),
        ]
    return _svg(left + width + 60, 44 + len(rows) * high, drawn)


def reliability_svg(title: str, points: Sequence[tuple[float, float, float]]) -> str:
    """Draw (mean confidence, answerable share, weight) per bin; on the diagonal the confidence is right."""
    side, left, top = 320, 60, 40
    right, bottom = left + side, top + side
    drawn = [_text(10, 20, title, bold=True)]
    for at in range(6):
        value, x, y = at / 5, left + side * at / 5, bottom - side * at / 5
        drawn += [
            _line(left, y, right, y, _GRID), _line(x, top, x, bottom, _GRID),
            _text(left - 30, y + 4, f"{value:.1f}"), _text(x - 8, bottom + 18, f"{value:.1f}"),
        ]  # fmt: skip
    drawn.append(_line(left, bottom, right, top, "#333"))
    heaviest = max((weight for _, _, weight in points), default=1.0)
    for confidence, answerable, weight in points:
        x, y, radius = left + side * confidence, bottom - side * answerable, 3 + 9 * (weight / heaviest) ** 0.5
        drawn.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{_DATA}" fill-opacity="0.8"/>')
    drawn.append(_text(left, bottom + 40, "across: confidence; up: share that can be answered"))
    return _svg(right + 30, bottom + 56, drawn)


def _svg(width: float, height: float, drawn: Iterable[str]) -> str:
    body = "\n".join(drawn)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'height="{height:g}">\n<rect width="100%" height="100%" fill="white"/>\n{body}\n</svg>\n'
    )


def _text(x: float, y: float, words: str, *, bold: bool = False) -> str:
    weight = "; font-weight: bold" if bold else ""
    return f'<text x="{x:g}" y="{y:g}" style="{_STYLE}{weight}">{escape(words)}</text>'


def _line(x1: float, y1: float, x2: float, y2: float, colour: str) -> str:
    return f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" stroke="{colour}"/>'


Seed = Annotated[int, typer.Option("--seed", metavar="N", help="The same questions for the same number.")]
Plot = Annotated[Path | None, typer.Option("--plot", metavar="FILE.svg", help="Draw it too.", show_default=False)]


def exam(
    questions: Annotated[
        int, typer.Option("--questions", min=1, max=5000, metavar="N", help="Answerable questions at most.")
    ] = 200,
    seed: Seed = 0,
    plot: Plot = None,
    show_misses: Annotated[bool, typer.Option("--misses", help="List what was not found.")] = False,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Make questions of the corpus, ask them, and say how well its entries are found.

    Example: digestbot exam --questions 300 --misses
    """
    from bot.evaluation.exam import draw_questions, grade, misses, save, summarise

    out, settings = Out(), prepare(data_dir)
    check_folder(plot)
    with assistant_of(settings, out, with_corpus=True) as assistant, progress_bar("questions") as tell:
        entries = assistant.entries()
        chosen = draw_questions(
            entries,
            lambda each: assistant.text(each.document, each.entry.span.start, each.entry.span.end),
            questions,
            seed,
        )
        graded = grade(assistant.ask, chosen, {each.id: each.key for each in entries}, tell)
    save(settings.data_dir, graded)
    found, missed = summarise(graded), misses(graded)
    titles = {each.key: each.entry.title for each in entries}
    if plot:
        rows = [(f"{name} ({row['n']})", row["recall@5"]) for name, row in found["forms"].items()]
        write(plot, [bars_svg("Found among the first five", rows)])
    if as_json:
        listed = [_miss(each, titles) for each in missed]
        out.json({**found, "misses": listed} if show_misses else found)
        return
    _show_marks(out, found)
    if show_misses:
        _show_misses(out, missed, titles)


def calibrate(
    seed: Seed = 0,
    plot: Plot = None,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Fit how sure an answer is to the corpus, on questions made of it, and keep that in the data folder.

    Takes a minute or two for a hundred entries. A bot that runs takes it up when it is started again.

    Example: digestbot calibrate --plot reliability.svg
    """
    from bot.evaluation.calibrate import calibrate as fitted
    from embeddings.collection import Library
    from embeddings.confidence import FILE_NAME
    from embeddings.loader import ServingEncoder

    out, settings = Out(), prepare(data_dir)
    check_folder(plot)
    with assistant_of(settings, out, with_corpus=True), progress_bar("questions") as tell:
        library = Library(settings.data_dir, ServingEncoder(settings.model, small=settings.small))
        try:
            calibration, fit = fitted(library, seed, tell)
        finally:
            library.close()
    path = settings.data_dir / FILE_NAME
    calibration.save(path)
    if plot:
        points = [(each.confidence, each.answerable, each.weight) for each in fit.bins]
        write(plot, [reliability_svg("Reliability, out of fold", points)])
    if as_json:
        out.json(asdict(calibration))
    else:
        _show_fit(out, calibration, fit)
        out.line(f"written to {path}")


def _show_marks(out: Out, found: dict[str, Any]) -> None:
    out.line((f"{'':<28}{'n':>5} {'succ@1':>7} {'rec@5':>7} {'rec@10':>7} {'MRR@10':>7} {'n.answ':>7}", "bold"))
    overall = {"overall": found["overall"]} if found["overall"] else {}
    for name, row in {**found["kinds"], **found["forms"], **overall}.items():
        shares = [row[each] for each in ("success@1", "recall@5", "recall@10", "MRR@10", "not_answered")]
        figures = " ".join(f"{share:7.3f}" for share in shares)
        out.line(
            f"{name:<28}{row['n']:>5} {figures}", (f"  {bar(row['recall@5'])}" if out.terminal else "", "blue")
        )
    out.line()
    for name, row in found["unanswerable"].items():
        out.line(f"{'answered, ' + name:<28}{row['n']:>5} {row['answered']:7.3f}")


def _show_misses(out: Out, missed: list[ExamResult], titles: dict[str, str]) -> None:
    out.line()
    out.line((f"{counted(len(missed), 'question')} whose entry was not among the first ten", "bold"))
    for each in missed:
        shown = _miss(each, titles)
        out.line(f"{shown['question']}  ({shown['form']}: {'; '.join(shown['wanted'])})")


def _miss(each: ExamResult, titles: dict[str, str]) -> dict[str, Any]:
    wanted = sorted({one_line(titles[key]) for key in each.question.gold})
    return {"question": one_line(each.question.question), "form": each.question.form, "wanted": wanted[:5]}


def _show_fit(out: Out, calibration: Calibration, fit: Fit) -> None:
    provenance = calibration.provenance
    asked = ", ".join(f"{count:,} {source}" for source, count in provenance["questions"].items())
    out.line(("questions", "bold"), f"  {asked}")
    out.line(("weights", "bold"), "  of the signals in units of their spread")
    for name, weight in sorted(
        zip(calibration.names, calibration.weights, strict=True), key=lambda each: -each[1]
    ):
        out.line(f"  {name:<10} {weight:+.2f}")
    out.line(("reliability", "bold"), "  on questions not fitted on: confidence, share that can be answered")
    for each in fit.bins:
        out.line(f"  {each.confidence:.2f}  {each.answerable:.2f}  ", (bar(each.answerable), "blue"))
    out.line(f"AUROC {fit.auroc:.3f}, expected calibration error {fit.error:.3f}")
    wrong = ", ".join(f"{share:.1%} {source}" for source, share in fit.false_answers.items())
    out.line(
        f"answered from a confidence of {fit.threshold:.2f} on: {fit.false_abstentions:.1%} of the answerable"
    )
    out.line(f"  are not answered, and of the others are answered: {wrong}")
