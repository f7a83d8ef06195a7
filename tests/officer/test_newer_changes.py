"""Two officers have the same form open: whoever saves last is told, and takes nothing back."""

import re

import pytest
from django.urls import NoReverseMatch, reverse

from privacy.datamap.models import Dataset, Field
from privacy.ledger.models import LedgerEntry
from privacy.officers.models import Officer
from privacy.register.models import OrganisationProfile, Purpose
from retention.models import Hold, Minimum, Rule
from tests.officer.everything import one_of_everything
from tests.officer.test_desk_pages import dataset_form, rule_form

TOLD = "Somebody else changed this after you had opened it, so nothing was saved. What you typed is still here."
AT_THE_PLACE = "Somebody else changed this after you had opened it."


@pytest.fixture
def rows(alpha, officer) -> dict:
    return one_of_everything("beryl") | {Officer: officer}


def page_of(row) -> str:
    return reverse(f"officer:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def marks(client, page: str) -> dict[str, str]:
    """What the forms of a page would bring back, by name."""
    return dict(re.findall(r'name="((?:[\w-]+-)?loaded)" value="(\w+)"', client.get(page).content.decode()))


def test_every_form_of_a_row_carries_a_mark_that_only_a_change_changes(rows, officer_client):
    carrying = set()
    for model, row in rows.items():
        try:
            page = page_of(row)
        except NoReverseMatch:
            continue
        if 'name="_save"' in officer_client.get(page).content.decode():
            found = marks(officer_client, page)
            assert found, model
            assert found == marks(officer_client, page), model
            carrying.add(model)
    assert carrying >= {Dataset, Hold, Minimum, Rule, OrganisationProfile, Purpose}


@pytest.fixture
def rule(rows) -> Rule:
    return rows[Rule]


def _form(rule: Rule, **changes) -> dict:
    stored = {"name": rule.name, "start_event": "other", "legal_reason": rule.legal_reason}
    return rule_form(rule.dataset, **stored | changes)


def test_a_form_that_is_older_than_a_change_is_refused_and_keeps_what_was_typed(rule, officer_client):
    page, first, second = page_of(rule), *(marks(officer_client, page_of(rule)) for _officer in range(2))
    assert officer_client.post(page, _form(rule, amount="500") | first).status_code == 302
    entries = LedgerEntry.objects.count()
    typed = _form(rule, legal_reason="What the second one typed") | second
    for _press in range(2):
        answer = officer_client.post(page, typed)
        shown = answer.content.decode()
        assert (answer.status_code, TOLD in shown, "What the second one typed" in shown) == (200, True, True)
        assert f'value="{second["rule-loaded"]}"' in shown
    rule.refresh_from_db()
    assert (rule.amount, rule.legal_reason, LedgerEntry.objects.count()) == (500, "policy", entries)

    anew = _form(rule, amount="500", legal_reason="What the second one typed") | marks(officer_client, page)
    assert officer_client.post(page, anew).status_code == 302
    rule.refresh_from_db()
    assert (rule.amount, rule.legal_reason) == (500, "What the second one typed")


def test_what_the_portal_notes_in_a_row_is_no_newer_change(rule, officer_client):
    page, mark = page_of(rule), marks(officer_client, page_of(rule))
    Rule.objects.filter(pk=rule.pk).update(problem="The source cannot be reached", last_checked_on="2026-11-30")
    assert officer_client.post(page, _form(rule, amount="400") | mark).status_code == 302
    rule.refresh_from_db()
    assert rule.amount == 400


def test_a_table_that_somebody_else_confirmed_is_not_made_what_it_was_before(rows, officer_client):
    dataset = rows[Dataset]
    page, button = page_of(dataset), {"datamap_dataset_save_and_confirm": "1"}
    mark = marks(officer_client, page)
    Dataset.objects.filter(pk=dataset.pk).update(on_erasure="delete", confirmed_at="2026-11-30T00:00Z")
    changes = {"label": "People", "on_erasure": "keep", "keep_reason": "Books"}
    shown = officer_client.post(page, dataset_form(dataset, **changes) | mark | button).content.decode()
    assert TOLD in shown
    dataset.refresh_from_db()
    assert (dataset.label, dataset.on_erasure) == ("Contacts beryl", "delete")
    assert dataset.confirmed_at is not None


def test_a_column_that_somebody_else_described_is_part_of_the_form_too(rows, officer_client):
    dataset = rows[Dataset]
    page, mark = page_of(dataset), marks(officer_client, page_of(dataset))
    assert set(mark) == {"loaded", "fields-0-loaded", "fields-1-loaded"}
    Field.objects.filter(dataset=dataset, column="cancelled_on").update(on_erasure="null")
    shown = officer_client.post(page, dataset_form(dataset, label="People") | mark).content.decode()
    assert (TOLD in shown, shown.count(AT_THE_PLACE)) == (True, 1)
    assert Field.objects.get(dataset=dataset, column="cancelled_on").on_erasure == "null"
    dataset.refresh_from_db()
    assert dataset.label == "Contacts beryl"


def test_a_column_that_was_found_meanwhile_is_in_nobodys_way(rows, officer_client):
    dataset = rows[Dataset]
    page, mark, form = page_of(dataset), marks(officer_client, page_of(dataset)), dataset_form(dataset, label="People")
    Field.objects.create(dataset=dataset, column="new", position=2, data_type="text")
    assert officer_client.post(page, form | mark).status_code == 302
    dataset.refresh_from_db()
    assert dataset.label == "People"
