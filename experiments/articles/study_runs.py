"""Which runs a page of a study stands on: where they are kept, of which version, by their ids."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

WORDS = {
    "en": "{count} runs of model version {versions}, kept in `{folder}` of whoever made the page. "
    "The SHA-256 of all ids (in the order below, one a line) begins with `{digest}`; "
    "`shiyu results show ID {folder}` shows one. Their beginnings, by variant and seed:",
    "zh": "共{count}次运行，模型版本{versions}，存放在生成本页者的 `{folder}`。"
    "全部编号（按下列顺序，每行一个）的SHA-256开头为 `{digest}`；"
    "`shiyu results show 编号 {folder}` 查看其中一次。各方案按种子排列的编号开头：",
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
        """A sentence, and a line a variant, as Markdown."""
        told = WORDS[lang].format(
            count=sum(map(len, self.ids.values())),
            versions=", ".join(f"`{version}`" for version in self.versions),
            folder=self.folder,
            digest=self.digest,
        )
        colon = ": " if lang == "en" else "："
        lines = [
            f"- {titles[variant][lang]}{colon}"
            + " ".join(f"`{identity[:BEGINNING]}`" for identity in own)
            for variant, own in self.ids.items()
        ]
        return "\n".join([told, "", *lines])


def kept(folder: str, variants: Iterable[str], runs: Sequence[Any]) -> Kept:
    """What these runs (of `RunResult`'s attributes), in the order of their seeds, come to."""
    ids = {name: [run.run_id for run in runs if run.scenario == name] for name in variants}
    return Kept(folder, ids, sorted({run.version for run in runs}))
