"""Disputes arise by domain, are talked over or tolerated, and grow more intense meanwhile.

    rate_id = P_d / 10,000 x e_id x m_i f_d     m_i = exp(b (g_i - g0) + c (norm_i - n0) + h) / M

P_d is the yearly rate of domain d per 10,000 residents, e the exposure (who can have such a
dispute; mean 1), m the multiplier (mean 1 at the baseline through M, capped), h what the work of
the own committee adds, f what water and air do to their domains. A week's candidates come
at the highest rate and are thinned at the present one (Lewis and Shedler 1979), so that a calmer
policy gets a subset of the same potential disputes.

Intensity grows while nobody deals with it: dI/dt = y (1 - I), exact. A tolerated dispute has a
term of its own, exponential; then it is withdrawn. Talks take an exponential time and settle by
logit in norm and intensity. Source: rates by domain from survey pagodas (Michelson 2007) and
court and mediation statistics; see the flow table in docs.
"""

from typing import Annotated

import numpy as np
from numba import njit

from sim.kernel import (
    Clock,
    Column,
    Group,
    Limit,
    Mechanism,
    Parameter,
    Quantity,
    Within,
    entity_ids,
)
from sim.kernel.draws import hashed, highest_word, rows_with_low_words, unit_interval
from sim.mechanisms.conflict.counterparts import FirmsMet, counterparts, exposures
from sim.mechanisms.conflict.success import Slopes, chance, settles
from sim.world.adding import add_each
from sim.world.candidates import residents_an_adult
from sim.world.disputes import (
    DECIDING,
    DOMAINS,
    FOUND,
    LATENT,
    NEGOTIATING,
    TALK,
)
from sim.world.exposed import arising, exposed_of
from sim.world.flows import KINDS
from sim.world.world import World

# Columns of units with the log factor on a domain's rate; candidates stand at the multiplier's cap.
DOMAIN_LOG_RATES = {"water": "water_log_rate", "environment": "environment_log_rate"}


def _rate(value: float, low: float = 0.6, high: float = 1.5) -> Parameter:
    source = "the account of a year's disputes: total 800 per 10,000 (500-1,200), split by domain"
    return Parameter(
        value, "per 10,000 residents a year", low * value, high * value, "derived", source
    )


class Disputes(Mechanism):
    """Potential disputes of 15 domains arise; talks and tolerated terms end."""

    name = "disputes"
    rate = Group(
        neighbour=_rate(204),
        family=_rate(110),
        debt=_rate(105),
        damage=_rate(62),
        traffic=_rate(55),
        labour=_rate(52),
        land=_rate(40),
        land_acquisition=_rate(10),
        housing=_rate(16),
        property=_rate(50),
        consumer=_rate(57),
        medical=_rate(7),
        tourism=_rate(3),
        environment=_rate(22),
        water=_rate(7),
    )
    grievance_log_slope = Parameter(
        0.8, "log rate per unit of grievance", 0.0, 2.0, "assumed", "1 at the baseline mean"
    )
    norm_log_slope = Parameter(
        -0.6, "log rate per unit of norm", -1.5, 0.0, "assumed", "1 at the baseline mean"
    )
    multiplier_cap = Parameter(
        3.0, "ratio", 2.0, 5.0, "assumed", "candidates stand at this multiple of the rate"
    )
    intensity_mean = Parameter(0.4, "share of 1", 0.3, 0.5, "assumed", "at opening")
    intensity_sd = Parameter(0.2, "share of 1", 0.1, 0.25, "assumed", "beta distribution")
    intensity_growth = Parameter(
        0.8, "1/year towards 1", 0.2, 2.0, "assumed", "while latent or negotiating only"
    )
    firm_counterpart_share = Parameter(
        0.3, "share", 0.15, 0.5, "assumed", "in debt, labour, property, consumer and housing"
    )
    term_days = Parameter(
        38, "days, exponential", 14, 120, "assumed", "a tolerated dispute is then withdrawn"
    )
    talk_days = Parameter(30, "days, exponential", 14, 60, "assumed", "then settled or failed")
    talk_success = Parameter(
        0.8, "share of talks settled", 0.65, 0.9, "assumed", "the parties alone"
    )

    talk_norm = Parameter(0.15, "logit per sd of norm", 0.0, 0.4, "assumed", "few sound studies")
    talk_intensity = Parameter(
        -1.0, "logit per unit of intensity", -2.0, -0.2, "assumed", "loop gain stays under .3"
    )

    reads = (
        "exposed.rows",
        "people.grievance",
        "people.norm",
        "people.employed",
        "people.kind",
        "people.intensity_push",
        "units.dispute_log_rate",
        *(f"units.{column}" for column in DOMAIN_LOG_RATES.values()),
    )
    writes = {
        "people.open_disputes": Column("disputes", 0, 99, "open disputes of a person", 0, "i2"),
        "people.live_disputes": Column("disputes", 0, 99, "of these, not tolerated", 0, "i2"),
        "people.intensity_push": Column(
            "share", -1, 1, "added to the intensity of new disputes", flow=True
        ),
    }
    adds = ("disputes.transitions", "people.grievance_relief")

    def prepare(self, world: World) -> None:
        """Work out who can have which dispute, and the scale that makes the mean multiplier 1."""
        people = world.people
        self._firms_met = FirmsMet()
        exposure = exposures(world)
        yearly = np.array([self.rate[d] for d in DOMAINS]) / 10_000.0
        weighted = exposure * yearly * (1.0 - exposed_of(world).carried)
        self._total = np.outer(weighted.sum(axis=1), residents_an_adult(world))
        self._shares = np.cumsum(weighted, axis=1) / weighted.sum(axis=1, keepdims=True)
        self._centre = (
            float(np.average(people.grievance, weights=people.weight)),
            float(np.average(people.norm, weights=people.weight)),
        )
        self._mean_multiplier = 1.0
        raw = self.multiplier(world, np.arange(len(people)))
        usual = self._total[2 * people.kind + people.employed, people.division]
        self._mean_multiplier = float(np.average(raw, weights=people.weight * usual))
        self._intensity_quantiles = _beta_table(self.intensity_mean, self.intensity_sd)

    def multiplier(self, world: World, rows: np.ndarray) -> np.ndarray:
        """The rate of these people relative to the baseline mean, at most the cap."""
        grievance, norm = self._centre
        log_rate = self.grievance_log_slope * (world.people.grievance[rows] - grievance)
        log_rate = log_rate + self.norm_log_slope * (world.people.norm[rows] - norm)
        log_rate = log_rate + world.units.dispute_log_rate[world.people.unit[rows]]
        return np.minimum(np.exp(log_rate) / self._mean_multiplier, self.multiplier_cap)

    def domain_factor(self, world: World, rows: np.ndarray, domains: np.ndarray) -> np.ndarray:
        """What the surroundings of these people do to the rate of each one's domain."""
        units, unit = world.units, world.people.unit[rows]
        log_rate = np.zeros(len(rows), np.float32)
        for domain, column in DOMAIN_LOG_RATES.items():
            here = domains == DOMAINS.index(domain)
            log_rate[here] = units[column][unit[here]]
        return np.exp(log_rate)

    def step(self, world: World, clock: Clock) -> None:
        """Terms and talks that end by now end; new disputes arise."""
        self.end_tolerated(world, clock)
        self.end_talks(world, clock)
        self.found_late(world)
        self.arise(world, clock)
        world.people.empty("intensity_push")
        disputes, people = world.disputes, world.people
        for counts, rows in (
            (people.open_disputes, disputes.is_open),
            (people.live_disputes, disputes.is_live),
        ):
            counts[:] = 0
            add_each(counts, disputes.person[rows], 1)

    def end_tolerated(self, world: World, clock: Clock) -> None:
        """A tolerated dispute whose term is over is given up."""
        disputes = world.disputes
        disputes.withdraw(disputes.due_in(LATENT, clock.ends), "tolerated")

    def found_late(self, world: World) -> None:
        """What was tolerated until a grid worker found it has grown more intense since it arose."""
        disputes = world.disputes
        rows = disputes.in_state(DECIDING)
        rows = rows[disputes.failed_in[rows] == FOUND]
        days = disputes.since[rows] - disputes.opened[rows]
        disputes.intensity[rows] = self.grown(disputes.intensity[rows], days)

    def end_talks(self, world: World, clock: Clock) -> None:
        """Talks end settled or failed; the failed ones choose anew on that day."""
        disputes = world.disputes
        rows = disputes.due_in(NEGOTIATING, clock.ends)
        if not len(rows):
            return
        at = disputes.due[rows]
        disputes.intensity[rows] = self.grown(disputes.intensity[rows], at - disputes.since[rows])
        slopes = Slopes(0.0, self.talk_norm, self.talk_intensity)
        agreed = settles(
            world, rows, "talk", chance(world, rows, "talk", self.talk_success, None, slopes)
        )
        add_each(world.people.grievance_relief, disputes.person[rows[agreed]], 1.0)
        disputes.settle(rows[agreed], "talk", at[agreed])
        disputes.fail(rows[~agreed], TALK, at[~agreed])

    def grown(self, intensity: np.ndarray, days: np.ndarray) -> np.ndarray:
        """Intensity after so many days without anybody dealing with the dispute."""
        return 1.0 - (1.0 - intensity) * np.exp(-self.intensity_growth * days / 365.25)

    def arise(self, world: World, clock: Clock) -> None:
        """The week's candidates whose moment lies in this step become disputes, or do not."""
        draws, people, week = world.draws, world.people, clock.week
        rows, domains = _candidates(
            people.id,
            (people.alive, people.kind, people.employed, people.division),
            self._total * (self.multiplier_cap * 7.0 / 365.25),
            self._shares,
            draws.key("disputes.candidate"),
            draws.key("disputes.domain"),
            np.uint64(week),
        )
        ids = entity_ids("dispute", people.id[rows], domains, week)
        at = clock.week_begins + 7.0 * draws.uniform("disputes.offset", ids)
        here = (at >= clock.begins) & (at < clock.ends)
        rows, domains, ids, at = rows[here], domains[here], ids[here], at[here]
        rate = self.multiplier(world, rows) * self.domain_factor(world, rows, domains)
        kept = draws.uniform("disputes.accept", ids) * self.multiplier_cap < rate
        rows, domains, ids, at = rows[kept], domains[kept], ids[kept], at[kept]
        order = at.argsort(kind="stable")
        usual = rows[order], domains[order], ids[order], at[order]
        both = zip(usual, arising(world, clock), strict=True)
        self.open(world, *[np.concatenate(parts) for parts in both])

    def open(self, world: World, rows, domains, ids, at) -> None:  # type: ignore[no-untyped-def]
        """Enter new disputes of these people (rows) into the table, ready for a first choice."""
        people, draws = world.people, world.draws
        luck = draws.uniform("disputes.intensity", ids)
        intensity = np.interp(luck, _QUANTILES, self._intensity_quantiles)
        counterpart, against = counterparts(
            world, rows, domains, ids, self.firm_counterpart_share, self._firms_met
        )
        world.disputes.open(
            id=ids,
            person=rows,
            unit=people.unit[rows],
            division=people.division[rows],
            cell=people.cell[rows],
            domain=domains,
            state=np.full(len(rows), DECIDING),
            opened=at,
            since=at,
            due=at,
            intensity=(intensity + people.intensity_push[rows]).clip(0.0, 1.0),
            counterpart=counterpart,
            against=against,
            weight=people.weight[rows],
        )


_QUANTILES = np.linspace(0.0, 1.0, 1025)


def _beta_table(mean: float, sd: float) -> np.ndarray:
    from scipy.special import betaincinv

    size = mean * (1.0 - mean) / sd**2 - 1.0
    return betaincinv(mean * size, (1.0 - mean) * size, _QUANTILES)


@njit(cache=True)
def _candidates(ids, traits, weekly, shares, key, domain_key, week):  # type: ignore[no-untyped-def]
    """Rows and domains of the week's candidates: at most one a person, chance = its expectation.

    `traits` are who is alive, the kind of place, who is employed, and the division; `weekly` is the
    expectation of a week by pattern (2 kind + employed) and division; `shares` are the domains'
    summed shares by pattern.
    """
    alive, kind, employed, division = traits
    rows, domains = [], []
    near, words = rows_with_low_words(ids, key, week, highest_word(weekly.max()))
    for k in range(near.size):
        i = near[k]
        pattern = 2 * kind[i] + employed[i]
        chance = weekly[pattern, division[i]]
        if alive[i] and unit_interval(words[k]) < chance:
            luck = unit_interval(hashed(domain_key, ids[i], week, np.uint64(0)))
            domain = 0
            while luck > shares[pattern, domain] and domain < shares.shape[1] - 1:
                domain += 1
            rows.append(i)
            domains.append(domain)
    return np.array(rows, np.int64), np.array(domains, np.int64)


def poisson(
    rate: Annotated[float, Within(1.0, 20_000.0)] = 800.0,
    people: Annotated[int, Within(100, 200_000)] = 10_000,
    years: Annotated[float, Within(0.2, 20.0)] = 2.0,
) -> Limit:
    """Known result: at base rates counts have mean = variance = lambda N T."""
    whole_weeks = round(years * 365.25 / 7.0)
    expected = rate / 10_000.0 * people * whole_weeks * 7.0 / 365.25
    if expected < 50.0:
        raise ValueError(f"{expected:.3g} disputes are too few to count; more people or years")

    def simulate(mechanism: type[Disputes], seed: int) -> dict[str, float]:
        from sim.verify.bench import bare_world, ready, weeks

        world = bare_world(people, seed)
        world.people.kind[:] = KINDS.index("rural")  # where every domain can arise
        scale = rate / sum(parameter.default for parameter in mechanism.rate.values())
        rates = {f"rate.{k}": v.default * scale for k, v in mechanism.rate.items()}
        rule = mechanism(rates | {"grievance_log_slope": 0.0, "norm_log_slope": 0.0})
        ready(world, rule)
        opened = []
        for clock in weeks(years):
            before = len(world.disputes)
            rule.arise(world, clock)
            opened.append(len(world.disputes) - before)
        spread = np.var(opened, ddof=1) / np.mean(opened)
        return {"opened": float(len(world.disputes)), "variance_over_mean": float(spread)}

    per_week = rate / 1e4 * 7.0 / 365.25
    return Limit(
        "poisson",
        {"rate": rate, "people": people, "years": years},
        (
            Quantity("opened", "disputes", expected),
            Quantity("variance_over_mean", "of weekly counts", 1.0, per_week),
        ),
        simulate,
        "Kingman (1993), Poisson Processes, chapter 2",
        replications=20,
        notes="at most one candidate a person and week: the variance lacks that chance",
    )
