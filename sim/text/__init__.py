"""Turns a key into the sentence that a person reads, in English or Chinese.

Reading order: catalogue (finding and caching the strings), then the files `en/*.yaml` and
`zh/*.yaml`. Both languages hold the same keys with the same placeholders.

    say("report.title", lang="zh", scenario="...")

A key is flat and dotted; its first segment names the file that holds it, so `report.title` lives
in `en/report.yaml` and `zh/report.yaml`, written there in full. A file is read when one of its
keys is first asked for. What the code itself says in English is told in Chinese by `fault_in`
(faults) and `phrase_in` (units, sources and meanings). Nothing heavy is imported: command-line help
must answer at once.
"""

from sim.text.catalogue import LANGUAGES, every_string, language, language_of, say
from sim.text.faults import fault_in
from sim.text.phrases import phrase_in

__all__ = ["LANGUAGES", "every_string", "fault_in", "language", "language_of", "phrase_in", "say"]
