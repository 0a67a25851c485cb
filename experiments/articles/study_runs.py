"""Which runs a page of a study stands on: where they are kept, of which version, by their ids."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

WORDS = {
    "en": "It stands on {count} runs of model version {versions}; the command keeps them in "
    "`{folder}`. Whoever runs it with this version gets the same ids: their SHA-256, by variant "
    "and seed, one a line, begins with `{digest}`. `shiyu results show ID {folder}` shows a run; "
    "the first of each variant:",
    "zh": "本页依据{count}次运行，模型版本{versions}；上述命令把它们存放在 `{folder}`。"
    "用同一版本重新运行，编号相同：按方案和种子排列（每行一个），其SHA-256开头为 `{digest}`。"
    "`shiyu results show 编号 {folder}` 查看一次运行；各方案的第一次：",
}
DIGEST_LENGTH = 16
BEGINNING = 8  # digits of an id: enough to find a run by


@dataclass(frozen=True)
class Kept:
    """The runs of a study: their whole ids by variant in the order of seeds, and their versions."""

    folder: str
    ids: Mapping[str, Sequence[str]]
    versions: Sequence[str]

    @property
    def digest(self) -> str:
        """One number that stands for all ids."""
        lines = "".join(f"{identity}\n" for own in self.ids.values() for identity in own)
        return hashlib.sha256(lines.encode("ascii")).hexdigest()[:DIGEST_LENGTH]

    def told(self, titles: Mapping[str, Mapping[str, str]], lang: str) -> str:
        """Two sentences, as Markdown."""
        told = WORDS[lang].format(
            count=sum(map(len, self.ids.values())),
            versions=", ".join(f"`{version}`" for version in self.versions),
            folder=self.folder,
            digest=self.digest,
        )
        colon, comma, stop = (": ", ", ", ".") if lang == "en" else ("：", "，", "。")
        first = [
            f"{titles[variant][lang]}{colon}`{own[0][:BEGINNING]}`"
            for variant, own in self.ids.items()
        ]
        gap = " " if lang == "en" else ""
        return f"{told}{gap}{comma.join(first)}{stop}"


def kept(folder: str, variants: Iterable[str], runs: Sequence[Any]) -> Kept:
    """What these runs (of `RunResult`'s attributes), in the order of their seeds, come to."""
    ids = {name: [run.run_id for run in runs if run.scenario == name] for name in variants}
    return Kept(folder, ids, sorted({run.version for run in runs}))
