"""Constants of moves against staying, and the trend of jobs, solved on the reference world.

With them the stated flows of adults come out, and jobs grow as the labour force does.

Written by `experiments/solve_migration.py`; not to be edited by hand.
"""

CONSTANT: dict[str, float] = {
    "rural_to_urban": 1.777,
    "home": -1.046,
    "leave_region": -2.179,
    "outsiders_leave": -0.981,
    "other": -0.611,
}

# By kind of place, per year.
JOB_GROWTH: dict[str, float] = {
    "urban": -0.0051,
    "town": 0.0101,
    "rural": -0.0314,
}
