"""What the page on Python shows is run here, word for word and in its order."""

import re
from pathlib import Path

import sim

PAGE = Path(sim.__file__).parents[1] / "docs" / "python.md"
SNIPPETS = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


def test_the_snippets_of_the_page_run_and_end_with_rows_over_everybody(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for snippet in SNIPPETS:
        exec(compile(snippet, str(PAGE), "exec"), names)
    everybody = names["everybody"]
    assert not everybody.index.duplicated().any()  # a row an outcome, so none of a group
    spent = everybody.loc["spent_per_resident"]
    assert 0 < spent["low"] <= spent["difference"] <= spent["high"]  # mediators are paid
