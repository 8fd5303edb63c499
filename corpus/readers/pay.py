"""Pay: what a job pays, from the words of a field or of a post."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from corpus.model import Pay

if TYPE_CHECKING:
    from collections.abc import Iterator

_SYMBOLS = {
    "us$": "USD", "c$": "CAD", "ca$": "CAD", "cad$": "CAD", "a$": "AUD", "au$": "AUD", "nz$": "NZD", "s$": "SGD",
    "hk$": "HKD", "r$": "BRL", "mx$": "MXN", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₩": "KRW",
    "₪": "ILS",
    "zł": "PLN", "kč": "CZK", "$": "USD", "₽": "RUB", "₺": "TRY", "₱": "PHP", "₴": "UAH", "元": "CNY", "円": "JPY",
    "fr.": "CHF", "lpa": "INR",
}  # fmt: skip
_CODES = (
    "USD|EUR|GBP|CHF|CAD|AUD|NZD|SGD|HKD|JPY|CNY|RMB|INR|SEK|NOK|DKK|PLN|CZK|HUF|RON|BRL|MXN|ZAR|ILS|AED|SAR|KRW"
    "|TWD|THB|MYR|IDR|PHP|TRY|UAH|RUB|ARS|CLP|COP|EGP|NGN|KES|VND"
)
_SYMBOL = "|".join(re.escape(symbol) for symbol in sorted(_SYMBOLS, key=len, reverse=True))
_CURRENCY = rf"(?:(?<![a-z])(?:{_CODES})(?![a-z])|{_SYMBOL}|(?<![a-z])(?:dollars|euros?|pounds)(?![a-z]))"
_NUMBER = re.compile(
    rf"(?P<before>{_CURRENCY})?\s?"
    r"(?P<number>(?<![\w.,])(?:\d{1,3}(?:[.,'’ \u00a0\u202f]\d{2,3}){1,4}|\d{1,9})(?:[.,]\d{1,2})?(?!\d)"
    r"|(?<=[月年収給])\d{2,4}(?!\d))"
    r"\s?(?P<times>k|mn?|million|lakhs?|lpa|l(?=\b)|tsd\.?|mil|万)?(?:(?=p[amh]\b)|(?![a-z0-9]))"
    rf"\s?(?P<after>{_CURRENCY})?",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"[.,'’ \u00a0\u202f]")
_WORDS = {"dollars": "USD", "euro": "EUR", "euros": "EUR", "pounds": "GBP", "RMB": "CNY"}
_TIMES = {
    "k": 1e3, "tsd": 1e3, "mil": 1e3, "m": 1e6, "mn": 1e6, "million": 1e6, "万": 1e4,
    "l": 1e5, "lakh": 1e5, "lakhs": 1e5, "lpa": 1e5,
}  # fmt: skip
_PERIODS = {
    "hour": "hour", "hr": "hour", "hrs": "hour", "hourly": "hour", "h": "hour", "stunde": "hour", "std": "hour",
    "heure": "hour", "hora": "hour", "hours": "hour", "ph": "hour",
    "day": "day", "daily": "day", "diem": "day", "tag": "day", "jour": "day", "día": "day", "days": "day",
    "week": "week", "wk": "week", "weekly": "week", "woche": "week",
    "month": "month", "mo": "month", "mon": "month", "mth": "month", "monthly": "month", "monat": "month",
    "mois": "month",
    "mes": "month", "pm": "month", "pcm": "month", "monatlich": "month", "months": "month",
    "year": "year", "yr": "year", "yearly": "year", "annum": "year", "annual": "year", "annually": "year",
    "pa": "year", "jahr": "year", "jährlich": "year", "an": "year", "año": "year", "lpa": "year", "anno": "year",
    "years": "year", "y": "year", "ann": "year", "salary": "year",
}  # fmt: skip
_PERIOD = re.compile(
    r"(?:/|\bper\b|\ban?\b|\bp\.|\bpro\b|\bpar\b|\bpor\b|\beach\b|\bje\b|\bp\b|(?=\b[a-zé]))\s{0,2}"
    r"([^\W\d_]{1,9}\.?[^\W\d_]?)(?![^\W\d_])",
    re.IGNORECASE,
)
_JOIN = re.compile(
    r"\s{0,3}(?:(?:per|an?|/)?\s?/?\s?(?:hour|hr|month|mo|year|yr|annum|annually|yearly)\.?)?\s{0,3}"
    r"(?:-{1,2}|–|—|−|~|～|to\b|bis\b|and\b|a\b|à\b|hasta\b|up to\b|\.\.\.?)\s{0,3}",
    re.IGNORECASE,
)
_MONEY = re.compile(rf"[$€£¥₹₩₪₽₺₱₴]|\b(?:{_CODES})\b|zł|Kč|euros?|dollars|pounds")
_AROUND = 120
"""Characters around money in prose that tell whether it is pay."""
_NO_PAY = re.compile(
    r"\b(?:funding|funded|fund|raised|raising|raise|revenue|arr|mrr|valuation|valued|series [a-f]|seed|budget"
    r"|assets"
    r"|aum|invest(?:ed|ment|ments|ors?|or)|customers|users|people|employees|turnover|bonus|stipend for|allowance"
    r"|reimburse(?:ment|s)?|sign-?on|signing|equity of|401\(?k|grants?|market|sales|downloads|records|tons"
    r"|donat\w{2,5}"
    r"|worth|saved?|savings|transactions|payments? volume|referral|credit|prize|award|fee|fees|deposit|bounty)\b",
    re.IGNORECASE,
)
_SAYS_PAY = re.compile(
    r"\b(?:salar(?:y|ies)|pay|pays|paid|wages?|compensation|comp|base|earn|remuneration|rate|ote|gehalt|vergütung"
    r"|salaire|salario|sueldo|lohn|entgelt|stipend|hourly|annually|annual|per (?:hour|year|annum|month)"
    r"|p\.a\.|/(?:hr|hour|h|yr|year|mo|month))\b|薪|月給|年収",
    re.IGNORECASE,
)
_BESIDES = re.compile(r"[+&]|\bplus\b|\band\b")
"""What parts pay from what comes beside it."""
_LEAST = re.compile(
    r"(?:from|starting(?: at)?|at least|minimum|min\.?|ab|more than|over|>|desde|à partir de)\s{0,2}$",
    re.IGNORECASE,
)
_MOST = re.compile(r"(?:up to|max(?:imum)?\.?|bis zu|bis|under|less than|<|jusqu'à|hasta)\s{0,2}$", re.IGNORECASE)

_LONGEST_FIELD = 400
_READ = 20_000
_NEAR = 60
"""Characters before an amount in prose in which there is a word that makes it pay."""
_BANDS = {"hour": (3, 1_000), "day": (10, 20_000), "week": (50, 50_000), "month": (100, 5e6), "year": (1_000, 5e8)}
"""What a period's pay can be, in any currency."""


def parse_pay(words: str, label: str = "") -> Pay | None:
    """The pay that a field tells.

    Args:
        words: "$120k-150k", "€60.000 – €75.000 per year", "USD 45/hr", "160000 - 190000".
        label: what the field is called, or a currency and a period ("EUR year").

    Returns:
        None if it tells none ("competitive", "20M in funding").
    """
    words = words[:_LONGEST_FIELD]
    return next(_amounts(words, label, field=True), None)


def is_pay(words: str) -> bool:
    """Whether a text is an amount of money, and little else."""
    if len(words) > 80 or not any(c.isdigit() for c in words):
        return False
    found = parse_pay(words)
    return found is not None and found.currency is not None and sum(c.isalpha() for c in words) <= 40


def pay_in(words: str) -> Pay | None:
    """The pay that a post's prose tells: an amount with a currency that the words before or behind call pay."""
    words = words[:_READ]
    read = 0
    for found in _MONEY.finditer(words):
        if found.end() + _NEAR <= read:  # it was read, with all that is near it, beside the one before
            continue
        start, read = max(0, found.start() - _AROUND), found.end() + _AROUND
        if pay := next(_amounts(words[start:read], "", field=False), None):
            return pay
    return None


def _amounts(words: str, label: str, *, field: bool) -> Iterator[Pay]:
    found = list(_NUMBER.finditer(words))
    at = 0
    while at < len(found):
        first = found[at]
        second = found[at + 1] if at + 1 < len(found) else None
        at += 1
        if second is not None and _JOIN.fullmatch(
            words, first.end(), second.start("before") if second["before"] else second.start()
        ):
            at += 1
        else:
            second = None
        if pay := _read(words, first, second, label, field=field):
            yield pay


def _read(
    words: str, first: re.Match[str], second: re.Match[str] | None, label: str, *, field: bool
) -> Pay | None:
    last = second or first
    before, behind = words[max(0, first.start() - _NEAR) : first.start()], words[last.end() : last.end() + 40]
    between = words[first.end() : second.start()] if second else ""
    said = [m[name] for m in filter(None, (first, second)) for name in ("before", "after") if m[name]]
    times = [m["times"] for m in filter(None, (first, second)) if m["times"]]
    currency = (
        next(map(_currency, said), None)
        or _currency_of(label)
        or (_currency_of(before[-12:] + behind[:12]) if field else None)
    )
    if currency is None and "lpa" in [each.lower() for each in times]:
        currency = "INR"
    # What calls an amount pay may stand right over it.
    clause = re.split(r"[.;!?\n](?:\s|$)", before.rstrip())[-1] + " " + re.split(r"[.;!?\n]\s", behind)[0]
    beside = _BESIDES.split(behind)[0]
    if _NO_PAY.search(before[-25:] + beside[:25] if field else clause) and not _SAYS_PAY.search(clause):
        return None
    per = (
        _period(between)
        or _period(behind[:16], at_start=True)
        or _period_of(label)
        or (_period(words) if field else None)
    )
    if not field and (not currency or not (_SAYS_PAY.search(clause) or per)):
        return None
    low, high = _value(first), _value(second) if second else None
    if high is not None and not first["times"] and second and second["times"] and low < high / 1_000:
        low *= _TIMES[second["times"].lower().rstrip(".")]
    if high is not None and low > high:
        return None
    if per is None:
        per = _guess(high or low, currency)
    if not _plausible(low, high, per, currency, field=field):
        return None
    if high is None:
        if _MOST.search(before):
            return Pay(None, low, currency, per)
        behind_plus = behind.startswith("+") and not behind[1:].strip()[:1].isalpha()
        high = None if _LEAST.search(before) or behind_plus else low
    return Pay(low, high, currency, per)


def _plausible(low: float, high: float | None, per: str | None, currency: str | None, *, field: bool) -> bool:
    if per is None:
        return low >= 5_000 or (field and currency is not None and low >= 5)
    least, most = _BANDS[per]
    return least <= low and (high or low) <= most


def _guess(amount: float, currency: str | None) -> str | None:
    """The period of an amount that names none: a year's where it can be nothing else."""
    if currency in {"USD", "EUR", "GBP", "CAD", "AUD", "CHF"} and 15_000 <= amount <= 2_000_000:
        return "year"
    return None


def _value(found: re.Match[str]) -> float:
    *groups, last = _SEPARATOR.split(found["number"])
    decimals = groups and (len(last) < 3 or (found["times"] and len(groups) == 1))
    value = float("".join(groups) + "." + last) if decimals else float("".join([*groups, last]))
    factor = (found["times"] or "").lower().rstrip(".")
    return round(value * _TIMES.get(factor, 1), 2)


def _currency(said: str) -> str:
    return _SYMBOLS.get(said.lower()) or _WORDS.get(said.lower()) or _WORDS.get(said.upper()) or said.upper()


def _currency_of(words: str) -> str | None:
    found = re.search(_CURRENCY, words, re.IGNORECASE)
    return _currency(found[0]) if found else None


def _period(words: str, *, at_start: bool = False) -> str | None:
    """The period that words name, the first of them if ``at_start``."""
    for found in _PERIOD.finditer(words):
        if per := _PERIODS.get(found[1].lower().replace(".", "")):
            return per
        if at_start and found.start() > 2:
            return None
    return None


def _period_of(label: str) -> str | None:
    return next((_PERIODS[word] for word in re.findall(r"[a-zäéñ]+", label.lower()) if word in _PERIODS), None)
