"""The day is today's, or the one that the environment sets."""

from __future__ import annotations

from datetime import date

import pytest

from corpus.clock import VARIABLE, now, today
from corpus.errors import DigestbotError


def test_the_environment_sets_the_day(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(VARIABLE, "2026-03-12")
    assert today() == now().date() == date(2026, 3, 12)


def test_what_is_no_day_is_told(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(VARIABLE, "someday")
    with pytest.raises(DigestbotError, match="someday"):
        today()


def test_without_it_it_is_today(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    assert today().year >= 2026
