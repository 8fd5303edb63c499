"""Bytes become text as they stand, or are refused in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import ReadError
from corpus.text import decode


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "crème brûlée",
        "\ufeffwith a mark",
        "windows\r\nlines\r\n",
        "old mac\rlines",
        "θ – “quoted” 🎉",
        "form\ffeed",
    ],
)
def test_utf8_is_kept_as_it_stands(text: str) -> None:
    assert decode(text.encode()) == (text, ())


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_is_known_by_its_mark(encoding: str) -> None:
    text = "\ufeffGrüße aus Zürich"
    assert decode(text.encode(encoding)) == (text, ())


def test_other_bytes_are_read_as_windows_1252_with_a_note() -> None:
    text, notes = decode("“Café” – 5 €".encode("cp1252"))
    assert text == "“Café” – 5 €"
    assert notes == ("not UTF-8, read as Windows-1252",)


def test_bytes_that_windows_1252_lacks_are_read_as_latin_1() -> None:
    text, notes = decode(b"caf\xe9 \x81 and more words")
    assert text == "caf\xe9 \x81 and more words"
    assert notes == ("not UTF-8, read as Latin-1",)


@pytest.mark.parametrize("data", [b"", b" \r\n\t ", b"\xef\xbb\xbf", "\u200b\u00a0\n".encode(), b"\xff\xfe"])
def test_nothing_to_read_is_called_empty(data: bytes) -> None:
    with pytest.raises(ReadError, match="the file is empty"):
        decode(data)


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7 looks like text but is not",
        b"PK\x03\x04 an archive",
        b"\x89PNG\r\n\x1a\n",
        b"GIF89a",
        b"text with a \x00 in it",
        bytes(range(1, 32)) * 3,
        b"\x7fELF and so on",
    ],
)
def test_binary_is_refused(data: bytes) -> None:
    with pytest.raises(ReadError, match="binary, not text"):
        decode(data)


def test_damaged_utf16_is_refused_with_advice() -> None:
    with pytest.raises(ReadError, match="save it as UTF-8"):
        decode(b"\xff\xfe\x00\xd8")


@given(st.binary(max_size=300))
def test_any_bytes_become_text_or_a_read_error(data: bytes) -> None:
    try:
        text, notes = decode(data)
    except ReadError:
        return
    assert text.strip()
    if not notes and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        assert text.encode() == data
