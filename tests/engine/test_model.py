"""The model is a mesa.Model whose agents are views of rows; Mesa and NetworkX work on it."""

import gc
import os
import subprocess
import sys
import warnings
import weakref
from pathlib import Path

import mesa
import networkx as nx
import numpy as np
import pandas as pd
import pytest

import sim
from sim.world.agents import (
    Firm,
    GovernmentOffice,
    Jurisdiction,
    Migrant,
    Resident,
    SocialOrganisation,
)
from sim.world.bodies import FIRM_KINDS
from sim.world.disputes import (
    APPEALED,
    COUNTERPARTS,
    DOMAINS,
    LITIGATING,
    PRELITIGATION,
    QUEUED_VILLAGE,
)
from sim.world.issues import IssuePost, open_issue

ROOT = Path(sim.__file__).parents[1]
SETTINGS = {"time.years": 0.25, "policies.mediation.staff_per_10k": 150}
STEPS = 13  # a quarter of 365.25 days, in weeks


def village_model(seed: int = 3, **settings) -> sim.GovernanceModel:
    return sim.GovernanceModel(scenario="two-villages", seed=seed, **(SETTINGS | settings))


@pytest.fixture(scope="module")
def finished() -> sim.GovernanceModel:
    """A model after its last step, whose agents nobody has asked for."""
    model = village_model()
    while model.running:
        model.step()
    return model


@pytest.fixture
def model() -> sim.GovernanceModel:
    """A model that may be changed."""
    return village_model()


def test_it_is_a_mesa_model_that_stops_at_the_end_date(finished):
    assert isinstance(finished, mesa.Model)
    assert finished.steps == STEPS
    assert finished.running is False
    assert finished.clock.date.isoformat() == "2020-04-01"  # 91 days on from 1 January


def test_run_model_goes_to_the_end(model):
    model.run_model()
    assert (model.steps, model.running) == (STEPS, False)


def test_the_collector_has_a_row_a_step_and_a_column_a_curve(finished):
    collected = finished.datacollector.get_model_vars_dataframe()
    assert len(collected) == STEPS
    assert {"late_share", "grievance_mean"} <= set(collected)


def test_a_model_and_a_run_of_the_same_scenario_and_seed_agree_to_the_last_bit(finished):
    run = sim.run("two-villages", seed=3, settings=SETTINGS)
    final = run.outcomes[run.outcomes["by"] != "year"].reset_index(drop=True)
    pd.testing.assert_frame_equal(finished.outcomes(), final, check_exact=True)
    collected = finished.datacollector.get_model_vars_dataframe()
    curves = run.trajectory.drop(columns=["day", "date"])
    pd.testing.assert_frame_equal(collected, curves, check_exact=True)


@pytest.mark.slow
def test_people_are_made_when_first_asked_for():
    for ask in ("agents", "agent_types", "agents_by_type"):
        model = village_model()
        bodies = sum(len(getattr(model.world, t)) for t in ("offices", "organisations", "firms"))
        bodies += len(model.world.tables["jurisdictions"])
        assert len(model._all_agents) == bodies
        assert getattr(model, ask)
        assert len(model._all_agents) == bodies + len(model.world.people)


def test_there_are_as_many_agents_of_a_class_as_rows(model):
    world = model.world
    away = int((world.people.registration == 2).sum())
    expected = {
        Resident: len(world.people) - away,
        Migrant: away,
        GovernmentOffice: len(world.offices),
        SocialOrganisation: len(world.organisations),
        Firm: len(world.firms),
        Jurisdiction: len(world.tables["jurisdictions"]),
    }
    assert {kind: len(agents) for kind, agents in model.agents_by_type.items()} == expected
    assert set(model.agent_types) == set(expected)
    assert len(model.agents) == sum(expected.values())


def test_an_agent_reads_and_writes_its_row(model):
    person = model.person(17)
    assert person.age == model.world.people.age[17]
    person.grievance = 0.75
    assert model.world.people.grievance[17] == 0.75
    model.world.people.grievance[17] = 0.25
    assert person.grievance == 0.25


def test_what_is_no_column_is_the_agents_own(model):
    person = model.person(0)
    person.nickname = "Lao Wang"
    assert person.nickname == "Lao Wang"
    assert "nickname" not in model.world.people
    with pytest.raises(AttributeError, match="has no attribute 'surname'"):
        _ = person.surname


def test_agents_say_where_and_what_they_are(model):
    person = model.person(0)
    assert person.division_name == "liangcun"
    assert person.place_kind in ("urban", "town", "rural")
    assert person.registration_class in ("local_urban", "local_rural", "non_local")
    offices = model.agents_by_type[GovernmentOffice]
    assert {office.office_kind for office in offices} >= {"village", "court", "hotline"}
    assert {office.division_name for office in offices if office.division < 0} == {""}


def test_a_firm_shows_the_disputes_that_people_have_with_it_and_who_sues_it(model):
    disputes = model.world.disputes
    firms = model.agents_by_type[Firm]
    with_firms = disputes.is_open & (disputes.against == COUNTERPARTS.index("firm"))
    assert sum(len(firm.disputes) for firm in firms) == with_firms.sum() > 0
    for firm in firms:
        assert set(disputes.counterpart[firm.disputes]) <= {firm.row}
        assert set(firm.suits) <= set(firm.disputes)
    rows = np.flatnonzero(with_firms)[:1]
    [firm] = [firm for firm in firms if firm.row == disputes.counterpart[rows[0]]]
    state = disputes.state[rows].copy()
    for suing in (PRELITIGATION, LITIGATING, APPEALED):
        disputes.state[rows] = suing
        assert rows[0] in firm.suits
    disputes.state[rows] = QUEUED_VILLAGE
    assert rows[0] in firm.disputes
    assert rows[0] not in firm.suits
    disputes.state[rows] = state


def test_everybody_at_work_is_on_the_staff_of_one_employer_of_the_division(model):
    world = model.world
    people, firms = world.people, model.agents_by_type[Firm]
    at_work = np.flatnonzero(people.alive & people.employed)
    staff = {firm.row: firm.staff for firm in firms}
    assert np.array_equal(np.sort(np.concatenate(list(staff.values()))), at_work)
    for firm in firms:
        assert set(people.division[staff[firm.row]]) <= {firm.division}
        assert len(staff[firm.row]) == 0 or FIRM_KINDS[firm.kind] == "employer"
        assert {model.person(int(row)).employer for row in staff[firm.row][:3]} <= {firm.row}
    idle = np.flatnonzero(people.alive & ~people.employed)
    assert model.person(int(idle[0])).employer == -1


def test_a_firm_is_in_default_while_it_owes_wages_to_many(model):
    """One firm owes wages for ten days, another dirties the air, which is no debt."""
    world = model.world
    employers = np.flatnonzero(world.firms.kind == FIRM_KINDS.index("employer"))
    views = {firm.row: firm for firm in model.agents_by_type[Firm]}
    owing, dirty = views[employers[0]], views[employers[-1]]
    assert owing is not dirty
    members, today = np.arange(20), model.clock.begins
    for number, kind, firm in ((1, "wages", owing), (2, "environment", dirty)):
        assert not firm.in_default
        post = IssuePost(
            number, kind, today, int(firm.division), members=members, firm=firm.row,
            ends=today + 10.0, response="ignore",
        )  # fmt: skip
        open_issue(world, post)
    model.step()
    assert world.tables["issues"].id[owing.owes].tolist() == [1]
    assert owing.in_default
    assert not dirty.in_default
    domain = world.tables["issues"].domain
    for owed in ("housing", "consumer", "labour"):  # homes and deposits are owed as wages are
        domain[owing.owes] = DOMAINS.index(owed)
        assert owing.in_default
    model.step()
    assert not owing.in_default


def test_no_firm_is_in_default_where_nobody_mobilises():
    model = village_model(mechanisms=["labour"])
    assert not any(firm.in_default for firm in model.agents_by_type[Firm])


def test_a_persons_ties_are_the_agents_of_their_neighbours(model):
    ties = model.person(5).ties
    assert [other.row for other in ties] == model.world.ties.neighbours(5).tolist()
    assert all(any(back.row == 5 for back in other.ties) for other in ties)


def test_a_view_of_a_row_that_is_gone_says_so(model):
    office = next(iter(model.agents_by_type[GovernmentOffice]))
    office.row = len(model.world.offices)
    with pytest.raises(LookupError, match="has left the world"):
        _ = office.residents


def test_organisations_that_are_born_or_end_come_and_go_as_agents():
    settings = {
        "parameters.organisations.births_per_year": 30_000,
        "parameters.organisations.death_rate": 3,
    }
    model = village_model(**settings)
    seen = set()
    while model.running:
        model.step()
        seen |= set(model.agents_by_type[SocialOrganisation])
    alive = model.world.organisations.alive
    there = {agent.row for agent in model.agents_by_type[SocialOrganisation]}
    assert there == set(np.flatnonzero(alive).tolist())
    assert max(there) > 3
    gone = next(agent for agent in seen if not alive[agent.row])
    assert gone.has_ended
    assert not gone.alive
    with pytest.raises(LookupError, match="has left the world"):
        _ = gone.income


def test_sets_of_agents_select_do_and_sum_up(model):
    people = model.world.people
    old = model.agents_by_type[Resident].select(lambda person: person.age >= 60)
    rows = np.flatnonzero((people.age >= 60) & (people.registration != 2))
    assert len(old) == len(rows)
    assert old.agg("age", max) == people.age[rows].max()

    def calm(person):
        person.grievance = 0.0

    old.do(calm)
    assert not people.grievance[rows].any()
    assert people.grievance.any()


def test_a_mean_over_agents_is_that_of_the_column_however_many_there_are(model):
    """Ages are kept in two bytes: their sum is more than these hold."""
    people = model.agents.select(lambda agent: isinstance(agent, Resident | Migrant))
    mean = people.agg("age", lambda ages: sum(ages) / len(ages))
    assert mean == pytest.approx(model.world.people.age[model.world.people.alive].mean())
    assert sum(person.age for person in people) > 2**15


def test_nobody_stands_for_a_row_that_is_not_there(model):
    rows = len(model.world.people)
    for row in (-1, rows):
        with pytest.raises(IndexError, match=f"person {row}: rows go from 0 to {rows - 1}"):
            model.person(row)


def test_what_has_no_curve_is_refused_by_name(finished):
    with pytest.raises(sim.ShiyuError, match="outcome nothing: there is none"):
        finished.latest("nothing")
    with pytest.raises(sim.ShiyuError, match="graph_clustering: has no curve"):
        finished.latest("graph_clustering")


def test_before_the_first_step_flows_are_unknown_without_a_warning():
    model = sim.GovernanceModel("two-villages", seed=1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        table = model.outcomes().set_index("outcome")
    assert table.value.isna()["disputes_opened_per_10k"].all()
    assert table.value.notna()["graph_mean_degree"].any()


def test_agents_are_numbered_from_one_and_apart(model):
    numbers = [agent.unique_id for agent in model.agents]
    assert sorted(numbers) == list(range(1, len(numbers) + 1))


def test_a_rule_written_agent_by_agent_moves_the_world(model):
    usual = village_model()
    for agent in model.agents_by_type[Resident]:
        agent.trust_community = 1.0
    model.step()
    usual.step()
    trust = [m.datacollector.model_vars["trust_community"][0] for m in (model, usual)]
    assert trust[0] > trust[1] + 0.1


def test_the_graph_answers_networkx(model):
    graph, ties = model.graph, model.world.ties
    assert isinstance(graph, nx.Graph)
    degree = nx.degree_centrality(graph)
    assert degree[3] == pytest.approx(ties.degree[3] / (ties.n - 1))
    part = graph.subgraph(range(200))
    components = list(nx.connected_components(part))
    assert sum(map(len, components)) == 200
    assert components == list(nx.connected_components(nx.Graph(part)))


def test_no_model_outlives_its_last_user():
    before = len(getattr(mesa.Agent, "_ids", ()))
    model = village_model()
    model.step()
    assert len(model.agents) > 0
    gone = weakref.ref(model)
    del model
    gc.collect()
    assert gone() is None
    assert len(getattr(mesa.Agent, "_ids", ())) == before


@pytest.mark.slow
def test_without_a_seed_a_fresh_one_is_drawn_and_kept():
    first, second = village_model(seed=None), village_model(seed=None)
    assert first.seed != second.seed
    again = village_model(seed=first.seed)
    assert np.array_equal(again.world.people.id, first.world.people.id)
    assert np.array_equal(again.world.people.grievance, first.world.people.grievance)


def test_a_bad_setting_is_refused_with_a_hint():
    with pytest.raises(sim.ScenarioError, match="did you mean staff_per_10k"):
        sim.GovernanceModel("two-villages", seed=1, **{"policies.mediation.staf_per_10k": 60})


GRID = {
    "scenario": "two-villages",
    "seed": [1, 2],
    "time.years": 0.1,
    "policies.mediation.staff_per_10k": [60, [{"from": "2020-01-01", "value": 120}]],
}


@pytest.mark.slow
def test_batch_run_takes_dotted_keys_and_schedules():
    before = models_alive()
    results = mesa.batch_run(sim.GovernanceModel, GRID, display_progress=False)
    assert len(results) == 4
    assert {row["Step"] for row in results} <= {4, 5}  # of five weeks; newer Mesa counts from 1
    assert all(0.0 < row["trust_community"] < 1.0 for row in results)
    assert len({row["grievance_mean"] for row in results}) > 1
    assert models_alive() == before


def models_alive() -> int:
    gc.collect()
    return sum(type(thing) is sim.GovernanceModel for thing in gc.get_objects())


@pytest.mark.slow
def test_batch_run_in_two_processes_gives_what_one_gives(tmp_path):
    """Nor does any of it need the web framework of Mesa's pages."""
    script = tmp_path / "批量 运行.py"
    script.write_text(
        "import json\n"
        "import sys\n"
        "import mesa\n"
        "import sim\n"
        "if __name__ == '__main__':\n"
        f"    grid = {GRID | {'policies.mediation.staff_per_10k': 60}!r}\n"
        "    both = [\n"
        "        mesa.batch_run(sim.GovernanceModel, grid, number_processes=n,"
        " display_progress=False)\n"
        "        for n in (1, 2)\n"
        "    ]\n"
        "    one, two = ([json.dumps(row, sort_keys=True) for row in rows] for rows in both)\n"
        "    print(sorted(one) == sorted(two), len(one), 'solara' in sys.modules)\n",
        encoding="utf-8",
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, env=environment, check=False
    )
    assert done.stdout.split() == ["True", "2", "False"], done.stderr


@pytest.mark.slow
def test_the_example_of_a_page_steps_and_starts_anew():
    solara = pytest.importorskip("solara")
    vuetify = pytest.importorskip("ipyvuetify")
    import runpy

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the web framework, about itself
        page = runpy.run_path(str(ROOT / "docs" / "examples" / "watch.py"))
        layout = solara.AppLayout(children=[page["page"]])
        _, rendered = solara.render(layout, handle_error=False)
        buttons = {b.children[0]: b for b in rendered.find(vuetify.Btn).widgets}
        buttons["Step"].click()
        assert page["model"].steps == 1
        buttons["Reset"].click()
        rendered.close()


def moving_model(years: float = 1.0) -> sim.GovernanceModel:
    """A small city in which many people move."""
    return sim.GovernanceModel(
        scenario="jincheng-2020",
        seed=3,
        scale=0.005,
        mechanisms=["migration", "integration"],
        **{"time.years": years},
    )


def test_agents_change_class_with_the_person_and_newcomers_become_agents():
    model = moving_model()
    people = model.world.people
    first = model.person(0)
    first.nickname = "Lao Wang"
    before = {row: model.person(row) for row in range(len(people))}
    was_away = people.registration == 2
    for _ in range(20):
        model.step()
    people = model.world.people
    here = np.flatnonzero(people.alive)
    changed = [
        r for r in before if people.alive[r] and was_away[r] != (people.registration[r] == 2)
    ]
    assert changed
    for row in changed:
        person = model.person(row)
        assert person is before[row]
        assert type(person) is (Migrant if people.registration[row] == 2 else Resident)
        assert person in model.agents_by_type[type(person)]
    away = people.registration[here] == 2
    assert len(model.agents_by_type[Migrant]) == away.sum()
    assert len(model.agents_by_type[Resident]) == (~away).sum()
    assert len(people) > len(before)
    newest = model.person(len(people) - 1)
    assert newest.age == people.age[-1]
    assert model.person(0).nickname == "Lao Wang"


def test_the_view_of_somebody_who_left_says_so_and_is_no_agent_any_more():
    model = moving_model()
    views = [model.person(row) for row in range(len(model.world.people))]
    for _ in range(8):
        model.step()
    gone = np.flatnonzero(~model.world.people.alive[: len(views)])
    assert len(gone) > 0
    agents = set(model.agents)
    for row in gone.tolist():
        assert not views[row].alive
        assert views[row] not in agents
        with pytest.raises(LookupError, match="has left the world"):
            _ = views[row].age
        with pytest.raises(LookupError, match="has left the world"):
            _ = views[row].employer
        assert not hasattr(views[row], "_repr_html_")  # what notebooks ask of anything
        with pytest.raises(LookupError, match="has left the world"):
            views[row].grievance = 0.5


def test_the_graph_shows_new_people_and_new_ties():
    model = moving_model()
    before = model.graph.number_of_edges()
    for _ in range(14):
        model.step()
    graph, ties = model.graph, model.world.ties
    assert graph.number_of_nodes() == len(model.world.people)
    assert graph.number_of_edges() != before
    joined = np.flatnonzero(ties.degree[-30:] > 0) + ties.n - 30
    assert all(graph.degree[int(row)] == ties.degree[row] for row in joined)


@pytest.mark.parametrize(("years", "step_days"), [(1, 7), (2, 7), (3, 7), (1, 3.5)])
def test_a_run_of_whole_years_has_a_row_for_each(years, step_days):
    settings = {"time.years": years, "time.step_days": step_days, "mechanisms": ["water", "budget"]}
    outcomes = sim.run("two-villages", seed=1, settings=settings).outcomes
    rows = outcomes[(outcomes["by"] == "year") & (outcomes["outcome"] == "water_depth")]
    assert list(rows["group"]) == [str(year + 1) for year in range(years)]


def test_offices_divide_their_time_and_jurisdictions_decide_where_their_views_can_be_seen():
    settings = {"policies.metropolitan.form": "council", "time.years": 0.25}
    settings["policies.assessment.weights.petition_count"] = 1.0
    model = sim.GovernanceModel("two-villages", seed=1, **settings)
    township = next(
        office
        for office in model.agents_by_type[GovernmentOffice]
        if office.office_kind == "township"
    )
    before = township.effort_suppress
    for _ in range(4):
        model.step()
    assert township.effort_suppress > before
    members = model.agents_by_type[Jurisdiction]
    assert {member.division_name for member in members} == set(model.world.place.divisions)
    assert {member.wanted for member in members} == {2}  # a council is being talked about
    assert {member.form_name for member in members} == {"association"}
    assert all(member.stage == 1 for member in members)
