"""Finds the division that a person means: by its slug, or by its name in either language."""

from collections.abc import Mapping

from sim.scenario import wording
from sim.scenario.faults import Faults
from sim.scenario.known import PlaceFacts
from sim.scenario.node import Spot
from sim.text.search import called

_KINDS = ("区", "县", "市")  # the last character, which people leave out: 阳城 for 阳城县


def division_of(written: str, place: PlaceFacts) -> str | None:
    """The slug of the one division that is called so; None where none is, or several are."""
    if written in place.divisions:
        return written
    titled = titles_of_divisions(place).items()
    return called(written, {slug: {slug, *_names(titles)} for slug, titles in titled})


def titles_of_divisions(place: PlaceFacts) -> dict[str, Mapping[str, str]]:
    """The title of each division in each language, by slug; none in a place without titles."""
    titles = getattr(place, "division_titles", [{}] * len(place.divisions))
    return dict(zip(place.divisions, titles, strict=True))


def note_unknown(faults: Faults, spot: Spot, key: str, written: str, place: PlaceFacts) -> None:
    """Note a division that there is not; who writes Chinese is told the Chinese names."""
    titled = {slug: tuple(titles.values()) for slug, titles in titles_of_divisions(place).items()}
    names = list(place.divisions)
    if not written.isascii():
        names = [next((n for n in titled[slug] if not n.isascii()), slug) for slug in names]
    faults.unknown(spot, key, wording.NO_DIVISION, written, names, titled)


def _names(titles: Mapping[str, str]) -> set[str]:
    """What a division is called; also without its kind, where a name of two letters is left."""
    whole = set(titles.values())
    return whole | {name[:-1] for name in whole if name.endswith(_KINDS) and len(name) > 2}
