"""Mutations of good files: bytes, lines, indentation, values, keys, and two files spliced.

Each takes a random generator and bytes, and is the same for the same seed.
"""

import random
import re
from collections.abc import Callable, Sequence

EVIL = (
    *(".nan", "-.inf", "1e400", "9" * 30, "-1", "0", "1e-9", "1.8e308", "-0.0", "4.9e-324"),
    *("true", "no", "~", "''", "12:30", "010", "1_000", "'6000'", "2020-02-30", "0001-01-01"),
    *("2020-01-01T00:00:00Z", "{}", "[]", "[[]]", "{a: {}}", "*a", "&a 1", "|", ">-", "? x"),
    *("!!python/object:os.system x", '"\\0"', '"\\x1b[2J"', "\u202e1", "x" * 2000),
    *("{default: 1}", "{divisions: {nowhere: 1}}", "[{from: 2021-01-01, value: 1}]"),
    *("all", "[all]", "../../../etc/passwd", "jincheng-2020", "mutant.yaml", "/dev/zero"),
    *("a:b", "json:loads", "[" * 50 + "]" * 50),
)
SETTABLE = (
    "scale",
    "time.years",
    "time.start",
    "policies.mediation.staff_per_10k",
    "policies.grid.subsidy_yuan_per_year.divisions.chengqu",
    "parameters.grievance.decay_per_year",
    "parameters.world.household_size",
    "mechanisms",
    "outcomes",
    "place",
    "scenario",
)
_SCALAR = re.compile(rb"(?<=[:,\[] )[^\s,{}\[\]#][^,{}\[\]#\n]*")
_KEY = re.compile(rb"[A-Za-z_][\w.-]*(?=:)")
_LETTERS = b"abcdefghijklmnopqrstuvwxyz_-.:#"

Mutation = Callable[[random.Random, bytes, bytes], bytes]


def flip(luck: random.Random, good: bytes, _other: bytes) -> bytes:
    """Some bits of some bytes turned over."""
    changed = bytearray(good)
    for _ in range(luck.randint(1, 4)):
        changed[luck.randrange(len(changed))] ^= 1 << luck.randrange(8)
    return bytes(changed)


def insert(luck: random.Random, good: bytes, _other: bytes) -> bytes:
    """Any bytes put in."""
    place = luck.randrange(len(good) + 1)
    return good[:place] + luck.randbytes(luck.randint(1, 6)) + good[place:]


def delete(luck: random.Random, good: bytes, _other: bytes) -> bytes:
    """Some bytes in a row taken out."""
    place = luck.randrange(len(good))
    return good[:place] + good[place + luck.randint(1, 12) :]


def cut(luck: random.Random, good: bytes, _other: bytes) -> bytes:
    """The rest of the file lost."""
    return good[: luck.randrange(len(good))]


def lines(luck: random.Random, good: bytes, _other: bytes) -> bytes:
    """Lines taken out, doubled or swapped."""
    rows = good.split(b"\n")
    for _ in range(luck.randint(1, 3)):
        first, second = luck.randrange(len(rows)), luck.randrange(len(rows))
        kind = luck.randrange(3)
        if kind == 0 and len(rows) > 1:
            del rows[first]
        elif kind == 1:
            rows.insert(second, rows[first])
        else:
            rows[first], rows[second] = rows[second], rows[first]
    return b"\n".join(rows)


def indent(luck: random.Random, good: bytes, _other: bytes) -> bytes:
    """Blanks or tabs put before a line or taken away."""
    rows = good.split(b"\n")
    for _ in range(luck.randint(1, 3)):
        place = luck.randrange(len(rows))
        blanks = luck.choice((b" ", b"  ", b"\t", b"\xc2\xa0", b"\xe3\x80\x80"))
        rows[place] = blanks + rows[place] if luck.random() < 0.6 else rows[place].lstrip()
    return b"\n".join(rows)


def value(luck: random.Random, good: bytes, _other: bytes) -> bytes:
    """A value replaced by an evil one."""
    changed = good
    for _ in range(luck.randint(1, 2)):
        found = list(_SCALAR.finditer(changed))
        if found:
            at = luck.choice(found)
            evil = luck.choice(EVIL).encode("utf-8")
            changed = changed[: at.start()] + evil + changed[at.end() :]
    return changed


def key(luck: random.Random, good: bytes, _other: bytes) -> bytes:
    """A key with a letter changed, doubled or lost."""
    found = list(_KEY.finditer(good))
    if not found:
        return good
    at = luck.choice(found)
    place = luck.randrange(at.start(), at.end())
    letter = bytes((luck.choice(_LETTERS),))
    new = luck.choice((letter, good[place : place + 1] * 2, b""))
    return good[:place] + new + good[place + 1 :]


def splice(luck: random.Random, good: bytes, other: bytes) -> bytes:
    """The beginning of one file and the end of another."""
    return good[: luck.randrange(len(good))] + other[luck.randrange(len(other)) :]


MUTATIONS: Sequence[Mutation] = (flip, insert, delete, cut, lines, indent, value, key, splice)


def setting(luck: random.Random, keys: Sequence[str] = SETTABLE) -> tuple[str, str]:
    """A `--set` with a good key or a spoilt one, and any value."""
    name = luck.choice(keys).encode("utf-8")
    if luck.random() < 0.5:
        name = luck.choice((flip, insert, delete, cut))(luck, name, b"")
    text = luck.choice(EVIL).encode("utf-8")
    if luck.random() < 0.3:
        text = luck.choice((flip, insert, delete))(luck, text, b"")
    return name.decode("utf-8", "surrogateescape"), text.decode("utf-8", "surrogateescape")
