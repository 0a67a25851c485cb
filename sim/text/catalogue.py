"""The catalogue of sentences: which file holds a key, and how it is read quickly.

The files are YAML: one `key: text` a line, the text plain or in double quotes. Lines of that shape
are read here directly; a file that uses more of YAML (blocks, single quotes) is handed to
ruamel.yaml, which gives the same answer but takes longer to import.
"""

import functools
import json
import os
import re
import string
from pathlib import Path

LANGUAGES = ("en", "zh")

_HERE = Path(__file__).parent
_ENTRY = re.compile(r"([A-Za-z0-9_][A-Za-z0-9_.-]*):[ \t]+(\S.*?)[ \t]*")
_PLAIN = re.compile(r"[^\W\d_](?:[^:#\\]|:(?=\S)|(?<=\S)#)*")
_NOT_TEXT = {"true", "false", "null", "yes", "no", "on", "off", "y", "n", "inf", "nan"}


def language(lang: str | None = None) -> str:
    """The language to speak: the one asked for, else SHIYU_LANG, else English.

    Raises ShiyuError when it is not one of `LANGUAGES`.
    """
    chosen = lang or os.environ.get("SHIYU_LANG") or "en"
    spoken = language_of(chosen)
    if spoken is None:
        from sim.kernel.fault import ShiyuError  # late: the kernel imports compilers

        raise ShiyuError(f"language {chosen!r} is not spoken; use one of {', '.join(LANGUAGES)}")
    return spoken


def language_of(tag: str) -> str | None:
    """The language of a tag as systems write it (zh, zh-CN, zh_CN.UTF-8); None if not spoken."""
    first = re.split(r"[-_.]", tag, maxsplit=1)[0].lower()
    return first if first in LANGUAGES else None


def say(key: str, lang: str | None = None, **values: object) -> str:
    """The sentence behind a key, with its placeholders filled in.

    Placeholders are those of `str.format`, so a literal brace is written twice in the files;
    `{runs} {runs:run|runs}` takes the word that goes with the number.
    Raises KeyError naming an unknown key or a placeholder that got no value, ShiyuError for an
    unknown language.
    """
    spoken = language(lang)
    try:
        sentence = _strings(spoken, key.partition(".")[0])[key]
    except KeyError:
        raise KeyError(f"no sentence {key!r} in language {spoken!r}") from None
    try:
        return _COUNTING.format(sentence, **values)
    except (KeyError, IndexError) as error:
        raise KeyError(f"sentence {key!r} needs a value for {error.args[0]!r}") from None


class _Counting(string.Formatter):
    """Fills in placeholders; one of the form `{count:one|many}` becomes one of the two words."""

    def format_field(self, value: object, format_spec: str) -> str:
        one, choice, many = format_spec.partition("|")
        if not choice:
            return str(super().format_field(value, format_spec))
        return one if str(value) == "1" else many


_COUNTING = _Counting()


def every_string(lang: str) -> dict[str, str]:
    """All sentences of a language by key, unfilled, in the order of the files."""
    spoken = language(lang)
    found: dict[str, str] = {}
    for path in sorted((_HERE / spoken).glob("*.yaml")):
        found |= _strings(spoken, path.stem)
    return found


def placeholders(sentence: str) -> set[str]:
    """The names of the placeholders in an unfilled sentence."""
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


@functools.cache
def _strings(lang: str, segment: str) -> dict[str, str]:
    path = _HERE / lang / f"{segment}.yaml"
    if not segment.replace("_", "").isalnum() or not path.is_file():
        return {}
    return read_strings(path.read_text(encoding="utf-8"), path.name)


def read_strings(text: str, name: str) -> dict[str, str]:
    """The strings of one catalogue file.

    Raises ValueError for a key given twice and for a value that is not text.
    """
    found: dict[str, str] = {}
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        value = _one_line(line)
        if value is None:
            return _by_yaml(text, name)
        key = line.partition(":")[0]
        if key in found:
            raise ValueError(f"{name}: {key} is given twice")
        found[key] = value
    return found


def _one_line(line: str) -> str | None:
    entry = _ENTRY.fullmatch(line)
    if entry is None:
        return None
    written = entry[2]
    if written.startswith('"'):
        try:
            value = json.loads(written)
        except ValueError:
            return None
        return value if isinstance(value, str) else None
    if _PLAIN.fullmatch(written) and written.lower() not in _NOT_TEXT:
        return written
    return None


def _by_yaml(text: str, name: str) -> dict[str, str]:
    from ruamel.yaml import YAML

    found = YAML(typ="safe", pure=True).load(text) or {}
    for key, value in found.items():
        if not isinstance(value, str):
            raise ValueError(f"{name}: {key} is not text; put it in double quotes")
    return dict(found)
