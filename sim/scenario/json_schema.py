"""Writes the JSON Schema (draft-07) by which an editor completes and checks a scenario file.

A schema sees one file at a time: it cannot know a parent, a place's divisions, or whether dates
ascend. Whatever it refuses, loading refuses too; the reverse need not hold.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sim.scenario.checks import FIRST_DAY, LAST_DAY
from sim.scenario.fields import LONGEST_YEARS, STEP_DAYS
from sim.scenario.levers import LEVERS, Lever
from sim.scenario.shocks import COUNTS, MOST, RESPONSES, SHOCK_KINDS

Schema = dict[str, Any]
_SLUG = "^[a-z0-9]+(-[a-z0-9]+)*$"
_DAY = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"


def json_schema(levers: Iterable[Lever] = tuple(LEVERS.values())) -> Schema:
    """The schema of a scenario file with these levers."""
    chosen = tuple(levers)
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Shiyu scenario / 情景文件",
        "description": "One scenario: a place, a time, mechanisms, parameters and policies",
        "type": "object",
        "additionalProperties": False,
        "required": ["name"],
        "anyOf": [{"required": ["extends"]}, {"required": ["place", "time"]}],
        "properties": {
            "name": _said(
                "A unique slug", "唯一的短名", type="string", pattern=_SLUG, maxLength=80
            ),
            "extends": _said(
                "A shipped scenario's name, or a file's path", "所继承的情景", **_text()
            ),
            "title": _said("One line, in both languages", "标题", **_both()),
            "why": _said("The question behind it", "为何模拟", **_both()),
            "place": _said("A shipped place's name, or a file's path", "地点", **_text()),
            "scale": _said(
                "The share of villages and urban grids that is simulated",
                "模拟单元占全部单元的比例",
                type="number",
                exclusiveMinimum=0,
                maximum=1,
            ),
            "time": _time(),
            "mechanisms": _said("all, or a list of names", "启用的机制", **_all_or_list()),
            "parameters": _said(
                "Values of the ledger, nested or dotted", "参数取值", **_ref("numbers")
            ),
            "policies": _said("Settings of levers", "政策杠杆", **_policies(chosen)),
            "shocks": _said("Dated shocks", "冲击事件", type="array", items=_shock()),
            "outcomes": _said("all, or a list of names", "输出指标", **_all_or_list()),
            "graph": _said("GraphML or an edge list", "自带的社会网络", **_text()),
        },
        "definitions": {
            "numbers": {
                "type": "object",
                "additionalProperties": {"anyOf": [{"type": "number"}, _ref("numbers")]},
            },
            "day": {"type": "string", "pattern": _DAY},
            **{lever.name: _value(lever) for lever in chosen},
        },
    }


def schema_text() -> str:
    """The schema as the file that shipped scenarios point to."""
    return json.dumps(json_schema(), ensure_ascii=False, indent=1) + "\n"


def _said(english: str, chinese: str, **rest: Any) -> Schema:
    """A schema with a description; a reference stands inside, where draft-07 reads beside it."""
    if "$ref" in rest:
        rest = {"allOf": [rest]}
    return {"description": f"{english} / {chinese}", **rest}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/definitions/{name}"}


def _text() -> Schema:
    return {"type": "string", "minLength": 1}


def _both() -> Schema:
    languages = {"en": _text(), "zh": _text()}
    mapping = {
        "type": "object",
        "properties": languages,
        "additionalProperties": False,
        "minProperties": 1,
    }
    return {"anyOf": [_text(), mapping]}


def _all_or_list() -> Schema:
    names = {"type": "array", "minItems": 1, "uniqueItems": True, "items": _text()}
    return {"anyOf": [{"const": "all"}, names]}


def _time() -> Schema:
    days = f"{FIRST_DAY} to {LAST_DAY}"
    return _said(
        "When a run starts and how long it lasts",
        "起始日期和时长",
        type="object",
        additionalProperties=False,
        properties={
            "start": _said(f"First reported day, {days}", "起始日", **_ref("day")),
            "years": _said(
                "Length in years",
                "年数",
                type="number",
                exclusiveMinimum=0,
                maximum=LONGEST_YEARS,
            ),
            "step_days": _said("Days of one step", "步长", enum=[*map(_tidy, STEP_DAYS)]),
        },
    )


def _shock() -> Schema:
    """One of three shapes: with households, with jobs, or (a pandemic) with neither."""
    day, count = _ref("day"), {"type": "integer", "minimum": 1, "maximum": MOST}
    texts = {
        "on": _said("The day on which it comes", "发生日", **day),
        "division": _said("A division of the place", "区县", **_text()),
        "until": _said("The day on which it is over", "结束日", **day),
        "response": _said("How offices answer joint action", "回应方式", enum=[*RESPONSES]),
        "households": _said("Households hit, in the real place", "受影响户数", **count),
        "jobs": _said("Jobs lost, in the real place", "失去的岗位", **count),
    }
    shapes = []
    for hits in dict.fromkeys(SHOCK_KINDS.values()):
        kinds = [kind for kind, what in SHOCK_KINDS.items() if what == hits]
        left_out = {*COUNTS} - {hits} | (set() if hits else {"response"})
        properties = {key: said for key, said in texts.items() if key not in left_out}
        shapes.append(
            {
                "type": "object",
                "additionalProperties": False,
                "required": ["kind", "on", *(["division", hits] if hits else [])],
                "properties": {"kind": {"enum": kinds}, **properties},
            }
        )
    return {"anyOf": shapes}


def _policies(levers: Iterable[Lever]) -> Schema:
    """Levers nested by the parts of their names; whole dotted names are allowed at the top."""
    chosen = {lever.name: lever for lever in levers}
    tree = _group({name: _setting(lever) for name, lever in chosen.items()})
    tree["patternProperties"] = {
        f"^{name.replace('.', chr(92) + '.')}$": _at(name) for name in chosen
    }
    return tree


def _group(settings: Mapping[str, Schema]) -> Schema:
    below: dict[str, dict[str, Schema]] = {}
    properties: dict[str, Schema] = {}
    for name, setting in settings.items():
        first, _, rest = name.partition(".")
        if rest:
            below.setdefault(first, {})[rest] = setting
        else:
            properties[first] = setting
    properties |= {first: _group(members) for first, members in below.items()}
    return {"type": "object", "additionalProperties": False, "properties": properties}


def _at(name: str) -> Schema:
    """A reference to where a lever's setting stands among the nested ones."""
    return {"$ref": "#/properties/policies/properties/" + "/properties/".join(name.split("."))}


def _setting(lever: Lever) -> Schema:
    """A value, values by division, or a dated list of either."""
    value = _ref(lever.name)
    divisions = {"type": "object", "minProperties": 1, "additionalProperties": value}
    mapping = {
        "type": "object",
        "additionalProperties": False,
        "minProperties": 1,
        "properties": {"default": value, "divisions": divisions},
    }
    step = {
        "type": "object",
        "additionalProperties": False,
        "required": ["from", "value"],
        "properties": {"from": _ref("day"), "value": {"anyOf": [value, mapping]}},
    }
    schedule = {"type": "array", "minItems": 1, "items": step}
    low, high = _tidy(lever.low), _tidy(lever.high)
    allowed = lever.unit if lever.choices else f"{lever.unit}, {low} to {high}"
    english = f"{lever.meaning['en']}; {allowed}"
    return _said(english, lever.meaning["zh"], anyOf=[value, mapping, schedule])


def _value(lever: Lever) -> Schema:
    if lever.choices:
        return {"enum": list(lever.choices)}
    kind = "integer" if lever.whole else "number"
    return {"type": kind, "minimum": _tidy(lever.low), "maximum": _tidy(lever.high)}


def _tidy(value: float) -> float:
    return int(value) if value == int(value) else value
