"""What each policy of a comparison changes, kept beside its results and told in its report."""

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.engine.compare import Comparison


def keep_changes(found: "Comparison", lang: str) -> None:
    """Add to the comparison that is kept what `shiyu scenarios diff` tells of each policy.

    The report is then written anew with it, from the same file as `shiyu report` reads.
    """
    from sim.engine.comparison_files import write_report
    from sim.engine.ledger import known
    from sim.scenario.difference import differences
    from sim.store.atomic import write_text

    path = found.files.get("comparison")
    if path is None:  # no pair of runs has finished
        return
    ledger, base = known().ledger, found.baseline
    changes = {
        other.name: [vars(one) for one in differences(base, other, ledger)]
        for other in found.others
    }
    content = json.loads(path.read_text(encoding="utf-8")) | {"changes": changes}
    write_text(path, json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1) + "\n")
    courses = {"trajectory": found.runs.trajectories()}
    write_report(content | courses, found.files["report"], lang)
