"""Words of the command line, in the language that the user asked for."""

import os
import sys
from collections.abc import Sequence

from sim.cli.console import say_on_stderr
from sim.text import LANGUAGES, fault_in, language_of, say


def help_language(arguments: Sequence[str] | None = None) -> str:
    """The language for help, which is printed before options are read: `--lang`, SHIYU_LANG.

    A language that nobody speaks counts as English here; the command itself tells of it.
    """
    return language_of(_asked(arguments)) or "en"


def _asked(arguments: Sequence[str] | None = None) -> str:
    """The language as it was asked for, spoken or not."""
    typed = list(sys.argv[1:] if arguments is None else arguments)
    asked = os.environ.get("SHIYU_LANG") or "en"
    for place, part in enumerate(typed):
        if part.startswith("--lang="):
            asked = part.partition("=")[2]
        elif part == "--lang" and place + 1 < len(typed):
            asked = typed[place + 1]
    return asked


def word(key: str, **values: object) -> str:
    """A help text or label of the command line."""
    return say(f"cli.{key}", lang=help_language(), **values)


def help_of(command: str, *examples: str) -> str:
    """The help of a command: what it does, then examples as one would type them."""
    return with_examples(word(f"{command}.help"), *examples)


def with_examples(text: str, *examples: str) -> str:
    """A help text, below it examples as one would type them after `shiyu`."""
    lines = "\n".join(f"$ shiyu {example}" for example in examples)
    return f"{text}\n\n{word('examples')}\n\n\b\n{lines}"


def say_faults(text: str) -> None:
    """Faults or warnings on stderr, one a line, in the language that the user asked for.

    In every language where that one is not spoken: who asks for `cn` most likely reads Chinese.
    """
    languages = [help_language()] if language_of(_asked()) else LANGUAGES
    told = []
    for line in text.split("\n"):
        plain = line.lstrip(" ")
        spoken = dict.fromkeys(fault_in(plain, lang) for lang in languages)
        told.append(" " * (len(line) - len(plain)) + " / ".join(spoken))
    say_on_stderr("\n".join(told))


def unit_in(unit: str, lang: str) -> str:
    """A unit as it stands in a column of units."""
    if lang == "en":
        return unit  # as it is spelt in files
    from sim.report.numbers import is_share, scale_words

    return say("cli.share", lang) if is_share(unit) else scale_words(unit, lang)


def outcome_name(outcome: str, lang: str) -> str:
    """What an outcome is called beside its key; nothing for one that is not in the catalogue."""
    from sim.outcomes import CATALOGUE

    if outcome not in CATALOGUE:
        return ""
    known = CATALOGUE[outcome]
    return known.short_zh if lang == "zh" else known.short_en


def file_line(what: str, path: object, lang: str) -> str:
    """Where something was written; `what` is a kind of file."""
    return say("cli.file_line", lang, what=say(f"cli.file.{what}", lang), path=path)
