"""A file's ending finds its reader; other files are refused with the kinds that can be read."""

from __future__ import annotations

from pathlib import PureWindowsPath

import pytest

from corpus.errors import ReadError
from corpus.readers import SUFFIXES, reader_for


@pytest.mark.parametrize(
    ("path", "name"),
    [("a.txt", "text"), ("b.TEXT", "text"), ("c/d.e.md", "markdown"), (PureWindowsPath("f.Markdown"), "markdown")],
)
def test_reader_by_ending(path: str | PureWindowsPath, name: str) -> None:
    assert reader_for(path).name == name


@pytest.mark.parametrize(
    ("path", "what"), [("a.doc", ".doc files"), ("README", "without an ending"), (".txt", "without")]
)
def test_other_files_are_refused_with_what_can_be_read(path: str, what: str) -> None:
    with pytest.raises(ReadError) as refused:
        reader_for(path)
    assert what in str(refused.value)
    assert all(suffix in str(refused.value) for suffix in SUFFIXES)
