"""Means over everybody's ties: the loop that a week's time goes into.

What binds is fetching the neighbours' rows from memory, not adding them up. So eight columns lie
side by side in one row of 32 bytes (float32), rows of people who will soon be looked at are asked
for ahead, and the eight columns are added up abreast. Sums run along the sorted row of ties, column
by column, without fastmath: their bits depend on nothing else.
"""

from functools import cache
from typing import Any

import numpy as np
from llvmlite import ir
from numba import config, njit, types
from numba.extending import intrinsic

WIDTH = 8  # columns of a row; one cache line holds two rows
AHEAD = 128  # ties between asking for a row and adding it up
FITS_IN_CACHE = 2_000_000  # bytes of rows; where they fit, asking costs more than it saves


@intrinsic
def _ask_for(typing_context, array, place):  # type: ignore[no-untyped-def]
    """Ask the processor to fetch this place of an array, and do not wait for it."""

    def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        byte, number = ir.IntType(8).as_pointer(), ir.IntType(32)
        pointer = builder.bitcast(builder.gep(data, [arguments[1]]), byte)
        signature_of_prefetch = ir.FunctionType(ir.VoidType(), [byte, number, number, number])
        prefetch = builder.module.declare_intrinsic("llvm.prefetch", [byte], signature_of_prefetch)
        read, keep, data_not_code = (ir.Constant(number, value) for value in (0, 3, 1))
        builder.call(prefetch, [pointer, read, keep, data_not_code])
        return context.get_dummy_value()

    return types.void(array, place), generate


@cache
def means_loop(ahead: int, kind: str = "uint8") -> Any:
    """The loop, compiled so that a processor adds up several columns at once.

    It is made when it is first needed: the compiler takes .3 s to get ready, and commands that run
    nothing need not wait for it. By default it leaves adding up abreast out. Each column is still
    summed in the order of its row, so no bit differs from one column after the other. `ahead` is 0
    to ask for no rows; `kind` is the type of the kinds of ties. The columns are written out, and
    places are unsigned (no test for negative ones), or the compiler would not see it.
    """

    def means_of_eight(  # type: ignore[no-untyped-def]
        indptr, indices, kinds, kind_strength, scale, rows, means
    ):
        zero = np.float32(0.0)
        for person in range(scale.size):
            s0 = s1 = s2 = s3 = s4 = s5 = s6 = s7 = zero
            for entry in range(np.uint64(indptr[person]), np.uint64(indptr[person + 1])):
                if ahead > 0 and entry + np.uint64(ahead) < np.uint64(indices.size):
                    place = np.uint64(indices[entry + np.uint64(ahead)]) * np.uint64(WIDTH)
                    _ask_for(rows, place)  # type: ignore[call-arg]
                weight = kind_strength[np.uint64(kinds[entry])]
                other = np.uint64(indices[entry]) * np.uint64(WIDTH)
                s0 += weight * rows[other]
                s1 += weight * rows[other + np.uint64(1)]
                s2 += weight * rows[other + np.uint64(2)]
                s3 += weight * rows[other + np.uint64(3)]
                s4 += weight * rows[other + np.uint64(4)]
                s5 += weight * rows[other + np.uint64(5)]
                s6 += weight * rows[other + np.uint64(6)]
                s7 += weight * rows[other + np.uint64(7)]
            factor = scale[person]
            means[0, person], means[1, person] = s0 * factor, s1 * factor
            means[2, person], means[3, person] = s2 * factor, s3 * factor
            means[4, person], means[5, person] = s4 * factor, s5 * factor
            means[6, person], means[7, person] = s6 * factor, s7 * factor

    ties = f"int32[::1], int32[::1], {kind}[::1], float32[::1], float32[::1]"
    compiler: Any = config  # its settings carry no annotations
    usual = compiler.SLP_VECTORIZE
    compiler.SLP_VECTORIZE = 1
    try:
        return njit(f"void({ties}, float32[::1], float32[:, ::1])", cache=True)(means_of_eight)
    finally:
        compiler.SLP_VECTORIZE = usual


def means_of_rows(
    indptr: np.ndarray,
    indices: np.ndarray,
    kind: np.ndarray,
    kind_strength: np.ndarray,
    scale: np.ndarray,
    rows: np.ndarray,
) -> np.ndarray:
    """Strength-weighted means of the neighbours' rows, a column after the other: (8, people).

    `rows` has shape (people, 8), float32; the others are the arrays of `Ties`.
    """
    means = np.empty(rows.shape[::-1], np.float32)
    loop = means_loop(0 if rows.nbytes <= FITS_IN_CACHE else AHEAD, kind.dtype.name)
    loop(indptr, indices, kind, kind_strength, scale, rows.reshape(-1), means)
    return means


@njit(cache=True)
def side_by_side(columns, rows):  # type: ignore[no-untyped-def]
    """Write eight columns (a tuple of arrays) into rows of shape (people, 8), float32."""
    c0, c1, c2, c3, c4, c5, c6, c7 = columns
    for i in range(rows.shape[0]):
        rows[i, 0], rows[i, 1], rows[i, 2], rows[i, 3] = c0[i], c1[i], c2[i], c3[i]
        rows[i, 4], rows[i, 5], rows[i, 6], rows[i, 7] = c4[i], c5[i], c6[i], c7[i]
