"""How sure a limit of a box is: the quasi-p-value of Bryant and Lempert (2010).

The chance that a box would hold so many cases, were each of its points a case with the density that
the box has without that limit (Technol. Forecast. Soc. Change 77, 34-49). "Quasi", since the same
points chose the box.
"""

from dataclasses import replace

from sim.analysis.boxes import Box, Marks, Space


def quasi_p(space: Space, cases: Marks, among: Marks, box: Box) -> dict[str, float]:
    """The quasi-p-value of each limited factor, by one-sided binomial test."""
    return {name: _quasi_p(space, cases, among, box, box.without(name)) for name in box.limits}


def _quasi_p(space: Space, cases: Marks, among: Marks, box: Box, wider: Box) -> float:
    """The chance of so many cases in a box whose density is that of a wider one."""
    from scipy.special import bdtrc

    inside, around = box.holds(space) & among, wider.holds(space) & among
    points, hits = int(inside.sum()), int(cases[inside].sum())
    if not hits:
        return 1.0
    return float(bdtrc(hits - 1, points, float(cases[around].mean())))


def looser_boxes(space: Space, cases: Marks, among: Marks, box: Box) -> list[tuple[Box, float]]:
    """The box with one factor, or one end of its range, set free; and the quasi-p-value of that."""
    wider = [box.without(name) for name in box.limits]
    for name, limit in box.limits.items():
        if limit.low is not None and limit.high is not None:
            wider.append(box.limited(name, replace(limit, low=None)))
            wider.append(box.limited(name, replace(limit, high=None)))
    return [(each, _quasi_p(space, cases, among, box, each)) for each in wider]
