"""Constants solved on a reference world by `experiments/solve_channels.py`; derived, not chosen.

FIRST: logit of each first action by domain. AFTER: logit of each action after a failure, by the
level that failed. SUCCESS_SHIFT: added to the logit of a level's success share.
"""

FIRST: dict[str, dict[str, float]] = {}
AFTER: dict[str, dict[str, float]] = {}
SUCCESS_SHIFT: dict[str, float] = {}
