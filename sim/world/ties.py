"""Ties between people: a weighted, undirected graph in compressed rows, and means over it.

Row i of the arrays lists the people whom person i knows. A pair that is known in several ways (a
cousin who is also a colleague) is one tie: its strength is that of its strongest layer, and
`layers` keeps every layer as a bit. The largest, not the sum, because a pair listed twice by a
user is still one pair, and because a maximum does not depend on the order of the list.

Few strengths and layers occur together, so a tie holds one small number, its kind (`tie_kinds`).
"""

from dataclasses import dataclass, field, replace

import numpy as np
from numba import njit

from sim.world.tie_kinds import kinds_of
from sim.world.tie_means import WIDTH, means_of_rows

LAYERS = ("household", "neighbours", "kin", "coworkers", "friends", "online")
LAYER_BITS = {name: 1 << position for position, name in enumerate(LAYERS)}


@njit(cache=True)
def counted_rows(n, a, b):  # type: ignore[no-untyped-def]
    """Where each of n rows begins when every pair stands in both its rows."""
    begins = np.zeros(n + 1, np.int64)
    for pair in range(a.size):
        begins[a[pair] + 1] += 1
        begins[b[pair] + 1] += 1
    for row in range(n):
        begins[row + 1] += begins[row]
    return begins


def narrowed(begins: np.ndarray) -> np.ndarray:
    """Where rows begin, as int32; raises ValueError for more entries than that can count."""
    most = np.iinfo(np.int32).max
    if begins[-1] > most:
        raise ValueError(f"ties stand in {begins[-1]:,} entries, more than {most:,}")
    return begins.astype(np.int32)


@njit(cache=True)
def scattered(begins, a, b, strength, layers):  # type: ignore[no-untyped-def]
    """Each pair in both its rows, in the order of the list."""
    total = begins[-1]
    others = np.empty(total, np.int32)
    weights = np.empty(total, np.float32)
    masks = np.empty(total, np.uint8)
    filled = begins[:-1].copy()
    for pair in range(a.size):
        for turn in range(2):
            row = a[pair] if turn == 0 else b[pair]
            entry = filled[row]
            others[entry] = b[pair] if turn == 0 else a[pair]
            weights[entry] = strength[pair]
            masks[entry] = layers[pair]
            filled[row] = entry + 1
    return others, weights, masks


@njit(cache=True)
def _sort_row(others, weights, masks):  # type: ignore[no-untyped-def]
    """Sort a row by the person known (Shell 1959): short rows by insertion, long ones from afar."""
    gap = 1
    while gap < others.size // 9:
        gap = 3 * gap + 1
    while gap > 0:
        for entry in range(gap, others.size):
            other, weight, mask = others[entry], weights[entry], masks[entry]
            place = entry
            while place >= gap and others[place - gap] > other:
                others[place] = others[place - gap]
                weights[place] = weights[place - gap]
                masks[place] = masks[place - gap]
                place -= gap
            others[place], weights[place], masks[place] = other, weight, mask
        gap //= 3


@njit(cache=True)
def _sort_and_merge(begins, others, weights, masks):  # type: ignore[no-untyped-def]
    """Sort every row and fold repeated pairs into one; returns how many entries are left."""
    kept = 0
    for row in range(begins.size - 1):
        begin, end = begins[row], begins[row + 1]
        _sort_row(others[begin:end], weights[begin:end], masks[begin:end])
        begins[row] = kept
        for entry in range(begin, end):
            if kept > begins[row] and others[kept - 1] == others[entry]:
                weights[kept - 1] = max(weights[kept - 1], weights[entry])
                masks[kept - 1] |= masks[entry]
            else:
                others[kept] = others[entry]
                weights[kept] = weights[entry]
                masks[kept] = masks[entry]
                kept += 1
    begins[-1] = kept
    return kept


@njit(cache=True)
def _row_sums(indptr, kind, kind_strength):  # type: ignore[no-untyped-def]
    sums = np.zeros(indptr.size - 1)
    for row in range(sums.size):
        for entry in range(indptr[row], indptr[row + 1]):
            sums[row] += kind_strength[kind[entry]]
    return sums


@dataclass(frozen=True, eq=False)
class Ties:
    """Who knows whom: symmetric compressed rows, sorted, without self-loops or repeated pairs.

    Attributes:
        indptr: (n + 1) int32; row i is `indices[indptr[i]:indptr[i + 1]]`.
        indices: int32 rows of the people known, ascending within a row.
        kind: of each tie, as small an unsigned integer as will do.
        kind_strength: by kind, float32, above 0.
        kind_layers: by kind, uint8 bit masks, bit k for `LAYERS[k]`.
        n: people.
        scale: (n) float32, 1 over the strength of all ties of a person; 0 without ties.
    """

    indptr: np.ndarray
    indices: np.ndarray
    kind: np.ndarray
    kind_strength: np.ndarray
    kind_layers: np.ndarray
    n: int
    scale: np.ndarray = field(repr=False)

    @classmethod
    def of_rows(
        cls, indptr: np.ndarray, indices: np.ndarray, strength: np.ndarray, layers: np.ndarray
    ) -> "Ties":
        """Ties from sorted rows with a strength and a bit mask of layers for each entry.

        The strength of each row is summed once; means are divided by it at every step.
        """
        kinds = kinds_of(strength, layers)
        indptr = narrowed(indptr)
        sums = _row_sums(indptr, *kinds[:2])
        scale = np.divide(1.0, sums, out=np.zeros_like(sums), where=sums > 0.0)
        return cls(indptr, indices, *kinds, len(sums), scale.astype(np.float32))

    @property
    def strength(self) -> np.ndarray:
        """The strength of each entry of `indices`, float32; worked out anew at each call."""
        return self.kind_strength[self.kind]

    @property
    def layers(self) -> np.ndarray:
        """The layers of each entry of `indices`, uint8 bit masks; worked out anew at each call."""
        return self.kind_layers[self.kind]

    @property
    def by_layer(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """What compiled loops take that look at layers: indptr, indices, kind, kind_layers."""
        return self.indptr, self.indices, self.kind, self.kind_layers

    @property
    def degree(self) -> np.ndarray:
        """How many people each person knows, (n) int64."""
        return np.diff(self.indptr).astype(np.int64)

    @property
    def isolated(self) -> np.ndarray:
        """Who knows nobody, (n) bool."""
        alone: np.ndarray = self.degree == 0
        return alone

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return sum(part.nbytes for part in vars(self).values() if isinstance(part, np.ndarray))

    def neighbours(self, row: int) -> np.ndarray:
        """The rows of the people whom one person knows, ascending (a view)."""
        return self.indices[self.indptr[row] : self.indptr[row + 1]]

    def with_newcomers(self, n: int) -> "Ties":
        """The same ties over `n` people, of whom the last ones know nobody yet."""
        more = n - self.n
        indptr = np.concatenate([self.indptr, np.full(more, self.indptr[-1])])
        scale = np.concatenate([self.scale, np.zeros(more, np.float32)])
        return replace(self, indptr=indptr, n=n, scale=scale)

    def in_layer(self, name: str) -> np.ndarray:
        """Which entries of `indices` belong to a layer, bool."""
        held: np.ndarray = (self.kind_layers & np.uint8(LAYER_BITS[name])) != 0
        return held[self.kind]

    def pairs(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Every tie once: (a, b, strength, layers) with a < b; `from_edges` takes them back."""
        rows = np.repeat(np.arange(self.n, dtype=np.int32), self.degree)
        once = rows < self.indices
        kind = self.kind[once]
        return rows[once], self.indices[once], self.kind_strength[kind], self.kind_layers[kind]

    def neighbour_means(self, matrix: np.ndarray) -> np.ndarray:
        """The strength-weighted mean over each person's ties, for every column of a matrix.

        Args:
            matrix: (n, k) or (n) values by person, taken as float32.

        Returns:
            float32 of the same shape; 0 for people without ties.

        Raises:
            ValueError: the matrix does not have one row per person.
        """
        values = np.asarray(matrix, np.float32)
        if values.ndim not in (1, 2) or values.shape[0] != self.n:
            raise ValueError(f"need one row for each of {self.n} people, got {values.shape}")
        table = values.reshape(self.n, -1)
        blocks = [
            self._means_of_block(table[:, first : first + WIDTH])
            for first in range(0, table.shape[1], WIDTH)
        ]
        means = blocks[0] if len(blocks) == 1 else np.concatenate(blocks, axis=1)
        return means.reshape(values.shape)

    def _means_of_block(self, block: np.ndarray) -> np.ndarray:
        """Means of at most eight columns; fewer are filled up with zeros."""
        rows = block
        if block.shape[1] < WIDTH:
            rows = np.zeros((self.n, WIDTH), np.float32)
            rows[:, : block.shape[1]] = block
        arrays = self.indptr, self.indices, self.kind, self.kind_strength, self.scale
        return means_of_rows(*arrays, np.ascontiguousarray(rows))[: block.shape[1]].T

    @classmethod
    def from_edges(
        cls,
        n: int,
        a: np.ndarray,
        b: np.ndarray,
        strength: np.ndarray | float,
        layer: np.ndarray | int | str,
    ) -> "Ties":
        """Ties from a list of pairs in any order and direction; repeated pairs become one.

        Args:
            n: people.
            a: rows of one end.
            b: rows of the other end.
            strength: one number above 0 for all, or one for each pair.
            layer: a layer's name, or bit masks (see `LAYER_BITS`), one for all or for each pair.

        Raises:
            ValueError: an end is no person, a pair is a self-loop, a strength is not above 0.
        """
        first, second = np.asarray(a), np.asarray(b)
        _check_ends(n, first, second)
        first, second = first.astype(np.int32), second.astype(np.int32)
        weights = _spread(strength, np.float32, first.size)
        if not np.all((weights > 0) & np.isfinite(weights)):
            raise ValueError("the strength of a tie must be a finite number above 0")
        mask = LAYER_BITS[layer] if isinstance(layer, str) else layer
        masks = _spread(mask, np.uint8, first.size)
        begins = counted_rows(n, first, second)
        others, sorted_weights, sorted_masks = scattered(begins, first, second, weights, masks)
        kept = _sort_and_merge(begins, others, sorted_weights, sorted_masks)
        entries = others[:kept], sorted_weights[:kept], sorted_masks[:kept]
        if kept < others.size:
            entries = entries[0].copy(), *entries[1:]  # the others are not kept
        return cls.of_rows(begins, *entries)


def _spread(values: np.ndarray | float, dtype: type, size: int) -> np.ndarray:
    return np.ascontiguousarray(np.broadcast_to(np.asarray(values, dtype), (size,)))


def _check_ends(n: int, a: np.ndarray, b: np.ndarray) -> None:
    if a.shape != b.shape or a.ndim != 1:
        raise ValueError(f"the two ends must be lists of one length, got {a.shape} and {b.shape}")
    if a.size == 0:
        return
    if min(a.min(), b.min()) < 0 or max(a.max(), b.max()) >= n:
        raise ValueError(f"an end of a tie is none of the people 0 to {n - 1}")
    if np.any(a == b):
        raise ValueError("nobody is tied to themselves")
