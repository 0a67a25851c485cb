"""What stands where a comparison is about to be written: another one, figures out of date.

<folder>/comparison.json    says what the one that stands there is about
<folder>/figures/           holds its figures, and perhaps some that somebody drew
"""

import json
from pathlib import Path
from typing import Any

from sim.engine.compare import Comparison

MANIFEST = "comparison.json"
# Stems of the figures of a comparison, as `comparison_files` draws them.
FIGURES = ("differences", "robustness", "course-*", "difference-*", "groups-*")
_ABOUT = ("baseline", "scenarios", "settings", "seeds")  # what makes it another comparison


def replaced_by(found: Comparison, folder: Path) -> dict[str, Any] | None:
    """What another comparison that stands there is about, which this one will take the place of.

    None where there is none, or as many or more pairs of the same one: these replace nothing.
    """
    earlier = _out_of_date(found, folder)
    if earlier is None:
        return None
    settings = json.loads(json.dumps(dict(found.settings), default=str))
    names = [scenario.name for scenario in (found.baseline, *found.others)]
    now = dict(zip(_ABOUT, (names[0], names, settings, found.plan.seed), strict=True))
    return earlier if any(earlier[key] != now[key] for key in _ABOUT) else None


def make_room(found: Comparison, folder: Path) -> None:
    """Take the figures of other runs away, those of fewer pairs too; what else is there stays."""
    if _out_of_date(found, folder) is None:
        return
    from sim.store.atomic import remove
    from sim.store.folders import FIGURES as DRAWN

    for stem in FIGURES:
        for kind in ("png", "svg"):
            for figure in (folder / DRAWN).glob(f"{stem}.{kind}"):
                remove(figure)


def _out_of_date(found: Comparison, folder: Path) -> dict[str, Any] | None:
    """What stands there, if it is of other runs and there is something to write in its place."""
    runs = [[run.scenario, run.seed, run.run_id] for run in found.runs.in_order()]
    try:
        content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        about = {key: content[key] for key in (*_ABOUT, "runs")}
        about["scenarios"] = list(content["scenarios"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return about if len(found.table) and about["runs"] != runs else None
