"""Turns known results of theory into verdicts on the very classes that scenarios run.

Reading order: runner (finds the limits, runs them, judges), settings (what a user may set), drawn
(settings at random), page (the tables of the docs), bench (the smallest worlds in which a mechanism
can run alone).
"""

from sim.verify.runner import check, limits, verdict_rows, verify

__all__ = ["check", "limits", "verdict_rows", "verify"]
