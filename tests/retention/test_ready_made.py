"""Rules out of templates: shown as they would be here, added switched off, each once."""

import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from privacy.datamap.models import Dataset, Source
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from retention.errors import TemplateRefused
from retention.models import Minimum, Rule
from retention.ready_made.placing import Placing
from retention.ready_made.templates import TEMPLATES
from retention.services import add_ready_made, save_rule
from tests.retention.test_rule_runs import _rule
from tests.sources import change

PAGE = "/officer/retention/rule/from-template/"
SUBSCRIPTIONS, OFFICE = TEMPLATES


def _shown(client) -> str:
    answer = client.get(PAGE)
    assert answer.status_code == 200
    return answer.content.decode()


def _ticks(page: str) -> list[tuple[str, bool]]:
    """The boxes of the page: what each adds, and whether it is ticked."""
    boxes = re.findall(r'<input type="checkbox" name="rule" value="([^"]+)"[^>]*?( checked)?>', page)
    return [(html.unescape(key), bool(checked)) for key, checked in boxes]


def _ticked(page: str) -> list[str]:
    return [key for key, checked in _ticks(page) if checked]


def _offers() -> list:
    return Placing().place(SUBSCRIPTIONS).offers


def test_each_rule_is_shown_with_what_it_would_do_here_and_what_fits_nowhere_with_what_is_lacking(
    offixpro, officer_client
):
    page = " ".join(html.unescape(_shown(officer_client)).split())
    assert "“Contacts at companies” are anonymised 30 days after the cancellation, only where “State of" in page
    assert "“Support tickets”, “Messages in tickets” are deleted 30 days after the cancellation" in page
    assert "Ghana, Revenue Administration Act, 2016 (Act 915), s. 27." in page
    assert "Thirty days after leaving a mailing list" in page
    assert "mailing_list_member" in page
    offered = [(key.split("/")[0], checked) for key, checked in _ticks(page)]
    assert offered == [("subscriptions", True)] * 12 + [("office-services", False)] * 3  # Canada's books fit in Ghana's
    assert (Rule.objects.count(), Minimum.objects.count()) == (0, 0)


def test_what_is_ticked_is_added_switched_off_and_written_down(offixpro, officer_client, officer):
    keys = _ticked(_shown(officer_client))
    answer = officer_client.post(PAGE, {"rule": keys}, follow=True)
    assert "12 added, switched off. Look at each, then make it active." in answer.content.decode()
    assert (Rule.objects.count(), Minimum.objects.count()) == (10, 2)
    assert not Rule.objects.filter(is_active=True).exists()
    assert not Minimum.objects.filter(is_active=True).exists()
    ticket = Rule.objects.get(dataset__table_name="ticket")
    assert [each.table_name for each in ticket.along.all()] == ["ticket_message"]
    written = LedgerEntry.objects.filter(action__in=("rule.added", "minimum.added"))
    assert {(each.actor_kind, each.actor_id) for each in written} == {("officer", str(officer.pk))}
    assert written.count() == 12


def test_only_what_is_ticked_is_added(offixpro, officer_client):
    (key,) = [key for key, _checked in _ticks(_shown(officer_client)) if "/contact/" in key]
    officer_client.post(PAGE, {"rule": [key]})
    assert [rule.dataset.table_name for rule in Rule.objects.all()] == ["contact"]
    assert not Minimum.objects.exists()
    officer_client.post(PAGE, {})
    assert Rule.objects.count() == 1


def test_adding_again_changes_nothing_of_what_officers_made_of_it(offixpro, officer_client):
    keys = _ticked(_shown(officer_client))
    officer_client.post(PAGE, {"rule": keys})
    rule = Rule.objects.get(dataset__table_name="contact")
    rule.amount, rule.is_active = 60, True
    save_rule(rule=rule, actor=SYSTEM)
    entries = LedgerEntry.objects.count()
    answer = officer_client.post(PAGE, {"rule": keys}, follow=True)
    page = answer.content.decode()
    assert "All of it was there already; nothing was changed." in page
    assert (_ticked(page), page.count(">added<")) == ([], 12)
    assert "anonymised 60 days after the cancellation" in page
    assert page.count(rule.name) == 1
    assert f"{rule.name} (" not in page
    stored = Rule.objects.get(pk=rule.pk)
    assert (stored.amount, stored.is_active, stored.version) == (60, True, rule.version)
    assert (Rule.objects.count(), LedgerEntry.objects.count()) == (10, entries)


def test_a_rule_that_counts_the_same_already_is_named_and_its_box_left_empty(offixpro, officer_client):
    mine = _rule("contact")
    page = _shown(officer_client)
    ticks = {key.split("/")[2]: checked for key, checked in _ticks(page) if "cancelled-subscription" in key}
    assert (ticks["contact"], ticks["customer"]) == (False, True)
    assert f'<a href="/officer/retention/rule/{mine.pk}/change/">{mine.name}</a>' in page


def test_a_table_that_nobody_confirmed_has_no_box_and_is_not_added(offixpro, officer_client, officer):
    keys = [key for key, _checked in _ticks(_shown(officer_client)) if "/contact/" in key]
    Dataset.objects.filter(table_name="contact").update(confirmed_at=None)
    assert [key for key, _checked in _ticks(_shown(officer_client)) if "/contact/" in key] == []
    refused = officer_client.post(PAGE, {"rule": keys}, follow=True).content.decode()
    assert "Confirm first what these datasets hold: Contacts at companies." in html.unescape(refused)
    assert not Rule.objects.exists()


@pytest.mark.parametrize("table", ["workspace", "contact"])
def test_a_table_that_is_gone_takes_its_rules_with_it(offixpro, table):
    keys = [offer.key for offer in _offers() if "/contact/" in offer.key]
    assert len(keys) == 1
    Dataset.objects.filter(table_name=table).update(vanished_at="2026-01-01T00:00Z")
    placed = Placing().place(SUBSCRIPTIONS)
    lacking = {each.label: each.lacking for each in placed.unplaced}
    assert table in lacking["Thirty days after the subscription was cancelled"]
    with pytest.raises(TemplateRefused, match="changed since you looked"):
        add_ready_made(keys=keys, actor=SYSTEM)
    assert not Rule.objects.exists()


def test_a_column_that_is_gone_is_named(offixpro):
    Dataset.objects.get(table_name="workspace").fields.filter(column="export_pending").delete()
    (without,) = [each for each in Placing().place(SUBSCRIPTIONS).unplaced if "cancelled" in each.label]
    assert without.lacking == ("workspace.export_pending",)


def test_without_a_source_it_says_so(alpha, officer_client):
    page = " ".join(_shown(officer_client).split())
    assert page.count("No source is connected.") == sum(len(each.rules) for each in TEMPLATES)
    assert _ticks(page) == []


def test_one_thing_that_cannot_be_added_keeps_everything_from_it(offixpro):
    keys = [offer.key for offer in _offers()]
    with pytest.raises(TemplateRefused):
        add_ready_made(keys=[*keys, "subscriptions/none/contact/1/crm"], actor=SYSTEM)
    assert (Rule.objects.count(), Minimum.objects.count()) == (0, 0)
    assert len(add_ready_made(keys=keys, actor=SYSTEM)) == len(keys)


def test_a_condition_that_does_not_fit_its_column_here_keeps_everything_from_being_added(offixpro, crm, officer_client):
    change(crm, "ALTER TABLE crm.workspace ALTER export_pending DROP DEFAULT")
    change(crm, "ALTER TABLE crm.workspace ALTER export_pending TYPE date USING current_date")
    answer = officer_client.post(PAGE, {"rule": _ticked(_shown(officer_client))}, follow=True)
    page = html.unescape(answer.content.decode())
    assert "does not fit “export_pending” (date). Write a date such as 2020-01-31." in page
    assert (Rule.objects.count(), Minimum.objects.count()) == (0, 0)


def test_what_cannot_be_tried_is_added_and_said_once(offixpro, officer_client):
    Source.objects.filter(pk=offixpro.pk).update(address="postgresql://me:secret@127.0.0.1:1/away")
    answer = officer_client.post(PAGE, {"rule": _ticked(_shown(officer_client))}, follow=True)
    page = answer.content.decode()
    assert page.count("The source could not be asked whether the values of the conditions fit their columns") == 1
    assert Rule.objects.count() == 10


def test_where_two_sources_have_the_tables_each_gets_rules_of_its_own(offixpro):
    _copy_of(offixpro)
    offers = _offers()
    assert len(offers) == 24
    added = add_ready_made(keys=[offer.key for offer in offers], actor=SYSTEM)
    assert len({(type(each), each.name) for each in added}) == len(added) == 24
    sources = Rule.objects.values_list("dataset__source__name", flat=True)
    assert sorted(sources) == sorted(["OffixPro CRM", "Second CRM"] * 10)
    assert add_ready_made(keys=[offer.key for offer in _offers()], actor=SYSTEM) == []


def _copy_of(source: Source) -> Source:
    """Another source with the same tables."""
    other = Source.objects.create(name="Second CRM", kind=source.kind)
    for dataset in source.datasets.prefetch_related("fields"):
        fields = list(dataset.fields.all())
        dataset.pk, dataset.source, dataset.parent = None, other, None
        dataset.save()
        for field in fields:
            field.pk, field.dataset = None, dataset
            field.save()
    return other


@pytest.mark.parametrize("role", ["auditor", "case_handler"])
def test_whoever_may_not_write_rules_finds_no_way_in(offixpro, officer_client, officer, role):
    keys = _ticked(_shown(officer_client))
    assert PAGE in officer_client.get("/officer/retention/rule/").content.decode()
    type(officer).objects.filter(pk=officer.pk).update(role=role)
    assert officer_client.get(PAGE).status_code in (403, 404)
    assert officer_client.post(PAGE, {"rule": keys}).status_code in (403, 404)
    assert PAGE not in officer_client.get("/officer/retention/rule/").content.decode()
    assert not Rule.objects.exists()


def test_the_page_takes_as_many_queries_for_many_tables_and_rules_as_for_few(offixpro, officer_client):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            _shown(officer_client)
        return len(captured)

    _rule("contact")
    add_ready_made(keys=[f"subscriptions/tax-books-minimum/invoice/{offixpro.pk}/crm"], actor=SYSTEM)
    queries()  # what is remembered between two looks is fetched
    few = queries()
    _copy_of(offixpro)
    keys = [offer.key for offer in _offers()]
    add_ready_made(keys=keys, actor=SYSTEM)
    assert queries() == few
