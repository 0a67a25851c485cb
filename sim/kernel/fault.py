"""Faults and errors: what went wrong, where, what is allowed, and what was perhaps meant."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

USERS = "shiyu_user_"  # how the names of modules begin that are made of users' files
_LINE_LETTERS = 500


@dataclass(frozen=True)
class Fault:
    """One fault in an input: `FILE:LINE:COL: key: what is wrong; what is allowed; did you mean`."""

    where: str
    line: int
    column: int
    key: str
    trouble: str
    allowed: str = ""
    suggestion: str = ""

    def __str__(self) -> str:
        """The one-line message that a user sees."""
        place = f"{self.where}:{self.line}:{self.column}" if self.line else self.where
        parts = [self.trouble]
        if self.allowed:
            parts.append(self.allowed)
        if self.suggestion:
            parts.append(f"did you mean {self.suggestion}?")
        key = self._key_beyond_the_place()
        subject = f"{key}: " if key else ""
        return printable(f"{place}: {subject}{'; '.join(parts)}")

    def _key_beyond_the_place(self) -> str:
        """The key, or what of it a flag (`--set KEY`, `--policy KEY`, `--KEY`) does not name."""
        if not self.where.startswith("--"):
            return self.key
        flag, _, named = self.where.partition(" ")
        named = named or flag.removeprefix("--")
        _, found, rest = f".{printable(self.key)}.".partition(f".{named}.")
        return rest[:-1] if found else self.key


class ShiyuError(Exception):
    """The root of every error that this package raises on purpose; its text is for users."""


class ScenarioError(ShiyuError):
    """A scenario, place or setting cannot be used; `faults` holds every fault, not just one."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))

    def __reduce__(self) -> tuple[type, tuple[tuple[Fault, ...]]]:
        """Pickle by faults, so that an error crosses process borders whole."""
        return type(self), (self.faults,)


class AccountError(ShiyuError):
    """Accounts do not close: a defect of the model or of a user's mechanism."""


def printable(text: str) -> str:
    """The text on one line, with escapes for what cannot be printed: it moves no cursor."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def nearest(word: str, allowed: Iterable[str], likeness: float = 0.6) -> str:
    """The allowed word that is closest to what was written, or an empty string.

    `likeness`, from 0 to 1, is how close a word has to be.
    """
    found = difflib.get_close_matches(word, list(allowed), n=1, cutoff=likeness)
    return found[0] if found else ""


def did_you_mean(word: str, allowed: Iterable[str]) -> str:
    """The end of a message: `; did you mean ...?` where an allowed word is close, else nothing."""
    near = nearest(word, allowed)
    return f"; did you mean {near}?" if near else ""


def in_a_line(error: BaseException) -> str:
    """What an error is and the first line of what it says, as far as anybody would read."""
    line = f"{type(error).__name__}: {error}".splitlines()[0]
    return line if len(line) <= _LINE_LETTERS else f"{line[:_LINE_LETTERS]}..."
