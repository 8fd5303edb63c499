"""Many texts at once: the same vectors as one by one, whatever engine makes them."""

from __future__ import annotations

import importlib.util
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from platformdirs import user_cache_path
from tokenizers import Tokenizer

from corpus.errors import EncoderError
from embeddings import onnx_encoder, openvino_engine
from embeddings.batches import embed
from embeddings.loader import ServingEncoder
from embeddings.onnx_encoder import FORMAT, MODEL, WEIGHTS, OnnxEncoder

if TYPE_CHECKING:
    from embeddings.encoder import Role

TEXTS = [f"a text about topic {n} " + "with more words " * (n * 7 % 40) for n in range(50)]


@pytest.fixture(scope="module")
def folder() -> Path:
    encoder = ServingEncoder("all-MiniLM-L6-v2")
    encoder.encode(["warm up"], "question")
    return next((user_cache_path("digestbot", appauthor=False) / "models").glob(f"{encoder.fingerprint}-{FORMAT}"))


class Clumsy:
    """An engine of whole shapes: lengths in steps, and a mean over all that the mask lets through."""

    step = 16
    at_once = 2

    def __init__(self) -> None:
        self.shapes: set[tuple[int, ...]] = set()

    def run(self, batch):
        self.shapes.add(batch["input_ids"].shape)
        mask = batch["attention_mask"]
        assert mask.sum(axis=1).all()
        lengths = (batch["input_ids"] * mask).sum(axis=1) / mask.sum(axis=1)
        return np.stack([lengths, np.ones_like(lengths)], axis=1).astype(np.float32)


def test_many_texts_have_the_vectors_that_each_has_alone(folder: Path):
    encoder = OnnxEncoder(folder)
    together = encoder.encode(TEXTS, "passage")
    alone = np.concatenate([encoder.encode([text], "passage") for text in TEXTS])
    assert np.sum(together * alone, axis=1).min() > 0.999


@pytest.mark.parametrize("role", ["question", "passage"])
def test_what_comes_first_is_embedded_by_its_engine_and_vectors_are_the_same(folder: Path, role: Role):
    first = OnnxEncoder(folder, asked=role == "question")
    before = first.encode(TEXTS[:5], "passage")
    question = first.encode(["what is a topic?"], "question")
    assert np.sum(first.encode(TEXTS[:5], "passage") * before, axis=1).min() > 0.9999
    assert np.sum(first.encode(["what is a topic?"] * 2, "question") * question, axis=1).min() > 0.9999
    asked = [f"what is topic {n}?" for n in range(8)]
    with ThreadPoolExecutor(8) as threads:
        together = np.concatenate(list(threads.map(lambda each: first.encode([each], "question"), asked)))
    assert np.sum(together * first.encode(asked, "question"), axis=1).min() > 0.9999


@pytest.mark.parametrize(("there", "at_once"), [(1, 1), (2, 2), (3, 2), (5, 2), (16, 2)])
def test_passages_leave_no_processor_idle_where_their_number_is_odd(
    folder: Path, monkeypatch: pytest.MonkeyPatch, there: int, at_once: int
):
    monkeypatch.setattr(onnx_encoder, "processors", lambda: there)
    monkeypatch.setattr(openvino_engine, "is_installed", lambda: False)
    engine = OnnxEncoder(folder, asked=False)._engine(asked=False)
    assert engine.at_once == at_once


def test_an_engine_that_works_in_steps_gets_few_shapes_and_its_vectors_come_in_order(folder: Path):
    cut = Tokenizer.from_file(str(folder / "tokenizer.json"))
    cut.no_padding()
    cut.enable_truncation(256)
    encodings = cut.encode_batch(TEXTS)
    engine = Clumsy()
    vectors = embed(engine, encodings, 2, 0, 256)
    expected = np.array([[np.mean(encoding.ids), 1.0] for encoding in encodings])
    expected /= np.linalg.norm(expected, axis=1, keepdims=True)
    assert np.allclose(vectors, expected, atol=1e-5)
    assert all(length % 16 == 0 for _, length in engine.shapes)
    assert len(engine.shapes) < 12


def test_an_engine_that_gives_other_vectors_is_not_used(folder: Path, monkeypatch: pytest.MonkeyPatch):
    wanted = OnnxEncoder(folder).encode(TEXTS, "passage")

    class Wrong:
        step = 16

        def run(self, batch):
            return np.ones((len(batch["input_ids"]), 384), dtype=np.float32)

    monkeypatch.setattr(openvino_engine, "opened", lambda model: Wrong())
    assert np.sum(OnnxEncoder(folder).encode(TEXTS, "passage") * wanted, axis=1).min() > 0.999


def test_damage_is_noticed_without_loading_the_model_where_another_engine_may_do(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(openvino_engine, "is_installed", lambda: True)
    copy = Path(shutil.copytree(folder, tmp_path / "model"))
    OnnxEncoder(copy)
    weights = copy / WEIGHTS
    weights.write_bytes(weights.read_bytes()[:-4] + b"\x00\x01\x02\x03")
    with pytest.raises(EncoderError, match="damaged"):
        OnnxEncoder(copy)


@pytest.mark.skipif(importlib.util.find_spec("openvino") is None, reason="OpenVINO is not installed")
def test_openvino_gives_the_same_vectors(folder: Path):
    engine = openvino_engine.opened(folder / MODEL)
    if engine is None:
        pytest.skip("OpenVINO would be no faster on this processor")
    encoder = OnnxEncoder(folder)
    alone = np.concatenate([encoder.encode([text], "question") for text in TEXTS])
    assert np.sum(encoder.encode(TEXTS, "passage") * alone, axis=1).min() > 0.999
