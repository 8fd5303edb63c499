"""The exported model: vectors like the model's own, without torch; the model itself where it cannot be had."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from platformdirs import user_cache_path

from corpus.errors import EncoderError
from embeddings.encoder import DEFAULT_MODEL
from embeddings.loader import ServingEncoder
from embeddings.onnx_encoder import DESCRIPTION, FORMAT, MODEL, OnnxEncoder
from embeddings.torch_encoder import SentenceEncoder

if TYPE_CHECKING:
    from collections.abc import Callable

TEXTS = [
    "Who wrote RLSbench?",
    "",
    "   blanks around   ",
    "Zürich, Ångström, 日本語, ¿qué?",
    "an endless text about bandits and arms " * 100,
    "x" * 3000,
]


@pytest.fixture(scope="module")
def original() -> SentenceEncoder:
    return SentenceEncoder()


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty place where exported models are kept."""
    monkeypatch.setattr("embeddings.loader.user_cache_path", lambda *names, **options: tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def whole(encoder: ServingEncoder) -> Path:
    """The folder of the exported model; it is there before ``kept`` names another place."""
    encoder.encode(["warm up"], "question")
    return next((user_cache_path("digestbot", appauthor=False) / "models").glob(f"{encoder.fingerprint}-{FORMAT}"))


@pytest.mark.parametrize("role", ["question", "passage"])
def test_vectors_are_the_models_own(encoder: ServingEncoder, original: SentenceEncoder, role):
    vectors = encoder.encode(TEXTS, role)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert np.sum(vectors * original.encode(TEXTS, role), axis=1).min() > 0.9999


def test_pieces_are_counted_like_the_models_own(encoder: ServingEncoder, original: SentenceEncoder):
    assert encoder.count_pieces(TEXTS) == original.count_pieces(TEXTS)
    assert (encoder.window, encoder.dimensions) == (original.window, original.dimensions)
    assert encoder.fingerprint == original.fingerprint


@pytest.mark.usefixtures("whole")
def test_answering_loads_no_torch():
    script = (
        "import sys; from embeddings.loader import ServingEncoder;"
        f"ServingEncoder('{DEFAULT_MODEL}').encode(['text'], 'question');"
        "print({'torch', 'transformers', 'sentence_transformers', 'onnx'} & set(sys.modules))"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "set()"


def test_questions_at_once_are_embedded_as_one_by_one(encoder: ServingEncoder):
    questions = [f"what is there about topic {n} {'and more ' * (n % 7)}" for n in range(64)]
    with ThreadPoolExecutor(16) as pool:
        together = list(pool.map(lambda question: encoder.encode([question], "question")[0], questions))
    assert np.allclose(together, encoder.encode(questions, "question"), atol=1e-5)


def test_an_error_reaches_each_who_waits_and_the_next_is_answered(whole: Path, monkeypatch: pytest.MonkeyPatch):
    served = OnnxEncoder(whole)

    def fail(texts, engine):
        raise RuntimeError("no memory left")

    with monkeypatch.context() as patch:
        patch.setattr(served, "_vectors", fail)
        with ThreadPoolExecutor(4) as pool:
            asked = [pool.submit(served.encode, ["text"], "question") for _ in range(4)]
        for each in asked:
            with pytest.raises(EncoderError, match="no memory left"):
                each.result()
    assert served.encode(["text"], "question").shape == (1, 384)


def test_a_small_model_is_near_and_known_apart(encoder: ServingEncoder):
    small = ServingEncoder(DEFAULT_MODEL, small=True)
    assert small.fingerprint == f"{encoder.fingerprint}+int8"
    near = np.sum(small.encode(TEXTS, "passage") * encoder.encode(TEXTS, "passage"), axis=1)
    assert near.min() > 0.95
    assert not np.allclose(near, 1, atol=1e-6)


def copied(folder: Path, kept: Path) -> Path:
    return Path(shutil.copytree(folder, kept / "models" / folder.name))


def halved(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def of_another_release(file: Path) -> None:
    """How the weights lie in their file is a release's own affair."""
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | {"runtime": "onnxruntime 0.1"}), "utf-8")


@pytest.mark.parametrize(
    ("name", "spoil"), [(MODEL, halved), (DESCRIPTION, halved), (DESCRIPTION, of_another_release)]
)
def test_an_export_that_cannot_be_used_is_made_anew(
    whole: Path, kept: Path, monkeypatch: pytest.MonkeyPatch, name: str, spoil: Callable[[Path], None]
):
    spoil(copied(whole, kept) / name)
    exports: list[Path] = []

    def export(self: ServingEncoder, folder: Path) -> None:
        exports.append(folder)
        copied(whole, kept)

    monkeypatch.setattr(ServingEncoder, "_export", export)
    told: list[str] = []
    other = ServingEncoder(DEFAULT_MODEL, notify=told.append)
    assert other.encode(["text"], "question").shape == (1, 384)
    assert len(exports) == len(told) == 1
    assert "preparing the model" in told[0]


def test_weights_that_were_damaged_on_the_disk_are_noticed(whole: Path, kept: Path):
    folder = copied(whole, kept)
    weights = folder / "weights.bin"
    data = weights.read_bytes()
    weights.write_bytes(data[: len(data) // 2] + bytes(len(data) - len(data) // 2))
    with pytest.raises(EncoderError, match="damaged"):
        OnnxEncoder(folder)


def test_half_a_surrogate_pair_harms_nobody(encoder: ServingEncoder):
    assert encoder.encode(["\ud800 kites"], "question").shape == (1, 384)
    assert encoder.count_pieces(["\ud800"]) == encoder.count_pieces(["?"])


def test_where_no_export_can_be_made_the_model_itself_answers(
    kept: Path, monkeypatch: pytest.MonkeyPatch, original: SentenceEncoder
):
    (kept / "models").write_text("a file where a folder should be")
    told: list[str] = []
    encoder = ServingEncoder(DEFAULT_MODEL, notify=told.append)
    assert np.allclose(encoder.encode(["text"], "question"), original.encode(["text"], "question"), atol=1e-6)
    assert "runs in torch" in told[0]


def test_an_export_that_cannot_be_run_here_is_kept_and_the_model_itself_answers(
    whole: Path, kept: Path, monkeypatch: pytest.MonkeyPatch, original: SentenceEncoder
):
    folder = copied(whole, kept)
    monkeypatch.setitem(sys.modules, "onnxruntime", None)  # as where a library of the system is missing
    told: list[str] = []
    encoder = ServingEncoder(DEFAULT_MODEL, notify=told.append)
    assert np.allclose(encoder.encode(["text"], "question"), original.encode(["text"], "question"), atol=1e-6)
    (line,) = told
    assert "runs in torch" in line
    assert "onnxruntime" in line
    assert (folder / MODEL).exists()


def test_an_export_that_fails_says_why(kept: Path):
    folder = kept / "no-model"
    folder.mkdir()
    (folder / "model.safetensors").write_bytes(b"nothing")
    with pytest.raises(EncoderError, match="cannot be made small: cannot load the model"):
        ServingEncoder(str(folder), small=True).encode(["text"], "question")


def test_an_export_that_is_interrupted_is_not_made_up_for_by_torch(kept: Path, monkeypatch: pytest.MonkeyPatch):
    run = subprocess.run

    def interrupted(command, **options):
        return run([sys.executable, "-c", "raise KeyboardInterrupt"], **options)

    monkeypatch.setattr("embeddings.loader.subprocess.run", interrupted)
    told: list[str] = []
    with pytest.raises(EncoderError, match="interrupted"):
        ServingEncoder(DEFAULT_MODEL, notify=told.append).encode(["text"], "question")
    assert len(told) == 1
    assert "preparing the model" in told[0]
