"""The pinned libraries can be installed on every Python that the project names."""

import re
from importlib import metadata
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet  # comes with pytest

PINS = Path(__file__).parents[2] / "constraints.txt"
FIRST_PATCHES = ("3.11.0", "3.12.0", "3.13.0")  # Debian and others stay with early patches


def pinned() -> dict[str, str]:
    lines = re.findall(r"^([A-Za-z0-9._-]+)==([^ ;\n]+)", PINS.read_text(encoding="utf-8"), re.M)
    return dict(lines)


def refused(name: str, version: str) -> str | None:
    """Why the release that is installed cannot be on some Python, if so and if it is here."""
    try:
        found = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return None
    asked = found.get("Requires-Python", "")
    if found["Version"] != version:
        return None
    wanting = [python for python in FIRST_PATCHES if python not in SpecifierSet(asked)]
    return f"{name} {version} asks for Python {asked}" if wanting else None


def test_every_pin_goes_with_the_first_patch_of_every_python() -> None:
    reasons = [refused(name, version) for name, version in pinned().items()]
    assert len(reasons) > 50
    assert [reason for reason in reasons if reason] == []


def test_a_release_that_asks_for_a_later_patch_would_be_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    late = metadata.metadata("numpy")
    del late["Requires-Python"]
    late["Requires-Python"] = ">=3.11.5"
    monkeypatch.setattr(metadata, "metadata", lambda name: late)
    assert refused("numpy", late["Version"]) is not None
