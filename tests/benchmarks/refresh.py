"""What a refresh of unchanged documents costs: ``python tests/benchmarks/refresh.py [DOCUMENTS]`` prints a table.

Against a site on loopback in a process of its own, over a sitemap that gives no days, so that every page is asked
for. Nothing of an unchanged page is embedded, so the model of the first reading does not matter: bags of words.
"""

from __future__ import annotations

import logging
import multiprocessing
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bot.sources import ingest as reading
from bot.sources import refresh as refreshing
from bot.sources.sources import NewSource, Sources
from embeddings.collection import Library
from tests.doubles import HashEncoder
from tests.site import Site, sitemap_of

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

ROUNDS = 5
PARAGRAPHS = 6


def serve(documents: int, pipe: Connection) -> None:
    """Serve the pages; every message is answered with the answers since the last one, by status."""
    with Site() as site:
        paths = [f"/post/{number}" for number in range(documents)]
        for path in paths:
            words = " ".join(f"Sentence {number} of the page {path} says a little." for number in range(20))
            body = "".join(f"<h2>Part {part}</h2><p>{words}</p>" for part in range(PARAGRAPHS))
            site.put(path, f"<title>Page {path}</title><h1>Page {path}</h1>{body}")
        site.put("/sitemap.xml", sitemap_of(site, dict.fromkeys(paths)), "application/xml")
        pipe.send(site("/sitemap.xml"))
        while pipe.recv():
            pipe.send(dict(site.statuses))
            site.forget()


def peak() -> float:
    """The most memory that this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def read_first(folder: str, address: str, documents: int) -> None:
    """Read the source for the first time, in a process whose memory does not count."""
    logging.disable(logging.WARNING)
    library = Library(Path(folder), HashEncoder())
    begun = time.perf_counter()
    report = Sources(library, private=True).add(NewSource(address, items=documents))
    assert len(report.documents) == documents, report.error
    print(f"{documents:,} documents read for the first time in {time.perf_counter() - begun:.1f} s\n", flush=True)
    library.close()


def main() -> None:
    documents = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    logging.disable(logging.WARNING)
    spawn = multiprocessing.get_context("spawn")
    here, there = spawn.Pipe()
    site = spawn.Process(target=serve, args=(documents, there), daemon=True)
    site.start()
    address = here.recv()
    with tempfile.TemporaryDirectory() as folder:
        first = spawn.Process(target=read_first, args=(folder, address, documents))
        first.start()
        first.join()
        assert first.exitcode == 0
        here.send(True)
        here.recv()
        measure(Path(folder), here, documents)
    here.send(False)
    site.join(10)


def measure(folder: Path, site: Connection, documents: int) -> None:
    """Refresh again and again, and print what each time cost."""
    encoder, read, now = HashEncoder(), [], datetime.now(UTC)
    library = Library(folder, encoder)
    sources = Sources(library, private=True, clock=lambda: now)
    refreshing.read = lambda *arguments: read.append(1) or reading.read(*arguments)  # type: ignore[assignment]
    print("| refresh | requests | answered 304 | requests a second | documents read | embedded | peak |")
    print("|---|---|---|---|---|---|---|")
    for number in range(1, ROUNDS + 1):
        now += timedelta(days=2)
        begun = time.perf_counter()
        (report,) = sources.refresh()
        took = time.perf_counter() - begun
        assert (report.error, report.unchanged) == (None, documents)
        site.send(True)
        statuses = site.recv()
        asked = sum(statuses.values())
        print(
            f"| {number} | {asked:,} | {statuses[304]:,} | {asked / took:.0f} | {len(read)} "
            f"| {len(encoder.embedded)} | {peak():.0f} MB |"
        )
    library.close()


if __name__ == "__main__":
    main()
