"""Every page of the officers' site, for everybody who might ask for it."""

from itertools import product

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from config.admin_sites import officer_site, operator_site
from privacy.errands.models import Errand
from privacy.ledger.models import LedgerEntry
from privacy.officers.models import Officer, Role
from privacy.tenants.context import organisation_context
from requests.enums import RequestState
from requests.models import SubjectRequest
from requests.services import assign
from tests.officer.everything import one_of_everything
from tests.officer.making import make_case

MODELS = sorted(officer_site._registry, key=lambda model: model._meta.label_lower)
NOT_FOR_PAGES = {"jsi18n", "autocomplete", "view_on_site", "logout", None}


def patterns(resolver):
    """Every named address under a resolver, with the names of its arguments."""
    for each in resolver.url_patterns:
        if isinstance(each, URLPattern):
            yield each.name, list(each.pattern.converters) or list(each.pattern.regex.groupindex)
        else:
            yield from patterns(each)


def officer_patterns():
    everything = get_resolver("config.urls_tenant").url_patterns
    site = next(each for each in everything if getattr(each, "namespace", "") == "officer")
    return [(name, arguments) for name, arguments in patterns(site) if name]


def row_of(name: str, rows: dict) -> object | None:
    for model, row in rows.items():
        if name.startswith(f"{model._meta.app_label}_{model._meta.model_name}_"):
            return row
    return None


def addresses(rows: dict) -> list[str]:
    """Every address of the site, filled with the keys of these rows."""
    found = []
    for name, arguments in officer_patterns():
        row = row_of(name, rows)
        if name in NOT_FOR_PAGES or (arguments and row is None):
            continue
        found.append(reverse(f"officer:{name}", args=[row.pk for _argument in arguments]))
    return sorted(set(found))


def ledger_row() -> LedgerEntry:
    return LedgerEntry.objects.order_by("-recorded_at").first()


@pytest.fixture
def rows(alpha, officer) -> dict:
    return one_of_everything("amethyst") | {Officer: officer, LedgerEntry: ledger_row()}


def test_the_walk_meets_every_model_and_its_acts(rows):
    assert set(rows) == set(officer_site._registry)
    found = addresses(rows)
    case = rows[SubjectRequest]
    assert f"/officer/requests/subjectrequest/{case.pk}/approve-erasure/" in found
    assert len(found) > 60


def test_anonymous_visitors_get_the_login_page(rows, visitor):
    for address, method in product(addresses(rows), ("get", "post")):
        if address == "/officer/login/":
            continue
        response = getattr(visitor, method)(address)
        assert response.status_code == 302, address
        assert response["Location"].startswith("/officer/login/?next="), address


def test_a_privacy_officer_opens_every_list_and_every_row(rows, officer, sign_in):
    client = sign_in(officer)
    for model, row in rows.items():
        name = f"officer:{model._meta.app_label}_{model._meta.model_name}"
        listed = client.get(reverse(f"{name}_changelist"), follow=True)
        shown = client.get(reverse(f"{name}_change", args=[row.pk]))
        assert (listed.status_code, shown.status_code) == (200, 200), name


@pytest.mark.long
def test_officers_of_one_organisation_meet_no_row_of_another(rows, beta, officer, sign_in):
    with organisation_context(beta):
        theirs = one_of_everything("obsidian")
    client = sign_in(officer)
    seen = ""
    for address in addresses(rows):
        seen += b"".join(client.get(address, follow=True)).decode(errors="replace")  # a file comes as a stream
    assert "amethyst" in seen
    assert "obsidian" not in seen
    for model, row in theirs.items():
        if isinstance(row.pk, int):
            continue  # numbers exist in both organisations, and mean the own row
        name = f"officer:{model._meta.app_label}_{model._meta.model_name}_change"
        response = client.get(reverse(name, args=[row.pk]), follow=True)
        assert "obsidian" not in response.content.decode(), name


def test_an_auditor_reads_everything_and_can_change_nothing(rows, auditor, sign_in):
    client = sign_in(auditor)
    unreadable = {"apikey"}
    for model, row in rows.items():
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        expected = 403 if model._meta.model_name in unreadable else 200
        assert client.get(reverse(f"officer:{name}_change", args=[row.pk])).status_code == expected, name
    before = contents(rows)
    for address in addresses(rows):
        if "password_change" in address or "/login/" in address:
            continue
        client.post(address, {"plan_hash": "a" * 64, "action": "confirm_selected", "_selected_action": "1"})
    assert contents(rows) == before
    acts = set(LedgerEntry.objects.filter(actor_id=str(auditor.pk)).values_list("action", flat=True))
    exported = {f"{name}.exported" for name in ("disclosure", "record_of_processing", "processing_without_consent")}
    assert acts <= {"subject_request.viewed", *exported}


@pytest.mark.parametrize("kind", ["access", "erasure", "portability", "question", "rectification", "objection"])
def test_an_auditor_gets_no_form_on_which_a_case_is_decided(kind, officer_client, auditor, sign_in):
    address = f"/officer/requests/subjectrequest/{make_case(state=RequestState.DECIDING, kind=kind).pk}/"
    assert officer_client.get(address + "decide/", follow=True).status_code == 200
    assert sign_in(auditor).get(address + "change/").status_code == 200
    assert sign_in(auditor).get(address + "decide/").status_code == 403


def contents(rows: dict) -> list:
    """Everything in the tables of the site but the ledger, which notes who looked."""
    return [
        (model._meta.label, sorted(map(str, model.objects.values_list())))
        for model in rows
        if model not in (LedgerEntry, Officer)
    ]


def test_a_case_handler_sees_the_cases_assigned_to_them_and_nothing_else(rows, officer, handler, sign_in):
    other = make_case(email="kofi@example.com", state=RequestState.RECEIVED)
    mine = rows[SubjectRequest]
    assign(case=mine, officer=officer, assignee=handler)
    client = sign_in(handler)
    queue = client.get(reverse("officer:requests_subjectrequest_changelist")).content.decode()
    assert mine.reference in queue
    assert other.reference not in queue
    for model, row in rows.items():
        name = f"officer:{model._meta.app_label}_{model._meta.model_name}_change"
        expected = 200 if model in (SubjectRequest, Errand) else 403  # the task is of their own case
        if model._meta.label == "retention.Run":
            expected = 404
        assert client.get(reverse(name, args=[row.pk])).status_code == expected, name
    for name, arguments in officer_patterns():
        if name.startswith("requests_subjectrequest_") and arguments and name != "requests_subjectrequest_delete":
            address = reverse(
                f"officer:{name}", args=[other.pk] * len(arguments)
            )  # a letter of theirs, if it wants one
            assert client.get(address).status_code in (302, 403, 404, 405), address
            assert client.post(address).status_code in (302, 403, 404, 405), address
    other.refresh_from_db()
    assert other.state == RequestState.RECEIVED
    assert client.get("/officer/").context["dashboard"].figures[0].number == 1


def test_the_dashboard_of_a_case_handler_speaks_of_their_work_alone(officer, officer_client, handler, sign_in):
    case = make_case(state=RequestState.RECEIVED)

    def shown(client) -> tuple[dict[str, int], bool, bool]:
        response = client.get("/officer/")
        figures = {str(figure.title): figure.number for figure in response.context["dashboard"].figures}
        page = response.content.decode()
        return figures, "assigns it to you" in page, case.reference in page

    nothing = {"Assigned to you": 0, "Overdue": 0, "Due within 5 days": 0, "With a problem": 0, "Your tasks": 0}
    assert shown(sign_in(handler)) == (nothing, True, False)
    assert shown(officer_client)[0].items() >= {"Open": 1, "Unassigned": 1}.items()
    assign(case=case, officer=officer, assignee=handler)
    assert shown(sign_in(handler)) == (nothing | {"Assigned to you": 1}, False, True)


def test_nothing_can_be_deleted_from_the_site(rows, officer, sign_in):
    client = sign_in(officer)
    for model, row in rows.items():
        name = f"officer:{model._meta.app_label}_{model._meta.model_name}_delete"
        assert client.post(reverse(name, args=[row.pk]), {"post": "yes"}).status_code == 403, name
        assert model.objects.filter(pk=row.pk).exists()


def test_an_officer_who_was_switched_off_is_out_at_once(officer, officer_client):
    assert officer_client.get("/officer/").status_code == 200
    officer.is_active = False
    officer.save()
    assert officer_client.get("/officer/").status_code == 302


def test_operators_and_officers_do_not_get_into_each_others_sites(alpha, officer, operator, settings):
    password = "correct horse battery staple"
    on_platform = Client(headers={"host": settings.PUBLIC_HOSTS[0]})
    at_alpha = Client(headers={"host": "alpha.localhost"})
    for client, address, name in (
        (on_platform, "/platform/login/", officer.email),
        (at_alpha, "/officer/login/", operator.email),
    ):
        refused = client.post(address, {"username": name, "password": password})
        assert refused.status_code == 200
        assert "Please enter the correct" in refused.content.decode()
    for client, address, name in (
        (on_platform, "/platform/login/", operator.email),
        (at_alpha, "/officer/login/", officer.email),
    ):
        home = address.removesuffix("login/")
        let_in = client.post(address, {"username": name, "password": password})
        assert (let_in.status_code, let_in["Location"]) == (302, home)
        assert client.get(home).status_code == 200
    assert at_alpha.get("/platform/").status_code == 404
    assert on_platform.get("/officer/").status_code == 404


def test_the_two_sites_share_no_model():
    assert not set(officer_site._registry) & set(operator_site._registry)
    assert {model._meta.app_label for model in operator_site._registry} == {"tenants", "jobs"}
    assert not {model._meta.label for model in officer_site._registry} & {"auth.Group", "auth.Permission"}
    assert Role.values  # roles are the only source of rights
