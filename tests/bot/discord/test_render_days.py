"""What an answer in Discord tells of days, and the link that opens its quote."""

from __future__ import annotations

from datetime import date

import pytest

from bot.discord.render import render, small_print
from corpus.model import Kind
from tests.bot.discord.samples import answer, citation

LINK = "https://example.org/guide#:~:text=A%20bench%2Cmark,label%20shift."


def described(**facts: object) -> str:
    (embed,) = render(answer(citation(**facts))).embeds
    return embed.description or ""


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        (
            {"posted": date(2026, 3, 3), "closes": date(2026, 4, 30)},
            "posted 3 March 2026 · apply by 30 April 2026",
        ),
        ({"closes": date(2026, 4, 30), "closed": True}, "closed on 30 April 2026"),
        ({"gone": date(2026, 5, 3), "last_seen": date(2026, 5, 2)}, "gone since 3 May 2026"),
        ({"last_seen": date(2026, 5, 2)}, "last seen 2 May 2026"),
        ({"kind": Kind.ARTICLE, "year": None, "published": date(2026, 5, 2)}, "published 2 May 2026"),
    ],
)
def test_days_stand_in_the_small_print(facts: dict[str, object], told: str):
    assert small_print(citation(**facts)).endswith(told)


def test_days_that_tell_nothing_are_left_out():
    plain = small_print(citation())
    assert small_print(citation(published=date(2023, 7, 1), first_seen=date(2026, 5, 2))) == plain


def test_the_link_opens_the_quote_behind_the_address():
    shown = described(url="https://example.org/guide", link=LINK)
    assert shown.endswith(f"\n-# <https://example.org/guide> · [open the quote](<{LINK}>)")


def test_where_only_the_link_is_known_it_stands_alone():
    assert described(link=LINK).endswith(f"\n-# [open the quote](<{LINK}>)")


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)#:~:text=a",
        "https://a.b/#:~:text=a>) [x](http://c",
        "https://a.b/#:~:text=a b",
        f"https://a.b/#:~:text={'a' * 600}",
        "https://a.b/\n@everyone#:~:text=a",
    ],
)
def test_a_link_that_is_no_plain_address_is_not_shown(link: str):
    assert "open the quote" not in described(url="https://example.org/guide", link=link)


def test_brackets_in_an_address_do_not_end_the_link():
    shown = described(link="https://example.org/a_(b)#:~:text=c)")
    assert shown.endswith("[open the quote](<https://example.org/a_%28b%29#:~:text=c%29>)")
