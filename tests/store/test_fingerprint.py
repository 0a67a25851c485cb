"""Version and fingerprint change exactly when code or machine may change a bit."""

import os
import subprocess
import sys

import numpy as np
import pytest

import sim
from sim.store.fingerprint import (
    PACKAGE,
    model_version,
    numeric_facts,
    numeric_fingerprint,
    provenance,
    source_hash,
)
from sim.store.run_id import content_hash


@pytest.fixture
def package(tmp_path):
    for name in ("kernel/clock.py", "mechanisms/conflict/courts.py", "report/style.py"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"rate = 1\nday = 7\n")
    return tmp_path


def test_code_that_decides_values_changes_the_version(package):
    before = source_hash(package)
    (package / "mechanisms/conflict/courts.py").write_bytes(b"rate = 2\nday = 7\n")
    assert source_hash(package) != before


def test_a_new_file_or_another_name_changes_the_version(package):
    before = source_hash(package)
    (package / "kernel/clock.py").rename(package / "kernel/time.py")
    assert source_hash(package) != before


def test_code_that_only_draws_figures_leaves_the_version(package):
    before = source_hash(package)
    (package / "report/style.py").write_bytes(b"colour = 'blue'\n")
    assert source_hash(package) == before


def test_line_ends_of_windows_leave_the_version(package):
    before = source_hash(package)
    (package / "kernel/clock.py").write_bytes(b"rate = 1\r\nday = 7\r\n")
    assert source_hash(package) == before


def test_text_cannot_move_from_one_file_to_the_next_unseen(package):
    before = source_hash(package)
    (package / "kernel/clock.py").write_bytes(b"rate = 1\n")
    (package / "mechanisms/conflict/courts.py").write_bytes(b"day = 7\nrate = 1\nday = 7\n")
    assert source_hash(package) != before


def test_the_fingerprint_is_sixteen_digits_of_the_hash_of_its_facts():
    found = numeric_fingerprint()
    assert found == content_hash(numeric_facts())[:16]
    assert len(found) == 16


def test_the_version_names_package_and_code():
    stated, _, code = model_version().partition("+")
    assert stated == sim.__version__
    assert len(code) == 12
    assert int(code, 16) >= 0


def test_the_facts_name_processor_and_libraries():
    facts = numeric_facts()
    assert facts["numpy"] == np.__version__
    assert facts["features"]
    assert all(facts[name] != "absent" for name in ("numba", "scipy", "llvmlite"))


def test_forbidding_a_processor_feature_changes_the_fingerprint():
    found = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])
    if not found:
        pytest.skip("this processor offers nothing beyond NumPy's baseline")
    code = "from sim.store.fingerprint import numeric_fingerprint as f; print(f())"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=PACKAGE.parent,
        env={**os.environ, "NPY_DISABLE_CPU_FEATURES": " ".join(found)},
    )
    assert done.stdout.strip() != numeric_fingerprint()


def test_the_provenance_is_the_callers_own_to_change():
    first = provenance()
    first["libraries"]["numpy"] = "changed"
    first["commit"] = "changed"
    assert provenance()["libraries"]["numpy"] == np.__version__
    assert provenance()["commit"] != "changed"


def test_the_provenance_tells_version_machine_and_libraries():
    known = provenance()
    assert known["version"] == model_version()
    assert known["fingerprint"] == numeric_fingerprint()
    assert known["platform"]
    assert known["python"].startswith("3.")
