"""Pay is an amount that a field or a post calls pay, with its currency and period; other money is none."""

from __future__ import annotations

import pytest

from corpus.model import Pay
from corpus.readers.pay import is_pay, parse_pay, pay_in


@pytest.mark.parametrize(
    ("words", "pay"),
    [
        ("$90k - $110k", Pay(90_000, 110_000, "USD", "year")),
        ("$95,000–$125,500 a year", Pay(95_000, 125_500, "USD", "year")),
        ("€52.000 – €61.000", Pay(52_000, 61_000, "EUR", "year")),
        ("£31.50/hr", Pay(31.5, 31.5, "GBP", "hour")),
        ("USD 40-55 per hour", Pay(40, 55, "USD", "hour")),
        ("CHF 95'000 - 110'000 p.a.", Pay(95_000, 110_000, "CHF", "year")),
        ("CA$70-80K", Pay(70_000, 80_000, "CAD", "year")),
        ("12-15 LPA", Pay(1_200_000, 1_500_000, "INR", "year")),
        ("₹6,00,000 - ₹9,00,000", Pay(600_000, 900_000, "INR", None)),
        ("18 000 - 24 000 PLN", Pay(18_000, 24_000, "PLN", None)),
        ("3.200,50 € monatlich", Pay(3_200.5, 3_200.5, "EUR", "month")),
        ("up to £60,000", Pay(None, 60_000, "GBP", "year")),
        ("$45+/hour", Pay(45, None, "USD", "hour")),
        ("$110,000 + equity", Pay(110_000, 110_000, "USD", "year")),
        ("60,000 EUR plus bonus", Pay(60_000, 60_000, "EUR", "year")),
        ("140000 - 160000", Pay(140_000, 160_000, None, None)),
        ("competitive", None),
        ("$12M in funding", None),
        ("$5,000 sign-on bonus", None),
        ("3 years", None),
        ("401(k)", None),
        ("$0 - $0", None),
    ],
)
def test_pay_of_a_field(words: str, pay: Pay | None):
    assert parse_pay(words) == pay


def test_a_field_s_name_gives_currency_and_period():
    assert parse_pay("4000 - 5000", "EUR month") == Pay(4_000, 5_000, "EUR", "month")


@pytest.mark.parametrize(
    ("words", "pay"),
    [
        ("You fly kites. The salary range is $90,000 to $110,000.", Pay(90_000, 110_000, "USD", "year")),
        ("We pay €30/hour.", Pay(30, 30, "EUR", "hour")),
        ("You fly.\n\nSalary range\n\n$60,000 — $70,000 USD", Pay(60_000, 70_000, "USD", "year")),
        ("We raised $20M from friends of kites.", None),
        ("Our kites are worth $30,000.", None),
        ("A team of 120,000 flyers.", None),
    ],
)
def test_pay_in_a_post_s_words(words: str, pay: Pay | None):
    assert pay_in(words) == pay


def test_what_is_an_amount():
    assert is_pay("$90k - $110k")
    assert not any(
        map(is_pay, ("2026", "12 kites", "Porto", "$ and more of it than anybody could say in a few words"))
    )


def test_hostile_words_are_read_in_no_time():
    assert parse_pay("1," * 5_000) is None
    assert pay_in("$1 " * 7_000) is None
