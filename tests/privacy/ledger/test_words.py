"""People read the ledger in words; what is written are codes."""

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from privacy.ledger.actors import SYSTEM, Actor
from privacy.ledger.models import LedgerEntry
from privacy.ledger.services import record
from privacy.ledger.words import act_words, object_words, particulars

ROOMS = ("privacy", "consent", "requests", "retention")
PROJECT = Path(__file__).resolve().parents[3]
LIST = "/officer/ledger/ledgerentry/"


def written_acts() -> set[str]:
    """Every act that the source code names in full where it records one."""
    found = set()
    for path in (each for room in ROOMS for each in (PROJECT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            name = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
            for given in node.keywords if name == "record" else []:
                if given.arg == "action" and isinstance(given.value, ast.Constant):
                    found.add(given.value.value)
    return found


def test_every_act_is_said_in_words():
    acts = written_acts()
    assert acts >= {"run.completed", "hold.placed", "subject_request.assigned", "source.connected"}
    assert {act: act_words(act) for act in acts if set(act_words(act)) & set("._")} == {}
    assert act_words("run.completed") == "Run completed and verified"
    assert act_words("some_thing.was_done") == "Some thing was done"


def test_what_an_act_is_about_is_called_as_elsewhere_on_the_site():
    assert object_words("retention.run") == str(apps.get_model("retention", "run")._meta.verbose_name)
    assert object_words("gone_app.some_model") == "gone app some model"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, []),
        ({"plan_hash": "a1b2"}, [("Plan hash", "a1b2")]),
        ({"rows": 33012, "waits": "", "active": False}, [("Rows", "33,012"), ("Active", "no")]),
        ({"problem": "source_refused", "held": {"crm.contact": 3}, "fields": ["days", "owner"]},
         [("Problem", "source refused"), ("Held", "crm.contact: 3"), ("Fields", "days, owner")]),
        ({"rows": 0, "survivors": None}, [("Rows", "0")]),
        ({"until": "2026-11-24T01:41:01.361089+00:00", "due": "2027-01-01"},
         [("Until", "24 Nov 2026, 01:41:01 UTC"), ("Due", "1 Jan 2027")]),
        ({"due": "2027-13-01", "slot": "x 2027-01-01"}, [("Due", "2027-13-01"), ("Slot", "x 2027-01-01")]),
    ],
)  # fmt: skip
def test_particulars_are_pairs_of_words(data, words):
    assert particulars(data) == words


def test_the_page_of_the_ledger_names_the_officer_and_shows_no_code(officer, officer_client):
    record(action="run.small_groups_counted", actor=Actor.officer(officer), data={"plan_hash": "a1b2"})
    record(action="run.completed", actor=SYSTEM)
    record(action="run.declined", actor=Actor(Actor.officer(officer).kind, "987654321"))
    shown = officer_client.get(LIST, {"actor_kind": "officer"}).content.decode()
    rows = shown[shown.index('id="result_list"') :].partition("</table>")[0]
    assert officer.full_name in rows
    assert "a former officer" in rows
    assert "Small groups counted after a run" in rows
    assert "Plan hash: a1b2" in rows
    assert ">run.small_groups_counted<" not in shown
    assert "Run completed and verified" not in rows


def test_the_page_of_an_entry_has_its_code_for_those_who_verify(officer, officer_client):
    record(action="run.declined", actor=Actor.officer(officer), data={"rows": 3})
    entry = LedgerEntry.objects.get(action="run.declined")
    shown = officer_client.get(reverse("officer:ledger_ledgerentry_change", args=[entry.pk])).content.decode()
    for words in ("Run declined by a second officer", "run.declined", officer.full_name, "Rows: 3"):
        assert words in shown, words


def test_the_list_needs_as_many_queries_for_thirty_entries_as_for_one(officer, officer_client, make_officer):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            officer_client.get(LIST)
        return len(captured)

    record(action="run.declined", actor=Actor.officer(officer))
    queries()
    few = queries()
    for _ in range(30):
        record(action="run.declined", actor=Actor.officer(make_officer()))
    assert queries() == few
