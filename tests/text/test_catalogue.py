"""Every sentence exists in both languages, with the same placeholders."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import sim.text
from sim.kernel.fault import ShiyuError
from sim.text import LANGUAGES, every_string, language, say
from sim.text.catalogue import _by_yaml, placeholders, read_strings

FOLDER = Path(sim.text.__file__).parent
FILES = sorted(FOLDER.glob("*/*.yaml"))

# What may stay in Latin letters inside a Chinese sentence: names, units, commands and formats.
LATIN_IN_CHINESE = """
shiyu run compare sweep sensitivity discover calibrate validate plot report serve scenarios
results parameters outcomes verify describe list show diff schema export repair cite Shiyu YAML
JSON CSV Parquet PNG SVG HTML ODD Morris Sobol PRIM Mesa NetworkX Python Dask TinyDB DOI GraphML
BibTeX Holm SHIYU LANG help json seed set out reps precision workers outcome name PATH lang debug
version true false null base url URL OFL SHA MB GB CPU pip make BASE OTHER SCENARIO EXPERIMENT
TARGETS LIMIT KEY VALUE FILE LINE COL STORE NAME Markdown NUMBA CACHE DIR full summary delta
"""
CODE = re.compile(
    r"`[^`]*`|https?://\S+|--[a-z-]+|\{[^{}]*\}|[\w./-]+\.(?:yaml|html|json|py|csv|md)"
)


def test_a_key_lives_in_the_file_that_its_first_segment_names() -> None:
    assert {path.parent.name for path in FILES} == set(LANGUAGES)
    for path in FILES:
        for key in read_strings(path.read_text(encoding="utf-8"), path.name):
            assert key.partition(".")[0] == path.stem, key


def test_both_languages_have_the_same_keys() -> None:
    assert every_string("en").keys() == every_string("zh").keys()


def test_both_languages_have_the_same_placeholders() -> None:
    chinese = every_string("zh")
    for key, sentence in every_string("en").items():
        assert placeholders(sentence) == placeholders(chinese[key]), key


def test_no_english_is_left_in_chinese() -> None:
    allowed = set(LATIN_IN_CHINESE.split())
    for key, sentence in every_string("zh").items():
        words = set(re.findall(r"[A-Za-z]{2,}", CODE.sub(" ", sentence)))
        assert words <= allowed, f"{key}: {words - allowed}"


def test_no_chinese_is_left_in_english() -> None:
    for key, sentence in every_string("en").items():
        outside = re.sub(r"\([^()]*\)", "", sentence)  # a Chinese term may follow in brackets
        assert not re.search(r"[\u3400-\u9fff]", outside), key


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_quick_reader_agrees_with_yaml(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert read_strings(text, path.name) == _by_yaml(text, path.name)


def test_the_quick_reader_hands_blocks_and_odd_values_to_yaml() -> None:
    assert read_strings("a.b: >\n  one\n  two\n", "a.yaml") == {"a.b": "one two\n"}
    assert read_strings("a.b: 'it''s'\n", "a.yaml") == {"a.b": "it's"}
    assert read_strings("a.b: word # remark\n", "a.yaml") == {"a.b": "word"}


@pytest.mark.parametrize("text", ["a.b: 5\n", "a.b: true\n", "a.b: [x]\n", "a.b:\n"])
def test_a_value_that_is_not_text_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"a\.b is not text"):
        read_strings(text, "a.yaml")


def test_a_key_given_twice_is_refused() -> None:
    with pytest.raises(ValueError, match=r"a\.b is given twice"):
        read_strings('a.b: "x"\na.b: "y"\n', "a.yaml")


def test_placeholders_are_filled() -> None:
    assert say("report.question.one", "zh", scenario="晋城") == "“晋城”会改变什么？"


def test_one_thing_is_told_in_the_singular() -> None:
    told = [say("results.compacted", "en", runs=runs, parts=1) for runs in (0, 1, 2)]
    assert told == [
        "0 runs moved into 1 part",
        "1 run moved into 1 part",
        "2 runs moved into 1 part",
    ]


def test_an_unknown_key_is_named() -> None:
    for key in ("report.nowhere", "nowhere.at_all", "../en/report.question.one", ""):
        with pytest.raises(KeyError, match=re.escape(repr(key))):
            say(key, "en")


def test_a_missing_value_is_named() -> None:
    with pytest.raises(KeyError, match=r"report\.question\.one.*scenario"):
        say("report.question.one", "en")


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ShiyuError, match="'fr' is not spoken; use one of en, zh"):
        say("report.question.one", "fr", scenario="x")


@pytest.mark.parametrize("tag", ["zh", "ZH", "zh-CN", "zh_CN", "zh_CN.UTF-8", "zh-Hans"])
def test_a_language_is_known_by_its_tag_as_systems_write_it(tag: str) -> None:
    assert language(tag) == "zh"
    assert say("report.question.one", tag, scenario="x").endswith("？")
    assert every_string(tag) == every_string("zh")


def test_the_environment_chooses_the_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHIYU_LANG", "zh")
    assert say("report.question.one", scenario="x").endswith("？")
    monkeypatch.setenv("SHIYU_LANG", "")
    assert say("report.question.one", scenario="x").endswith("?")


def test_speaking_imports_nothing_heavy() -> None:
    code = (
        "import sys, sim.text; sim.text.say('report.question.one', 'zh', scenario='x');"
        "print(sorted({'numpy', 'numba', 'ruamel', 'matplotlib'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
