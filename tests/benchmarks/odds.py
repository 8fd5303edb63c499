"""Fit the weights of ``corpus.readers.odds``: what names and titles look like, against all else on pages.

    python -m tests.benchmarks.odds name EXAMPLES.json OUT.json
    python -m tests.benchmarks.odds title EXAMPLES.json OUT.json

EXAMPLES.json holds ``{"pos": {source: [words, …]}, "neg": {source: [words, …]}}``. One source in three is left out
to print what carries over; the weights are then fitted on all. Those shipped come from names and titles in BibTeX
files and lists of papers of some ninety public repositories and collections, and from names that Faker makes in
sixty locales; counter-examples are headings, job posts, software lists, instructions and sentences of abstracts.
"""

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from corpus.readers.odds import name_features, title_features, words_of_name

if TYPE_CHECKING:
    from collections.abc import Callable

    Features = dict[str, float]

LEAST, MOST = 4, 700
"""Examples that a feature needs to be weighed, and examples of one source."""
STRENGTH = {"name": 2.0, "title": 0.5}


def of_name(text: str) -> Features:
    words = [word for word in words_of_name(text) if len(word.replace(".", "")) > 1]
    features: Counter[str] = Counter()
    for word in words:
        features.update(name_features(word))
    whole = {f"N:{min(len(words), 4)}": 1.0} | ({"I:": 1.0} if len(words) < len(text.split()) else {})
    return {name: count / len(words) for name, count in features.items()} | whole if words else {}


def examples(
    given: dict[str, dict[str, list[str]]], of: Callable[[str], Features], sources: set[str]
) -> tuple[list[Features], list[int]]:
    found = []
    for sign, label in (("pos", 1), ("neg", 0)):
        for source in sorted(sources & given[sign].keys()):
            words = sorted(given[sign][source])
            random.shuffle(words)
            found += [(features, label) for text in words[:MOST] if (features := of(text))]
    return [features for features, _ in found], [label for _, label in found]


def fitted(rows: list[Features], labels: list[int], strength: float) -> dict[str, int]:
    counts = Counter(name for row in rows for name in row)
    vectors = DictVectorizer()
    matrix = vectors.fit_transform([{n: x for n, x in row.items() if counts[n] >= LEAST} for row in rows])
    matrix.indices, matrix.indptr = matrix.indices.astype("int32"), matrix.indptr.astype("int32")
    model = LogisticRegression(
        C=strength, penalty="l1", solver="liblinear", max_iter=300, class_weight="balanced"
    ).fit(matrix, labels)
    tenths = np.rint(model.coef_[0] * 10).astype(int)
    weights = {name: int(x) for name, x in zip(vectors.feature_names_, tenths, strict=True) if x}
    return dict(sorted(weights.items())) | {"": round(float(model.intercept_[0]) * 10)}


def main(kind: str, source: str, out: str) -> None:
    random.seed(1)
    given = json.loads(Path(source).read_text("utf-8"))
    of = of_name if kind == "name" else title_features
    sources = sorted(given["pos"].keys() | given["neg"].keys())
    left_out = set(sources[1::3])
    weights = fitted(*examples(given, of, set(sources) - left_out), STRENGTH[kind])
    rows, labels = examples(given, of, left_out)
    odds = [weights[""] + sum(weights.get(name, 0) * x for name, x in row.items()) for row in rows]
    right = Counter((label, value > 0) for value, label in zip(odds, labels, strict=True))
    print(
        f"left out: {right[1, True]} of {sum(labels)} known, {right[0, True]} of {labels.count(0)} taken for one"
    )
    weights = fitted(*examples(given, of, set(sources)), STRENGTH[kind])
    Path(out).write_text(json.dumps(weights, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
    print(f"{len(weights)} weights")


if __name__ == "__main__":
    main(*sys.argv[1:])
