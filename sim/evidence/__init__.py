"""Sets what the whole city shows beside what it should show, for a referee to judge.

Reading order: observed (what is noted of a run), levels (the rows of a baseline year), responses
(what must follow from a change that nobody tuned to) and expectations (the same for the whole
model), paired (runs base and changes on the same luck), judging, runs and responses_runs (the two
checks), writing, page and responses_page (the pages of the docs). Limits of single mechanisms are
`sim.verify`'s.
"""

from sim.evidence.page import made_by, page, tables
from sim.evidence.runs import REPLICATIONS, Verdicts, check_city
from sim.evidence.writing import counted

__all__ = ["REPLICATIONS", "Verdicts", "check_city", "counted", "made_by", "page", "tables"]
