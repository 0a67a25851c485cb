"""What a fault says, in the language of its reader.

Faults are found deep in the code, where nobody knows who will read them, and say it in English with
values in the sentence. Here the sentence is recognised and told again in Chinese; what is not known
stays as it is. `zh_faults.yaml` holds the sentences of this code, `zh_usage.yaml` and
`zh_yaml.yaml` those of the libraries that read command lines and YAML.
"""

import functools
import re
from pathlib import Path

from sim.text.catalogue import language
from sim.text.phrases import phrase_in

# of this code; of the library of the command line; of the library that reads YAML
_FILES = ("zh_faults.yaml", "zh_usage.yaml", "zh_yaml.yaml")
_VALUE = re.compile(r"\{\}")
_MEANT = re.compile(r"(.*); did you mean (.+)\?", re.DOTALL)


def fault_in(sentence: str, lang: str | None = None) -> str:
    """One fault, `WHERE: what is wrong; what is allowed; did you mean ...?`, in a language."""
    if language(lang) == "en":
        return sentence
    meant = _MEANT.fullmatch(sentence)
    if meant:
        return f"{fault_in(meant[1], lang)}；是不是{meant[2]}？"
    # the place and the key stand before the sentence, each with a colon
    begins = [0, *(found.end() for found in re.finditer(": ", sentence))]
    for begin in begins:
        told = _told(sentence[begin:])
        if told is not None:
            return sentence[:begin] + told
    return sentence


def sentences(file: str = _FILES[0]) -> dict[str, str]:
    """Every English sentence, `{}` for a value, and its translation, `{0}` for the first value."""
    from ruamel.yaml import YAML

    text = (Path(__file__).parent / file).read_text(encoding="utf-8")
    return dict(YAML(typ="safe", pure=True).load(text))


def _told(sentence: str) -> str | None:
    """The sentence, or sentences with a semicolon between them, in Chinese; None if unknown."""
    for known, chinese in _patterns():
        found = known.fullmatch(sentence)
        if found:
            values = enumerate(found.groups())
            return chinese.format(*(_told(one) or _value(one, i, chinese) for i, one in values))
    for found in re.finditer("; ", sentence):
        cut = found.start()
        first = _told(sentence[:cut])
        if first is not None:
            rest = sentence[cut + 2 :]
            return f"{first}；{_told(rest) or rest}"
    return None


def _value(value: str, place: int, chinese: str) -> str:
    """A value as it is, since somebody may have typed it; in Chinese only as a unit in brackets."""
    return phrase_in(value, "zh") if f"（{{{place}}}）" in chinese else value


@functools.cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """Sentences as patterns; those with the most letters of their own first."""
    pairs = [pair for file in _FILES for pair in sentences(file).items()]
    known = sorted(pairs, key=lambda pair: -len(_VALUE.sub("", pair[0])))
    return [(_pattern(english), chinese) for english, chinese in known]


def _pattern(english: str) -> re.Pattern[str]:
    value = "((?:(?!; ).)*?)"  # a semicolon ends a sentence
    return re.compile(value.join(map(re.escape, _VALUE.split(english))), re.DOTALL)
