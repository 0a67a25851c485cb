"""Turns a scenario and a seed into a run, many into a comparison, and keeps what is finished.

Reading order: order (the week on one page), ledger and load (what a scenario may say), build (the
city before its first week), run (one run, or several on one warm city), model (the same as a
`mesa.Model`), kept (a run in a store); then workers, replications, plan, pairs,
compare and comparison_files (policies beside a baseline).
"""
