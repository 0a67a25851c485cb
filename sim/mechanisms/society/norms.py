"""Norms are kept alive by compacts and by example, and fade when nobody keeps them.

    dn_i/dt = a_i (1 - n_i) - r n_i
    a_i = a_i0 + compact (c_u - c_u0) + activity (act_u - act_u0) + exemplars (ex - ex_0)

n is the norm that a person would hold alone: influence takes its changes into the anchor and
spreads it. a_i0 = r n_i0 / (1 - n_i0), so that everybody starts at rest. c_u says whether the
village or community of the unit keeps a living compact, act_u is the share of its adults who joined
an activity in the last 365 days, ex the exemplars of the division per 100 adults; 0 marks the
start. Where a_i holds still a step is exact; a and n are looked at every four weeks, for the four
weeks to come. A compact also draws people out (moral bank): volunteering and activities gain a
logit.

Committees with a compact are spread evenly over the kinds of place of a division, and those that
keep one at a lower share keep it at a higher one. Source: effects of village rules and of public
praise as judged in the articles on rule by virtue; sizes assumed.
"""

from typing import Annotated, ClassVar

import numpy as np
from numba import njit

from sim.kernel import Clock, Column, Limit, Mechanism, Parameter, Quantity, Within
from sim.mechanisms.society.fading import kept
from sim.world.flows import KINDS
from sim.world.money import society_spend
from sim.world.world import World

WEEKS = 4  # between two looks at norms
UNKNOWN = -1.0  # the norm of a person whom this rule has not met
HIGHEST_START = 0.999
_GOLDEN = (np.sqrt(5.0) - 1.0) / 2.0


class Norms(Mechanism):
    """The norm that people hold by themselves, and the compacts that keep it."""

    name = "norms"
    decay = Parameter(
        0.1, "1/year (r)", 0.03, 0.3, "assumed", "with a = r n / (1 - n) a half-life of 2.6 years"
    )
    compact_gain = Parameter(
        0.0156, "1/year", 0.005, 0.031, "derived", "a rule of the village: .15 sd = .0225 at rest"
    )
    activity_gain = Parameter(
        0.02, "1/year per unit of (share active - start)", 0.0, 0.1, "assumed", "example; gain .004"
    )
    exemplar_gain = Parameter(
        0.01, "1/year per exemplar per 100 adults", 0.0, 0.04, "assumed", "titles, honour rolls"
    )
    moral_bank_logit = Parameter(
        0.05,
        "logit of volunteering and activity under a compact",
        0.0,
        0.2,
        "assumed",
        "small goods and honour; centred",
    )
    compact_cost = Parameter(
        4_000, "yuan a year a living compact", 1_000, 10_000, "assumed", "meetings, honours, goods"
    )

    reads = ("people.anchor_norm", "people.joins_activities", "budget.paid_share")
    writes: ClassVar[dict[str, Column]] = {
        "people.norm_anchor": Column(
            "share", UNKNOWN, 1.0, "norm that a person would hold alone; below 0: new here", UNKNOWN
        ),
        "people.norm_inflow": Column("1/year", 0.0, 1e4, "what holds a person's norm up (a)"),
        "units.compact": Column("yes or no", 0, 1, "a living residents' compact", 0, "?"),
    }
    adds = (
        "people.anchor_push_norm",
        "people.act_logit_volunteer",
        "people.act_logit_activity",
        "budget.spend",
        "treasury.extra_plan",
    )
    levers = ("norms.compact", "norms.exemplars_per_100")

    def prepare(self, world: World) -> None:
        """Everybody starts at rest, and the compacts stand where the base of the place has them."""
        units = world.units
        self._order = order_of_compacts(world)
        self._base = np.array(world.lever("norms.compact"), float)
        self._exemplars = np.array(world.lever("norms.exemplars_per_100"), float)
        self._committees = committees_by_division(world)
        units.compact[:] = self._order < self._base[units.division]
        self._compact_start = units.compact.copy()
        self._active_start = share_active(world, np.zeros(len(units)))
        self.meet(world)

    def meet(self, world: World) -> None:
        """Whoever is new here holds the norm that their anchor says, at rest."""
        people = world.people
        fresh = np.flatnonzero(people.norm_anchor < 0.0)
        start = np.clip(people.anchor_norm[fresh], 0.0, HIGHEST_START)
        people.norm_anchor[fresh] = start
        people.norm_inflow[fresh] = self.decay * start / (1.0 - start)

    def step(self, world: World, clock: Clock) -> None:
        """Compacts are kept and cost money; every fourth week norms move on by four weeks."""
        self.keep_compacts(world, clock)
        self.draw_people_out(world)
        if clock.week % WEEKS == 0 and clock.begins - clock.week_begins < 1e-9:
            self.meet(world)
            self.move(world, WEEKS * 7.0 / 365.25)

    def keep_compacts(self, world: World, clock: Clock) -> None:
        """Committees keep as many compacts as policy wants and money pays for."""
        wanted = world.lever("norms.compact")
        yuan = self.compact_cost * self._committees
        paid = society_spend(world, self.name, wanted * yuan, self._base * yuan, clock)
        world.units.compact[:] = self._order < (wanted * paid)[world.units.division]

    def draw_people_out(self, world: World) -> None:
        """Where a compact has come or gone, people lean more or less towards taking part."""
        people, units = world.people, world.units
        change = units.compact.astype(np.float32) - self._compact_start
        if not change.any():
            return
        lean = (np.float32(self.moral_bank_logit) * change)[people.unit]
        people.act_logit_volunteer += lean
        people.act_logit_activity += lean

    def move(self, world: World, years: float) -> None:
        """The norm that each person would hold alone, so many years later."""
        people = world.people
        inflow = self.inflow_by_unit(world).astype(np.float32)[people.unit]
        inflow += people.norm_inflow
        decay = np.float32(self.decay)
        _move(people.norm_anchor, inflow, people.anchor_push_norm, decay, np.float32(years))

    def inflow_by_unit(self, world: World) -> np.ndarray:
        """What a unit adds to the inflow of its people against the start, per year."""
        units = world.units
        compact = units.compact.astype(float) - self._compact_start
        active = share_active(world, self._active_start) - self._active_start
        exemplars = (world.lever("norms.exemplars_per_100") - self._exemplars)[units.division]
        return (
            self.compact_gain * compact
            + self.activity_gain * active
            + self.exemplar_gain * exemplars
        )


@njit(cache=True, error_model="numpy")
def _move(norm, inflow, push, decay, years):  # type: ignore[no-untyped-def]
    """Everybody's norm over so many years, exact while the inflow holds; changes are posted."""
    for i in range(norm.size):
        rate = inflow[i] if inflow[i] > np.float32(0.0) else np.float32(0.0)
        turnover = rate + decay
        rest = rate / turnover
        moved = rest + (norm[i] - rest) * kept(turnover * years)
        push[i] += moved - norm[i]
        norm[i] = moved


def share_active(world: World, otherwise: np.ndarray) -> np.ndarray:
    """The share of each unit's adults who joined an activity in 365 days (empty: `otherwise`)."""
    people, units = world.people, len(world.units)
    here = np.bincount(people.unit, people.alive, minlength=units)
    active = np.bincount(people.unit, people.joins_activities & people.alive, minlength=units)
    return np.where(here > 0.0, active / np.maximum(here, 1.0), otherwise)


def order_of_compacts(world: World) -> np.ndarray:
    """Each unit's place in (0, 1) among those that take up a compact: below the share, it has one.

    Units of one community share its committee, and so its compact. Committees of a division and
    kind of place stand in the order of their luck, at equal distances from an uneven start: any
    share is met by whole committees, and is exact in the mean.
    """
    units, offices = world.units, world.offices
    committees, first = np.unique(units.committee, return_index=True)
    luck = world.draws.uniform("norms.compact", offices.id[committees])
    stratum = units.division[first].astype(int) * len(KINDS) + units.kind[first]
    order = np.lexsort((luck, stratum))
    _, begins, sizes = np.unique(stratum[order], return_index=True, return_counts=True)
    start = float(world.draws.uniform("norms.compact_start", 0))
    place = np.empty(len(committees))
    for k, (at, size) in enumerate(zip(begins, sizes, strict=True)):
        offset = (start + k * _GOLDEN) % 1.0
        place[order[at : at + size]] = (np.arange(size) + offset) / size
    spot: np.ndarray = place[np.searchsorted(committees, units.committee)]
    return spot


def committees_by_division(world: World) -> np.ndarray:
    """How many villages and communities each division really has."""
    place = world.place
    if f"divisions.{place.divisions[0]}.villages" in place.values:
        villages: np.ndarray = place.by_division("villages")
        return villages + place.by_division("communities")
    return np.bincount(world.units.division, world.units.weight, minlength=world.divisions)


def norms(
    inflow: Annotated[float, Within(0.0, 50.0)] = 0.163,
    decay: Annotated[float, Within(0.01, 50.0)] = 0.1,
) -> Limit:
    """Known result: inflow a and decay r settle at a / (a + r), from any start.

    What was posted to the anchor on the way adds up to the way itself. Activity is left out.
    """
    # A move below the spacing of float32 is lost: the slower the law, the sooner.
    rounding = 1e-5 + 6e-8 / ((inflow + decay) * WEEKS * 7.0 / 365.25)

    def simulate(mechanism: type[Norms], seed: int) -> dict[str, float]:
        from sim.verify.bench import bare_world, ready, weeks

        world = bare_world(101, seed)
        rule = mechanism({"decay": decay, "activity_gain": 0.0})
        ready(world, rule)
        people = world.people
        start = np.linspace(0.0, 1.0, 101)
        people.norm_anchor[:] = start
        people.norm_inflow[:] = inflow
        for clock in weeks(14.0 / (inflow + decay) + 0.2):
            rule.step(world, clock)
        way = np.abs(people.norm_anchor - start - people.anchor_push_norm).max()
        return {
            "settles_at": float(people.norm_anchor.mean(dtype=float)),
            "spread": float(np.ptp(people.norm_anchor)),
            "posted_otherwise": float(way),
        }

    return Limit(
        "norms",
        {"inflow": inflow, "decay": decay},
        (
            Quantity("settles_at", "share", inflow / (inflow + decay), rounding),
            Quantity("spread", "share, over starts from 0 to 1", 0.0, 2.0 * rounding),
            Quantity("posted_otherwise", "share, from the way of the norm", 0.0, 2e-5),
        ),
        simulate,
        "the fixed point of a linear law, by hand",
    )
