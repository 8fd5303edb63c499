"""BibTeX: its entries as objects, abbreviations written out and LaTeX's letters made letters."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

from corpus.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Mapping


_ENTRY = re.compile(r"@\s{0,9}(\w{1,40})\s{0,9}([{(])")
_NAME = re.compile(r"[\w.:+/-]{1,60}")
_BLANK = re.compile(r"\s*")
_STOPS = re.compile(r"[{}\"\\]")
_HIDDEN = ("comment", "preamble")
_DEEPEST, _LONGEST = 50, 20_000


def records_of(text: str) -> tuple[list[Any], tuple[str, ...]]:
    """The entries of a bibliography, each as pairs of names and values, and notes on what was left out.

    Raises:
        ReadError: there is no entry that can be read.
    """
    strings: dict[str, str] = {}
    records: list[Any] = []
    broken: list[int] = []
    at = lines = counted = 0
    while found := _ENTRY.search(text, at):
        kind, at = found[1].lower(), found.end()
        try:
            key, fields, at = _entry(text, at, strings)
        except _BrokenError:
            lines, counted = lines + text.count("\n", counted, found.start()), found.start()
            broken.append(lines + 1)
            continue
        if kind == "string":
            strings.update(fields)
        elif kind not in _HIDDEN and fields:
            records.append((("@type", kind), *_read(dict(fields)), ("key", key)))
    shown = ", ".join(map(str, broken[:3])) + (" …" if len(broken) > 3 else "")
    if not records:
        raise ReadError(f"no entry can be read{f'; not well formed: line {shown}' if broken else ''}")
    return records, ((f"left out, not well formed: the entries at line {shown}",) if broken else ())


class _BrokenError(ValueError):
    """An entry is not well formed."""


def _entry(text: str, at: int, strings: Mapping[str, str]) -> tuple[str, list[tuple[str, str]], int]:
    """An entry's key and its fields, from behind its bracket, and where it ends."""
    at = _after(text, at)
    fields: list[tuple[str, str]] = []
    end = next((n for n in range(at, min(len(text), at + 200)) if text[n] in ",}=)"), None)
    if end is None:
        raise _BrokenError
    key = ""
    if text[end] != "=":  # what is no field is the key
        key, at = text[at:end].strip(), end
    while at < len(text):
        at = _after(text, at)
        if text[at : at + 1] in ("}", ")"):
            return key, fields, at + 1
        if text[at : at + 1] == ",":
            at += 1
            continue
        name = _NAME.match(text, at)
        if name is None or text[(at := _after(text, name.end())) : at + 1] != "=":
            raise _BrokenError
        value, at = _value(text, _after(text, at + 1), strings)
        fields.append((name[0].lower(), value))
    raise _BrokenError


def _value(text: str, at: int, strings: Mapping[str, str]) -> tuple[str, int]:
    """A field's value, put together of its parts ("icml # { 2023}")."""
    parts: list[str] = []
    while True:
        if text[at : at + 1] in ('"', "{"):
            end = _closed(text, at)
            parts.append(text[at + 1 : end - 1])
        elif word := _NAME.match(text, at):
            parts.append(strings.get(word[0].lower(), word[0]))
            end = word.end()
        else:
            raise _BrokenError
        if len(parts) > 1 and sum(map(len, parts)) > _LONGEST:
            raise _BrokenError  # abbreviations of abbreviations grow without end
        at = _after(text, end)
        if text[at : at + 1] != "#":
            return "".join(parts), at
        at = _after(text, at + 1)


def _closed(text: str, at: int) -> int:
    """Where what begins with a quotation mark or brace ends."""
    quoted, depth, started = text[at] == '"', 0, at
    while found := _STOPS.search(text, at):
        at = found.end()
        if found[0] == "\\":
            at += 1
        elif found[0] == "{":
            depth += 1
        elif found[0] == "}":
            depth -= 1
            if depth == 0 and not quoted:
                return at
        elif quoted and depth == 0 and found.start() > started:
            return at
        if depth > _DEEPEST or depth < 0:
            break
    raise _BrokenError


def _after(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    return found.end() if found else at


def _read(fields: dict[str, str]) -> list[tuple[str, Any]]:
    read: list[tuple[str, Any]] = []
    for name, value in fields.items():
        if name in ("author", "editor") and value.strip():
            names = [plain(each) for each in _people(value)]
            read.append((name, [each for each in names if each and each.lower() != "others"]))
        elif name == "eprint" and "arxiv" in fields.get("archiveprefix", fields.get("eprinttype", "")).lower():
            read.append((name, f"arXiv:{value.strip()}"))
        else:
            read.append((name, value.strip() if name in ("url", "doi", "pdf", "link", "file") else plain(value)))
    return read


def _people(value: str) -> list[str]:
    """Names parted by "and" outside braces."""
    names, depth = [[]], 0  # type: list[list[str]], int
    for word in value.split():
        if depth == 0 and word.lower() == "and":
            names.append([])
        else:
            names[-1].append(word)
        depth = max(0, depth + word.count("{") - word.count("}"))
    return [_turned(" ".join(name)) for name in names]


def _turned(name: str) -> str:
    """A name that is written "Family, Given" or "Family, Jr., Given" as it is said; one in braces as it is."""
    if name.startswith("{") and name.endswith("}"):
        return name
    family, *given = [part.strip() for part in name.split(",")]
    return " ".join(filter(None, (*given[-1:], family, *given[:-1])))


_TOKEN = re.compile(r"\\([A-Za-z]+)[ \t\n]?|\\(.)|([{}~$])|([^\\{}~$]+)", re.DOTALL)
_ACCENTS = {
    "'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304", ".": "\u0307",
    "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "k": "\u0328", "r": "\u030a", "d": "\u0323",
    "b": "\u0331", "t": "\u0361",
}  # fmt: skip
_LETTERS = {
    "ss": "ß", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å",
    "AA": "Å", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ", "dj": "đ", "DJ": "Đ", "i": "i", "j": "j", "ng": "ŋ",
    "textendash": "–", "textemdash": "—", "textquoteright": "’", "textquoteleft": "‘", "textquotedblleft": "“",
    "textquotedblright": "”", "textasciitilde": "~", "textunderscore": "_", "textbackslash": "\\", "ldots": "…",
    "dots": "…", "textregistered": "®", "texttrademark": "™", "copyright": "©", "euro": "€", "pounds": "£",
    "textdegree": "°", "textperiodcentered": "·", "textbullet": "•", "textgreater": ">", "textless": "<",
    "textellipsis": "…", "newline": " ", "quad": " ",
}  # fmt: skip
_ESCAPED = frozenset("%&#_${}")


def plain(words: str) -> str:
    """Words without LaTeX: accents made letters, braces and commands left out, formulas as they are."""
    if not any(each in words for each in "\\{}~$-`'"):
        return " ".join(words.split())
    parts: list[str] = []
    accents: list[str] = []
    at = 0
    while found := _TOKEN.match(words, at):
        at = found.end()
        command, sign, mark, said = found.groups()
        if mark == "$" and (end := words.find("$", at, at + 2000)) > 0:
            parts.append(words[at - 1 : end + 1])
            at = end + 1
        elif (command or sign) in _ACCENTS and len(accents) < 3:
            accents.append(_ACCENTS[command or sign])
            continue
        elif command:
            said = _LETTERS.get(command, "")
        elif sign:
            said = sign if sign in _ESCAPED else " "
        elif mark:
            said = " " if mark == "~" else mark if mark == "$" else ""
        else:
            for written, letter in (("---", "—"), ("--", "–"), ("``", "“"), ("''", "”")):
                said = said.replace(written, letter)
        if said:
            parts.append(said[:1] + "".join(reversed(accents)) + said[1:] if accents else said)
            accents.clear()
    return unicodedata.normalize("NFC", " ".join("".join(parts).split()))
