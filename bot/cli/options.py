"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

from corpus.model import Kind

DataDir = Annotated[
    Path | None,
    typer.Option(
        "--data-dir",
        metavar="DIR",
        help="Folder of the corpus and its index (or DIGESTBOT_DATA_DIR; default: the user's data folder).",
        show_default=False,
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Top = Annotated[int, typer.Option("--top", min=1, max=50, metavar="N", help="Citations at most.")]
Digest = Annotated[
    str | None, typer.Option("--digest", metavar="ID", help="Only this document.", show_default=False)
]
Gone = Annotated[bool, typer.Option("--gone", help="Also from pages that their source no longer has.")]
OnlyKind = Annotated[Kind | None, typer.Option("--kind", help="Only entries of this kind.", show_default=False)]
