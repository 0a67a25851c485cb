"""The frame of every page: head, style and typeface inside the file, nothing asked of a network."""

from pathlib import Path
from string import Template

from sim.report.markup import Markup, together
from sim.report.webfont import font_face

HERE = Path(__file__).parent
LANGUAGE_TAGS = {"en": "en", "zh": "zh-Hans"}


def whole_page(title: str, body: Markup, lang: str, version: str) -> str:
    """The text of an HTML file with this title and body, in this language."""
    template = Template((HERE / "page.html").read_text(encoding="utf-8"))
    return template.substitute(
        language=LANGUAGE_TAGS[lang],
        version=together(version),
        title=together(title),
        font=font_face(title + body),
        style=(HERE / "page.css").read_text(encoding="utf-8"),
        body=body,
    )
