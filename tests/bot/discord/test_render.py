"""What an answer looks like in Discord."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.answer import Occurrence
from bot.discord.markdown import inert, label, units
from bot.discord.render import ALL_EMBEDS, CONTENT, DESCRIPTION, TITLE, Reply, line, render, size
from corpus.model import Kind, Span
from tests.bot.discord.reading import unquoted, visible
from tests.bot.discord.samples import answer, citation

HOSTILE = [
    "@everyone @here <@1> <@!1> <@&2> <#3> </ask:4> <t:1:R> <:blob:5> <a:blob:6> <id:guide> :smile: :b:c:",
    "[your bank](https://evil.example) ![x](http://a.b) <https://evil.example> https://evil.example/a_b_c",
    "discord.gg/abc discord.com/invite/abc <mailto:a@b.example> <+1 555 0100> <tel:+15550100> steam://run/1",
    "```\ncode\n``` then `inline` and ``two``",
    "**bold** *it* __under__ _it_ ~~gone~~ ||spoiler|| ***all*** snake_case 2*3*4 \\*kept\\* back\\",
    "# Heading\n## Two\n-# small\n> quote\n>>> all\n- item\n* item\n+ item\n1. one\n  12. twelve\n    - deep",
    "¯\\_(ツ)_/¯ and \\`",
    "abc \u202egnp.exe\u202c \u2067rtl\u2069 \u2068open \u202dforced",
    "zero\u200bwidth\u200djoin\u2060er\ufeff soft\u00adhyphen \U000e0041 \u3164",
    "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319a\u0316\u0320lgo",
    "keycap #\ufe0f\u20e3 family 👩‍👩‍👧 flag 🏴\U000e0067\U000e0062\U000e007f",
    "12. starts with a number\n-1 is negative\n3.5 percent at 10:30, and/or p > 0.05",
]
PIECES = st.sampled_from(
    [
        *"\\*_~|`<>[]()#@/:-+.!1a \n\t",
        "@everyone",
        "<@1>",
        "](http://x)",
        "```",
        "||",
        "\u202e",
        "🙂",
        "\u2066",
        "> ",
        "- ",
        "1. ",
    ]
)
TEXTS = st.one_of(
    st.lists(PIECES, max_size=60).map("".join),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=200),
)


def only_embed(reply: Reply):
    assert len(reply.embeds) == 1
    return reply.embeds[0]


def as_read(text: str) -> str:
    """A text with Discord's line ends, and without the blank lines around it."""
    lines = text.splitlines()
    while lines and not lines[-1].strip():
        lines.pop()
    while lines and not lines[0].strip():
        lines.pop(0)
    return "\n".join(lines)


def test_a_paper_is_shown_with_number_title_authors_quote_and_small_print() -> None:
    reply = render(answer(citation(), summary="3 authors of RLSbench"))
    embed = only_embed(reply)
    assert reply.content == "3 authors of RLSbench"
    assert embed.title == "[1] RLSbench: Domain adaptation under relaxed label shift"
    assert embed.description == (
        "Saurabh Garg, Nick Erickson, James Sharpnack\n> **A benchmark for label shift.**\n> It can be relaxed."
    )
    assert embed.footer.text == "Distribution shift · A quick guide to Amazon’s papers at ICML 2023"


def test_authors_that_stand_in_the_quote_are_not_named_above_it_again() -> None:
    excerpt = "RLSbench\nSaurabh Garg, Nick Erickson, James Sharpnack"
    embed = only_embed(render(answer(citation(excerpt=excerpt, best=Span(0, 8)))))
    assert embed.description == "> **RLSbench**\n> Saurabh Garg, Nick Erickson, James Sharpnack"


def test_a_job_is_shown_with_its_place_and_team() -> None:
    job = citation(kind=Kind.JOB, title="Applied Scientist", authors=(), location="ES, M, Madrid", team="Alexa AI")
    embed = only_embed(render(answer(job)))
    assert embed.description is not None
    assert embed.description.startswith("ES, M, Madrid · Alexa AI\n> ")


def test_venue_and_year_are_named_where_the_digest_does_not() -> None:
    embed = only_embed(render(answer(citation(digest="Trustworthy ML", section=None))))
    assert embed.footer.text == "Trustworthy ML · ICML 2023"


def test_other_digests_that_carry_the_entry_are_named_once() -> None:
    places = (
        Occurrence("001_icml-2024", 0, 5),
        Occurrence("001_icml-2024", 9, 14),
        Occurrence("000_icml-2023", 1, 2),
    )
    embed = only_embed(render(answer(citation(also_in=places))))
    assert embed.footer.text is not None
    assert embed.footer.text.endswith(" · also in 001_icml-2024")


def test_kinds_differ_in_colour() -> None:
    colours = {only_embed(render(answer(citation(kind=kind)))).colour for kind in Kind}
    assert len(colours) == len(Kind)


def test_a_page_with_an_address_is_linked_by_the_whole_address() -> None:
    embed = only_embed(render(answer(citation(url="https://www.example.org/blog/a_guide?x=1"))))
    assert embed.description is not None
    assert embed.description.endswith("\n-# <https://www.example.org/blog/a_guide?x=1>")


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "https://a.b/) [x](http://c", "https://bank@evil.example/", "about blank"]
)
def test_an_address_that_is_none_of_the_web_is_not_shown(url: str) -> None:
    embed = only_embed(render(answer(citation(url=url))))
    assert embed.description is not None
    assert url not in embed.description


def test_not_answered_says_so_and_names_the_nearest() -> None:
    near = (citation(), citation(rank=2, title="Thompson sampling"))
    reply = render(answer(answered=False, summary="The digests hold 59 papers.", nearest=near))
    embed = only_embed(reply)
    assert reply.content == "The digests hold 59 papers."
    assert embed.title == "Nearest in the digests"
    assert embed.description is not None
    assert "**RLSbench: Domain adaptation under relaxed label shift**" in embed.description
    assert "**Thompson sampling**" in embed.description
    assert "> " not in embed.description


def test_nothing_found_and_nothing_near_still_says_something() -> None:
    reply = render(answer(answered=False))
    assert reply.content
    assert reply.embeds == []


def test_a_follow_up_shows_what_it_was_understood_as() -> None:
    reply = render(answer(citation(), understood="papers on *bandits* in 2024"))
    assert reply.content == "-# about: papers on \\*bandits\\* in 2024"


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_of_a_document_are_inert_and_read_as_they_stand(text: str) -> None:
    embed = only_embed(render(answer(citation(excerpt=text, title=text, authors=(text,), section=text))))
    assert embed.description is not None
    assert embed.title is not None
    assert unquoted(embed.description) == as_read(text)
    assert visible(embed.title.removeprefix("[1] "))
    assert "\n" not in (embed.footer.text or "")


@given(TEXTS, st.integers(0, 30), st.integers(0, 30))
@example("\\\\\\\\\\](http://x)> 1. ](http://x)](http://x)", 0, 28)  # bold ends between : and //
@example("1. one", 0, 1)
def test_any_excerpt_is_read_as_it_stands(text: str, start: int, length: int) -> None:
    best = Span(min(start, len(text)), min(start + length, len(text)))
    embed = only_embed(render(answer(citation(excerpt=text, authors=(), best=best))))
    assert unquoted(embed.description or "") == as_read(text)


@given(TEXTS)
def test_any_summary_error_or_name_is_inert(text: str) -> None:
    assert visible(line(text).content or "") == label(text, CONTENT)
    reply = render(answer(answered=False, summary=text, nearest=(citation(title=text, section=text),)))
    assert reply.content is not None
    visible(reply.content)
    title, small = (reply.embeds[0].description or "").split("\n")
    visible(title.removeprefix("**").removesuffix("**"))
    visible(small.removeprefix("-# "))


def test_a_colon_at_the_end_of_the_bold_begins_no_emoji() -> None:
    embed = only_embed(render(answer(citation(excerpt="See:smile: there: more", best=Span(0, 4)))))
    assert embed.description is not None
    assert embed.description.endswith("> **See\\:**smile: there: more")


def test_controls_are_shown_by_their_pictures() -> None:
    assert inert("\x1b[31mred\x00\x7f") == "␛\\[31mred␀␡"


@pytest.mark.parametrize("letter", ["x", "*", "🙂", "word ", "Sentence. ", "\n", "@everyone "])
@pytest.mark.parametrize("length", [300, 6_000])
def test_every_reply_is_within_the_limits(letter: str, length: int) -> None:
    long = letter * length
    many = [
        citation(rank=rank, excerpt=long, title=long, authors=(long,) * 40, section=long) for rank in range(1, 13)
    ]
    for reply in (
        render(answer(*many, summary=long, understood=long)),
        render(answer(answered=False, summary=long, nearest=tuple(many))),
        line(long),
    ):
        assert units(reply.content or "") <= CONTENT
        assert len(reply.embeds) <= 10
        assert sum(size(embed) for embed in reply.embeds) <= ALL_EMBEDS
        assert all(units(embed.title or "") <= TITLE for embed in reply.embeds)
        assert all(units(embed.description or "") <= DESCRIPTION for embed in reply.embeds)
    assert render(answer(*many)).embeds


def test_citations_that_do_not_fit_are_counted_and_those_shown_are_whole() -> None:
    text = "A sentence of some length stands here. " * 50
    reply = render(answer(*[citation(rank=rank, excerpt=text) for rank in range(1, 6)], summary="Five."))
    assert len(reply.embeds) == 2
    assert all(unquoted(embed.description or "") == text for embed in reply.embeds)
    assert reply.content == "Five.\n-# 3 more passages do not fit in here."


def test_an_excerpt_too_long_for_any_message_is_cut_at_a_sentence_and_says_so_below_the_quote() -> None:
    text = "A sentence of some length stands here. " * 200
    description = only_embed(render(answer(citation(excerpt=text)))).description or ""
    shown = unquoted(description)
    assert text.startswith(shown)
    assert shown.endswith("here.")
    assert description.endswith(f"\n-# Cut here: {len(text) - len(shown):,} more characters stand in the digest.")


def test_a_long_title_is_cut_at_a_word() -> None:
    title = only_embed(render(answer(citation(title="syllable " * 700)))).title or ""
    assert title.endswith("syllable…")
    assert units(title) <= TITLE


def test_many_authors_are_counted() -> None:
    names = tuple(f"Author Number{number}" for number in range(100))
    description = only_embed(render(answer(citation(authors=names)))).description or ""
    first = description.split("\n")[0]
    assert first.startswith("Author Number0, Author Number1, ")
    shown = first.count("Number")
    assert first.endswith(f" and {100 - shown} more")


@pytest.mark.parametrize(("confidence", "words"), [(0.97, "high"), (0.7, "fair"), (0.4, "low, see whether")])
def test_the_confidence_of_an_answer_is_told_in_words(confidence: float, words: str) -> None:
    sure = answer(citation(), confidence=confidence, signals={"cosine": 0.5})
    assert f"-# confidence: {words}" in (render(sure).content or "")
    assert "confidence" not in (render(replace(sure, signals={})).content or ""), "what is browsed is no guess"
    assert "confidence" not in (render(replace(sure, answered=False, citations=())).content or "")
