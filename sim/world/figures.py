"""The numbers that a place must state before people can be made from it, each with its bounds.

Bounds are what the builder can work with; the plausible range of a number stands in the place file.
"""

from itertools import product

from sim.world.flows import KINDS, REGISTRATIONS

Bounds = tuple[float, float]

SHARE: Bounds = (0.0, 1.0)
SPREAD: Bounds = (1e-3, 0.5)
POSITIVE: Bounds = (1e-9, 1e12)
AMOUNT: Bounds = (0.0, 1e12)
WORKING_SECTORS = ("primary", "secondary", "tertiary")
AGE_BANDS = ("age_18_34", "age_35_59", "age_60_plus")
HOUSEHOLD_SIZES = ("one", "two", "three", "four")
TIE_LAYERS = ("household", "neighbours", "kin", "coworkers", "friends", "online")
INSTITUTIONS = ("community", "township", "city", "court")
ORGANISATION_KINDS = (
    "life_service",
    "charity",
    "mediation",
    "public_security",
    "youth",
    "college",
    "other",
)
OFFICES_WITH_STAFF = (
    "village",
    "community",
    "township",
    "rooms_city",
    "intermediate_court",
    "department",
    "petition_office",
    "hotline",
    "police_station",
    "mediation_centre",
    "city_government",
)

DIVISION_FIGURES: dict[str, Bounds] = {
    "population": (10.0, 1e8),
    "urban_share": SHARE,
    "communities": (0.0, 100_000.0),
    "villages": (0.0, 100_000.0),
    "townships": (1.0, 10_000.0),
    "community_residents": (1.0, 1e6),
    "floating": AMOUNT,
    "adult_share": (0.05, 1.0),
    "judges": (0.01, 1e5),
    "background_factor": (0.0, 100.0),
    "budget_yuan_per_year": AMOUNT,
    "execution_share": SHARE,
    "area": POSITIVE,
    "latitude": (-90.0, 90.0),
    "longitude": (-180.0, 180.0),
}
WHOLE_FIGURES = ("communities", "villages", "townships")


def _each(prefix: str, names: tuple[str, ...], bounds: Bounds) -> dict[str, Bounds]:
    return {f"{prefix}.{name}": bounds for name in names}


def _by_kind(prefix: str, bounds: Bounds) -> dict[str, Bounds]:
    pairs = product(WORKING_SECTORS, KINDS)
    return {f"{prefix}.{sector}.{kind}": bounds for sector, kind in pairs}


PARAMETERS: dict[str, Bounds] = {
    "world.smallest_scale": (1e-4, 1.0),
    "world.kinds_merge_below": SHARE,
    "world.household_size": (1.0, 20.0),
    **_each("world.adults_per_household", HOUSEHOLD_SIZES, SHARE),
    "world.village_size_cv": (0.0, 3.0),
    "world.community_size_cv": (0.0, 3.0),
    "world.residents_per_community_grid": (1.0, 1e6),
    "world.seat_radius_km": AMOUNT,
    "world.floating_urban_share": SHARE,
    "world.floating_adult_share": SHARE,
    "world.class_share.local_urban": SHARE,
    **{f"world.{band}_share": SHARE for band in AGE_BANDS},
    **_each("world.floating_age_share", AGE_BANDS, SHARE),
    "world.oldest_age": (61.0, 120.0),
    **_each("world.insured_share", REGISTRATIONS, SHARE),
    **_each("world.other_income", KINDS, POSITIVE),
    **_each("world.service_supply", KINDS, SHARE),
    "world.entitlement": SHARE,
    "world.centre_minutes.mean": POSITIVE,
    "world.centre_minutes.cv": (0.0, 5.0),
    "world.member_share": SHARE,
    "world.social_organisations": (0.0, 1e6),
    **_each("world.organisation_kind", ORGANISATION_KINDS, SHARE),
    "world.firms.jobs_per_employer": (1.0, 1e7),
    "world.firms.residents_per_developer": (1.0, 1e8),
    "world.firms.residents_per_property": (1.0, 1e8),
    "world.firms.residents_per_lender": (1.0, 1e8),
    "world.firm_size_log_sd": (0.0, 5.0),
    "world.contract_mu_per_village": AMOUNT,
    "world.video_feeds": AMOUNT,
    **_each("ties.degree", TIE_LAYERS, (0.0, 200.0)),
    **_each("ties.local_share", TIE_LAYERS, SHARE),
    **_each("ties.strength", TIE_LAYERS, (1e-6, 1e6)),
    "ties.clustering": SHARE,
    "ties.homophily": SHARE,
    "ties.turnover_per_year": (0.0, 100.0),
    "labour.employed_share": SHARE,
    "labour.unemployment_share": (0.0, 0.95),
    **_each("labour.force_by_age", AGE_BANDS, SHARE),
    **_each("labour.unemployment_by_kind", KINDS, SHARE),
    **_by_kind("labour.sector_share", SHARE),
    **_by_kind("labour.wage", POSITIVE),
    "labour.log_wage_sd": (0.0, 3.0),
    **{f"start.trust.{office}.mean": SHARE for office in INSTITUTIONS},
    "start.trust.sd": SPREAD,
    "start.trust.correlation": SHARE,
    "start.trust.non_local_shift": (-1.0, 1.0),
    "start.norm.mean": SHARE,
    "start.norm.sd": SPREAD,
    **_each("start.legal_awareness.mean", REGISTRATIONS, SHARE),
    "start.legal_awareness.sd": SPREAD,
    "start.efficacy.mean": SHARE,
    "start.efficacy.sd": SPREAD,
    "start.efficacy.non_local_shift": (-1.0, 1.0),
    "start.distress.mean": SHARE,
    "start.distress.sd": SPREAD,
    "start.belonging.local.mean": SHARE,
    "start.belonging.non_local.mean": SHARE,
    "start.belonging.sd": SPREAD,
    "start.threshold.mean": SHARE,
    "start.threshold.sd": SHARE,
    "start.threshold.floor": SHARE,
    "start.susceptibility.mean": SHARE,
    "start.susceptibility.sd": SPREAD,
    **_each("offices.persons", OFFICES_WITH_STAFF, AMOUNT),
    "offices.police_stations_per_township": (0.01, 100.0),
    "projects.starts_per_year": (0.0, 10_000.0),
    "projects.mean_cost": AMOUNT,
    "land.mu_per_village": AMOUNT,
}

# Shares that split a whole: each tuple adds up to 1 in a place file.
WHOLES: tuple[tuple[str, ...], ...] = (
    tuple(_each("world.adults_per_household", HOUSEHOLD_SIZES, SHARE)),
    tuple(f"world.{band}_share" for band in AGE_BANDS),
    tuple(_each("world.floating_age_share", AGE_BANDS, SHARE)),
    tuple(_each("world.organisation_kind", ORGANISATION_KINDS, SHARE)),
    *(tuple(f"labour.sector_share.{s}.{kind}" for s in WORKING_SECTORS) for kind in KINDS),
)
