"""Finds the division that a person means: by its slug, or by its name in either language."""

from collections.abc import Sequence

from sim.scenario import wording
from sim.scenario.faults import Faults
from sim.scenario.known import PlaceFacts
from sim.scenario.node import Spot

_KINDS = ("区", "县", "市")  # the last character, which people leave out: 阳城 for 阳城县


def division_of(written: str, place: PlaceFacts) -> str | None:
    """The slug of the one division that is called so; None where none is, or several are."""
    if written in place.divisions:
        return written
    asked = written.strip().casefold()
    called = {slug: _called(slug, titles) for slug, titles in _titled(place)}
    found = [slug for slug, names in called.items() if asked in names]
    return found[0] if len(found) == 1 else None


def note_unknown(faults: Faults, spot: Spot, key: str, written: str, place: PlaceFacts) -> None:
    """Note a division that there is not; who writes Chinese is told the Chinese names."""
    called = dict(_titled(place))
    names = list(place.divisions)
    if not written.isascii():
        names = [next((n for n in called[slug] if not n.isascii()), slug) for slug in names]
    faults.unknown(spot, key, wording.NO_DIVISION, written, names, called)


def _titled(place: PlaceFacts) -> list[tuple[str, Sequence[str]]]:
    titles = getattr(place, "division_titles", [{}] * len(place.divisions))
    pairs = zip(place.divisions, titles, strict=True)
    return [(slug, tuple(title.values())) for slug, title in pairs]


def _called(slug: str, titles: Sequence[str]) -> set[str]:
    """What it is called, in small letters; without its kind where a name of two letters is left."""
    short = [name[:-1] for name in titles if name.endswith(_KINDS) and len(name) > 2]
    return {name.casefold() for name in (slug, *titles, *short)}
