"""The state tables: every pair of state and step is tried against a table typed by hand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lull.domain.protocol import NONE, TABLES, Fault, Role, split_kind
from scripts.protocol_reference import page

# What may follow on each state, written down apart from the code and read by a person.
BY_HAND = {
    "pause": """
        none: request declare
        requested: declare agree refuse withdraw
        declared: declare agree withdraw begin
        agreed: declare withdraw begin
        refused:
        withdrawn:
        in_force: suspend extend end
        suspended: resume extend end
        extended: suspend extend end
        ended:""",
    "consent": """
        none: request agree declare condition refuse note_no_answer
        requested: agree declare condition refuse
        agreed: condition refuse
        declared: agree condition refuse
        conditional: agree declare refuse
        refused: agree declare condition
        no_answer: request agree declare condition refuse""",
    "readiness": """
        none: confirm deny
        ready: deny revoke
        not_ready: confirm
        revoked: confirm deny""",
    "notification": """
        none: draft
        draft: revise submit cancel
        submitted: revise return transmit cancel
        returned: revise submit cancel
        transmitted: transmit amend cancel expire supersede complete
        amended: transmit amend cancel expire supersede complete
        cancelled:
        expired:
        superseded:
        completed:""",
    "receipt": """
        none: deliver confirm query object
        delivered: confirm query object
        confirmed: query object
        queried: confirm object
        objected: confirm""",
    "request": """
        none: draft
        draft: revise send withdraw
        sent: amend receive withdraw lapse
        received: amend withdraw lapse
        amended: amend send withdraw lapse
        withdrawn:
        lapsed:""",
    "decision": """
        none: grant grant_with_conditions grant_partly refuse note_no_answer
        granted: grant grant_with_conditions grant_partly refuse
        conditional: grant grant_with_conditions grant_partly refuse
        partly: grant grant_with_conditions grant_partly refuse
        refused: grant grant_with_conditions grant_partly refuse
        no_answer: grant grant_with_conditions grant_partly refuse""",
    "movement": """
        none: plan
        planned: make_ready no_go cancel
        ready: go no_go cancel
        under_way: hold turn_back arrive
        held: move_on turn_back
        turned_back: return
        arrived: return
        returned:
        aborted:
        cancelled:""",
    "incident": """
        none: allege
        allegation: allege inquire close
        preliminary: inquire visit report close
        field_inquiry: visit report close
        reported: report close
        closed: inquire""",
    "assessment": """
        none: register confirm not_confirm deny cannot_verify
        registered: confirm not_confirm deny cannot_verify
        confirmed: not_confirm deny cannot_verify
        not_confirmed: confirm deny cannot_verify
        denied: confirm not_confirm cannot_verify
        unverifiable: confirm not_confirm deny""",
    "delivery": """
        none: plan
        planned: load cancel
        loaded: check deliver return lose cancel
        checked: check deliver return lose
        delivered: deliver return lose account
        returned: deliver return lose account
        lost: deliver return lose account
        cancelled:
        accounted:""",
}

ONLY_BY = {
    "pause.declare": "coordinator party", "pause.refuse": "party", "consent.agree": "party",
    "consent.refuse": "party", "decision.grant": "party", "decision.refuse": "party",
    "notification.transmit": "coordinator", "notification.return": "coordinator",
    "notification.submit": "coordinator organisation", "receipt.confirm": "coordinator party",
    "receipt.deliver": "coordinator", "incident.close": "coordinator observer",
    "movement.no_go": "coordinator organisation party observer field_clerk",
    "delivery.account": "coordinator organisation",
}  # fmt: skip


def by_hand(table: str) -> dict[str, set[str]]:
    """State to the steps that may follow on it."""
    lines = [line.strip() for line in BY_HAND[table].splitlines() if line.strip()]
    return {state: set(steps.split()) for state, _, steps in (x.partition(":") for x in lines)}


PAIRS = [(table.name, state, step.event) for table in TABLES.values()
         for state in table.states for step in table.steps]


def test_the_tables_by_hand_and_in_the_code_have_the_same_states() -> None:
    assert set(BY_HAND) == set(TABLES)
    for name, table in TABLES.items():
        assert set(by_hand(name)) == set(table.states)


@pytest.mark.parametrize("table", TABLES)
def test_every_pair_of_state_and_step_is_legal_exactly_where_it_was_written_by_hand(table) -> None:
    allowed = by_hand(table)
    tried = 0
    for name, state, event in PAIRS:
        if name != table:
            continue
        step = TABLES[name].step(event)
        judged = {role: TABLES[name].judge([state], event, role, side="Side A", what="X1")
                  for role in Role}
        passed = {role for role, out in judged.items() if out == step.after}
        assert passed == (step.by if event in allowed[state] else set())
        for role in set(Role) - passed:
            fault = judged[role]
            assert isinstance(fault, Fault)
            assert fault.side == "Side A"
            assert "The fault lies with Side A" in fault.sentence
            assert "X1" in fault.sentence
        tried += 1
    assert tried == len(allowed) * len(TABLES[table].steps)


@pytest.mark.parametrize(("kind", "roles"), ONLY_BY.items())
def test_who_may_take_a_step_is_as_written_by_hand(kind: str, roles: str) -> None:
    table, event = split_kind(kind)
    assert {role.value for role in table.step(event).by} == set(roles.split())


@pytest.mark.parametrize("table", TABLES)
def test_every_state_can_be_reached(table: str) -> None:
    reached, steps = {NONE}, TABLES[table].steps
    for _ in steps:
        reached |= {step.after for step in steps if step.before & reached}
    assert reached == set(TABLES[table].states)


def test_a_refusal_says_what_could_follow_and_by_whom() -> None:
    fault = TABLES["notification"].judge(["draft"], "transmit", Role.COORDINATOR,
                                         side="Room", what="notification N014")
    assert fault.sentence == (
        "Room wrote 'transmit' for notification N014, which is draft; 'transmit' can follow only "
        "on amended, submitted or transmitted. What can follow now: 'revise' (by coordinator or "
        "organisation); 'submit' (by coordinator or organisation); "
        "'cancel' (by coordinator or organisation). The fault lies with Room."
    )
    assert set(fault.turn) == {Role.COORDINATOR, Role.ORGANISATION}


def test_a_step_that_no_table_has_is_a_fault_and_no_crash() -> None:
    fault = TABLES["pause"].judge([], "surrender", Role.PARTY, side="Side A", what="pause P1")
    assert "knows only these steps" in fault.sentence


def test_where_states_are_contested_a_step_must_be_right_for_one_of_them() -> None:
    table = TABLES["notification"]
    how = {"side": "Room", "what": "notification N1"}
    both = ["amended", "cancelled"]
    assert table.judge(both, "amend", Role.COORDINATOR, **how) == "amended"
    assert isinstance(table.judge(both, "submit", Role.COORDINATOR, **how), Fault)


def test_the_diagrams_on_the_page_have_the_edges_written_by_hand() -> None:
    text = (Path(__file__).resolve().parents[2] / "docs/reference/protocol.md").read_text("utf-8")
    assert text == page(), "make schemas"
    for name in TABLES:
        drawn = text.split(f"\n## {name}\n")[1].split("```")[1]
        edges = re.findall(r"^    (\S+) --> (\w+): (\w+)$", drawn, re.MULTILINE)
        found: dict[str, set[str]] = {state: set() for state in by_hand(name)}
        for before, _, event in edges:
            found[NONE if before == "[*]" else before].add(event)
        assert found == by_hand(name)
        ends = set(re.findall(r"^    (\w+) --> \[\*\]$", drawn, re.MULTILINE))
        assert ends == {state for state, steps in by_hand(name).items() if not steps}
