"""The few Chinese characters that a page needs, as a font inside the page.

It stands first in the page's list, bound to the code points of Chinese by `unicode-range`, so that
Latin and digits come from the system and Chinese looks the same on every machine, as in the
figures. Standing last, to be taken only where the system has no Chinese, it fails in Chromium: of
every size, the first text is shaped before the font is there, and stays as empty boxes.
"""

import base64
import functools
import io

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from sim.report.style import FONT_FILE

FIRST_HAN = 0x2E80  # where Han characters and their punctuation start


def han_of(text: str) -> set[int]:
    """The code points of a text that a Western system font may lack."""
    return {ord(character) for character in text if ord(character) >= FIRST_HAN}


def woff(codes: set[int]) -> bytes:
    """A WOFF font of our typeface with just these code points; those it lacks are left out."""
    return _woff(frozenset(codes))


@functools.lru_cache(4)
def _woff(codes: frozenset[int]) -> bytes:
    options = Options()
    options.flavor = "woff"
    options.hinting = False
    options.layout_features = []
    options.name_IDs = [0, 1, 2, 13]
    options.notdef_outline = True
    font = TTFont(FONT_FILE, recalcTimestamp=False)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)
    font.flavor = "woff"
    target = io.BytesIO()
    font.save(target)
    return target.getvalue()


def font_face(text: str) -> str:
    """The CSS rule that brings the font for a text, or nothing when it has no Chinese."""
    codes = han_of(text)
    if not codes:
        return ""
    data = base64.b64encode(woff(codes)).decode("ascii")
    source = f"url(data:font/woff;base64,{data}) format('woff')"
    span = f"U+{FIRST_HAN:X}-10FFFF"
    return f"@font-face {{ font-family: 'Shiyu Sans SC'; unicode-range: {span}; src: {source}; }}\n"
