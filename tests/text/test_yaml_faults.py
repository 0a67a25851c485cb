"""What the library that reads YAML says is told in Chinese, with what to do about it."""

import re
from pathlib import Path

import pytest

from sim.scenario.faults import Faults
from sim.scenario.node import Source
from sim.scenario.read import read_text
from sim.text import fault_in
from sim.text.faults import sentences

MISTAKES = [
    ("a:\n\tb: 3\n", "这里有制表符"),
    ("a:\n    b: 1\n   c: 2\n", "缩进与同级的行不一致"),
    ("a:\n  b: 1\n  - c\n", "这里不能写列表项（-）"),
    ("a:\n  - b\n  c: 1\n", "同级的行都是列表项"),
    ("a: - b\n", "这里不能写列表项（-）"),
    ("a: ? b\n", "这里不能写键（?）"),
    ("a: b: c\n", "这里不能再写“键: 值”"),
    ('a: "b" c\n', "这里多出了文字"),
    ("a: {b: 1}}\n", "这里多出了'}'"),
    ("a: &x &y z\n", "这里多出了锚点（&）"),
    ('a: "b\nc: d\n', "到文件末尾，引号还没有闭合；"),
    ('a: "b\n---\nc"\n', "到文档分隔处，引号还没有闭合"),
    ("a: {b: {c: 1}\nd: 2\n", "这里应是逗号或右花括号，而不是文字"),
    ("a: [b, c\n", "这里应是逗号或右方括号，而不是文件末尾"),
    ("a: @b\n", "文字不能以'@'开头"),
    ("a: 1\nb\nc: 2\n", "键的后面缺少冒号"),
    ('a: "\\q"\n', "反斜杠后面不能跟'q'"),
    ("a: *\n", "*或&后面应是字母或数字，而不是换行"),
    ("a: |b\n  c\n", "|或>后面要换行，不能跟'b'"),
    ("a: ,\n", "这里应是一个值，而不是','"),
    ("a: 1\n%b\n", "%开头的行下面应是---，而不是文件末尾"),
    ("%b\na: 1\n", "%开头的行下面应是---，而不是文字"),
    ("a: !x!y b\n", "没有定义标签'!x!'"),
]


def told(text: str, lang: str) -> str:
    faults = Faults()
    read_text(text, Source("x.yaml", Path()), faults)
    return fault_in(str(faults.sorted()[0]), lang)


@pytest.mark.parametrize(("text", "chinese"), MISTAKES)
def test_a_mistake_in_yaml_is_told_in_chinese(text, chinese):
    said = told(text, "zh")
    assert chinese in said
    assert not re.search("expected|found|allowed", said)


def test_every_sentence_that_is_translated_is_met_in_a_mistake():
    said = " ".join(told(text, "zh") for text, _ in MISTAKES)
    never = [
        chinese
        for chinese in sentences("zh_yaml.yaml").values()
        if not re.search(".*".join(map(re.escape, chinese.split("{0}"))), said)
    ]
    assert never == []


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("a:\n\tb: 3\n", "indent with spaces"),
        ("a:\n    b: 1\n   c: 2\n", "begin in the same column"),
        ('x: 1\na: "b\nc: d\n', "the quote that opens in line 2 is not closed"),
        ("a: {b: 1\nc: 2\n", "the bracket that opens in line 1 is not closed"),
        ("a: b: c\n", "text that holds a colon in quotes"),
        ("a: 1\nb\nc: 2\n", "after a key comes a colon"),
        ("a: @b\n", "goes in quotes"),
    ],
)
def test_a_mistake_in_yaml_comes_with_what_to_do_about_it(text, advice):
    assert advice in told(text, "en")
