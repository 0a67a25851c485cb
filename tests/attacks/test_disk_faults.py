"""Whichever call of the disk fails, nothing half-written bears a name, and no run is lost."""

import ast
import errno
import json
import os
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import sim
from sim.store import Store
from sim.store.atomic import StoreError
from sim.store.lock import writer_lock

from .faulty import BASE, OTHER, Fault, calls_and_errors, known_runs, plain_drawings, told

ERRORS = (errno.ENOSPC, errno.EACCES, errno.ENOENT)
PACKAGE = Path(sim.__file__).parent


@pytest.fixture(scope="module")
def patch():
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@pytest.fixture(scope="module")
def fault(patch) -> Fault:
    known_runs(patch)
    plain_drawings(patch)
    return Fault(patch)


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    (tmp_path / "calm.yaml").write_text(BASE, encoding="utf-8")
    (tmp_path / "more.yaml").write_text(OTHER, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


COMMANDS = {
    "run": ("run", "calm.yaml", "--seed", "1"),
    "compare": ("compare", "calm.yaml", "more.yaml", "--reps", "1", "--workers", "1"),
}


def values(name: str, answer: str):
    return json.loads(answer)["outcomes" if name == "run" else "differences"]


def check_what_is_left(out: Path, fault: Fault, capsys) -> None:
    """Whole files only, and every run that was renamed is listed and read."""
    runs = {path.stem for path in fault.renamed if path.suffix == ".parquet"}
    assert Store(out).verify() == {"runs": len(runs), "broken": []}
    for path in out.rglob("*"):
        if path.suffix == ".json":
            json.loads(path.read_text(encoding="utf-8"))
        elif path.suffix in (".html", ".svg", ".png"):
            assert path.read_bytes() in (b"drawn" * 2000, b"<p>written</p>" * 2000)
        assert path.suffix != ".part"
    if out.exists():
        status, answer, _ = told(capsys, "results", "list", out, "--json")
        assert status == 0
        assert {run["run_id"][:16] for run in json.loads(answer)["runs"]} == runs


def check_message(status: int, answer: str, remarks: str, out: Path) -> None:
    """One line a fault: where, what, and an advice."""
    assert (status, answer) == (2, "")
    first, *rest = remarks.splitlines()
    assert first.startswith(str(out))
    assert "made to fail; " in first
    assert all(line.startswith("besides, ") for line in rest)
    assert len(rest) <= 1


SLOW = (("run", 1), ("compare", 7), ("compare", 2))


@pytest.mark.parametrize(
    ("name", "every"),  # six calls make a file, so seven apart meets each kind of call
    [("run", 7), *(pytest.param(*each, marks=pytest.mark.slow) for each in SLOW)],
)
def test_a_command_whose_disk_fails_at_any_call_tells_of_it_and_is_finished_by_the_next(
    folder, fault, capsys, name, every
):
    words = (*COMMANDS[name], "--json")
    fault.plan(0, 0)
    _, answer, _ = told(capsys, *words, "--out", folder / "unbroken")
    unbroken, calls = values(name, answer), fault.count
    assert calls > 12
    tried = calls_and_errors(calls, ERRORS, every)
    refused = 0
    for at, number in tried:
        out = folder / "out"
        fault.plan(at, number)
        status, answer, remarks = told(capsys, *words, "--out", out)
        fault.at = 0
        assert fault.count >= at
        if status != 0:
            refused += 1
            check_message(status, answer, remarks, out)
        check_what_is_left(out, fault, capsys)
        again, answer, _ = told(capsys, *words, "--out", out)
        assert (again, values(name, answer)) == (0, unbroken), (at, number)
        shutil.rmtree(out)
    assert refused >= len(tried) / 2  # a folder that cannot be synced is no fault


def test_a_store_that_vanishes_in_the_middle_is_told_of_and_made_again(folder, fault, capsys):
    out = folder / "out"
    words = (*COMMANDS["compare"], "--json", "--out", out)
    flush = Store.flush

    def gone(store: Store) -> None:
        shutil.rmtree(store.path)
        flush(store)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Store, "flush", gone)
        status, answer, remarks = told(capsys, *words)
    assert (status, answer) == (2, "")
    assert remarks.startswith(f"{out}/.lock: cannot be opened: no such file or directory; the fo")
    assert told(capsys, *words)[0] == 0


def test_a_run_whose_rows_are_torn_is_computed_anew(folder, fault, capsys):
    words = (*COMMANDS["run"], "--json", "--out", folder / "out")
    _, before, _ = told(capsys, *words)
    path = next((folder / "out" / "trajectories").glob("*.parquet"))
    content = bytearray(path.read_bytes())
    chunk = pq.read_metadata(path).row_group(0).column(3)
    last_value = chunk.dictionary_page_offset + chunk.total_compressed_size - 1
    content[last_value] ^= 1  # in a page of the table: the texts at the end are whole
    path.write_bytes(content)
    assert len(Store(folder / "out").verify()["broken"]) == 1
    status, again, _ = told(capsys, *words)
    assert (status, json.loads(again)["outcomes"]) == (0, json.loads(before)["outcomes"])
    assert Store(folder / "out").verify() == {"runs": 1, "broken": []}


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX limits")
def test_a_lock_that_cannot_name_its_holder_is_held_all_the_same(tmp_path):
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))  # no file may hold a byte
    try:
        with (
            writer_lock(tmp_path),
            pytest.raises(StoreError, match=r"another writer \(unknown\)"),
            writer_lock(tmp_path, wait_seconds=0),
        ):
            pass
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


WRITES = {
    "write_text", "write_bytes", "savefig", "to_csv", "to_parquet", "to_pickle", "to_feather",
    "mkdir", "makedirs", "unlink", "rmtree", "rmdir", "rename", "touch", "tofile", "savez",
    "symlink_to", "hardlink_to", "write_table", "copyfile", "copytree", "write_image",
}  # fmt: skip
ALLOWED = {
    ("store/atomic.py", "mkdir"),
    ("store/atomic.py", "open"),
    ("store/atomic.py", "unlink"),
    ("store/folders.py", "rmdir"),  # an empty folder that it made itself
    ("store/parquet.py", "write_table"),  # into memory
    ("store/part_writing.py", "write_table"),  # through `written_aside`
    ("store/export.py", "write_table"),  # through `written_aside`
    ("store/lock.py", "open"),  # nothing of a result is in it
    ("store/states.py", "open"),  # into an archive in memory
    ("report/style.py", "savefig"),  # into memory
    ("report/style.py", "mkdir"),  # write_plainly, for those who use `sim.report` alone
    ("report/style.py", "write_bytes"),
    ("report/fonts/build_font.py", "write_bytes"),  # run by hand when the typeface changes
    ("cli/console.py", "open"),  # nothing: os.devnull
    ("report/tables.py", "rename"),  # columns of a table
    ("mechanisms/conflict/disputes.py", "open"),  # disputes, not files
    ("mechanisms/conflict/issue_opening.py", "open"),  # issues, not files
    ("cli/scratch.py", "mkdir"),  # what libraries keep for themselves
}


def writing_calls(source: str) -> set[str]:
    """Methods that write, by their names; `open` with a mode that does, or with one not known."""
    found = set()
    for call in ast.walk(ast.parse(source)):
        if not isinstance(call, ast.Call):
            continue
        called = call.func
        if isinstance(called, ast.Attribute) and called.attr in WRITES:
            found.add(called.attr)
        by_path = isinstance(called, ast.Attribute) and called.attr == "open"
        if by_path or (isinstance(called, ast.Name) and called.id == "open"):
            modes = call.args[0 if by_path else 1 :][:1]
            modes += [word.value for word in call.keywords if word.arg == "mode"]
            reads = all(
                isinstance(m, ast.Constant) and not set("wax+") & set(m.value) for m in modes
            )
            if not reads:
                found.add("open")
    return found


def test_nothing_but_the_store_writes_files():
    found = {
        (path.relative_to(PACKAGE).as_posix(), call)
        for path in PACKAGE.rglob("*.py")
        for call in writing_calls(path.read_text(encoding="utf-8"))
    }
    assert found - ALLOWED == set()
    assert ALLOWED - found == set()


@pytest.mark.parametrize(
    "line",
    ["open('x', 'w')", "p.open('ab')", "open(f, mode='x')", "p.open(mode)", "f.savefig(p)"],
)
def test_a_line_that_writes_is_found(line):
    assert writing_calls(line)
