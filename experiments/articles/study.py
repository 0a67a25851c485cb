"""Answers the question of an article: runs its variants on common random numbers, writes its pages.

Usage: `python experiments/articles/study.py 04` (or several names, or `all`). The runs are kept
in results/articles/NN-name, so that a second call computes only what is missing. The pages are
docs/articles/NN-name.md and NN-name.zh.md; every number in them comes from the stored runs. The
list of studies follows.

A study is a YAML file beside this one, NN-name.yaml:

    scenario: 04-metropolitan         # the first variant: a scenario of scenarios/articles
    title: {en: ..., zh: ...}
    question, setup, answer, not_shown: {en: ..., zh: ...}
    replications: 10
    settings: {scale: 0.01}           # laid over every variant
    variants:                         # the others: settings laid over the first one
      - {name: council, title: {en: ..., zh: ...}, settings: {policies.metropolitan.form: council}}
    outcomes: [...]                   # names, or {outcome: NAME, by: division, group: chengqu},
                                      # with `title` where the outcome's own words do not do
    claims:                           # what would be wrong otherwise: judged from the paired runs
      - {text: {en: ..., zh: ...}, outcome: NAME, more: council, than: fragmented}

A claim says that an outcome is higher (`more`) in one variant than (`than`) in another; with
`by_at_least: X` by that much, with `near: X` that they differ by less than X. `base` is the first
variant. With `than: [a, b]` variant `more` changes the outcome by more than a and b together;
`differs: true` asks for a difference of either sign. With `of: VARIANT` a claim is about an outcome
itself: `below: X`, `above: X`, or `above_outcome: NAME` of the same variant. Changes and the
differences in the tables are against the first variant, unless `against` names another one. Numbers
that come from runs stand in the tables only, so that no sentence can go stale: `answer` says in
words what the tables show.
"""

import argparse
from pathlib import Path

from figures import main as write_lists
from studies import run
from study_pages import write

HERE = Path(__file__).parent


def main() -> None:
    """Run the studies asked for and write their pages."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("studies", nargs="+", metavar="NN", help="how its name begins, or all")
    parser.add_argument("--workers", type=int, default=None)
    asked = parser.parse_args()
    files = sorted(HERE.glob("[0-9][0-9]-*.yaml"))
    begins = tuple("" if name == "all" else name for name in asked.studies)
    chosen = [f for f in files if f.stem.startswith(begins)]
    if not chosen:
        parser.error(f"no such study; there are {', '.join(f.stem for f in files)}")
    for file in chosen:
        study = run(file, asked.workers)
        for lang in ("en", "zh"):
            write(study, lang)
    write_lists()


if __name__ == "__main__":
    main()
