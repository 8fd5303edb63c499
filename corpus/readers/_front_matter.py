"""YAML front matter of a Markdown page: the facts above the text, between two lines of dashes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_FRONT = re.compile(r"[\ufeff]?---[ \t]*(?:\r\n|\r|\n)(?=[A-Za-z_][\w -]{0,40}:)")
_END = re.compile(r"(?:^|(?<=[\r\n]))(?:---|\.\.\.)[ \t]*(?:\r\n|\r|\n|\Z)")
_LONGEST = 64_000


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The fields of a page's front matter as text; ``end`` is where the page's own text begins."""

    end: int = 0
    fields: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def get(self, name: str) -> str | None:
        """A field's words, None where it is missing or empty."""
        return self.fields.get(name) or None

    @property
    def year(self) -> int | None:
        """The field "year" where it is a year."""
        year = self.fields.get("year", "")
        return int(year) if re.fullmatch(r"(?:1[89]|20)\d\d", year) else None


def front_matter(text: str) -> FrontMatter:
    """Read the front matter that a text begins with, if it does; broken YAML is left out, with a note."""
    begins = _FRONT.match(text)
    ends = _END.search(text, begins.end(), begins.end() + _LONGEST) if begins else None
    if not begins or not ends:
        return FrontMatter()
    import yaml

    try:
        # BaseLoader makes strings, lists and mappings alone: safer than the safe one, and "2023" stays as it is.
        loaded = yaml.load(text[begins.end() : ends.start()], Loader=yaml.BaseLoader)  # noqa: S506
    except yaml.MarkedYAMLError as error:
        # The first line of dashes is line 1, and the mark counts from 0.
        line = f" (line {error.problem_mark.line + 2})" if error.problem_mark else ""
        return FrontMatter(ends.end(), notes=(f"the front matter is not valid YAML{line} and was left out",))
    except (yaml.YAMLError, RecursionError, ValueError):
        return FrontMatter(ends.end(), notes=("the front matter is not valid YAML and was left out",))
    if not isinstance(loaded, dict):
        return FrontMatter(ends.end())
    fields = {str(k).strip().lower(): " ".join(v.split()) for k, v in loaded.items() if isinstance(v, str)}
    return FrontMatter(ends.end(), fields)
