"""Folds a text into lines that fit: between words, or between Chinese characters."""

import re
from collections.abc import Callable

# A line may end after a word, or after a Chinese character unless closing punctuation follows, or
# what joins units (元/网格·年); opening marks stay with what they open.
_PIECE = re.compile(
    r"[“‘（《〈「(]*(?:[\u3400-\u9fff]|(?:[^\s\u3400-\u9fff\u3000-\u303f\uff00-\uffef“‘（《〈「(]|\u00a0)+|.)"
    r"[，。；：、！？）》〉」”’)·/]*[^\S\u00a0]*"
)


def folded(text: str, fits: Callable[[str], bool]) -> list[str]:
    """The lines of a text, each of which fits unless it is a single long word."""
    lines: list[str] = []
    current = ""
    for piece in _PIECE.findall(text):
        if current and not fits((current + piece).rstrip()):
            lines.append(current.rstrip())
            current = ""
        current += piece
    return [*lines, current.rstrip()] if current.strip() else lines
