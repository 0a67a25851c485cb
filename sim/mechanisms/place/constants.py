"""Constants of moves against staying, solved so that the stated flows of a first year come out.

Written by `experiments/solve_migration.py`; not to be edited by hand.
"""

CONSTANT: dict[str, float] = {
    "rural_to_urban": 1.523,
    "home": -1.013,
    "leave_region": -2.167,
    "outsiders_leave": -0.970,
    "other": -0.608,
}
