"""Lines that spoil a good scenario: what each is, the line, and the fault expected of it.

They stand from line 3 on, below `name: bad` and `extends: jincheng-2020`.
"""

_SUBSIDY = "policies.grid.subsidy_yuan_per_year"
_PAPER = "policies.grid.paperwork_share"


def _subsidy(written: str) -> str:
    return f"policies: {{grid: {{subsidy_yuan_per_year: {written}}}}}"


def _paper(*steps: str) -> str:
    return (
        f"policies: {{grid: {{paperwork_share: [{', '.join(f'{{{step}}}' for step in steps)}]}}}}"
    )


def _flood(changed: str) -> str:
    """A flood of which one thing is written otherwise."""
    parts = {
        "kind": "flood",
        "on": "2021-07-01",
        "division": "chengqu",
        "households": "9",
    }
    key, _, value = changed.partition(": ")
    parts[key] = value
    return f"shocks: [{{{', '.join(f'{key}: {value}' for key, value in parts.items())}}}]"


# fmt: off
BAD_LINES = (
    # keys
    ("Norway as a key", "no: 1", "3:1", "no", "no such key; allowed here: name"),
    ("a number as a key", "1: 1", "3:1", "1", "no such key"),
    ("null as a key", "null: 1", "3:1", "null", "no such key"),
    ("true as a key", "true: 1", "3:1", "true", "no such key"),
    ("a date as a key", "2020-01-01: 1", "3:1", "2020-01-01", "no such key"),
    ("nothing as a key", ": 1", "3:1", "", "a key must be a word"),
    ("blanks as a key", '" ": 1', "3:1", "", "a key must be a word"),
    ("a mapping as a key", "? {a: 1}\n: 1", "3:3", "", "a key must be a word"),
    ("an alias as a key", "title: &t a\n*t : 1", "4:1", "", "a key must be a word"),
    ("a merge key", "time:\n  <<: {years: 2}", "4:3", "time", "merge keys are not part of"),
    ("a key of 5,000 letters", f"? {'k' * 5000}\n: 1", "3:3", "k" * 57 + "...", "no such key"),
    ("an escape in a key", '"\\e[31mred": 1', "3:1", "", "holds a character that is not text"),
    ("letters turned round in a key", "\u202eelacs: 1", "3:1", "", "a character that is not text"),
    ("a right-to-left mark in a key", "\u200fscale: 1", "3:1", "\u200fscale", "\\u200fscale: no"),
    ("a line separator in a key", "sc\u2028ale: 1", "3:1", "sc\u2028ale", "sc\\u2028ale: no such"),
    ("a key twice, one in quotes", 'scale: 1\n"scale": 1', "4:1", "scale", "first in line 3"),
    ("a key twice, deep down", "time: {years: 1,\n years: 2}", "4:2", "time.years", "given twice"),
    (
        "a lever twice, once with dots",
        "policies:\n  grid: {paperwork_share: .1}\n  grid.paperwork_share: .2",
        "5:3",
        "policies.grid.paperwork_share",
        "is given twice, first in line 4",
    ),
    ("two dots in a row", "policies: {grid..x: 1}", "3:12", "policies.grid..x", "no such lever"),
    ("an unknown key of time", "time: {start_: 1}", "3:8", "time.start_", "did you mean start?"),
    ("an unknown language", "why: {no: nei}", "3:7", "why.no", "allowed here: en, zh"),
    ("an unknown group", "parameters: {x: {y: 1}}", "3:14", "parameters.x", "no such parameter"),
    (
        "an unknown parameter",
        "parameters: {grievance: {decay: 1}}",
        "3:26",
        "parameters.grievance.decay",
        "no such parameter; allowed here: ",
    ),
    # scalars
    ("infinity", "scale: -.inf", "3:8", "scale", "-.inf is not a finite number"),
    ("not a number", "time: {years: .NaN}", "3:15", "time.years", ".NaN is not a finite number"),
    ("1e400", _subsidy("1e400"), "3:42", _SUBSIDY, "1e400 is not a finite number"),
    ("10**400", _subsidy("1" + "0" * 400), "3:42", _SUBSIDY, "is too long a number"),
    ("10**5000", _subsidy("1" + "0" * 5000), "3:42", _SUBSIDY, "is too long a number"),
    ("a number in quotes", _subsidy('"6000"'), "3:42", _SUBSIDY, "not the text '6000'"),
    ("an underscore", _subsidy("6_000"), "3:42", _SUBSIDY, "not the text '6_000'"),
    ("a thousands comma", _subsidy("[6,000]"), "3:43", _SUBSIDY, "must be a mapping, not a number"),
    ("a wide digit", _subsidy("６０００"), "3:42", _SUBSIDY, "must be a number, not the text"),
    ("a unit", _subsidy("6000 yuan"), "3:42", _SUBSIDY, "not the text '6000 yuan'"),
    ("true for a number", _subsidy("true"), "3:42", _SUBSIDY, "must be a number, not true or"),
    ("a negative subsidy", _subsidy("-1"), "3:42", _SUBSIDY, "-1 is below 0; allowed: 0 to 200000"),
    ("too much", _subsidy("200001"), "3:42", _SUBSIDY, "200001 is above 200000"),
    ("sexagesimal", "time: {years: 12:30}", "3:15", "time.years", "not the text '12:30'"),
    ("octal of YAML 1.1", "scale: 010", "3:8", "scale", "10 is above 1"),
    ("a tag of Python", "scale: !!python/object/new:os.system [id]", "3:8", "scale", "tags are"),
    ("a tag of one's own", "time: !time {years: 2}", "3:7", "time", "carries the tag !time"),
    ("an alias of nothing", "scale: *city", "3:8", "scale", "*city, which is not defined before"),
    ("a value that holds itself", "title: &t {en: *t}", "3:16", "title.en", "refers to itself"),
    ("letters turned round", "title: a\u202eb", "3:8", "title", "a character that is not text"),
    ("a bell", 'why: "\\a"', "3:6", "why", "holds a character that is not text"),
    # scale and time
    ("no scale", "scale:", "3:1", "scale", "is empty; give a value or leave the key out"),
    ("scale 0", "scale: 0", "3:8", "scale", "0 is below 0.005; allowed: 0.005 to 1 (share)"),
    ("scale 1e-9", "scale: 1e-9", "3:8", "scale", "1e-09 is below 0.005"),
    ("a list of scales", "scale: [0.01, 0.02]", "3:8", "scale", "must be a number, not a list"),
    ("no years", "time: {years: 0}", "3:15", "time.years", "0 years are shorter than one step"),
    ("years below 0", "time: {years: -1}", "3:15", "time.years", "-1 is below 0; allowed: 0 to"),
    ("101 years", "time: {years: 101}", "3:15", "time.years", "101 is above 100"),
    ("years as a date", "time: {years: 2025-01-01}", "3:15", "time.years", "not a date"),
    ("a step of 5 days", "time: {step_days: 5}", "3:19", "time.step_days", "allowed: 1, 3.5, 7"),
    ("30 February", "time: {start: 2020-02-30}", "3:15", "time.start", "no day of the calendar"),
    ("a moment", "time: {start: 2020-01-01T08:00:00Z}", "3:15", "time.start", "is no day of the"),
    ("a year for a day", "time: {start: 2020}", "3:15", "time.start", "must be a date such as"),
    ("the year 12020", "time: {start: 12020-01-01}", "3:15", "time.start", "is no day of the"),
    ("the year 9999", "time: {start: 9999-01-01}", "3:15", "time.start", "is above 2200-12-31"),
    # schedules
    ("a schedule of nothing", _subsidy("[]"), "3:42", _SUBSIDY, "is empty"),
    ("a step of nothing", _paper(""), "3:37", f"{_PAPER}.from", "is missing"),
    ("a schedule of numbers", _subsidy("[1, 2]"), "3:43", _SUBSIDY, "must be a mapping, not a"),
    ("a step with an end", _paper("from: 2021-01-01, until: 2022-01-01, value: .1"), "3:56",
     f"{_PAPER}.until", "no such key; allowed here: from, value"),
    ("a step without a value", _paper("from: 2021-01-01, value: "), "3:56", f"{_PAPER}.value",
     "is empty"),
    ("a step on no day", _paper("from: 2021-02-29, value: .1"), "3:44", f"{_PAPER}.from",
     "2021-02-29 is no day of the calendar"),
    ("days unsorted", _paper("from: 2022-01-01, value: .1", "from: 2021-01-01, value: .2"), "3:75",
     f"{_PAPER}.from", "2021-01-01 stands after 2022-01-01; dates must ascend"),
    ("a day twice", _paper("from: 2021-01-01, value: .1", "from: 2021-01-01, value: .1"), "3:75",
     f"{_PAPER}.from", "2021-01-01 is given twice"),
    ("a schedule in a step", _paper("from: 2021-01-01, value: [1]"), "3:63", f"{_PAPER}.value",
     "must be a number, not a list"),
    ("an unknown division", _subsidy("{divisions: {chenqu: 1}}"), "3:55",
     f"{_SUBSIDY}.divisions.chenqu", "did you mean chengqu?"),
    ("a division as a default", _subsidy("{default: {chengqu: 1}}"), "3:52", f"{_SUBSIDY}.default",
     "must be a number, not a mapping"),
    # lists, files, and what is not there
    ("a mechanism alone", "mechanisms: grievance", "3:13", "mechanisms", "must be a list, not the"),
    ("no mechanism", "mechanisms: []", "3:13", "mechanisms", "is empty; allowed: all, or a list"),
    ("a mechanism twice", "mechanisms: [courts, courts]", "3:22", "mechanisms", "is listed twice"),
    ("an unknown mechanism", "mechanisms: [court]", "3:14", "mechanisms", "did you mean courts?"),
    ("no such user's file", "mechanisms: [x.py:Own]", "3:14", "mechanisms", "no such file: x.py"),
    ("no such module", "mechanisms: ['nowhere:Own']", "3:14", "mechanisms", "cannot be loaded"),
    ("a class that is no mechanism", "mechanisms: ['json:JSONDecoder']", "3:14", "mechanisms",
     "json:JSONDecoder is not a Mechanism"),
    ("code for a class", "mechanisms: ['os:system(1)']", "3:14", "mechanisms", "is not of the"),
    ("an unknown outcome", "outcomes: [escalation]", "3:12", "outcomes", "there is no outcome"),
    ("no outcome", "outcomes: []", "3:11", "outcomes", "is empty; allowed: all, or a list"),
    ("a shock of no kind", "shocks: [{on: 2021-03-01}]", "3:10", "shocks.kind",
     "is missing; allowed: pandemic, housing_delivery, fund_raising"),
    ("an unknown shock", _flood("kind: floods"), "3:17", "shocks.kind",
     "floods is not one of them; allowed here: pandemic, housing_delivery"),
    ("an unknown key of a shock", _flood("size: 3"), "3:74", "shocks.size", "no such key"),
    ("a shock nowhere", "shocks: [{kind: flood, on: 2021-07-01, households: 9}]", "3:10",
     "shocks.division", "is missing"),
    ("a shock in no division", _flood("division: chenqu"), "3:50", "shocks.division",
     "no such division; allowed here: chengqu, zezhou, gaoping, yangcheng"),
    ("a shock on no day", _flood("on: 2021-02-29"), "3:28", "shocks.on",
     "2021-02-29 is no day of the calendar"),
    ("a shock before the run", _flood("on: 2019-12-31"), "3:28", "shocks.on",
     "2019-12-31 is outside the run; allowed: 2020-01-01 to 2024-12-31 (date)"),
    ("a shock that is over at once", _flood("until: 2021-07-01"), "3:81", "shocks.until",
     "2021-07-01 does not come after 2021-07-01; allowed: 2021-07-02 to 2200-12-31"),
    ("a flood without households", "shocks: [{kind: flood, on: 2021-07-01, division: chengqu}]",
     "3:10", "shocks.households", "is missing"),
    ("a flood with jobs too", _flood("jobs: 3"), "3:74", "shocks.jobs",
     "a shock of kind flood takes no jobs; allowed here: households"),
    ("a closure with households",
     "shocks: [{kind: factory_closure, on: 2021-07-01, division: chengqu, jobs: 9, households: 9}]",
     "3:78", "shocks.households", "takes no households; allowed here: jobs"),
    ("a pandemic with households", "shocks: [{kind: pandemic, on: 2020-02-01, households: 9}]",
     "3:43", "shocks.households", "a shock of kind pandemic takes no households"),
    ("both, and of no kind",
     "shocks: [{on: 2021-07-01, division: chengqu, jobs: 9, households: 9}]", "3:10",
     "shocks.kind", "is missing"),
    ("no households", _flood("households: 0"), "3:71", "shocks.households",
     "0 is below 1; allowed: 1 to 1000000 (households)"),
    ("half a household", _flood("households: 2.5"), "3:71", "shocks.households",
     "2.5 is not a whole number"),
    ("an unknown answer", _flood("response: shout"), "3:84", "shocks.response",
     "shout is not one of them; allowed here: mixed, ignore, dialogue, concede, control"),
    ("an answer to a pandemic", "shocks: [{kind: pandemic, on: 2020-02-01, response: concede}]",
     "3:43", "shocks.response", "a shock of kind pandemic takes no response"),
    ("a shock alone", "shocks: [flood]", "3:10", "shocks", "must be a mapping, not the text"),
    ("shocks as a mapping", "shocks: {flood: 1}", "3:9", "shocks", "must be a list, not a mapping"),
    ("Norway as a place", "place: no", "3:8", "place", "there is no place no"),
    ("a place up the folders", "place: ../../x.yaml", "3:8", "place", "there is no place ../../x"),
    ("a scenario as a place", "place: bad.yaml", "1:1", "divisions", "is missing"),
    ("a graph of a wrong kind", "graph: bad.yaml", "3:8", "graph", "is neither GraphML nor an"),
    # numbers that are each fine, but not together
    ("a parameter out of bounds", "parameters: {world: {household_size: 0}}", "3:38",
     "parameters.world.household_size", "0 cannot be used; allowed: 1 to 20"),
    ("a spread too wide", "parameters: {start.trust.sd: .5}", "3:30",
     "parameters.start.trust.community.mean", "cannot have a spread of 0.5"),
    ("more migrants than people", "parameters: {divisions.chengqu.floating: 1e9}", "3:42",
     "parameters.divisions.chengqu.floating", "is more than the population"),
)
# fmt: on
