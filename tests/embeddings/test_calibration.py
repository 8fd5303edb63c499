"""How sure an answer is: the numbers come from the data folder where they fit, else from the package."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

import pytest

from bot.answering.confidence import Signals
from embeddings.confidence import FILE_NAME, Calibration

if TYPE_CHECKING:
    from pathlib import Path

MODEL = "tiny@1"
OURS = Calibration(
    names=("near", "unknown"), means=(0.5, 0.0), scales=(0.25, 1.0), weights=(2.0, -1.0), intercept=0.0,
    threshold=0.4, unsure=0.1, model=MODEL, provenance={"seed": 7},
)  # fmt: skip


@pytest.fixture
def told() -> list[str]:
    return []


def loaded(folder: Path, told: list[str], model: str = MODEL, names: tuple[str, ...] = OURS.names) -> Calibration:
    return Calibration.load(folder, model, names, told.append)


def test_confidence_is_a_half_where_the_evidence_is_even_and_moves_with_each_signal():
    assert OURS.confidence({"near": 0.5, "unknown": 0.0}) == 0.5
    assert OURS.confidence({"near": 0.75, "unknown": 0.0}) == pytest.approx(0.8808, abs=1e-4)
    assert OURS.confidence({"near": 0.5, "unknown": 1.0}) == pytest.approx(0.2689, abs=1e-4)


def test_confidence_stays_between_0_and_1_however_far_a_signal_is_out():
    assert 0.0 < OURS.confidence({"near": -1e6, "unknown": 1e6}) < 1e-9
    assert 1 - 1e-9 < OURS.confidence({"near": 1e6, "unknown": 0.0}) <= 1.0


def test_what_was_fitted_in_a_data_folder_is_used_there(tmp_path: Path, told: list[str]):
    OURS.save(tmp_path / FILE_NAME)
    assert loaded(tmp_path, told) == OURS
    assert told == []


def test_a_data_folder_without_a_fit_of_its_own_uses_the_shipped_one(tmp_path: Path, told: list[str]):
    shipped = loaded(tmp_path, told)
    assert 0.0 < shipped.threshold < 1.0
    assert told == []


def test_the_shipped_numbers_are_for_the_signals_that_answers_have(tmp_path: Path, told: list[str]):
    assert set(loaded(tmp_path, told).names) <= {signal.name for signal in fields(Signals)}


def test_another_model_does_not_take_numbers_that_were_fitted_for_one(tmp_path: Path, told: list[str]):
    OURS.save(tmp_path / FILE_NAME)
    assert loaded(tmp_path, told, model="other@2") != OURS
    assert len(told) == 1
    assert FILE_NAME in told[0]
    assert "digestbot calibrate" in told[0]


def test_a_fit_on_signals_that_are_no_more_is_left_aside_with_a_word(tmp_path: Path, told: list[str]):
    OURS.save(tmp_path / FILE_NAME)
    assert loaded(tmp_path, told, names=("near", "other")) != OURS
    assert len(told) == 1


@pytest.mark.parametrize(
    "damaged",
    [b"", b"{", b"[]", b'{"names": ["near"]}', b"\xff\xfe", b"null"],
    ids=["empty", "broken off", "a list", "half of it", "not text", "null"],
)
def test_a_damaged_file_is_named_and_answers_go_on(tmp_path: Path, told: list[str], damaged: bytes):
    (tmp_path / FILE_NAME).write_bytes(damaged)
    shipped = loaded(tmp_path, told)
    assert shipped != OURS
    assert len(told) == 1
    assert str(tmp_path / FILE_NAME) in told[0]


def test_numbers_that_are_not_one_for_each_signal_are_no_calibration():
    with pytest.raises(ValueError, match="one mean, scale and weight"):
        replace(OURS, weights=(1.0,))
    with pytest.raises(ValueError, match="one mean, scale and weight"):
        replace(OURS, scales=(0.0, 1.0))


def test_saving_again_leaves_the_last_and_no_other_file(tmp_path: Path, told: list[str]):
    OURS.save(tmp_path / FILE_NAME)
    later = replace(OURS, threshold=0.3)
    later.save(tmp_path / FILE_NAME)
    assert loaded(tmp_path, told) == later
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]
