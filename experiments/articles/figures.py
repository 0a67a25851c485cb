"""Writes docs/articles/figures.md and index.md: quantities beside the articles, and the studies.

`figures.yaml` names each quantity of an article and the place where the model holds it. The value
is read from there, so that the table cannot differ from the model.
"""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from sim.engine.ledger import full_ledger  # noqa: E402
from sim.engine.load import load  # noqa: E402
from sim.scenario.find import shipped_scenarios  # noqa: E402
from sim.world.place import load_place  # noqa: E402

HERE = Path(__file__).parent
PAGES = ROOT / "docs" / "articles"
CITY = "jincheng-2020"
WORDS = {
    "en": {
        "title": "# What the articles state and what the model uses",
        "lead": "Thirteen articles are the source of this model. Each row sets a quantity of one "
        "of them beside the number in the model that it decides.",
        "head": "| article | what it states | there | in the model | value | |",
        "studies": "# The articles as studies",
        "studies_lead": "Each page asks an article's own question of the model. Articles 8 and 9 "
        "say the same and share one. One run of each situation (`shiyu run NAME`) at scale .01 "
        "took 5 to 15 s on one core, start included.",
        "makes": "{command} makes its page",
        "figures": "What the articles state and what the model uses",
    },
    "zh": {
        "title": "# 文章中的数字与模型所用的数字",
        "lead": "本模型以十三篇文章为来源。每一行把文章中的一个数字与它所决定的模型数值并列。",
        "head": "| 文章 | 所述 | 文中数值 | 模型中的位置 | 数值 | |",
        "studies": "# 以文章为题的研究",
        "studies_lead": "每一页以模型回答一篇文章自己的问题。文章八、九内容相同，合为一页。"
        "各情景以0.01的规模运行一次（`shiyu run 名称`），单核用时5至15秒（含启动）。",
        "makes": "{command} 生成此页",
        "figures": "文章中的数字与模型所用的数字",
    },
}


def rows() -> list[dict[str, Any]]:
    """The rows of the table."""
    found: list[dict[str, Any]] = YAML(typ="safe").load(
        (HERE / "figures.yaml").read_text(encoding="utf-8")
    )
    return found


def held(at: str) -> Any:
    """The value that the model holds at a place, for example `parameter water.drip_cost`."""
    kind, name, *rest = at.split()
    if kind == "parameter":
        return full_ledger()[name].default
    if kind == "place":
        return load_place(CITY).value(name)
    if kind == "lever":
        place = load_place(CITY)
        return float(place.bases[name][place.divisions.index(rest[0])])
    if kind == "study":
        return set_by(name, *rest)
    return within(written(name), rest[0].split("."))


def written(name: str) -> Any:
    """A scenario as its file has it, after a check that it holds."""
    load(name)
    return YAML(typ="safe").load(shipped_scenarios()[name].read_text(encoding="utf-8"))


def set_by(study: str, variant: str, key: str) -> Any:
    """What a variant of a study sets a key to."""
    given = YAML(typ="safe").load((HERE / f"{study}.yaml").read_text(encoding="utf-8"))
    (found,) = (each for each in given["variants"] if each["name"] == variant)
    return found["settings"][key]


def within(tree: Mapping[str, Any], path: list[str]) -> Any:
    """The entry under a dotted key."""
    for part in path:
        tree = tree[part]
    return tree


def table(lang: str) -> Iterator[str]:
    """The lines of the page of figures."""
    words = WORDS[lang]
    yield f"{words['title']}\n\n{words['lead']}\n\n{words['head']}\n|---|---|---|---|---|---|"
    for row in rows():
        how = row.get("how", {}).get(lang, "")
        yield (
            f"| {row['article']} | {row[lang]} | {stated(row, lang)} | `{row['at']}` | "
            f"{told(held(row['at']))} | {how} |"
        )


def stated(row: Mapping[str, Any], lang: str) -> str:
    """What the article states, with its unit; Chinese units follow the number at once."""
    space = " " if lang == "en" else ""
    return f"{row['value']}{space}{row['unit'][lang]}"


def told(value: Any) -> str:
    """A number without an empty fraction."""
    return f"{value:,.10g}" if isinstance(value, int | float) else str(value)


def index(lang: str) -> Iterator[str]:
    """The lines of the list of studies."""
    words, ending = WORDS[lang], "" if lang == "en" else ".zh"
    yield f"{words['studies']}\n\n{words['studies_lead']}\n"
    for file in sorted(HERE.glob("[0-9][0-9]-*.yaml")):
        title = YAML(typ="safe").load(file.read_text(encoding="utf-8"))["title"][lang]
        page = f"{file.stem}{ending}.md"
        command = words["makes"].format(
            command=f"`python experiments/articles/study.py {file.stem}`"
        )
        yield f"- [{title}]({page})" if (PAGES / page).exists() else f"- {title} ({command})"
    yield f"\n[{words['figures']}](figures{ending}.md)"


def main() -> None:
    """Write the pages in both languages."""
    PAGES.mkdir(parents=True, exist_ok=True)
    for lang, ending in (("en", ""), ("zh", ".zh")):
        for name, lines in (("figures", table(lang)), ("index", index(lang))):
            path = PAGES / f"{name}{ending}.md"
            path.write_text("\n".join([*lines, ""]), encoding="utf-8", newline="\n")
            print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
