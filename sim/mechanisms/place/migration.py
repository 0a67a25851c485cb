"""People reconsider where they live, move, return, arrive and leave; they come of age and die.

Once a year, on a day of their own, a share of each age reconsiders. They choose

    arg max V_k + Gumbel(person, year, k)    over staying, home, the other cells, outside
    V_k = const(type) + b [d ln w_k + .7 d ln c_k] + tie share_k + s d access_k
          + ln size_k - 1.5 b ln km_k                       (the last two for cells to search in)
    staying adds  1.5 (belonging - mean of the class) + .4 [own home]
    moving adds   a (age - 40) / 10,  a < 0 away from home and a > 0 towards it

w is the pay of a cell, c the chance of work, d the change since the start, share_k the share of
one's kin and friends who live there; those at home of people who were away before the start, or
came from outside, are not in the graph and are counted in, also once they are home again. Where one
is registered one has full access, elsewhere what others are entitled to. Whoever leaves the place
of registration becomes non-local, whoever comes home or is granted registration local. Outside
arrivals are weekly candidates at twice the usual rate, thinned by the same terms (Lewis and Shedler
1979); newcomers are 18 and some exponential years. Until the first day of the run nobody moves: the
people are those counted then.

Accounts at every step, by class of registration, moves between classes included:
here = here before + came of age + arrived - died - left.
Source: Harris and Todaro (1970) for pay times chance of work; McFadden (1974) for the choice;
gravity in distance; Rogers and Castro (1981) for the ages of movers. Constants:
`experiments/solve_migration.py`.
"""

import numpy as np

from sim.kernel import Clock, Group, Mechanism, Parameter
from sim.mechanisms.place.arrivals import Arrivals, admit, arrival_rates
from sim.mechanisms.place.attraction import Attraction
from sim.mechanisms.place.constants import CONSTANT
from sim.mechanisms.place.homes import draw_homes, home_place
from sim.mechanisms.place.lives import YEAR, check_accounts, day_of_death, tallied
from sim.mechanisms.place.migration_choice import (
    MOVES,
    STAY,
    choose,
    events_in,
)
from sim.mechanisms.place.people_columns import COLUMNS
from sim.mechanisms.place.relocation import go, take_granted, ties_at_home, usual_belonging
from sim.world.figures import AGE_BANDS
from sim.world.flat import column_of
from sim.world.marginals import Marginals, marginals_of
from sim.world.moves import place_of
from sim.world.people import age_bands
from sim.world.settlements import list_settlements
from sim.world.states import NON_LOCAL
from sim.world.world import World


def _constant(move: str, aim: str) -> Parameter:
    value = CONSTANT[move]
    source = f"solved on Jincheng at the base levers: {aim}"
    return Parameter(value, "logit against staying", value - 0.8, value + 0.8, "derived", source)


MIDDLE = 40  # years of age, near the mean of those who are away


class Migration(Mechanism):
    """Where people live and are registered, who is here, and how old they are."""

    name = "migration"
    review_share = Group(
        age_18_34=Parameter(0.5, "share a year", 0.3, 0.8, "assumed", "who reconsider; mean .31"),
        age_35_59=Parameter(0.3, "share a year", 0.15, 0.5, "assumed", "who reconsider"),
        age_60_plus=Parameter(0.1, "share a year", 0.03, 0.2, "assumed", "who reconsider"),
    )
    constant = Group(
        rural_to_urban=_constant("rural_to_urban", "urban share +.75 points a year"),
        home=_constant("home", "in five years 1.5 % fewer live away from home"),
        leave_region=_constant("leave_region", "18,000 adults a year"),
        outsiders_leave=_constant("outsiders_leave", "16,000 adults a year"),
        other=_constant("other", "9,000 adults a year"),
    )
    income_elasticity = Parameter(
        1.5, "logit per log income", 0.8, 2.5, "recalled", "gravity estimates within countries"
    )
    unemployment_weight = Parameter(
        0.7, "of log chance of work", 0.3, 1.0, "recalled", "Harris and Todaro (1970): at most 1"
    )
    distance_income_tradeoff = Parameter(
        1.5, "log income per log km", 1.2, 1.8, "found", "15 % more pay for 10 % further"
    )
    distance_km = Parameter(
        8, "km within a division", 4, 15, "assumed", "between divisions by position"
    )
    town_shift = Parameter(
        0.0, "logit, town against urban", -0.4, 0.5, "assumed", "leavers of villages; beyond size"
    )
    rural_leave_shift = Parameter(
        0.8, "logit, leaving the region", 0.2, 1.4, "derived", "a village against a town: half"
    )
    next_village_shift = Parameter(
        2.5,
        "logit, to another village",
        1.0,
        3.5,
        "assumed",
        "villagers, to another county: 2 in 1,000",
    )
    tie_weight = Parameter(
        2.0, "logit per share of kin and friends", 0.7, 3.9, "derived", "half of the peer effect"
    )
    home_ties = Parameter(
        7.0, "kin and friends", 3.0, 10.0, "derived", "at home, on leaving: pulls as movers' do"
    )
    service_weight = Parameter(
        1.5, "logit per unit of access", 0.5, 3.3, "derived", "small cities are open"
    )
    belonging_weight = Parameter(
        1.5, "logit of staying", 0.5, 3.0, "assumed", "intentions to stay rise with it in surveys"
    )
    home_owner_stay = Parameter(
        0.4, "logit of staying", 0.1, 0.8, "derived", "odds 1.8 on settling, at two thirds"
    )
    household_moves = Parameter(
        0.5, "chance", 0.3, 0.8, "assumed", "that the adults of a household move together"
    )
    age_away = Parameter(
        -0.5, "logit per 10 years of age", -1.0, -0.2, "recalled", "who is older seldom leaves"
    )
    age_home = Parameter(
        0.5, "logit per 10 years of age", 0.0, 0.8, "recalled", "who is older returns more often"
    )
    together_below = Parameter(60, "years of age", 50, 70, "assumed", "who moves along")
    spare_places = Parameter(
        0.1, "share of the adults at the start", 0.02, 0.3, "assumed", "room in a village or grid"
    )
    arrivals_per_1000 = Parameter(
        13.35,
        "adults per 1,000 residents a year",
        7.0,
        20.0,
        "derived",
        "29,300 a year: net -4,700",
    )
    arrivals_new_share = Parameter(
        0.63, "share of arrivals", 0.4, 0.8, "derived", "registered outside: 18,500 of 29,300"
    )
    arrival_kind_new = Group(
        urban=Parameter(0.44, "share", 0.35, 0.65, "assumed", "where newcomers go"),
        town=Parameter(0.36, "share", 0.25, 0.55, "assumed", "where newcomers go"),
        rural=Parameter(
            0.2, "share", 0.03, 0.25, "derived", "so that the share of them there stands"
        ),
    )
    arrival_kind_home = Group(
        urban=Parameter(0.2, "share", 0.1, 0.35, "assumed", "where those come home to"),
        town=Parameter(0.15, "share", 0.05, 0.35, "assumed", "where those come home to"),
        rural=Parameter(0.65, "share", 0.45, 0.8, "assumed", "most who left came from villages"),
    )
    arrival_age = Parameter(
        12.0,
        "years beyond 18, exponential",
        8.0,
        20.0,
        "recalled",
        "newcomers are young: 29 on average",
    )
    origin_outside_share = Parameter(
        0.286, "share of floating adults", 0.2, 0.4, "assumed", "registered outside: 160,000"
    )
    home_rural_share = Parameter(
        0.65, "share of the others", 0.5, 0.9, "assumed", "whose home is a village"
    )
    home_without_kin = Parameter(
        0.2,
        "ties, for a place without kin or friends",
        0.05,
        1.0,
        "assumed",
        "the chain of migration leads back home",
    )
    residence_years = Parameter(
        7.0, "years, exponential", 4.0, 12.0, "derived", "at the start: 14.3 % a year end a stay"
    )
    residence_belonging = Parameter(
        0.65,
        "log years per unit of belonging",
        0.2,
        1.5,
        "derived",
        "at the start; the log rate at which stays end falls so, by the rules, +- .03",
    )
    coming_of_age_per_1000 = Parameter(
        11.0, "persons per 1,000 residents a year", 9.5, 12.5, "derived", "24,100 turn 18 a year"
    )
    parent_from = Parameter(38, "years of age", 35, 42, "assumed", "children born at 20 to 40")
    parent_until = Parameter(58, "years of age", 52, 65, "assumed", "children born at 20 to 40")
    death_rate = Group(
        age_18_34=Parameter(0.0006, "1/year", 0.0003, 0.001, "derived", "census deaths by age"),
        age_35_59=Parameter(0.0025, "1/year", 0.0018, 0.0035, "derived", "census deaths by age"),
        age_60_plus=Parameter(0.0348, "1/year", 0.031, 0.038, "derived", "17,950 deaths a year"),
    )

    reads = (
        "lists.granted",
        "people.belonging",
        "people.employed",
        "people.own_home",
        "people.parcel",
        "cells.access",
        "cells.entitled",
        "cells.wage_factor",
        "cells.work_chance",
        "divisions.move_factor",
        "jurisdictions.travel_log",
    )
    writes = COLUMNS
    adds = ("lists.moved", "lists.tie_drops", "lists.parents", "lists.resettled")

    def prepare(self, world: World) -> None:
        """Give everybody a day of the year, a day of death and a home; note how cells stand."""
        people, draws = world.people, world.draws
        people.own_day[:] = YEAR * draws.uniform("migration.day", people.id)
        people.age_band[:] = age_bands(people.age)
        rates = [self.death_rate[band] for band in AGE_BANDS]
        people.dies_at[:] = day_of_death(draws, people.id, people.age, people.own_day, 0.0, rates)
        world.units.present[:] = np.bincount(people.unit, minlength=len(world.units))
        self.households = int(people.household.max(initial=-1)) + 1
        self.attraction = Attraction(world, self.distance_km)
        self.exponent = self.income_elasticity * self.distance_income_tradeoff
        self.usual_belonging = usual_belonging(world)
        self.marginals: Marginals | None = None
        self.arrivals: Arrivals | None = None
        self.parents: np.ndarray | None = None  # rows, noted anew every four weeks
        self.chances = np.zeros(0)  # of parents by cell, that a child comes of age
        if "world.village_size_cv" in world.place.values:  # people can be made for this place
            self.marginals = marginals_of(world.place, list_settlements(world.place, draws))
            shares = self.origin_outside_share, self.home_rural_share
            draw_homes(
                world,
                self.marginals,
                self.attraction,
                *shares,
                self.exponent,
                self.home_without_kin,
            )
            self.arrivals = Arrivals(world, arrival_rates(self, world))
        self.draw_stays(world)

    def draw_stays(self, world: World) -> None:
        """Since when those away from home live here: longer, whoever feels at home.

        Where stays end at a rate of their own each, those that go on now are exponential, with
        the mean that such stays have in the end.
        """
        people, usual = world.people, self.usual_belonging[NON_LOCAL]
        away = np.flatnonzero(people.registration == NON_LOCAL)
        longer = np.exp(self.residence_belonging * (people.belonging[away] - usual))
        weights = people.weight[away].astype(float)
        mean = np.average(longer, weights=weights) if weights.sum() > 0.0 else 1.0
        luck = world.draws.exponential("migration.since", people.id[away])
        years = self.residence_years * longer / mean * luck
        people.moved_at[away] = people.left_home_at[away] = -YEAR * years

    def step(self, world: World, clock: Clock) -> None:
        """Lives begin, end and go on; people move; the accounts are closed."""
        if not clock.reporting:
            return
        self.change = np.zeros(3, np.int64)
        before = tallied(world)
        take_granted(self, world)
        people = world.people
        dying, birthday, review = events_in(
            people.alive, people.own_day, people.dies_at, clock.begins, clock.ends, YEAR
        )
        people.age[birthday] += 1
        people.age_band[birthday] = age_bands(people.age[birthday])
        self.end(world, dying, "died", "deaths")
        self.reconsider(world, clock, review)
        if self.marginals is not None:
            rows = admit(self, world, clock)
            self.change += np.bincount(people.registration[rows], minlength=3)
        check_accounts(before + self.change, tallied(world))

    def end(self, world: World, rows: np.ndarray, reason: str, flow: str) -> None:
        """These people die or leave the region for good."""
        people = world.people
        world.flows.add(flow, people.cell[rows], people.weight[rows])
        self.change -= np.bincount(people.registration[rows], minlength=3)
        np.subtract.at(world.units.present, people.unit[rows], 1)
        world.leave(rows, reason)

    def reconsider(self, world: World, clock: Clock, rows: np.ndarray) -> None:
        """Those whose day has come, and who reconsider this year, choose; some move."""
        people, draws = world.people, world.draws
        # the day of the review is half a year after the birthday
        since = clock.begins - people.own_day[rows].astype(float) - YEAR / 2.0
        years = np.ceil(since / YEAR).astype(np.int64)
        shares = np.array([self.review_share[band] for band in AGE_BANDS])[people.age_band[rows]]
        shares *= column_of(world, "divisions", "move_factor", 1.0)[people.division[rows]]
        asked = draws.uniform("migration.review", people.id[rows], years) < shares
        rows, years = rows[asked], years[asked]
        place, move = self.chosen(world, rows, years)
        going = (move != STAY).nonzero()[0]
        at = people.own_day[rows[going]].astype(float) + YEAR * (years[going] + 0.5)
        going = going[at.argsort(kind="stable")]
        go(self, world, rows[going], years[going], place[going], move[going])

    def chosen(
        self, world: World, rows: np.ndarray, years: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """The places that these people choose this year, and what move each is (see MOVES)."""
        people, ties = world.people, world.ties
        places = place_of(people)
        outside = len(self.attraction.size)
        weights = self.income_elasticity, self.unemployment_weight, self.service_weight
        levels = (
            *self.attraction.changes(world, *weights),
            self.attraction.reach(world, self.exponent),
        )
        local = people.registration[rows] != NON_LOCAL
        stay = people.belonging[rows] - self.usual_belonging[people.registration[rows]]
        stay = self.belonging_weight * stay
        if "own_home" in people:
            stay += self.home_owner_stay * people.own_home[rows]
        constants = [0.0, *(self.constant[move] for move in MOVES[1:])]
        constants += [self.town_shift, self.rural_leave_shift, self.next_village_shift]
        constants += [self.tie_weight, self.age_away, self.age_home]
        found: tuple[np.ndarray, np.ndarray] = choose(
            rows,
            people.id[rows],
            years,
            local,
            places[rows].astype(np.int64),
            home_place(people, rows, outside),
            stay.astype(np.float64),
            (people.age[rows] - MIDDLE) / 10.0,
            ties_at_home(self, world, rows, years),
            levels,
            np.array(constants),
            ties.by_layer,
            (people.alive, places),
            world.draws.key("migration.choice"),
        )
        return found
