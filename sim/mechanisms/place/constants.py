"""Constants of moves against staying, and the trend of jobs, solved on the reference world.

With them the stated flows of adults come out, and jobs grow as the labour force does.

Written by `experiments/solve_migration.py`; not to be edited by hand.
"""

CONSTANT: dict[str, float] = {
    "rural_to_urban": 2.243,
    "home": -0.639,
    "leave_region": -2.303,
    "outsiders_leave": -0.945,
    "other": -1.178,
}

# By kind of place, per year.
JOB_GROWTH: dict[str, float] = {
    "urban": -0.0054,
    "town": 0.0159,
    "rural": -0.0351,
}
