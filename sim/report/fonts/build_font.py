"""Builds `ShiyuSansSC.ttf`, the Chinese typeface of figures and reports, from Noto Sans SC.

    python -m sim.report.fonts.build_font NotoSansSC-Regular.otf

The source is the static weight 400 that the package pylopdf-fonts-zh-cn 0.1.1 carries (SIL Open
Font License 1.1), pinned by its hash. Kept are the characters of GB 2312, those of the Table of
General Standard Chinese Characters (2013), some that names use, punctuation and Latin, and every
character of the sentences in `sim/text`. Outlines become quadratic, because PDF readers complain
about embedded cubic ones, and are drawn on a grid of 500 to the em: half the bytes of 1000, and
0.02 mm in print. A variable font must not be used as the source: Matplotlib would draw its
thinnest instance.
"""

import hashlib
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph

from sim.text import LANGUAGES, every_string

HERE = Path(__file__).parent
OUTPUT = HERE / "ShiyuSansSC.ttf"
SOURCE_SHA256 = "faa6c9df652116dde789d351359f3d7e5d2285a2b2a1f04a2d7244df706d5ea9"
UNITS_PER_EM = 500
ALLOWED_ERROR = 0.5  # of an outline, in units of the em

# Curly quotes: the source maps them to glyphs a whole em wide, which tears Latin words apart
# ("people's"); these are its own proportional ones (feature pwid).
QUOTES = {0x2018: "cid63129", 0x2019: "cid63130", 0x201C: "cid63132", 0x201D: "cid63133"}

FAMILY = "Shiyu Sans SC"
NAMES = {
    "copyright": "© 2014-2021 Adobe (http://www.adobe.com/). Subset and renamed for Shiyu.",
    "familyName": FAMILY,
    "styleName": "Regular",
    "uniqueFontIdentifier": "ShiyuSansSC-Regular;1.000",
    "fullName": f"{FAMILY} Regular",
    "version": "Version 1.000; from Noto Sans SC 2.004",
    "psName": "ShiyuSansSC-Regular",
    "licenseDescription": "SIL Open Font License, Version 1.1. Provided as is, no warranty.",
    "licenseInfoURL": "http://scripts.sil.org/OFL",
}


def gb2312() -> set[str]:
    """The 6,763 hanzi of GB 2312, levels 1 and 2."""
    found = set()
    for row in range(16, 88):
        for cell in range(1, 95):
            try:
                found.add(bytes([row + 0xA0, cell + 0xA0]).decode("gb2312"))
            except UnicodeDecodeError:
                continue  # level 1 ends inside row 55
    return found


def beyond_gb2312() -> set[str]:
    """The 1,467 characters that the Table of 2013 adds to GB 2312, and some more of names."""
    text = (HERE / "beyond_gb2312.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return set("".join(lines))


def symbols() -> set[str]:
    """Latin, punctuation of both scripts, full-width forms and signs that figures use."""
    spans = [(0x20, 0x7F), (0xA0, 0x100), (0x2010, 0x2028), (0x2030, 0x203C), (0x3000, 0x3018)]
    spans += [(0xFF01, 0xFF5F), (0xFFE0, 0xFFE7), (0x2460, 0x246A)]
    signs = set("−×÷±≤≥≈→←↑↓√∞℃㎡")
    return signs | {chr(code) for first, end in spans for code in range(first, end)}


def wanted_characters() -> set[str]:
    """Everything that the font must be able to draw."""
    spoken = {c for lang in LANGUAGES for sentence in every_string(lang).values() for c in sentence}
    return gb2312() | beyond_gb2312() | symbols() | spoken


def build(source: bytes) -> bytes:
    """The subset font as TrueType bytes: the same bytes from the same source.

    Raises ValueError when the source is not the pinned one.
    """
    if hashlib.sha256(source).hexdigest() != SOURCE_SHA256:
        raise ValueError("the source font is not the pinned NotoSansSC-Regular.otf")
    original = TTFont(BytesIO(source))
    names_by_code = original.getBestCmap() | QUOTES
    codes = sorted(code for code in map(ord, wanted_characters()) if code in names_by_code)
    glyph_names = list(dict.fromkeys([".notdef", *(names_by_code[code] for code in codes)]))
    scale = UNITS_PER_EM / original["head"].unitsPerEm
    builder = FontBuilder(UNITS_PER_EM, isTTF=True)
    builder.setupGlyphOrder(glyph_names)
    builder.setupCharacterMap({code: names_by_code[code] for code in codes})
    drawings = original.getGlyphSet()
    builder.setupGlyf({name: quadratic(drawings[name], scale) for name in glyph_names})
    scale_metrics(builder, original, scale)
    builder.setupNameTable(NAMES)
    builder.setupPost(keepGlyphNames=False)
    builder.updateHead(created=3_600_000_000, modified=3_600_000_000, fontRevision=1.0)
    builder.font.recalcTimestamp = False
    target = BytesIO()
    builder.save(target)
    return target.getvalue()


def quadratic(drawing: Any, scale: float) -> Glyph:
    """One glyph with quadratic outlines on the coarser grid."""
    glyph = TTGlyphPen(None)
    rounder = Cu2QuPen(glyph, ALLOWED_ERROR, reverse_direction=True)
    drawing.draw(TransformPen(rounder, (scale, 0, 0, scale, 0, 0)))
    return glyph.glyph(round=round)


def scale_metrics(builder: FontBuilder, original: TTFont, scale: float) -> None:
    """Carry over advance widths, line heights and weight."""
    widths = original["hmtx"].metrics
    glyphs = builder.font["glyf"]
    metrics = {
        name: (round(widths[name][0] * scale), getattr(glyphs[name], "xMin", 0))
        for name in builder.font.getGlyphOrder()
    }
    builder.setupHorizontalMetrics(metrics)
    header, style = original["hhea"], original["OS/2"]
    ascent, descent = round(header.ascent * scale), round(header.descent * scale)
    builder.setupHorizontalHeader(ascent=ascent, descent=descent)
    builder.setupOS2(
        sTypoAscender=round(style.sTypoAscender * scale),
        sTypoDescender=round(style.sTypoDescender * scale),
        usWinAscent=ascent,
        usWinDescent=-descent,
        usWeightClass=400,
        sxHeight=round(style.sxHeight * scale),
        sCapHeight=round(style.sCapHeight * scale),
        fsType=0,
    )


if __name__ == "__main__":
    OUTPUT.write_bytes(build(Path(sys.argv[1]).read_bytes()))
    sys.stdout.write(f"{OUTPUT.name}: {OUTPUT.stat().st_size:,} bytes\n")
