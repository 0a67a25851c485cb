"""Finds names by words: of the names themselves and of what they mean, in either language."""

import re
from collections.abc import Collection, Mapping

_WORD = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]+")
_STEM = 5  # letters that `mediators` and `mediation` must share to be of one stem
_BEGINNING = 3  # letters of a word that is only begun: `env` for `environment`
_CLOSE_TO_BEST = 0.5


def holds(words: Collection[str], texts: Collection[str]) -> bool:
    """Whether each word stands somewhere in the texts, whatever its case."""
    whole = "\n".join(texts).casefold()
    return all(word.casefold() in whole for word in words)


def called(written: str, meanings: Mapping[str, Collection[str]]) -> str | None:
    """The one name that is written, or that one of its meanings is; None for none or several."""
    if written in meanings:
        return written
    asked = written.strip().casefold()
    found = [name for name, texts in meanings.items() if asked in map(str.casefold, texts)]
    return found[0] if len(found) == 1 else None


def by_words(asked: str, meanings: Mapping[str, Collection[str]], most: int = 3) -> list[str]:
    """The names whose own words or meanings share most with what was asked; best first.

    A word counts the more the fewer names it fits, and more in the name itself than in a meaning.
    None are found where fewer than half of the words fit.
    """
    pieces = _pieces(asked)
    fits = [
        {name: fit for name, texts in meanings.items() if (fit := _fit(piece, name, texts))}
        for piece in pieces
    ]
    scores: dict[str, float] = {}
    for name in dict.fromkeys(name for found in fits for name in found):
        own = [found[name] / len(found) for found in fits if name in found]
        if 2 * len(own) >= len(pieces):
            scores[name] = sum(own)
    best = max(scores.values(), default=0.0)
    close = [name for name in scores if scores[name] >= _CLOSE_TO_BEST * best]
    return sorted(close, key=lambda name: -scores[name])[:most]


def _pieces(asked: str) -> list[str]:
    """Its words; of Chinese, which has no spaces, each two characters that stand together."""
    found = []
    for word in _WORD.findall(asked.casefold()):
        pairs = [word[place : place + 2] for place in range(len(word) - 1)]
        found += [word] if word.isascii() or not pairs else pairs
    return list(dict.fromkeys(found))


def _fit(piece: str, name: str, texts: Collection[str]) -> int:
    """3 where the piece is a word of the name, 2 of its stem, 1 where it is in a meaning; or 0."""
    if not piece.isascii():
        return int(any(piece in text for text in texts))
    own = _WORD.findall(name.casefold())
    if piece in own or any(_alike(piece, word) for word in own):
        return 3 if piece in own else 2
    return int(
        any(_alike(piece, word) for text in texts for word in _WORD.findall(text.casefold()))
    )


def _alike(piece: str, word: str) -> bool:
    if piece == word or (len(piece) >= _BEGINNING and word.startswith(piece)):
        return True
    stem = max(_STEM, min(len(piece), len(word)) - 4)
    return len(piece) >= stem and piece[:stem] == word[:stem]
