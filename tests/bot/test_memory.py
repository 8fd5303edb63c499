"""When Python looks for garbage, and when it is left alone."""

import gc

import pytest

from bot.process import unswept


def fail() -> None:
    with unswept():
        assert not gc.isenabled()
        raise ZeroDivisionError


def test_no_garbage_is_looked_for_in_what_is_soon_over():
    assert gc.isenabled()
    with pytest.raises(ZeroDivisionError):
        fail()
    assert gc.isenabled()
