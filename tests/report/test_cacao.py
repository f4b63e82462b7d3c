"""What is written is a CACAO 2.0 playbook by the official schemas, and its workflow ends whatever happens."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from jsonschema import Draft7Validator
from referencing import Registry, Resource

from negassoc.brand import Brand
from negassoc.cases import Case
from negassoc.classify import FOUR_TYPES
from negassoc.facts import Facts
from negassoc.playbooks import plan_for_type
from negassoc.report.cacao import case_cacao, plan_cacao

SCHEMAS = Path(__file__).parent.parent / "data" / "cacao" / "schemas"
NOW = dt.datetime(2026, 11, 2, 1, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def schemas():
    return {path.relative_to(SCHEMAS).as_posix(): json.loads(path.read_text("utf-8")) for path in SCHEMAS.rglob("*.json")}


@pytest.fixture(scope="module")
def errors(schemas):
    registry = Registry().with_resources((schema["$id"], Resource.from_contents(schema)) for schema in schemas.values())

    def found(value, name="playbook.json"):
        validator = Draft7Validator(schemas[name], registry=registry)
        return [f"{'/'.join(map(str, error.absolute_path))}: {error.message}" for error in validator.iter_errors(value)]

    return found


def planned(kind, facts=None):
    return plan_for_type(kind, Brand("芮弥"), platform="xiaohongshu", facts=facts, now=NOW)


BOOKS = [(kind, lang) for kind in FOUR_TYPES for lang in ("zh", "en")]


@pytest.mark.parametrize(("kind", "lang"), BOOKS)
def test_every_plan_is_valid_by_the_official_schema(errors, kind, lang):
    assert errors(json.loads(json.dumps(plan_cacao(planned(kind), key="k", lang=lang)))) == []


def test_the_schema_does_refuse_something(errors):
    book = plan_cacao(planned("own_violation"), key="k")
    assert errors({**book, "spec_version": "1.1"})
    assert errors({key: value for key, value in book.items() if key != "workflow_start"})


@pytest.mark.parametrize("kind", FOUR_TYPES)
def test_steps_and_commands_know_no_other_keys(errors, schemas, kind):
    """Draft-07 validators skip `unevaluatedProperties`; so every object is held against the properties of its own schema."""
    book = plan_cacao(planned(kind), key="k")
    known = set(schemas["workflows/workflow-step.json"]["properties"]) | set(schemas["workflows/action.json"]["allOf"][1]["properties"])
    assert set(book) <= set(schemas["playbook.json"]["properties"])
    for step in book["workflow"].values():
        assert set(step) <= known
        for command in step.get("commands", ()):
            assert errors(command, "commands/manual.json") == []
    assert all(errors(agent, "agent-target/group.json") == [] for agent in book["agent_definitions"].values())


@pytest.mark.parametrize("kind", FOUR_TYPES)
def test_every_step_is_reached_and_every_branch_ends(kind):
    book = plan_cacao(planned(kind), key="k")
    seen, order = set(), list(book["workflow"])

    def ends(name, path):
        assert name not in path
        seen.add(name)
        step = book["workflow"][name]
        following = [step[key] for key in ("on_completion", "on_success", "on_failure") if key in step]
        assert following or step["type"] == "end"
        return following

    todo = [(book["workflow_start"], ())]
    while todo:
        name, path = todo.pop()
        todo += [(after, (*path, name)) for after in ends(name, path) if after not in seen]
    assert seen == set(order)
    onward = [(name, step[key]) for name, step in book["workflow"].items() for key in ("on_success", "on_completion") if key in step]
    assert all(order.index(after) > order.index(name) for name, after in onward)


def test_agents_are_defined_and_laws_are_listed():
    book = plan_cacao(planned("malicious_attack", Facts(order_match=False)), key="k")
    steps = [step for step in book["workflow"].values() if step["type"] == "action"]
    assert {step["agent"] for step in steps} == set(book["agent_definitions"])
    assert book["external_references"]
    assert book["playbook_processing_summary"] == {"manual_playbook": True}


def test_a_case_is_a_newer_version_of_the_same_playbook(errors):
    case = Case.open(planned("customer_complaint"), who="王敏", at=NOW, id="case-1")
    later = case.move("C0", "done", who="王敏", at=NOW + dt.timedelta(hours=1))
    first, second = case_cacao(case), case_cacao(later)
    assert errors(second) == []
    assert first["id"] == second["id"]
    assert (first["modified"], second["modified"]) == ("2026-11-02T01:00:00.000Z", "2026-11-02T02:00:00.000Z")
    step = next(s for s in second["workflow"].values() if s.get("step_variables", {}).get("__step_id__", {}).get("value") == "C0")
    assert step["step_variables"]["__state__"]["value"] == "done"
    assert step["step_variables"]["__due_at__"]["value"].endswith("Z")
