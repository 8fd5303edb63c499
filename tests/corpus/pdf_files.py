"""PDF files for tests, set as articles and lists are."""

from __future__ import annotations

from fpdf import FPDF

COLUMN, GUTTER, LEFT, TOP, LEADING = 250.0, 22.0, 45.0, 70.0, 12.0


class Sheet(FPDF):
    """A file whose lines are placed by hand, in points; y counts from the top."""

    def __init__(self, *, head: str = "", numbered: bool = False) -> None:
        super().__init__(unit="pt", format="A4")
        self.head, self.numbered = head, numbered
        self.set_auto_page_break(False)
        self.add_page()

    def header(self) -> None:
        """What runs along at the top."""
        if self.head:
            self.put(self.head, 200, 30, size=8)

    def footer(self) -> None:
        """The page's number at the foot."""
        if self.numbered:
            self.put(str(self.page_no()), 295, 815, size=8)

    def put(self, words: str, x: float, y: float, size: float = 10, style: str = "", link: str = "") -> float:
        """Draw words; returns where they end."""
        self.set_font("Helvetica", style, size)
        self.text(x, y, words)
        end = x + self.get_string_width(words)
        if link:
            self.link(x, y - size, end - x, size * 1.3, link)
        return end

    def column(self, lines: str, number: int = 0, y: float = TOP, size: float = 10) -> float:
        """Set lines in a column, "#" before a heading; a blank line is a gap. Returns where it ends."""
        x = LEFT + number * (COLUMN + GUTTER)
        for line in lines.strip("\n").split("\n"):
            heading = line.startswith("# ")
            self.put(line.removeprefix("# "), x, y, 12 if heading else size, "B" if heading else "")
            y += LEADING * (1.5 if heading else 1.0)
        return y

    def data(self) -> bytes:
        """The file."""
        return bytes(self.output())


def filled(words: str, *, size: float = 10, width: float = COLUMN, hyphens: bool = True) -> str:
    """Words broken into lines of a column's width, long ones at a hyphen where their end has no room."""
    pen = FPDF(unit="pt")
    pen.set_font("Helvetica", "", size)
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if pen.get_string_width(longer) <= width:
            lines[-1] = longer
            continue
        half = len(word) // 2
        broken = f"{lines[-1]} {word[:half]}-"
        if hyphens and word.isalpha() and len(word) > 7 and pen.get_string_width(broken) <= width:
            lines[-1] = broken
            word = word[half:]  # noqa: PLW2901
        lines.append(word)
    return "\n".join(lines)
