"""The five real pages, printed to PDF in one column and in two, tell the same as their text."""

from __future__ import annotations

import base64
import shutil
import struct
import subprocess
import zlib
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from corpus.model import Kind
from corpus.readers import reader_for

if TYPE_CHECKING:
    from corpus.model import Entry, Page

DIGESTS = Path(__file__).resolve().parents[3] / "shared" / "digests"
BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
STYLES = {
    "one column on A4": "@page { size: A4 } body { font-family: serif } figure { break-inside: avoid }",
    "two columns on Letter": "@page { size: Letter; margin: 15mm } body { font: 10pt sans-serif }"
    " main { column-count: 2; column-gap: 8mm; text-align: justify } h1 { column-span: all }"
    " figure { break-inside: avoid }",
}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not DIGESTS.is_dir(), reason=f"the five real pages are not there: {DIGESTS}"),
    pytest.mark.skipif(BROWSER is None, reason="no Chromium to print with"),
]


def picture() -> str:
    """The address of a grey picture."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = zlib.compress((b"\0" + bytes(range(0, 240, 4))) * 30)
    header = struct.pack(">IIBBBBB", 60, 30, 8, 0, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return f"data:image/png;base64,{base64.b64encode(data).decode()}"


def marked_up(page: Page) -> str:
    """A page as a site would show it: its entries under headings, with a picture over each caption."""
    shown, section = [f"<h1>{escape(page.title)}</h1>"], None
    for entry in page.entries:
        words = page.text[entry.span.start : entry.span.end]
        lines = [escape(line) for line in words.splitlines() if line.strip()]
        if entry.section != section:
            section = entry.section
            shown += [f"<h2>{escape(section)}</h2>"] if section else []
        lines = [line for line in lines if line not in (escape(page.title), escape(section or ""))]
        if entry.kind is Kind.FIGURE:
            image = f"<img width=260 height=120 src='{picture()}'>"
            shown.append(f"<figure>{image}<figcaption>{' '.join(lines)}</figcaption></figure>")
        elif entry.kind is Kind.PAPER and entry.authors:
            shown.append(f"<p><b>{lines[0]}</b><br>{lines[1]}</p>")
            shown += [f"<p>{line}</p>" for line in lines[2:]]
        else:
            shown += [f"<p>{line}</p>" for line in lines]
    return "\n".join(shown)


@pytest.fixture(scope="module", params=STYLES)
def printed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, tuple[Page, Page]]:
    """For each page what is read from its text, and what from its print."""
    folder = tmp_path_factory.mktemp("prints")
    read = {}
    for file in sorted(DIGESTS.glob("0*.txt")):
        text = reader_for(file).read(file.read_bytes(), name=file.stem)
        page, print_ = folder / f"{file.stem}.html", folder / f"{file.stem}.pdf"
        page.write_text(
            f"<!doctype html><html lang=en><meta charset=utf-8><style>{STYLES[request.param]}</style>"
            f"<main>{marked_up(text)}</main></html>",
            encoding="utf-8",
        )
        command = [
            str(BROWSER),
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            f"--user-data-dir={folder / 'browser'}",
        ]
        subprocess.run(
            [*command, f"--print-to-pdf={print_}", str(page)], check=True, capture_output=True, timeout=60
        )
        read[file.name[:3]] = (text, reader_for(print_).read(print_.read_bytes(), name=file.stem))
    return read


def of_kind(page: Page, kind: Kind) -> list[Entry]:
    return [entry for entry in page.entries if entry.kind is kind]


def test_titles_venues_and_years_are_the_same(printed: dict[str, tuple[Page, Page]]):
    for text, read in printed.values():
        assert (read.title, read.venue, read.year) == (text.title, text.venue, text.year)


def test_papers_are_the_same(printed: dict[str, tuple[Page, Page]]):
    for text, read in printed.values():
        told = [
            [(" ".join(e.title.split()), e.authors, e.section) for e in of_kind(page, Kind.PAPER)]
            for page in (text, read)
        ]
        assert told[0] == told[1]


def test_posts_are_the_same(printed: dict[str, tuple[Page, Page]]):
    for text, read in printed.values():
        told = [
            [(e.place.text if e.place else None, e.role, e.team) for e in of_kind(page, Kind.JOB)]
            for page in (text, read)
        ]
        assert told[0] == told[1]


def test_captions_are_figures(printed: dict[str, tuple[Page, Page]]):
    for text, read in printed.values():
        told = [
            {" ".join(page.text[e.span.start : e.span.end].split()) for e in of_kind(page, Kind.FIGURE)}
            for page in (text, read)
        ]
        # Its place alone tells a caption in the text's own type: one cut off from its picture is prose.
        assert told[1] <= told[0]
        assert len(told[0] - told[1]) <= 1


def test_pages_begin_within_the_text_in_order(printed: dict[str, tuple[Page, Page]]):
    for _, read in printed.values():
        assert len(read.page_starts) > 3
        assert read.page_starts[0] == 0
        assert list(read.page_starts) == sorted(set(read.page_starts))
        assert read.page_starts[-1] < len(read.text)
