"""The trees of pages, by the ending of their file's name."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from corpus.readers import html_tree, markdown_tree, text_tree

if TYPE_CHECKING:
    from corpus.readers.tree import Tree


def tree_of(data: bytes, name: str) -> Tree:
    """The tree of a file of HTML, Markdown or plain text."""
    suffix = PurePath(name).suffix.lower()
    if suffix in (".html", ".htm", ".xhtml"):
        if markdown_tree.has_front_matter(data):
            return markdown_tree.tree_of(data, is_markup=True)
        return html_tree.tree_of(data)
    if suffix in (".md", ".markdown"):
        return markdown_tree.tree_of(data)
    return text_tree.tree_of(data)
