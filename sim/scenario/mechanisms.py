"""Checks which mechanisms are switched on: all, some, and some that a user brings."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from sim.scenario import wording
from sim.scenario.checks import Checks
from sim.scenario.known import Known
from sim.scenario.locate import trouble_with
from sim.scenario.node import Node, Spot

_MODULE = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*", re.ASCII)
_CLASS = re.compile(r"[A-Za-z_]\w*", re.ASCII)


@dataclass(frozen=True)
class Switched:
    """Own mechanisms in the model's order, users' in the order written (files as whole paths).

    `spots` tells where each of the users' stands.
    """

    own: tuple[str, ...]
    users: tuple[str, ...]
    spots: Mapping[str, Spot] = field(default_factory=dict)


def mechanisms(node: Node, known: Known, checks: Checks) -> Switched:
    """`all`, or a list of names, in which `all` and `file.py:Class` may stand too."""
    if node.value == "all":
        return Switched(known.mechanisms, ())
    members = checks.members(node, "mechanisms")
    if members is not None and not members:
        names = wording.ALLOWED.format(names="all, or a list")
        checks.refuse(node, "mechanisms", wording.EMPTY, names)
    own: set[str] = set()
    users: dict[str, Spot] = {}
    for member in members or ():
        name = checks.text(member, "mechanisms")
        if name is None:
            continue
        if name == "all":
            own |= set(known.mechanisms)
        elif ":" in name:
            users |= dict.fromkeys(_user_mechanism(member, name, users, checks), member.spot)
        elif name in own and not _all_stands(members):
            words = wording.LISTED_TWICE.format(written=wording.short(name))
            checks.refuse(member, "mechanisms", words)
        elif name in known.mechanisms:
            own.add(name)
        else:
            words = wording.NO_MECHANISM.format(written=wording.short(name))
            checks.faults.unknown(member.spot, "mechanisms", words, name, known.mechanisms)
    return Switched(tuple(name for name in known.mechanisms if name in own), tuple(users), users)


def _all_stands(members: tuple[Node, ...] | None) -> bool:
    return any(member.value == "all" for member in members or ())


def _user_mechanism(
    node: Node, written: str, before: Mapping[str, Spot], checks: Checks
) -> list[str]:
    """The whole name of a user's mechanism, in a list, or an empty list with a fault noted."""
    home, _, name = written.rpartition(":")
    shown = wording.short(written)
    is_path = home.lower().endswith(".py")
    if not _CLASS.fullmatch(name) or not (is_path or _MODULE.fullmatch(home)):
        checks.refuse(node, "mechanisms", wording.NO_CLASS.format(written=shown))
        return []
    if is_path:
        path = node.spot.source.folder / home
        trouble = trouble_with(path, home)
        if trouble:
            checks.refuse(node, "mechanisms", trouble)
            return []
        written = f"{path.absolute()}:{name}"
    if written in before:
        checks.refuse(node, "mechanisms", wording.LISTED_TWICE.format(written=shown))
        return []
    return [written]
