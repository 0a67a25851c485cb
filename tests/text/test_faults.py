"""Faults are told in Chinese too: every sentence of the code has a translation, and no more."""

import ast
import errno
import os
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

import sim
from sim.engine.ledger import known
from sim.experiment import wording as of_experiments
from sim.kernel import ScenarioError
from sim.scenario import load
from sim.scenario import wording as of_scenarios
from sim.text import fault_in
from sim.text.faults import sentences
from tests.attacks.bad_files import BAD_FILES
from tests.thinned import one_in

KNOWN = known()
SOURCES = sorted(Path(sim.__file__).parent.rglob("*.py"))
RAISED = {"ShiyuError", "StoreError", "IncompleteError", "BadSettingError", "Fault", "_refused"}
CONSTANTS = {"_ADVICE", "_READING_ADVICE", "_WHOLE", "_FOREIGN", "_TORN", "_UNSAFE", "_TORN_ADVICE"}
NOT_FOR_USERS = re.compile(r"\{\}(: \{\})?|seed \{\}: \{\}|\{\}: a \{\} has a day twice.*")


def template(node: ast.AST) -> str | None:
    """A text of the code with {} for each value in it."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(v.value) if isinstance(v, ast.Constant) else "{}" for v in node.values)
    return None


def texts(node: ast.expr) -> Iterator[str]:
    """The sentences in an argument: either branch of a choice, each value of a table."""
    if isinstance(node, ast.IfExp):
        yield from texts(node.body)
        yield from texts(node.orelse)
    elif isinstance(node, ast.Dict):
        for value in node.values:
            yield from texts(value)
    else:
        text = template(node)
        if text and " " in text.strip() and not NOT_FOR_USERS.fullmatch(text):
            yield text


def raised() -> set[str]:
    """Sentences that faults and errors of the code are made of."""
    found: set[str] = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in RAISED:
                for argument in [*node.args, *(each.value for each in node.keywords)]:
                    found.update(texts(argument))
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in CONSTANTS:
                found.update(texts(node.value))
    return found


def worded() -> set[str]:
    """The sentences of scenarios and of experiments, with {} for their placeholders."""
    return {
        re.sub(r"(?<!\{)\{[^{}]*\}(?!\})", "{}", text)
        .replace("{{", "{")
        .replace("}}", "}")
        .lstrip("; ")
        for module in (of_scenarios, of_experiments)
        for name, text in vars(module).items()
        if name.isupper() and isinstance(text, str)
    }


def test_every_sentence_of_a_fault_has_a_translation() -> None:
    assert sorted((raised() | worded()) - set(sentences())) == []


def test_no_translation_is_of_a_sentence_that_the_code_no_longer_has() -> None:
    said = worded()
    for path in SOURCES:
        said.update(filter(None, map(template, ast.walk(ast.parse(path.read_text("utf-8"))))))
    said |= {os.strerror(number).lower() for number in errno.errorcode}
    said |= {f"{{}} {text}" for text in said} | {f"{text}: {{}}" for text in said}  # with a name
    assert sorted(set(sentences()) - said) == []


def test_translations_take_the_values_of_their_sentence() -> None:
    for english, chinese in sentences().items():
        taken = {int(name) for _, name, _, _ in string.Formatter().parse(chinese) if name}
        assert taken <= set(range(english.count("{}"))), english
        assert not english.count("{}") or taken, english


@pytest.mark.parametrize("bad", one_in(7, BAD_FILES), ids=lambda bad: bad.what)
def test_a_bad_file_is_told_of_in_chinese_at_the_same_place(bad, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("bad.yaml").write_bytes(bad.content)
    with pytest.raises(ScenarioError) as refused:
        load("bad.yaml", KNOWN)
    for fault in refused.value.faults:
        told = fault_in(str(fault), "zh")
        assert re.search("[\u4e00-\u9fff]", told), str(fault)
        place = f"bad.yaml:{fault.line}:{fault.column}: " if fault.line else "bad.yaml: "
        assert told.startswith(place)


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        (
            "a.yaml:3:5: policies.x: no such lever; allowed here: a, b; did you mean y?",
            "a.yaml:3:5: policies.x: 没有这个政策杠杆；这里可用：a, b；是不是y？",
        ),
        ("Got unexpected extra argument(s) (factor)", "多余的参数：factor"),
        ("x: 9 is above 5; allowed: 0 to 5 (weeks)", "x: 9高于5；允许：0至5（周）"),
        ("results/x: is not a whole part of a store", "results/x: 不是结果库的完整分卷"),
        ("seed -1: must be a whole number from 0 to 9", "种子-1：须为0至9的整数"),
        ("C:\\x\\a.yaml: no such file", "C:\\x\\a.yaml: 没有这个文件"),
        ("--shock a：b: not a shock; write KIND", "--shock a：b：写法不对；请写KIND，冒号用半角"),
        ("a.yaml:5:3: is given twice, first in line 4", "a.yaml:5:3: 给了两次，第一次在第4行"),
        (".: is not a file: .", ".: 不是文件：."),
        ("nobody has translated this", "nobody has translated this"),
    ],
)
def test_place_key_and_values_stay_as_they_are(english: str, chinese: str) -> None:
    assert fault_in(english, "zh") == chinese
    assert fault_in(english, "en") == english
