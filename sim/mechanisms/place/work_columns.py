"""The columns of work: what people, cells, divisions and employers keep of it."""

from sim.kernel import Column
from sim.world.people import LOWEST_INCOME


def columns() -> dict[str, Column]:
    """What labour owns."""
    return {
        "people.in_force": Column("yes or no", 0, 1, "works or looks for work", 0, "?"),
        "people.employed": Column("yes or no", 0, 1, "has work", 0, "?"),
        "people.unemployed": Column("yes or no", 0, 1, "looks for work", 0, "?"),
        "people.sector": Column("code", 0, 3, "none, primary, secondary, tertiary", 0, "i1"),
        "people.wage": Column("yuan a month", 0, 1e7, "pay"),
        "people.income": Column(
            "yuan a month", 0, 1e7, "income per adult of the household", LOWEST_INCOME
        ),
        "people.insured": Column("yes or no", 0, 1, "insured through work", 0, "?"),
        "people.jobless_since": Column("day", -1e9, 1e9, "when work was last looked for", -1e9),
        "people.separated_at": Column("day", -1e9, 1e9, "when work was last lost", -1e9),
        "people.job_spell": Column("count", 0, 32767, "spells of work or of looking", 0, "i2"),
        "people.work_due": Column(
            "hazard", -1e3, 1e3, "left until the spell ends; below 0, years waited for a post"
        ),
        "cells.jobs": Column("adults", 0, 1e9, "posts, filled or not", 0, "f8"),
        "cells.workers": Column("adults", 0, 1e9, "labour force", 0, "f8"),
        "cells.work_chance": Column("share", 0, 1, "with work, of the labour force", 1, "f8"),
        "cells.wage_factor": Column("ratio", 0, 1e3, "pay against the start", 1, "f8"),
        "cells.mode_trend": Column("log", -50, 50, "growth of jobs that the mode added", 0, "f8"),
        "divisions.separation_ratio": Column(
            "ratio", 0, 1e3, "who loses work, against who usually would", 1, "f8"
        ),
        "divisions.autonomy_shift": Column(
            "share", -1, 1, "what the mode of development adds to organisations' autonomy", 0, "f8"
        ),
        "firms.jobs": Column("persons", 0, 1e9, "who work with an employer", 0, "f8"),
        "firms.laid_off": Column("persons", 0, 1e9, "who lost work there in 26 weeks", 0, "f8"),
        "firms.asked": Column("count", 0, 1e6, "how often layoffs could open an issue", 0, "i4"),
        "firms.asked_at": Column("day", -1e9, 1e9, "when they last could", -1e9, "f8"),
    }
