"""The words of the faults of a scenario, all in one place."""

import math

from sim.kernel.fault import printable

SHOWN_NAMES = 8  # of a longer list; more would bury the message
WHOLE_NAMES = 13  # a list of so many is shown whole: as many keys has a scenario
_SHOWN_LETTERS = 60

# reading
NO_FILE = "no such file"
NOT_A_FILE = "is not a file"
DANGLING = "is a link that leads to no file"
UNREADABLE = "cannot be read ({why})"
TOO_BIG = "holds more than {limit:,} bytes"
NOT_UTF8 = "is not UTF-8 text"
SAVE_AS_UTF8 = "save the file as UTF-8"
NOT_TEXT = "holds a character that is not text"
NOT_YAML = "is not YAML: {why}"
NO_TABS = "indent with spaces, not tabs"
INDENT_ALIKE = "lines that belong together begin in the same column"
ONE_A_LINE = "one `key: value` a line, and text that holds a colon in quotes"
OPEN_QUOTE = "the quote that opens in line {line} is not closed"
OPEN_BRACKET = "the bracket that opens in line {line} is not closed, or a comma is missing"
NO_COLON = "after a key comes a colon and a space"
QUOTE_MARK = "text that begins with such a mark goes in quotes"
EMPTY_FILE = "holds nothing"
TWO_DOCUMENTS = "a second document begins here; one file holds one scenario"
WRONG_VERSION = "says YAML {version}; only YAML 1.2 is read"
TAGGED = "carries the tag {tag}; tags are not allowed"
TOO_DEEP = "is nested deeper than {limit} levels"
TOO_MANY_NODES = "grows to more than {limit:,} values once its aliases are followed"
NO_ANCHOR = "refers to *{name}, which is not defined before"
OWN_ALIAS = "refers to itself by *{name}"
KEY_NOT_WORD = "a key must be a word"
NO_MERGE_KEY = "merge keys are not part of YAML 1.2; use extends"
TWICE = "is given twice, first in {where}"
NOT_FINITE = "{written} is not a finite number"
TOO_LONG_NUMBER = "is too long a number"
NO_SUCH_DAY = "{written} is no day of the calendar"
NO_SUCH_TYPE = "a scenario cannot hold a value of type {kind}"
TOO_MANY_FAULTS = "more than {limit} faults; the others are not shown"

# shape
EMPTY = "is empty"
LEAVE_OUT = "give a value or leave the key out"
NOT_MAPPING = "must be a mapping, not {what}"
NOT_LIST = "must be a list, not {what}"
NOT_NUMBER = "must be a number, not {what}"
NOT_WORD = "must be text, not {what}"
NOT_DAY = "must be a date such as 2020-01-01, not {what}"
MISSING = "is missing"
UNKNOWN_KEY = "no such key"
ONE_BELOW = "name what is below it: {names}"
ALL_LEVERS = "`shiyu parameters --levers` lists all, `shiyu parameters --levers WORD` looks one up"
ALL_PARAMETERS = "`shiyu parameters` lists all, `shiyu parameters WORD` looks one up"
ALL_OUTCOMES = "`shiyu outcomes` lists all, `shiyu outcomes WORD` looks one up"
NO_CHOICE = "{written} is not one of them"
HERE = "allowed here: {names}"
ALLOWED = "allowed: {names}"
BELOW = "{written} is below {bound}"
ABOVE = "{written} is above {bound}"
NOT_WHOLE = "{written} is not a whole number"
RANGE = "allowed: {low} to {high} ({unit})"
RANGE_OF_PLACE = "allowed in this place: {low} to {high} ({unit})"

# parents, places, files
NO_SCENARIO = "there is no scenario {written}"
NO_PLACE = "there is no place {written}"
NO_SOURCE = "a scenario is a name, a path or a mapping, not a value of type {kind}"
NAME_OR_PATH = "give a shipped name ({names}) or the path of a file"
EXPERIMENT = "is an experiment, not a scenario"
SWEEP_TAKES = "`shiyu sweep` runs it, `shiyu compare` compares its points"
CYCLE = "extends itself: {chain}"
LONG_CHAIN = "has more than {limit} parents"
NOT_SETTABLE = "cannot be set from outside a file"
GRAPH_KIND = "{written} is neither GraphML nor an edge list"
BAD_SLUG = "{written} is not a slug"
SLUG = "allowed: small letters, digits and single hyphens, at most 80"
RESERVED = "{written} is a name that Windows keeps for its devices"

# meaning
NO_LEVER = "no such lever"
NO_PARAMETER = "no such parameter"
NO_DIVISION = "no such division"
SAME_DIVISION = "names {division} a second time"
CALL_ALIKE = "to lay one value over another, as over that of a base, write {division} in both"
NO_MECHANISM = "there is no mechanism {written}"
NO_OUTCOME = "there is no outcome {written}"
NOT_YET = "comes with mechanism {mechanism}, which this model does not have"
SHOCKS_NOT_YET = "shocks come with mechanism shocks, which this model does not have"
OUTSIDE_RUN = "{day} is outside the run"
NOT_AFTER = "{day} does not come after {on}"
NOT_BOTH = "give households or jobs, not both"
NOT_OF_KIND = "a shock of kind {kind} takes no {key}"
NOT_OBEYED = "mechanism {mechanism} does not obey this lever yet"
NO_BASE = "place {place} states no base value for this lever"
NO_BASES = "{place} states no base value for {levers}"
NEEDS_LEVEL = "needs default, divisions or both"
NO_WEIGHT = "all four weights are 0 in {division}; one at least must be above 0"
UNSORTED = "{later} stands after {earlier}; dates must ascend"
SAME_DAY = "{day} is given twice"
LISTED_TWICE = "{written} is listed twice"
TOO_SHORT = "{years} years are shorter than one step of {days} days"
NOT_LOADED = "cannot be loaded ({why})"
NO_CLASS = "{written} is not of the form file.py:Class or package.module:Class"
NOT_A_SHARE = "{written} is not a share"
NOT_A_RATE = "{written} is not a rate: it is negative"

# warnings
IMPLAUSIBLE = "{written} is outside the plausible range {low} to {high} ({unit})"
ALL_HOUSEHOLDS = "{written} households are more than the {there} or so that live there: all are hit"
TOO_FEW = "fewer than {count} simulated adults at scale {scale}: answers on them need a larger one"
AFTER_RUN = "{day} comes after the end of the run, {last}: nothing comes of it"
NEVER_HOLDS = "{day} comes after the run, whose last step begins on {last}: this never holds"
AT_BASE = "says what holds in {place} anyway: this schedule changes nothing"
SHOCKS_OFF = "mechanism shocks is switched off here, so these shocks do nothing"
SWITCHED_OFF = "mechanism {mechanism} is switched off here, so this lever does nothing"
UNCHECKED = "belongs to a mechanism of your own and was not checked"


def shown(value: float) -> str:
    """A number as a reader would write it."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return f"{value:.12g}"


def short(text: str) -> str:
    """A word of the input on one line, cut if it is long, with what cannot be printed escaped."""
    cut = text if len(text) <= _SHOWN_LETTERS else f"{text[: _SHOWN_LETTERS - 3]}..."
    return printable(cut)
