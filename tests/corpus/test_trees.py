"""Pages as trees of blocks: what a reader of the page sees, and how it is set."""

from __future__ import annotations

import time
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from corpus.errors import ReadError
from corpus.readers import reader_for
from corpus.readers.tree import Role

if TYPE_CHECKING:
    from corpus.readers.tree import Block, Tree


def tree_of(text: str, suffix: str = ".html") -> Tree:
    return reader_for(f"page{suffix}").tree(text.encode())


def words(tree: Tree, block: Block) -> str:
    return tree.text[block.start : block.end]


def blocks(tree: Tree, role: Role) -> list[Block]:
    return [block for block in tree.root.walk() if block.role is role]


def test_words_know_how_they_are_set_and_where_they_lead() -> None:
    tree = tree_of(
        '<p><b>Low <i>kites</i></b>, <s>gone</s> <a href="/x">here</a> <time datetime="2026-02-03">then</time>'
    )
    (paragraph,) = tree.root.children
    said = {tree.text[run.start : run.end]: run.style for run in paragraph.runs}
    assert tree.text == "Low kites, gone here then\n"
    assert (said["Low"].bold, said["Low"].italic) == (True, False)
    assert (said["kites"].bold, said["kites"].italic) == (True, True)
    assert (said["gone"].struck, said["here"].href, said["then"].day) == (True, "/x", "2026-02-03")


def test_cells_know_their_column_where_others_are_empty_or_reach_down() -> None:
    tree = tree_of(
        "<table><tr><th>Company<th>Role<th>Place<tr><td rowspan=2>Hill Ltd<td><td>Bergen"
        "<tr><td>Engineer<td>Oslo</table>"
    )
    head, first, second = blocks(tree, Role.ROW)
    assert head.head
    assert [(cell.level, words(tree, cell)) for cell in first.children] == [(0, "Hill Ltd"), (2, "Bergen")]
    assert [(cell.level, words(tree, cell)) for cell in second.children] == [
        (0, "Hill Ltd"), (1, "Engineer"), (2, "Oslo"),
    ]  # fmt: skip
    assert words(tree, second) == "Engineer | Oslo"


def test_a_table_for_the_layout_s_sake_is_groups_of_blocks() -> None:
    tree = tree_of("<table><tr><td><h2>Kites</h2><p>They fly.<td><h2>Nets</h2><p>They hold.</table>")
    assert not blocks(tree, Role.TABLE)
    assert [words(tree, block) for block in blocks(tree, Role.HEADING)] == ["Kites", "Nets"]


def test_a_term_and_what_is_said_of_it_are_one_item() -> None:
    tree = tree_of("<dl><dt>Kite<dd>flies<dt>Net<dd>holds</dd><dd>well</dl>")
    assert [words(tree, item) for item in blocks(tree, Role.ITEM)] == ["Kite\nflies", "Net\nholds\nwell"]


def test_what_is_folded_away_is_a_group_under_its_summary() -> None:
    (group,) = tree_of("<details><summary>More</summary><p>a</p><p>b</p></details>").root.children
    assert group.role is Role.GROUP
    assert [child.role for child in group.children] == [Role.HEADING, Role.PARAGRAPH, Role.PARAGRAPH]


def test_menus_and_what_is_hidden_are_left_out_but_not_the_page_itself() -> None:
    menu = "<nav>Home</nav><div class=menu>Menu</div><p style='display:none'>x</p><p hidden>y</p>"
    assert tree_of(f"{menu}<p>Kites fly.</p><footer>All rights</footer>").text == "Kites fly.\n"
    assert tree_of("<header><p>All of this page stands in its header.</p></header>").text.startswith("All of")


def test_a_line_break_that_is_written_as_an_end_is_one() -> None:
    assert tree_of("<p>Porto</br>Vigo</p>").text == "Porto\nVigo\n"


def test_plain_text_stays_as_it_is_and_has_lists_headings_and_lines() -> None:
    text = "Kites\r\n\r\n1. Wind\r\n\r\nIt blows.\r\n\r\n- low\r\n- high\r\n\r\nOn kites\r\nAda Moss, Ben Ray\r\n"
    tree = tree_of(text, ".txt")
    assert tree.text == text
    assert [(b.level, words(tree, b)) for b in blocks(tree, Role.HEADING)] == [(1, "Kites"), (3, "1. Wind")]
    assert [words(tree, b) for b in blocks(tree, Role.ITEM)] == ["low", "high"]
    assert [tree.text[run.start : run.end] for run in tree.root.children[-1].runs] == [
        "On kites",
        "Ada Moss, Ben Ray",
    ]


ODD = {
    ".html": [
        "<ul><li>a" * 300, "<div>a" * 3000, "<span>a" * 3000, "<table><tr><td>a" * 200, "<dl><dt>a<dd>" * 500,
        "<details><summary>a</summary>" * 500, f"<p>{' ' * 1_000_000}a", "<p>שלום <b>مرحبا</b></p>" * 50,
        "<div><p><b>a<table><tr><td>b<ul><li>c", "<p>a\x00b", "<script>a</script>", "<li>", "",
        f"<p>a<img src='data:image/png;base64,{'A' * 500_000}'>",
    ],
    ".md": [
        "- \n-\n- \n", " - a", "\n".join(f"{'  ' * n}- a" for n in range(200)), "[" * 50_000, "![a" * 50_000,
        "`a``b" * 20_000, "*a **b " * 20_000, "> " * 5_000 + "a", f"{' ' * 1_000_000}a",
        "---\na: b\n---\n" + "{{" * 50_000,
        "<!-- " * 20_000, "a\u00a0J.\u00a0 B", f"![a](data:image/png;base64,{'A' * 500_000}) a", "a\x00",
    ],
    ".txt": [" " * 1_000_000 + "a", "\n" * 1_000_000 + "a", "•\n•\n", "a" * 1_000_000,
        "====\n----\n", "Related content\n" * 3],
}  # fmt: skip


@pytest.mark.parametrize(("suffix", "text"), [(suffix, text) for suffix, texts in ODD.items() for text in texts])
def test_odd_pages_are_read_in_seconds_or_refused(suffix: str, text: str) -> None:
    began = time.process_time()
    try:
        page = reader_for(f"page{suffix}").read(text.encode(), name="page")
    except ReadError:
        return
    finally:
        assert time.process_time() - began < 60, "linear takes seconds, what is quadratic many minutes"
    spans = [entry.span for entry in page.entries]
    assert all(0 <= span.start < span.end <= len(page.text) for span in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))
