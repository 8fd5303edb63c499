"""Word files for tests, made of paragraphs as Word writes them."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, field
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr

_NAMES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_STYLES = ("Title", *(f"heading {level}" for level in range(1, 7)), "caption", "List Paragraph")


@dataclass
class WordFile:
    """A Word file in the making."""

    body: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)

    def add(self, *runs: str, style: str = "", item: bool = False) -> WordFile:
        """Add a paragraph of runs (see ``run`` and ``link``)."""
        about = f'<w:pStyle w:val="{style.replace(" ", "")}"/>' if style else ""
        about += '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>' if item else ""
        self.body.append(f"<w:p><w:pPr>{about}</w:pPr>{''.join(runs)}</w:p>")
        return self

    def picture(self, told: str) -> WordFile:
        """Add a paragraph that is a picture."""
        self.links.append("media/picture.png")
        image = f"<pic:pic><pic:blipFill><a:blip r:embed='rId{len(self.links)}'/></pic:blipFill></pic:pic>"
        self.body.append(
            f"<w:p><w:r><w:drawing><wp:inline><wp:docPr id='1' name='P' descr={quoteattr(told)}/>"
            f"<a:graphic><a:graphicData>{image}</a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
        )
        return self

    def table(self, *rows: list[str]) -> WordFile:
        """Add a table whose first row names its columns."""
        made = ""
        for number, row in enumerate(rows):
            cells = "".join(f"<w:tc><w:p>{run(words, bold=number == 0)}</w:p></w:tc>" for words in row)
            made += f"<w:tr>{cells}</w:tr>"
        self.body.append(f"<w:tbl>{made}</w:tbl>")
        return self

    def link(self, words: str, address: str) -> str:
        """A run that leads somewhere."""
        self.links.append(address)
        return f'<w:hyperlink r:id="rId{len(self.links)}">{run(words)}</w:hyperlink>'

    def data(self, **parts: str | bytes) -> bytes:
        """The file's bytes; ``parts`` are further ones, or other ones, by their names with __ for the slash."""
        styles = "".join(
            f'<w:style w:type="paragraph" w:styleId="{name.replace(" ", "")}"><w:name w:val="{name}"/></w:style>'
            for name in _STYLES
        )
        leads = "".join(
            f'<Relationship Id="rId{number}" Type="{_OFFICE}/link" Target={quoteattr(to)} TargetMode="External"/>'
            for number, to in enumerate(self.links, 1)
        )
        made: dict[str, str | bytes] = {
            "word/document.xml": f"<w:document {_NAMES}><w:body>{''.join(self.body)}</w:body></w:document>",
            "word/styles.xml": f"<w:styles {_NAMES}>{styles}</w:styles>",
            "word/_rels/document.xml.rels": f'<Relationships xmlns="{_PACKAGE}">{leads}</Relationships>',
        }
        made |= {name.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin"): part
                 for name, part in parts.items()}  # fmt: skip
        held = BytesIO()
        with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as package:
            for name, part in made.items():
                package.writestr(name, part)
        return held.getvalue()


def run(words: str, *, bold: bool = False, italic: bool = False) -> str:
    """Words in one type; a line feed is a line break."""
    about = ("<w:b/>" if bold else "") + ("<w:i/>" if italic else "")
    said = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(part)}</w:t>' for part in words.split("\n"))
    return f"<w:r><w:rPr>{about}</w:rPr>{said}</w:r>"
