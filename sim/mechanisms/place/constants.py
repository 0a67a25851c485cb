"""Constants of moves against staying, solved so that the stated flows of a first year come out.

Written by `experiments/solve_migration.py`; not to be edited by hand.
"""

CONSTANT: dict[str, float] = {
    "rural_to_urban": 1.847,
    "home": 0.291,
    "leave_region": -1.648,
    "outsiders_leave": 0.392,
    "other": -0.535,
}
