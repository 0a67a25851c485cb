"""Constants of moves against staying, solved so that the stated flows of a first year come out.

Written by `experiments/solve_migration.py`; not to be edited by hand.
"""

CONSTANT: dict[str, float] = {
    "rural_to_urban": 1.95,
    "home": 0.43,
    "leave_region": -1.659,
    "outsiders_leave": 0.356,
    "other": -0.564,
}
