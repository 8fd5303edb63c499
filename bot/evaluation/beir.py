"""Runs a public test collection in BEIR form through the shipped search."""

from __future__ import annotations

import csv
import hashlib
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.errors import ReadError
from corpus.model import Entry, Kind, Page, Span
from corpus.store import Filter, Identity
from embeddings.collection import Library
from embeddings.loader import ServingEncoder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.settings import Settings
    from embeddings.collection import Progress

DEPTH = 100
"""Results for a query."""


@dataclass(frozen=True, slots=True)
class Run:
    """A collection's judgements and the search's rankings.

    ``judgements`` maps query and document ids to grades; above 0 is relevant. ``rankings`` maps query ids to at
    most ``DEPTH`` documents with their scores, best first.
    """

    judgements: Mapping[str, Mapping[str, int]]
    rankings: Mapping[str, list[tuple[str, float]]]


def run_collection(folder: Path, *, settings: Settings, progress: Progress) -> Run:
    """Index a collection in a temporary data folder and run its judged queries.

    Args:
        folder: holds corpus.jsonl (``_id``, ``title``, ``text``), queries.jsonl (``_id``, ``text``) and qrels.tsv
            or qrels/test.tsv (query, document, grade, with a header line).
        settings: name the model.
        progress: receives the number of embedded passages and their total.

    Raises:
        ReadError: a file is missing or malformed.
    """
    judgements, queries = judgements_of(folder), queries_of(folder)
    with tempfile.TemporaryDirectory(prefix="digestbot-beir-") as temporary:
        library = Library(Path(temporary), ServingEncoder(settings.model, small=settings.small))
        try:
            index_collection(library, folder / "corpus.jsonl", progress)
            rankings = {query: ranking(library, queries[query]) for query in judgements if query in queries}
        finally:
            library.close()
    return Run(judgements, rankings)


def index_collection(library: Library, path: Path, progress: Progress) -> None:
    """Store the collection as one page with one entry per document; the section holds the document's id."""
    entries: list[Entry] = []
    texts: list[str] = []
    named: set[str] = set()
    at = 0
    for row in _rows(path, "_id", "text"):
        name = str(row["_id"])
        if name in named:
            raise ReadError(f"{path}: the document {name!r} is there twice")
        named.add(name)
        title = str(row.get("title") or "").strip()
        body = "\n".join(part for part in (title, str(row["text"]).strip()) if part)
        if body:
            entries.append(Entry(Kind.ARTICLE, title, Span(at, at + len(body)), section=name))
            texts.append(body)
            at += len(body) + 1
    text = "\n".join(texts)
    identity = Identity(path.parent.name, str(path), "beir/1", hashlib.sha256(text.encode()).hexdigest())
    library.add(identity, Page(text, "", tuple(entries)), progress)


def ranking(library: Library, query: str) -> list[tuple[str, float]]:
    """Search; documents with the same text share one hit, and each of them is listed."""
    allowed = Filter()
    hits = library.search(query, allowed, DEPTH)
    same = library.store.entries_by_key([hit.passage.key for hit in hits], allowed)
    found = [(str(twin.entry.section), hit.score) for hit in hits for twin in same[hit.passage.key]]
    return found[:DEPTH]


def queries_of(folder: Path) -> dict[str, str]:
    """Read the queries of a collection, by id."""
    return {str(row["_id"]): str(row["text"]) for row in _rows(folder / "queries.jsonl", "_id", "text")}


def judgements_of(folder: Path) -> dict[str, dict[str, int]]:
    """Read the grades of a collection, by query id and document id."""
    path = next((p for p in (folder / "qrels.tsv", folder / "qrels" / "test.tsv") if p.is_file()), None)
    if path is None:
        raise ReadError(f"no qrels.tsv or qrels/test.tsv in {folder}: not a collection in BEIR form")
    judgements: dict[str, dict[str, int]] = {}
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file, delimiter="\t"))[1:]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ReadError(f"{path} cannot be read: {error}") from error
    for row in rows:
        try:
            query, document, grade = row
            judgements.setdefault(query, {})[document] = int(grade)
        except ValueError:
            raise ReadError(f"{path}: not a line of query, document and grade: {row}") from None
    return judgements


def _rows(path: Path, *needed: str) -> Iterator[dict[str, Any]]:
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    row = json.loads(line)
                    json.dumps(row, ensure_ascii=False).encode()  # escapes can spell stray surrogates
                    if not isinstance(row, dict) or any(name not in row for name in needed):
                        raise ReadError(f"{path}, line {number}: no {' or '.join(needed)}")
                    yield row
    except OSError as error:
        raise ReadError(f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise ReadError(f"{path} is not JSON, one object a line: {error}") from error
