"""The table of languages: kept in the user's cache folder, and as good as the library's own."""

from __future__ import annotations

import pytest
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from bot.query import language as languagetable
from bot.query.language import identifier

LANGUAGES = frozenset({"de", "en", "fr", "ru", "zh"})
TEXTS = (
    "wer hat über Banditen geschrieben", "qui a écrit sur les bandits", "кто написал эту статью о бандитах",
    "谁写了这篇论文", "who wrote about bandits", "", "x",
)  # fmt: skip


@pytest.fixture
def cache(monkeypatch, tmp_path):
    """A cache folder of its own; a process that has told no language yet."""
    monkeypatch.setattr(languagetable, "user_cache_path", lambda *args, **kept: tmp_path / "cache")
    identifier.cache_clear()
    yield tmp_path / "cache"
    identifier.cache_clear()


def told():
    identifier.cache_clear()
    return [identifier(LANGUAGES).classify(text) for text in TEXTS]


@pytest.fixture(scope="module")
def wanted():
    """What the library's own table says."""
    whole = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    whole.set_languages(list(LANGUAGES))
    return [(code, pytest.approx(sure, abs=1e-5)) for code, sure in map(whole.classify, TEXTS)]


def test_it_tells_what_the_library_tells_and_is_unpacked_once(cache, wanted, monkeypatch):
    assert told() == wanted
    monkeypatch.setattr(languagetable, "load_model", None)
    assert told() == wanted
    assert [path.name.partition("-")[0] for path in cache.iterdir()] == ["languages"]


def test_what_is_damaged_or_of_other_languages_is_made_anew(cache, wanted):
    identifier(frozenset({"en", "es"}))
    assert told() == wanted
    for path in next(cache.iterdir()).iterdir():
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        assert told() == wanted
        path.unlink()
        assert told() == wanted


def test_it_works_where_nothing_can_be_kept(cache, wanted):
    cache.write_text("a file where the folder should be")
    assert told() == wanted
