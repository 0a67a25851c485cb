"""What a comparison under draws of the parameters keeps beside its runs."""

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.engine.compare import Comparison
    from sim.engine.parameter_draws import Drawn

DRAWS = "parameter_draws.csv"


def robustness_content(found: "Comparison") -> dict[str, Any]:
    """What the draws say, as plain JSON.

    `rows` are those of `sim.analysis.robustness`, `means` each draw's mean difference over
    everybody in the outcomes asked for (the headline ones), `failed` the draws that lack a run.
    """
    from sim.analysis import records
    from sim.analysis.robustness import draw_means
    from sim.outcomes import HEADLINES

    drawn = found.drawn
    if drawn is None:
        raise ValueError("no parameters were drawn")
    rows = [] if found.robustness is None else records(found.robustness)
    asked = found.baseline.outcomes or HEADLINES
    return {
        "draws": len(drawn.values),
        "replications": drawn.replications,
        "parameters": len(drawn.uncertain),
        "stated": list(drawn.stated),
        "failed": drawn.draws_failed,
        "rows": rows,
        "means": records(draw_means(drawn.pairs, asked)),
    }


def write_draws(drawn: "Drawn | None", folder: Path) -> dict[str, Path]:
    """The draws as CSV: one line a parameter, with its range, and one column a draw.

    What an older comparison of the folder has drawn goes when this one drew nothing.
    """
    from sim.store.atomic import remove, write_text

    if drawn is None:
        for older in (folder / DRAWS, *folder.glob("figures/robustness.*")):
            remove(older)
        return {}

    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    numbers = range(1, len(drawn.values) + 1)
    heads = ["parameter", "low", "likely", "high", "distribution"]
    lines.writerow([*heads, *(f"draw {number}" for number in numbers)])
    for name, one in drawn.uncertain.items():
        facts = [name, one.low, one.likely, one.high, one.distribution]
        lines.writerow([*facts, *(values[name] for values in drawn.values)])
    return {"draws": write_text(folder / DRAWS, text.getvalue())}
