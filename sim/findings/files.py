"""Writes findings beside the runs: one JSON file a question, figures as PNG and SVG."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SCHEMA = 1


def write_findings(
    folder: Path, stem: str, content: Mapping[str, Any], figures: "Mapping[str, Figure]"
) -> dict[str, Any]:
    """Write `<stem>.json` and `figures/<name>.png` and `.svg`; the paths by kind."""
    from sim.report import save
    from sim.store.atomic import write_bytes, write_text
    from sim.store.folders import usable_folder

    folder = usable_folder(folder)
    written = []
    for name, figure in figures.items():
        written += list(save(figure, folder / "figures" / name, write_bytes).values())
    text = json.dumps({"schema": SCHEMA, **content}, ensure_ascii=False, indent=1, default=_plain)
    path = write_text(folder / f"{stem}.json", text + "\n")
    return {"findings": path, "figures": written}


def finite(value: Any) -> Any:
    """The same content with None for what is no finite number, as JSON wants it."""
    import math

    import numpy as np

    if isinstance(value, Mapping):
        return {str(key): finite(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [finite(part) for part in value]
    if isinstance(value, np.generic):
        return finite(value.item())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _plain(value: Any) -> Any:
    return str(value)
