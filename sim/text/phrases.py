"""What the code says of its numbers, in the language of the reader.

Units, sources and meanings stand in English beside the numbers they belong to, where whoever reads
the code wants them. `zh_phrases.json` holds each of them in Chinese; what is not there (a mechanism
of the user's own) stays as it is.
"""

import functools
import json
from pathlib import Path

from sim.text.catalogue import language


def phrase_in(phrase: str, lang: str | None = None) -> str:
    """A unit, source or meaning as the code gives it, in a language."""
    return phrase if language(lang) == "en" else phrases().get(phrase, phrase)


@functools.cache
def phrases() -> dict[str, str]:
    """Every phrase that has a Chinese one."""
    text = (Path(__file__).parent / "zh_phrases.json").read_text(encoding="utf-8")
    found: dict[str, str] = json.loads(text)
    return found
