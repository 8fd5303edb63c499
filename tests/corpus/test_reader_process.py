"""Documents are read in a process of its own: what one of them does is felt by nobody else."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from corpus.errors import ReadError
from corpus.reader_process import Limits, ReaderPool
from corpus.readers import reader_for

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = (
    b"# Kites\n\n## Lifting\n\n- **How tails steer** by Ada Moss and Ben Ray\n"
    b"- **Knots in wind** by Cy Low and Ada Moss\n"
    b"\nKites fly \xe2\x80\x9chigh\xe2\x80\x9d.\n"
)
LONG = b"# Kites\n\n" + b"A line holds the kite, and the wind lifts it over the bay. " * 80_000
"""Some five megabytes: more than a second of reading."""


@pytest.fixture
def pool() -> Iterator[ReaderPool]:
    pool = ReaderPool()
    yield pool
    pool.close()


def limited(**limits: float) -> ReaderPool:
    return ReaderPool(Limits(**limits), processes=1)  # type: ignore[arg-type]


def test_a_page_is_the_one_that_its_reader_makes(pool: ReaderPool) -> None:
    assert pool.read("kites.md", PAGE) == reader_for("kites.md").read(PAGE, name="kites")


def test_a_page_that_cannot_be_read_says_why_and_the_next_one_is_read(pool: ReaderPool) -> None:
    with pytest.raises(ReadError, match="empty"):
        pool.read("empty.md", b"")
    assert pool.read("kites.md", PAGE).title == "Kites"


def test_one_that_takes_too_long_is_refused_and_the_next_one_is_read() -> None:
    pool = limited(seconds=0.0, seconds_per_megabyte=0.0, patience=0.0)
    with pytest.raises(ReadError, match="takes more than the 0 seconds"):
        pool.read("long.md", LONG)
    patient = limited(seconds=30.0)
    try:
        assert patient.read("kites.md", PAGE).title == "Kites"
    finally:
        pool.close()
        patient.close()


def test_one_that_takes_too_much_memory_is_refused() -> None:
    pool = limited(memory=90_000_000)
    try:
        with pytest.raises(ReadError, match=r"memory|broke down"):
            pool.read("long.md", 3 * LONG)
    finally:
        pool.close()


def test_one_that_gives_too_much_is_refused_and_the_next_one_is_read() -> None:
    pool = limited(output=2_000)
    try:
        with pytest.raises(ReadError, match="may give"):
            pool.read("long.txt", b"Kites fly high. " * 400)
        assert pool.read("kites.txt", b"Kites fly.").text == "Kites fly."
    finally:
        pool.close()


def test_a_process_that_was_ended_is_started_anew(pool: ReaderPool) -> None:
    pool.read("kites.md", PAGE)
    pool.close()
    with pytest.raises(ReadError):  # whoever ended it, this document may have been why
        pool.read("kites.md", PAGE)
    assert pool.read("kites.md", PAGE).title == "Kites"


def test_documents_of_several_threads_do_not_mix(pool: ReaderPool) -> None:
    titles: dict[int, str] = {}

    def read(number: int) -> None:
        titles[number] = pool.read("page.md", b"# Kite %d\n\nIt flies." % number).title

    threads = [threading.Thread(target=read, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert titles == {number: f"Kite {number}" for number in range(12)}


def test_the_reader_knows_no_token(pool: ReaderPool, monkeypatch: pytest.MonkeyPatch) -> None:
    from pathlib import Path

    monkeypatch.setenv("DISCORD_TOKEN", "a-token-of-this-test")
    pool.read("kites.md", PAGE)
    child = pool._all[-1]._child
    assert child is not None
    environment = Path(f"/proc/{child.pid}/environ")
    if not environment.exists():
        pytest.skip("no /proc on this system")
    assert b"a-token-of-this-test" not in environment.read_bytes()
