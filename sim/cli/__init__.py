"""Turns what a user types into a call of one function, and its answer into text or JSON.

Reading order: app (the commands, what becomes of errors), console (what is printed where), words
(help in the user's language), options (those that several commands share), then one file per
command. Heavy libraries are imported inside the command that needs them: help answers at once.

Exit status: 0 done; 1 some runs failed, or the program itself did; 2 the command or an input
cannot be used; 3 a check was not met; 130 stopped by the user.
"""

from sim.cli.app import main

__all__ = ["main"]
