"""Named, counter-based random numbers: each (seed, stream, entity, epoch, slot) has its own.

A number depends on what it is for, never on how many were drawn before. So two runs with the same
seed meet the same luck wherever their policies agree: common random numbers by construction.

The generator hashes the key words with the SplitMix64 finaliser (Steele, Lea and Flood 2014),
one round per word, and keeps the top 52 bits. Streams are told apart by the FNV-1a hash of their
name. The compiled loops use no fastmath, so that bits do not change with the instruction set.
"""

from functools import cache

import numpy as np
from numba import njit
from scipy.special import ndtri

_FNV_OFFSET = 0xCBF29CE484222325
_FNV_PRIME = 0x100000001B3
_MASK = 0xFFFFFFFFFFFFFFFF
_WORD = np.dtype(np.uint64)


@cache
def fnv1a64(name: str) -> int:
    """The FNV-1a hash of a name, 64 bits; Python's own hash() changes between processes."""
    value = _FNV_OFFSET
    for byte in name.encode("utf-8"):
        value = ((value ^ byte) * _FNV_PRIME) & _MASK
    return value


@njit(inline="always", cache=True)
def mixed(word: np.uint64) -> np.uint64:
    """The SplitMix64 finaliser of one 64-bit word."""
    word = word + np.uint64(0x9E3779B97F4A7C15)
    word = (word ^ (word >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return word ^ (word >> np.uint64(31))


@njit(inline="always", cache=True)
def hashed(key: np.uint64, entity: np.uint64, epoch: np.uint64, slot: np.uint64) -> np.uint64:
    """64 bits for (key, entity, epoch, slot): one mixing round per word."""
    return mixed(mixed(mixed(key ^ entity) ^ epoch) ^ slot)


@njit(inline="always", cache=True)
def unit_interval(word: np.uint64) -> float:
    """A float64 in the open interval (0, 1) from the top 52 bits: never 0, never 1.

    The halves between 52-bit numbers are exact in float64; with 53 bits the last would round to 1.
    A processor turns signed integers into floats faster than unsigned ones.
    """
    return (float(np.int64(word >> np.uint64(12))) + 0.5) * (1.0 / 4503599627370496.0)


@njit(cache=True)
def highest_word(chance: float) -> np.uint64:
    """Words above this one lie above the chance for certain: loops can leave most of them unread.

    A few words up to it do so too, so that `unit_interval(word) < chance` has the last say.
    """
    if chance > 0.999:
        return np.uint64(_MASK)
    steps = np.uint64(max(chance, 0.0) * 4503599627370496.0) + np.uint64(2)
    return steps << np.uint64(12)


BLOCK = 64  # a processor hashes several words abreast if nothing else is done between them


@njit(cache=True)
def rows_with_low_words(ids, key, epoch, highest):  # type: ignore[no-untyped-def]
    """Where among `ids` the word of an epoch is at most `highest`, and those words."""
    rows, low = [], []
    block = np.empty(BLOCK, np.uint64)
    for first in range(0, ids.size, BLOCK):
        here = ids[first : first + BLOCK]
        count = 0
        for k in range(here.size):
            block[k] = hashed(key, here[k], epoch, np.uint64(0))
            count += block[k] <= highest
        if count > 0:
            for k in range(here.size):
                if block[k] <= highest:
                    rows.append(first + k)
                    low.append(block[k])
    return np.array(rows, np.int64), np.array(low, np.uint64)


@njit(cache=True)
def _row_of_uniforms(key, entities, epoch, slot, out):  # type: ignore[no-untyped-def]
    for i in range(out.size):
        word = hashed(key[0], entities[i], np.uint64(epoch), np.uint64(slot))
        out[i] = unit_interval(word)


@njit(cache=True)
def _row_by_epochs(key, entities, epochs, slot, out):  # type: ignore[no-untyped-def]
    for i in range(out.size):
        word = hashed(key[0], entities[i], np.uint64(epochs[i]), np.uint64(slot))
        out[i] = unit_interval(word)


@njit(inline="always", cache=True)
def _spread(word, i):  # type: ignore[no-untyped-def]
    """The word of a row; one word alone is that of every row."""
    return word[i] if word.size > 1 else word[0]


@njit(cache=True)
def _hashes(key, first, second, third, out):  # type: ignore[no-untyped-def]
    for i in range(out.size):
        out[i] = hashed(key[0], _spread(first, i), _spread(second, i), _spread(third, i))


@njit(cache=True)
def _uniforms(key, entities, epochs, slots, out):  # type: ignore[no-untyped-def]
    for i in range(out.size):
        word = hashed(key[0], _spread(entities, i), _spread(epochs, i), _spread(slots, i))
        out[i] = unit_interval(word)


def _over(loop, kind, key, first, second, third) -> np.ndarray:  # type: ignore[no-untyped-def]
    """A compiled loop over words that broadcast (a NumPy ufunc would be compiled at each start)."""
    words = [_words(first), _words(second), _words(third)]
    shape = np.broadcast(*words).shape
    if len(shape) > 1:
        for k, word in enumerate(words):
            words[k] = np.empty(shape, _WORD)
            words[k][...] = word
    out = np.empty(shape, kind)
    loop(key, *[word.reshape(-1) for word in words], out.reshape(-1))
    return out


def _is_row(entities: object) -> bool:
    return isinstance(entities, np.ndarray) and entities.ndim == 1 and entities.dtype == _WORD


def _words(values):  # type: ignore[no-untyped-def]
    """Integers as 64-bit words; negative ones wrap around."""
    if isinstance(values, int):
        return np.array(values & _MASK, np.uint64)
    array = np.asarray(values)
    return array if array.dtype == _WORD else array.astype(np.int64).view(np.uint64)


class Draws:
    """All the luck of one replication, addressed by name.

    `entities`, `epochs` and `slots` are integers or arrays of them that broadcast; negative ones
    are allowed. Every method returns a float64 array of the broadcast shape.
    """

    def __init__(self, seed: int) -> None:
        self.seed = int(seed)
        self._keys: dict[str, np.ndarray] = {}

    def key(self, stream: str) -> np.uint64:
        """The 64-bit key of a stream under this seed, for compiled loops that draw themselves."""
        key: np.uint64 = self._key(stream)[0]
        return key

    def _key(self, stream: str) -> np.ndarray:
        """The key in an array of its own, which a compiled loop takes sooner than a number."""
        if stream in self._keys:
            return self._keys[stream]
        seed_word = mixed(np.uint64(self.seed & _MASK))
        word = mixed(np.uint64(fnv1a64(stream)) ^ np.uint64(seed_word))
        key = self._keys[stream] = np.array([word], np.uint64)
        return key

    def uniform(self, stream: str, entities, epochs=0, slots=0) -> np.ndarray:  # type: ignore[no-untyped-def]
        """Uniform numbers in (0, 1)."""
        key = self._key(stream)
        if type(slots) is int and _is_row(entities):  # the usual calls, which are many and short
            if type(epochs) is int:
                out = np.empty(entities.size)
                _row_of_uniforms(key, entities, epochs, slots, out)
                return out
            if isinstance(epochs, np.ndarray) and epochs.shape == entities.shape:
                out = np.empty(entities.size)
                _row_by_epochs(key, entities, epochs, slots, out)
                return out
        return _over(_uniforms, np.float64, key, entities, epochs, slots)

    def exponential(self, stream: str, entities, epochs=0, slots=0) -> np.ndarray:  # type: ignore[no-untyped-def]
        """Standard exponential numbers (mean 1), by inversion: monotone in the same luck."""
        return -np.log(self.uniform(stream, entities, epochs, slots))

    def normal(self, stream: str, entities, epochs=0, slots=0) -> np.ndarray:  # type: ignore[no-untyped-def]
        """Standard normal numbers, by inversion."""
        return ndtri(self.uniform(stream, entities, epochs, slots))

    def gumbel(self, stream: str, entities, epochs=0, slots=0) -> np.ndarray:  # type: ignore[no-untyped-def]
        """Standard Gumbel numbers: the arg max of V + Gumbel is a multinomial logit choice."""
        return -np.log(-np.log(self.uniform(stream, entities, epochs, slots)))


@cache
def _kind_word(kind: str) -> np.ndarray:
    return np.array([fnv1a64(kind)], np.uint64)


def entity_ids(kind: str, first, second=0, third=0) -> np.ndarray:  # type: ignore[no-untyped-def]
    """Immutable 64-bit identities from what an entity IS, for example (person, domain, week).

    Shapes broadcast; returns uint64. The seed plays no part: luck comes from the draws.
    """
    return _over(_hashes, np.uint64, _kind_word(kind), first, second, third)
