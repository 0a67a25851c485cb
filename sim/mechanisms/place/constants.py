"""Constants of moves against staying, and the trend of jobs, solved on the reference world.

With them the stated flows of adults come out, and jobs grow as the labour force does.

Written by `experiments/solve_migration.py`; not to be edited by hand.
"""

CONSTANT: dict[str, float] = {
    "rural_to_urban": 2.298,
    "home": -0.661,
    "leave_region": -2.286,
    "outsiders_leave": -0.929,
    "other": -1.146,
}

# By kind of place, per year.
JOB_GROWTH: dict[str, float] = {
    "urban": -0.0064,
    "town": 0.0171,
    "rural": -0.0349,
}
