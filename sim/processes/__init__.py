"""Turns one process in which the model is loaded into as many workers as there is work for.

Reading order: server (the process, and workers that are its copies), loaded (what it loads).
"""
