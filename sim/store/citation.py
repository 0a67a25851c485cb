"""What to name when runs are cited: code, commit, scenarios, seeds, numeric fingerprint."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Cited:
    """Runs of one scenario that the same code computed."""

    scenario: str
    version: str | None
    commit: str | None
    fingerprint: str | None
    runs: int = 0
    every_seed: set[int] = field(default_factory=set)
    year: int | None = None
    hashes: set[str] = field(default_factory=set)
    own: set[tuple[str, str]] = field(default_factory=set)  # users' mechanisms: name, SHA-256

    @property
    def seeds(self) -> tuple[int, int]:
        """The lowest and the highest seed."""
        return min(self.every_seed), max(self.every_seed)

    @property
    def scenario_hash(self) -> str:
        """SHA-256 of the resolved scenario; of several, of their sorted hashes, one a line."""
        if len(self.hashes) == 1:
            return next(iter(self.hashes))
        return hashlib.sha256("\n".join(sorted(self.hashes)).encode()).hexdigest()

    def row(self) -> dict[str, Any]:
        """The same as plain JSON."""
        return {
            "scenario": self.scenario,
            "version": self.version,
            "commit": self.commit,
            "fingerprint": self.fingerprint,
            "runs": self.runs,
            "seeds": list(self.seeds),
            "every_seed": sorted(self.every_seed),
            "year": self.year,
            "scenarios": len(self.hashes),
            "scenario_hash": self.scenario_hash,
            "user_mechanisms": [{"name": name, "sha256": sha} for name, sha in sorted(self.own)],
        }


def cited(entries: Iterable[Mapping[str, Any]]) -> list[Cited]:
    """What to name for these runs (catalogue entries), the most numerous first."""
    found: dict[tuple[Any, ...], Cited] = {}
    for entry in entries:
        known = entry.get("provenance", {})
        code = (known.get("version"), known.get("commit"), known.get("fingerprint"))
        group = found.setdefault((entry["scenario"], *code), Cited(entry["scenario"], *code))
        group.every_seed.add(int(entry["seed"]))
        group.runs += 1
        group.hashes.add(str(known.get("scenario_hash")))
        group.own |= {(name, sha) for name, sha in entry.get("user_mechanisms", ())}
        created = str(entry.get("created") or "")[:4]
        if created.isdigit():
            group.year = max(group.year or 0, int(created))
    return sorted(found.values(), key=lambda group: (-group.runs, group.scenario))
