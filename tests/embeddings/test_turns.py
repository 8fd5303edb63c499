"""Turns: how many answers go on at a time, and what goes on beside them."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from embeddings.limiter import Turns


def most_at_a_time(turns: Turns) -> int:
    """How many of many threads are inside at a time at most."""
    lock = threading.Lock()
    inside = most = 0

    def answer(_: int) -> None:
        nonlocal inside, most
        with turns.taken():
            with lock:
                inside += 1
                most = max(most, inside)
            threading.Event().wait(0.001)
            with lock:
                inside -= 1

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(answer, range(64)))
    return most


def test_no_more_go_on_at_a_time_than_there_are_turns():
    assert most_at_a_time(Turns(2)) == 2


def test_a_turn_is_left_to_another_while_one_waits_and_taken_again():
    turns, other_has_been, went_on = Turns(1), threading.Event(), threading.Event()
    order: list[str] = []

    def one() -> None:
        with turns.taken():
            with turns.left():
                assert other_has_been.wait(10)
            went_on.set()
            threading.Event().wait(0.05)
            order.append("one")

    def other() -> None:
        with turns.taken():
            other_has_been.set()
        assert went_on.wait(10)
        with turns.taken():
            order.append("other")

    with ThreadPoolExecutor(2) as pool:
        for each in [pool.submit(one), pool.submit(other)]:
            each.result(20)
    assert order == ["one", "other"]


def fail(turns: Turns) -> None:
    with turns.taken(), turns.left():
        raise RuntimeError("no memory left")


def test_a_turn_is_given_back_whatever_happens():
    turns = Turns(1)
    for _ in range(3):
        with pytest.raises(RuntimeError):
            fail(turns)
    assert most_at_a_time(turns) == 1


def test_who_has_no_turn_leaves_none():
    turns = Turns(1)
    with turns.left(), turns.left():
        assert most_at_a_time(turns) == 1
    assert most_at_a_time(turns) == 1
