"""The language of a question: recognised where it is surely not English."""

from __future__ import annotations

import re
import shutil
import sys
import threading
from functools import cache
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
from platformdirs import user_cache_path
from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier
from py3langid.modelio import load_model

from corpus.english import is_everyday
from embeddings.encoder import DEFAULT_MODEL

if TYPE_CHECKING:
    from collections.abc import Mapping

    Table = Mapping[str, Any]


_WORD = re.compile(r"[^\W\d_]+")
_FEWEST = 3
"""Words from which a language can be told: a bare name has none."""
_SURE = 0.7
_BEYOND_LATIN = "\u0250"
_EVERYDAY = 0.6
"""Share of everyday English words from which a question is English, whatever else it looks like."""

_LANGUAGES = {
    "ar": "Arabic", "bg": "Bulgarian", "ca": "Catalan", "cs": "Czech", "da": "Danish", "de": "German",
    "el": "Modern Greek", "en": "English", "es": "Spanish", "fa": "Persian", "fi": "Finnish", "fr": "French",
    "he": "Hebrew", "hi": "Hindi", "hu": "Hungarian", "id": "Indonesian", "it": "Italian", "ja": "Japanese",
    "ko": "Korean", "nl": "Dutch", "no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian",
    "ru": "Russian", "sv": "Swedish", "th": "Thai", "tr": "Turkish", "uk": "Ukrainian", "vi": "Vietnamese",
    "zh": "Chinese",
}  # fmt: skip
"""Those that are told apart, by their ISO 639-1 codes."""


def foreign_language(question: str) -> str | None:
    """The English name of the language of a question that is not English; None where it is, or cannot be told."""
    words = _WORD.findall(question)
    letters = "".join(words)
    latin = sum(letter < _BEYOND_LATIN for letter in letters) >= len(letters) / 2
    if latin and (len(words) < _FEWEST or sum(map(is_everyday, words)) >= _EVERYDAY * len(words)):
        return None
    # imported here before# 30 ms, for questions that look foreign alone

    code, probability = identifier(frozenset(_LANGUAGES)).classify(question)
    return _LANGUAGES[code] if code != "en" and probability >= _SURE else None


def reads_english_alone(model: str) -> bool:
    """Whether a model, by its fingerprint, is known to read no other language; another may read any."""
    return model.startswith(f"{DEFAULT_MODEL}@")


_PARTS = ("weights", "priors", "codes", "steps", "rows", "features")
"""By feature and language how much it speaks for it; how common languages are, and their codes; the automaton that
finds the features in bytes: where each of them leads to, the row of that table by state, the feature by state."""


@cache
def identifier(languages: frozenset[str]) -> Any:
    """What tells languages apart, given by their ISO 639-1 codes, and says how sure it is."""
    folder = user_cache_path("digestbot", appauthor=False) / f"languages-{version('py3langid')}"
    try:
        table = _opened(folder, languages)
    except (OSError, ValueError, EOFError):  # not there, damaged, or of other languages
        table = _read(languages)
        try:
            _keep(table, folder)
            table = _opened(folder, languages)
        except (OSError, ValueError, EOFError):  # nothing can be kept there
            pass
    return LanguageIdentifier(
        table["weights"], table["priors"], table["codes"].tolist(), table["steps"], table["features"],
        norm_probs=True, tk_row=table["rows"],
    )  # fmt: skip


def _opened(folder: Path, languages: frozenset[str]) -> Table:
    table = {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in _PARTS}
    if set(table["codes"].tolist()) != languages:
        raise ValueError("the table is of other languages")
    return {**{name: np.asarray(array) for name, array in table.items()}, "steps": _Steps(table["steps"])}


class _Steps:
    """The largest part, a number at a time. It is not mapped into memory: soon most of it would be resident."""

    def __init__(self, array: np.memmap[Any, np.dtype[np.unsignedinteger[Any]]]) -> None:
        self._at, self._size = array.offset, array.itemsize
        self._file = Path(str(array.filename)).open("rb", buffering=0)  # noqa: SIM115 - as long as it is asked
        self._lock = threading.Lock()

    def __getitem__(self, place: int) -> int:
        with self._lock:
            self._file.seek(self._at + int(place) * self._size)
            return int.from_bytes(self._file.read(self._size), sys.byteorder)


def _read(languages: frozenset[str]) -> Table:
    weights, priors, codes, steps, rows, features = load_model(MODEL_DIR / MODEL_FILE)
    chosen = [at for at, code in enumerate(codes) if code in languages]
    return {
        "weights": np.ascontiguousarray(weights[:, chosen]),
        "priors": priors[chosen],
        "codes": np.array(codes)[chosen],
        "steps": np.asarray(steps),
        "rows": np.asarray(rows, dtype=np.int32),  # wide enough to be made offsets
        "features": np.asarray(features, dtype=np.int32),
    }


def _keep(table: Table, folder: Path) -> None:
    """Write the files, whole or not at all."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder.parent, prefix=f"{folder.name}.", ignore_cleanup_errors=True) as name:
        unfinished = Path(name) / "table"
        unfinished.mkdir()
        for part, array in table.items():
            np.save(unfinished / f"{part}.npy", array)
        shutil.rmtree(folder, ignore_errors=True)
        unfinished.replace(folder)
