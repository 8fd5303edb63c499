"""The score tables that ``eval`` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.table import Table

    from bot.cli.console import Out

_COLUMNS = {
    "success@1": "succ@1",
    "success@5": "succ@5",
    "coverage@3": "cov@3",
    "coverage@5": "cov@5",
    "coverage@10": "cov@10",
    "MRR@10": "MRR@10",
    "e2e_coverage@5": "e2e@5",
    "false_abstentions": "f.abst",
}
_PIPE_WIDTH = 120


def show_set(out: Out, scores: dict[str, Any]) -> None:
    """Print a question set's scores: a row a category, then the means and how well abstaining works."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("category", no_wrap=True)
    for column in ("n", *_COLUMNS.values()):
        table.add_column(column, justify="right", no_wrap=True)
    for name, row in scores["categories"].items():
        if "false_answers" not in row:
            table.add_row(name, str(row["n"]), *(_figure(row[column]) for column in _COLUMNS))
    for name in ("any", "all", "overall"):
        if row := scores[name]:
            cells = (_figure(row[column]) for column in _COLUMNS)
            title = "overall" if name == "overall" else f"{name}-mode"
            table.add_row(title, str(row["n"]), *cells, style="bold")
    _print(out, table)
    table = Table(box=None, pad_edge=False, show_header=False)
    rest = scores["abstention"]
    for name, row in scores["categories"].items():
        if "false_answers" in row:
            table.add_row(f"false answers, {name}", _figure(row["false_answers"]), f"of {row['n']}")
    table.add_row("false answers", _figure(rest["false_answers"]), f"of {rest['unanswerable']}")
    table.add_row("false abstentions", _figure(rest["false_abstentions"]), f"of {rest['answerable']}")
    table.add_row("AUROC of the confidence", _figure(rest["auroc"]))
    out.line()
    _print(out, table)


def show_collection(out: Out, scores: dict[str, Any]) -> None:
    """Print a test collection's scores, one a line."""
    out.line((scores["collection"], "bold"), f"  {scores['queries']} judged queries")
    for name, value in scores.items():
        if isinstance(value, float):
            out.line(f"{name:<11}", _figure(value, digits=4))


def _figure(value: float | None, digits: int = 3) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


def _print(out: Out, table: Table) -> None:
    if out.terminal:
        out.console.print(table)
        return
    from rich.console import Console

    # Rendered apart, so that a pipe gets whole rows whatever its width is taken to be, and no blanks behind them.
    plain = Console(width=_PIPE_WIDTH, color_system=None, markup=False, emoji=False, highlight=False)
    with plain.capture() as rendered:
        plain.print(table)
    for row in rendered.get().splitlines():
        out.line(row.rstrip())
