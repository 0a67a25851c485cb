"""Gathers faults while an input is checked, so that a user sees all of them at once."""

import difflib
from collections.abc import Collection, Iterable, Mapping, Sequence

from sim.kernel.fault import Fault, ScenarioError, nearest
from sim.scenario import wording
from sim.scenario.node import Spot
from sim.text.search import by_words

MAX_FAULTS = 100  # beyond that a reader is better served by a first round of repairs
_MATCHED_LETTERS = 80
_LIKENESS = 0.7  # `policies` is no slip for `replications`
_SLIP = 0.85  # so near, a word is a slip of the pen, and nothing else is looked for


class Faults:
    """The faults found so far, in reading order, each once."""

    def __init__(self) -> None:
        self._found: dict[Fault, None] = {}

    def __bool__(self) -> bool:
        return bool(self._found)

    @property
    def full(self) -> bool:
        """Whether no more faults are taken."""
        return len(self._found) > MAX_FAULTS

    def add(
        self, spot: Spot, key: str, trouble: str, allowed: str = "", suggestion: str = ""
    ) -> None:
        """Note one fault; past the limit, note only that there are more."""
        if self.full:
            return
        if len(self._found) == MAX_FAULTS:
            key, trouble = "", wording.TOO_MANY_FAULTS.format(limit=MAX_FAULTS)
            allowed = suggestion = ""
        fault = Fault(
            spot.source.label,
            spot.line,
            spot.column,
            wording.short(key) if len(key) > 2 * _MATCHED_LETTERS else key,
            trouble,
            allowed,
            suggestion,
        )
        self._found[fault] = None

    def include(self, faults: Iterable[Fault]) -> None:
        """Note faults that another reader found."""
        for fault in faults:
            if not self.full:
                self._found[fault] = None

    def unknown(
        self,
        spot: Spot,
        key: str,
        trouble: str,
        word: str,
        names: Sequence[str],
        meanings: Mapping[str, Collection[str]] | None = None,
        listed: str = "",
    ) -> None:
        """Note a word that is not one of `names`, with what may be meant by it.

        That is the nearest of them, else the names of `meanings` that it shares most words with,
        whose whole names are told. `listed` says where all names can be read.
        """
        if self.full:
            return
        word = word[:_MATCHED_LETTERS]
        in_sight = len(names) <= wording.WHOLE_NAMES or not meanings
        allowed = allowed_names(word, names if in_sight else sorted(names))  # a part of a long list
        if listed and len(names) > wording.WHOLE_NAMES:
            allowed = f"{allowed}; {listed}"
        self.add(spot, key, trouble, allowed, meant_by(word, names, meanings or {}))

    def sorted(self) -> tuple[Fault, ...]:
        """All faults: sources in the order met, lines ascending within each."""
        order: dict[str, int] = {}
        for fault in self._found:
            order.setdefault(fault.where, len(order))
        return tuple(sorted(self._found, key=lambda f: (order[f.where], f.line, f.column)))

    def refuse(self) -> None:
        """Raise ScenarioError with every fault, if there is one."""
        if self._found:
            raise ScenarioError(self.sorted())


def warning(spot: Spot, key: str, words: str) -> str:
    """What is allowed and yet worth a word, with its place."""
    return str(Fault(spot.source.label, spot.line, spot.column, key, words))


def meant_by(word: str, names: Sequence[str], meanings: Mapping[str, Collection[str]]) -> str:
    """The nearest name if the word is hardly off it; else what it says in words, else the nearest.

    An outcome or lever may be known by its words (`mediators`) to who never saw its name.
    """
    slip = nearest(word, names, _SLIP)
    if slip:
        return slip
    found = by_words(word, meanings)
    return ", ".join(found) or nearest(word, (*names, *meanings), _LIKENESS)


def allowed_names(word: str, names: Sequence[str]) -> str:
    """`allowed here: ...` with the names in their own order, the most similar if there are many."""
    if not names:
        return ""
    chosen = list(names)
    if len(chosen) > wording.WHOLE_NAMES:
        similar = difflib.get_close_matches(word, chosen, n=wording.SHOWN_NAMES, cutoff=0.0)
        if not word.isascii():  # no name is spelt like it: the list begins at its beginning
            similar = chosen[: wording.SHOWN_NAMES]
        chosen = [*(name for name in chosen if name in similar), "..."]
    return wording.HERE.format(names=", ".join(chosen))
