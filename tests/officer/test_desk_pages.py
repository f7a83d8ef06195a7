"""The other pages of the officers' site: what can be typed there, what is refused, and what is shown only once."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.hashers import check_password
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from config.admin_sites import officer_site, operator_site
from consent.models import Wording
from privacy.datamap.models import Dataset, Field, Source
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from privacy.officers.models import ApiKey, Officer, Role
from privacy.register.models import Notice, OrganisationProfile, Purpose
from retention.models import Hold, Minimum, Rule, RuleVersion, Run
from retention.services import place_hold
from retention.services.holds import GRACE
from tests.officer.everything import one_of_everything
from tests.officer.making import make_case


def text(response) -> str:
    return response.content.decode()


def shown_secret(response) -> str:
    return re.search(r"<code>([^<]+)</code>", text(response))[1]


@pytest.fixture
def rows(alpha) -> dict:
    return one_of_everything("garnet")


def acts() -> list[str]:
    return list(LedgerEntry.objects.order_by("recorded_at", "id").values_list("action", flat=True))


def test_a_new_officer_gets_a_password_that_is_shown_once(officer_client):
    given = {"full_name": "Esi Owusu", "email": "Esi@alpha.example.com", "role": Role.CASE_HANDLER}
    response = officer_client.post("/officer/officers/officer/add/", given)
    password = shown_secret(response)
    esi = Officer.objects.get(email="esi@alpha.example.com")
    assert check_password(password, esi.password)
    assert esi.password_set_by == Officer.objects.get(pk=officer_client.session["_auth_user_id"])
    assert password not in text(officer_client.get(f"/officer/officers/officer/{esi.pk}/change/"))
    assert password not in str(list(LedgerEntry.objects.values_list("data", flat=True)))
    assert response["Cache-Control"] == "no-store" or "no-store" in response["Cache-Control"]
    assert "officer.added" in acts()


def test_a_forgotten_password_is_replaced_after_asking(officer_client, handler, sign_in):
    session = sign_in(handler)
    page = f"/officer/officers/officer/{handler.pk}/new-password/"
    before = handler.password
    officer_client.get(page)
    handler.refresh_from_db()
    assert handler.password == before
    password = shown_secret(officer_client.post(page))
    handler.refresh_from_db()
    assert check_password(password, handler.password)
    assert session.get("/officer/").status_code == 302
    assert handler.password_set_by == Officer.objects.get(pk=officer_client.session["_auth_user_id"])


def test_a_temporary_password_is_ones_own_once_it_is_changed(officer_client, handler, sign_in):
    temporary = shown_secret(officer_client.post(f"/officer/officers/officer/{handler.pk}/new-password/"))
    handler.refresh_from_db()
    chosen = "four quiet herons by a river"
    given = {"old_password": temporary, "new_password1": chosen, "new_password2": chosen}
    sign_in(handler).post("/officer/password_change/", given)
    handler.refresh_from_db()
    assert (check_password(chosen, handler.password), handler.password_set_by) == (True, None)


def test_the_last_privacy_officer_stays_one(officer, officer_client, alpha):
    page = f"/officer/officers/officer/{officer.pk}/change/"
    given = {"full_name": "Me", "email": officer.email, "role": Role.AUDITOR, "is_active": "on"}
    Officer.objects.exclude(pk=officer.pk).update(role=Role.AUDITOR)
    refused = officer_client.post(page, given)
    assert "only active Privacy Officer" in text(refused)
    officer.refresh_from_db()
    assert officer.role == Role.PRIVACY_OFFICER


def test_an_api_key_is_shown_once_and_works(officer_client):
    response = officer_client.post("/officer/officers/apikey/add/", {"name": "Shop", "scopes": ["consents:write"]})
    key = shown_secret(response)
    stored = ApiKey.objects.get_from_key(key)
    assert (stored.name, stored.scopes) == ("Shop", ["consents:write"])
    assert key not in text(officer_client.get(f"/officer/officers/apikey/{stored.prefix}/change/"))


def test_a_revoked_key_stays_revoked(officer_client):
    key, _plain = ApiKey.objects.create_key(name="Shop", scopes=["consents:read"], revoked=True)
    officer_client.post(f"/officer/officers/apikey/{key.prefix}/change/", {"name": "Shop", "scopes": ["consents:read"]})
    key.refresh_from_db()
    assert key.revoked is True


def profile_form(**changes) -> dict:
    given = {
        "legal_name": OrganisationProfile.objects.get().legal_name, "trading_name": "Alpha Traders", "country": "gh",
        "officer_name": "Ama", "officer_title": "DPO", "officer_email": "dpo@alpha.example.com", "laws": ["GH"],
        "promise_days": "30", "promise_unit": "business_day", "time_zone": "Africa/Accra", "language": "en",
        "large_run_rows": "1000", "large_run_percent": "10", "source_silence_days": "7", "smallest_group": "5",
        "cooling_off_hours": "72", "identity_days": "30",
    }  # fmt: skip
    return given | changes


@pytest.mark.parametrize(
    ("limits", "accepted"),
    [
        ({"large_run_rows": "1000000", "large_run_percent": "100"}, True), ({"large_run_percent": "101"}, False),
        ({"large_run_rows": "1000001"}, False), ({"large_run_rows": "-1"}, False),
    ],
)  # fmt: skip
def test_limits_of_large_runs_that_would_switch_them_off_are_refused(officer_client, limits, accepted):
    page = f"/officer/register/organisationprofile/{OrganisationProfile.objects.get().pk}/change/"
    answer = officer_client.post(page, profile_form(**limits))
    assert answer.status_code == (302 if accepted else 200)
    profile = OrganisationProfile.objects.get()
    assert (profile.large_run_rows, profile.large_run_percent) == ((1_000_000, 100) if accepted else (1_000, 10))
    assert ("Write a whole number that is" in text(answer)) is not accepted


def test_a_change_is_written_to_the_ledger_by_its_fields_without_values(officer_client):
    profile = OrganisationProfile.objects.get()
    page, given = f"/officer/register/organisationprofile/{profile.pk}/change/", profile_form()
    assert officer_client.post(page, given).status_code == 302
    profile.refresh_from_db()
    assert (profile.trading_name, profile.country, profile.time_zone) == ("Alpha Traders", "GH", "Africa/Accra")
    entry = LedgerEntry.objects.get(action="organisationprofile.changed")
    assert "Alpha Traders" not in str(entry.data)
    assert len(entry.data["fields"]) > 3
    unknown = officer_client.post(page, given | {"laws": ["XX"]})
    assert "Choose one of the list." in text(unknown)


def test_a_purpose_that_rests_on_consent_states_the_consequences(officer_client):
    given = {
        "title": "News", "code": "news", "description": "Mails", "lawful_basis": "consent", "order": "1",
        "data_categories": "contact details\nname\n\ncontact details",
    }  # fmt: skip
    refused = officer_client.post("/officer/register/purpose/add/", given)
    assert "Say what happens when a person withdraws consent" in text(refused)
    officer_client.post("/officer/register/purpose/add/", given | {"withdrawal_consequences": "No more mails."})
    assert Purpose.objects.get(code="news").data_categories == ["contact details", "name"]


def test_a_notice_in_force_cannot_be_rewritten(rows, officer_client):
    notice = rows[Notice]
    page = f"/officer/register/notice/{notice.pk}/"
    officer_client.get(f"{page}publish/")
    notice.refresh_from_db()
    assert notice.published_at is None
    officer_client.post(f"{page}publish/")
    notice.refresh_from_db()
    assert notice.published_at is not None
    officer_client.post(f"{page}change/", {"title": "Other", "version": "9", "language": "en", "body": "Other"})
    notice.refresh_from_db()
    assert notice.title == "Notice garnet"


def test_new_words_of_consent_are_the_next_version(rows, officer_client):
    purpose = rows[Purpose]
    given = {"purpose": purpose.pk, "language": "en", "text": "Yes, write to me."}
    assert officer_client.post("/officer/consent/wording/add/", given).status_code == 302
    assert list(Wording.objects.filter(purpose=purpose).values_list("version", flat=True)) == [2, 1]


def test_connecting_a_source_refuses_a_bad_address_and_never_repeats_it(officer_client):
    page = "/officer/datamap/source/add/"
    for address in ("mysql://me:secret-word@host/db", "postgresql://me:secret-word@127.0.0.1:1/nothing"):
        refused = text(officer_client.post(page, {"name": "CRM", "address": address}))
        assert "There is a problem" in refused
        assert "secret-word" not in refused
    assert not Source.objects.filter(name="CRM").exists()


def test_the_password_of_a_source_is_on_no_page(rows, officer_client):
    source = rows[Source]
    for page in ("", f"{source.pk}/change/", f"{source.pk}/test/", f"{source.pk}/discover/"):
        assert "secret-word" not in text(officer_client.get(f"/officer/datamap/source/{page}"))
    tested = officer_client.post(f"/officer/datamap/source/{source.pk}/test/")
    assert "cannot be reached" in text(tested)
    assert "secret-word" not in text(tested)


def dataset_form(dataset: Dataset, **changes) -> dict:
    fields = list(dataset.fields.order_by("position"))
    form = {
        "label": dataset.label, "on_erasure": "mask", "keep_reason": "", "link_columns": "", "scope": "",
        "fields-TOTAL_FORMS": len(fields), "fields-INITIAL_FORMS": len(fields),
    }  # fmt: skip
    for number, field in enumerate(fields):
        form |= {
            f"fields-{number}-id": field.pk, f"fields-{number}-dataset": dataset.pk,
            f"fields-{number}-category": field.category, f"fields-{number}-on_erasure": field.on_erasure,
            f"fields-{number}-on_retention": field.on_retention, f"fields-{number}-mask_params": "",
        }  # fmt: skip
    return form | changes


def test_columns_are_described_on_one_screen_and_confirmed(rows, officer_client):
    dataset = rows[Dataset]
    page = f"/officer/datamap/dataset/{dataset.pk}/change/"
    button = {"datamap_dataset_save_and_confirm": "1"}
    refused = officer_client.post(page, dataset_form(dataset) | button, follow=True)
    assert "is not classified" in text(refused)
    dataset.refresh_from_db()
    assert dataset.confirmed_at is None
    described = {"fields-1-category": "business", "fields-1-on_erasure": "null", "scope": "id = 7"}
    done = officer_client.post(page, dataset_form(dataset, **described) | button, follow=True)
    assert f"“{dataset}” is saved and confirmed." in text(done)
    dataset.refresh_from_db()
    assert dataset.scope == [{"column": "id", "op": "=", "value": 7}]
    assert Field.objects.get(dataset=dataset, column="cancelled_on").on_erasure == "null"
    assert dataset.confirmed_at is not None


def test_which_column_says_when_a_row_came_about_is_chosen_among_dates(rows, officer_client):
    dataset = rows[Dataset]
    created = Field.objects.create(dataset=dataset, column="created_at", position=9, data_type="date")
    Field.objects.create(dataset=dataset, column="remark", position=10, data_type="text", category="business")
    page = f"/officer/datamap/dataset/{dataset.pk}/change/"
    shown = text(officer_client.get(page))
    choices = re.search(r'<select name="created_column".*?</select>', shown, re.DOTALL)
    assert choices is not None
    assert re.findall(r'<option value="(\w*)"', choices[0]) == ["", "cancelled_on", "created_at"]
    assert "Suggested: created_at, by its name and type." in shown
    officer_client.post(page, dataset_form(dataset, created_column="created_at"))
    dataset.refresh_from_db()
    assert dataset.created_column == "created_at"
    assert "Suggested: created_at" not in text(officer_client.get(page))
    refused = text(officer_client.post(page, dataset_form(dataset, created_column="remark")))
    assert "Select a valid choice. remark is not one of the available choices." in refused
    created.delete()
    assert 'value="created_at" selected' in text(officer_client.get(page))  # to be seen, and replaced


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("datamap/dataset", ["to be confirmed", "confirmed"]),
        ("retention/hold", ["not released", "released"]),
        ("restrictions/restriction", ["not lifted", "lifted"]),
        ("activities/processingactivity", ["not ended", "ended"]),
    ],
)
def test_lists_are_filtered_in_the_words_of_what_is_listed(rows, officer_client, page, words):
    shown = text(officer_client.get(f"/officer/{page}/"))
    assert [each for each in words if not re.search(rf">\s*{each}\s*<", shown)] == []
    assert re.findall(r">\s*(?:Not empty|Empty)\s*<", shown) == []


def test_every_mask_is_chosen_together_with_what_it_leaves_in_law(rows, officer_client):
    shown = text(officer_client.get(f"/officer/datamap/dataset/{rows[Dataset].pk}/change/"))
    for name in ("on_erasure", "on_retention"):
        (listed,) = re.findall(rf'<select name="fields-0-{name}".*?</select>', shown, re.DOTALL)
        words = re.findall(r"<option[^>]*>([^<]+)</option>", listed)
        assert words == [
            "keep", "empty (anonymous)", "replace by a constant (anonymous)",
            "replace by a keyed token (pseudonymous)", "replace by random text (anonymous)",
            "shorten the date (generalised)", "shorten the IP address (generalised)", "round the number (generalised)",
            "shorten the postcode (generalised)", "replace by an address nobody has (anonymous)",
            "replace by a number nobody has (anonymous)",
        ]  # fmt: skip
    assert "what is left of the value in law" in shown


def test_what_is_changed_has_to_be_confirmed_again(rows, officer_client):
    dataset = rows[Dataset]
    Dataset.objects.filter(pk=dataset.pk).update(confirmed_at="2026-01-01T00:00Z")
    page = f"/officer/datamap/dataset/{dataset.pk}/change/"
    officer_client.post(page, dataset_form(dataset))
    dataset.refresh_from_db()
    assert dataset.confirmed_at is not None
    officer_client.post(page, dataset_form(dataset, label="People"))
    dataset.refresh_from_db()
    assert (dataset.label, dataset.confirmed_at) == ("People", None)


def prefixed(prefix: str, given: dict) -> dict:
    return {f"{prefix}-{name}": value for name, value in given.items()}


def rule_form(dataset: Dataset, **changes) -> dict:
    given = {
        "name": "Old contacts", "legal_reason": "our policy", "dataset": dataset.pk, "start_dataset": dataset.pk,
        "start_column": "cancelled_on", "amount": "30", "unit": "days", "year_end": "", "start_event": "cancellation",
        "action": "mask", "conditions": "", "path": "", "turn": "0", "without_address": "wait",
    }  # fmt: skip
    return prefixed("rule", given | changes)


def test_a_rule_that_contradicts_the_data_map_is_refused(rows, officer_client):
    dataset = rows[Dataset]
    for changes, words in (
        ({"start_column": "gone_on"}, "has no column gone_on"),
        ({"conditions": "status = cancelled"}, "has no column status"),
        ({"conditions": "whatever"}, "Write each condition like"),
        ({"amount": "0"}, "Write a whole number that is 1 or more."),
        ({"turn": "-1"}, "Write a whole number that is 0 or more."),
        ({"notice_days": "366"}, "Write a whole number that is 365 or less."),
        ({"conditions": f"plan = {'x' * 600}"}, "A condition has 607 letters: “plan = xxx"),
        ({"along": [dataset.pk]}, "Only a rule that deletes"),
        ({"category": "contact", "action": "delete"}, "One kind of data can only be anonymised"),
        ({"in_force_from": "2030-01-02", "in_force_until": "2030-01-01"}, "would end before it begins"),
    ):
        refused = text(officer_client.post("/officer/retention/rule/add/", rule_form(dataset, **changes)))
        assert words in refused.replace("&quot;", '"'), words
    assert not Rule.objects.filter(name="Old contacts").exists()


def test_a_rule_is_stored_and_a_change_makes_the_next_version(rows, officer_client):
    dataset = rows[Dataset]
    given = rule_form(dataset, conditions="cancelled_on is not null\nid in 1, 2")
    assert officer_client.post("/officer/retention/rule/add/", given).status_code == 302
    rule = Rule.objects.get(name="Old contacts")
    assert rule.conditions == [
        {"column": "cancelled_on", "op": "is not null", "value": None},
        {"column": "id", "op": "in", "value": [1, 2]},
    ]
    officer_client.post(f"/officer/retention/rule/{rule.pk}/change/", given | {"rule-amount": "60"})
    rule.refresh_from_db()
    assert (rule.amount, rule.version) == (60, 2)
    assert [act for act in acts() if act.startswith("rule.")] == ["rule.added", "rule.changed"]


def test_the_look_before_a_run_says_why_it_cannot_be_said_what_is_due(rows, officer_client):
    rule = rows[Rule]
    shown = text(officer_client.get(f"/officer/retention/rule/{rule.pk}/start-now/"))
    assert "Confirm first what these datasets hold" in shown
    refused = officer_client.post(f"/officer/retention/rule/{rule.pk}/start-now/", follow=True)
    assert "The rule is not active; activate it first." in text(refused)
    assert Run.objects.count() == 1


def test_resuming_a_run_that_changed_is_refused_in_words(rows, officer_client):
    run = rows[Run]
    Run.objects.filter(pk=run.pk).update(state="attention", problem="survivors", plan={"rule": {}})
    page = f"/officer/retention/run/{run.pk}/"
    assert "Rows remain that should be gone" in text(officer_client.get(f"{page}change/"))
    refused = officer_client.post(f"{page}resume/", follow=True)
    assert "Start a new run of the rule." in text(refused)


def test_a_hold_on_a_person_keeps_the_address_out_of_sight(officer_client):
    case = make_case(email="ama.mensah@example.com")
    given = prefixed("hold", {"matter": "File 12/2026", "email": "Ama.Mensah@example.com"})
    assert officer_client.post("/officer/retention/hold/add/", given).status_code == 302
    hold = Hold.objects.get()
    assert hold.subject == case.subject
    listed = text(officer_client.get("/officer/retention/hold/"))
    assert "a•••••@example.com" in listed
    assert "ama.mensah" not in listed
    assert "File 12/2026" in listed
    page = f"/officer/retention/hold/{hold.pk}/change/"
    assert "ama.mensah" not in text(officer_client.get(page))
    assert [act for act in acts() if act.startswith("hold.")] == ["hold.placed"]


def test_a_hold_names_the_person_by_whatever_they_are_known_by(officer_client):
    case = make_case(email="ama.mensah@example.com")
    typed = {"email": "Ama.Mensah@example.com\n\nama@work.example", "phone": "024 456 0128", "customer_id": "C-77"}
    given = prefixed("hold", {"matter": "File 13"} | typed)
    page = text(officer_client.post("/officer/retention/hold/add/", given, follow=True))
    assert "4 holds were placed, for what you typed is not known here as the same person&#x27;s." in page
    known = [{(each.kind, each.value) for each in hold.subject.identifiers.all()} for hold in Hold.objects.all()]
    assert sorted(map(sorted, known)) == [
        [("customer_id", "C-77")],
        [("email", "ama.mensah@example.com")],
        [("email", "ama@work.example")],
        [("phone", "+233244560128")],
    ]
    assert Hold.objects.filter(subject=case.subject).count() == 1
    assert [act for act in acts() if act.startswith("hold.")] == ["hold.placed"] * 4


def test_a_hold_by_what_is_no_identifier_says_so_at_its_field_and_loses_nothing(officer_client):
    typed = {"email": "ama@example.com", "phone": "024 456 0128\n12", "customer_id": "C-77"}
    page = text(officer_client.post("/officer/retention/hold/add/", prefixed("hold", {"matter": "File 14"} | typed)))
    assert "Line 2: Enter a phone number with its country code" in page
    assert "Name either a person" not in page
    assert [each in page for each in ("ama@example.com", "024 456 0128", "C-77", "File 14")] == [True] * 4
    assert not Hold.objects.exists()


def test_a_legal_hold_is_released_by_two_officers_on_its_page(officer_client, make_officer, sign_in):
    hold = place_hold(kind="legal", matter="File 15", subject=make_case().subject, actor=SYSTEM)
    page = f"/officer/retention/hold/{hold.pk}/"
    assert officer_client.post(f"{page}release/").status_code in (302, 403)
    officer_client.get(f"{page}ask-release/")
    hold.refresh_from_db()
    assert (hold.release_asked_at, hold.released_at) == (None, None)
    officer_client.post(f"{page}ask-release/")
    assert "approve-release" not in text(officer_client.get(f"{page}change/"))
    assert "another officer has to approve it" in text(officer_client.post(f"{page}approve-release/", follow=True))
    hold.refresh_from_db()
    assert hold.released_at is None
    second = sign_in(make_officer())
    assert "Approve release" in text(second.get(f"{page}change/"))
    second.post(f"{page}approve-release/")
    hold.refresh_from_db()
    assert hold.released_at is not None
    assert "left alone a day longer" in text(second.get("/officer/retention/hold/"))
    assert 'name="_save"' not in text(second.get(f"{page}change/"))
    acted = [act for act in acts() if act.startswith("hold.")]
    assert sorted(acted) == ["hold.placed", "hold.release_asked", "hold.released"]


def test_the_lock_of_a_case_leads_to_its_case_and_is_released_by_one_officer(officer_client):
    case = make_case()
    hold = place_hold(kind="open_request", matter=case.reference, subject=case.subject, case_id=case.pk, actor=SYSTEM)
    page = f"/officer/retention/hold/{hold.pk}/"
    link = f"/officer/requests/subjectrequest/{case.pk}/change/"
    assert link in officer_client.get(f"{page}change/").content.decode()
    officer_client.post(f"{page}release/")
    hold.refresh_from_db()
    assert hold.spared_until == hold.released_at + GRACE


def test_a_hold_whose_review_is_due_is_shown_as_such(officer_client):
    past, today = date(2020, 1, 31), timezone.now().date()
    for number, day in enumerate((past, today, today + timedelta(days=2), None)):
        subject = make_case(email=f"{number}@example.com").subject
        hold = place_hold(kind="legal", matter=f"File {number}", subject=subject, actor=SYSTEM)
        Hold.objects.filter(pk=hold.pk).update(review_on=day)
    assert text(officer_client.get("/officer/retention/hold/")).count("due since") == 2
    figures = officer_client.get("/officer/").context["dashboard"].figures
    assert [figure.number for figure in figures if str(figure.title) == "Holds to review"] == [2]


def test_a_hold_is_not_placed_with_a_review_on_a_day_that_is_over(officer_client):
    today = timezone.now().date()  # alpha is in Accra, which keeps UTC
    given = prefixed("hold", {"matter": "File 16", "email": "ama@example.com", "review_on": str(today - timedelta(1))})
    refused = text(officer_client.post("/officer/retention/hold/add/", given))
    assert "This day is over. Enter today or a later day" in refused
    assert ("File 16" in refused, Hold.objects.exists()) == (True, False)
    officer_client.post("/officer/retention/hold/add/", given | {"hold-review_on": str(today)})
    hold = Hold.objects.get()
    assert hold.review_on == today
    Hold.objects.update(review_on=today - timedelta(9))  # it was placed long ago, and is changed without its review
    changed = prefixed("hold", {"matter": "File 17", "review_on": str(today - timedelta(9))})
    officer_client.post(f"/officer/retention/hold/{hold.pk}/change/", changed)
    assert Hold.objects.get().matter == "File 17"


def test_a_hold_names_either_a_person_or_a_dataset(rows, officer_client):
    for given in ({}, {"email": "ama@example.com", "dataset": rows[Dataset].pk}):
        refused = officer_client.post("/officer/retention/hold/add/", prefixed("hold", {"matter": "File 13"} | given))
        assert "Name either a person, a dataset or a data category." in text(refused)
    whole = prefixed("hold", {"matter": "File 13", "dataset": rows[Dataset].pk})
    officer_client.post("/officer/retention/hold/add/", whole)
    assert Hold.objects.exclude(dataset=None).get().dataset == rows[Dataset]


def test_the_ledger_is_narrowed_to_an_object(officer_client):
    case = make_case()
    officer_client.get(f"/officer/requests/subjectrequest/{case.pk}/change/")
    officer_client.get(f"/officer/requests/subjectrequest/{make_case(email='b@example.com').pk}/change/")
    shown = officer_client.get("/officer/ledger/ledgerentry/", {"object_id": str(case.pk)})
    assert [entry.action for entry in shown.context["cl"].result_list] == ["subject_request.viewed"]


def test_no_page_of_the_site_writes_djangos_own_log(rows, officer_client):
    given = prefixed("hold", {"matter": "File 14", "dataset": rows[Dataset].pk})
    officer_client.post("/officer/retention/hold/add/", given)
    assert Hold.objects.exclude(dataset=None).exists()
    assert not LogEntry.objects.exists()


def test_times_are_those_of_the_organisation_and_say_so(officer_client, rows):
    run = rows[Run]
    Run.objects.filter(pk=run.pk).update(created_at=datetime(2026, 1, 31, 23, 30, 5, tzinfo=UTC))
    shown = {}
    for zone in ("Asia/Kolkata", "America/Toronto", "UTC"):
        OrganisationProfile.objects.update(time_zone=zone)
        page = text(officer_client.get(f"/officer/retention/run/{run.pk}/change/"))
        shown[zone] = (re.search(r"<dt>Created</dt><dd>([^<]+)</dd>", page)[1], f"Times in {zone}" in page)
    assert shown == {
        "Asia/Kolkata": ("1 Feb 2026, 05:00:05 IST", True),
        "America/Toronto": ("31 Jan 2026, 18:30:05 EST", True),
        "UTC": ("31 Jan 2026, 23:30:05 UTC", True),
    }
    assert timezone.get_current_timezone_name() == "UTC"


def test_a_list_is_called_by_what_it_lists_and_counts_only_what_was_looked_for(rows, officer_client):
    page = text(officer_client.get("/officer/retention/rule/"))
    title = re.search(r"<title>\s*(.+?)\s*</title>", page, re.DOTALL)[1]
    assert (title, "Show all" in page) == ("Retention rules | Privacy Desk", False)
    found = text(officer_client.get("/officer/retention/rule/", {"q": "garnet"}))
    assert ("1 result" in found, "Show all" in found) == (True, True)


def test_a_rule_leads_to_its_runs(rows, officer_client):
    rule = rows[Rule]
    page = text(officer_client.get(f"/officer/retention/rule/{rule.pk}/change/"))
    link, words = re.search(r'href="([^"]+rule__id__exact=[^"]+)">([^<]+)<', page).groups()
    assert words == "1 run"
    assert f"/officer/retention/run/{rows[Run].pk}/change/" in text(officer_client.get(link))
    Run.objects.all().delete()
    assert "none yet" in text(officer_client.get(f"/officer/retention/rule/{rule.pk}/change/"))


def test_an_empty_list_says_whether_it_is_empty_or_only_looked_through(rows, officer_client):
    looked_through = text(officer_client.get("/officer/retention/rule/", {"q": "no such rule"}))
    assert ("Nothing matches" in looked_through, "Show everything" in looked_through) == (True, True)
    Run.objects.all().delete()
    RuleVersion.objects.all().delete()
    Rule.objects.all().delete()
    empty = text(officer_client.get("/officer/retention/rule/"))
    assert ("Nothing here yet" in empty, "Add retention rule" in empty) == (True, True)
    assert "Show everything" not in empty


def test_a_table_of_120_columns_is_described_and_confirmed_on_one_screen(rows, officer_client):
    dataset, purpose = rows[Dataset], rows[Purpose]
    Field.objects.bulk_create(
        Field(dataset=dataset, column=f"column_{number}", position=2 + number, data_type="text", category="business")
        for number in range(118)
    )
    page = f"/officer/datamap/dataset/{dataset.pk}/change/"
    described = {f"fields-{number}-purposes": [purpose.pk] for number in range(120)}
    described |= {f"fields-{number}-label": f"Column {number}" for number in range(120)}
    described |= {f"fields-{number}-{name}": "" for number in range(120) for name in ("identifier_kind", "keep_reason")}
    form = dataset_form(dataset, **described, **{"fields-1-category": "business", "fields-1-on_erasure": "null"})
    assert officer_client.post(page, form | {"datamap_dataset_save_and_confirm": "1"}).status_code == 302
    dataset.refresh_from_db()
    assert dataset.confirmed_at is not None
    assert dataset.fields.filter(label__startswith="Column ", purposes=purpose).count() == 120


@pytest.mark.parametrize("page", ["retention/rule/", "retention/run/", "datamap/dataset/120/change/"])
def test_the_number_of_queries_does_not_grow_with_the_rows_of_a_page(rows, officer_client, page):
    page = page.replace("120", str(rows[Dataset].pk))

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert officer_client.get(f"/officer/{page}").status_code == 200
        return len(captured)

    queries()  # what is remembered between two looks is fetched
    first, dataset, rule = queries(), rows[Dataset], rows[Rule]
    Field.objects.bulk_create(
        Field(dataset=dataset, column=f"c_{number}", position=number, data_type="text") for number in range(2, 12)
    )
    shared = {"dataset": dataset, "start_dataset": dataset, "start_column": "cancelled_on", "amount": 1}
    Rule.objects.bulk_create(
        Rule(name=f"Rule {number}", action="mask", legal_reason="policy", **shared) for number in range(10)
    )
    Run.objects.bulk_create(
        Run(kind="retention", source=dataset.source, rule=rule, rule_version=1, slot=f"{number}", plan={"engine": {}},
            plan_hash="b" * 64, actor_kind="system")
        for number in range(10)
    )  # fmt: skip
    assert queries() == first


def test_whoever_only_looks_reads_what_was_typed_and_not_how_it_is_stored(rows, auditor, sign_in):
    condition = {"column": "cancelled_on", "op": "is not null", "value": None}
    rule, minimum, dataset = rows[Rule], rows[Minimum], rows[Dataset]
    for model, row in ((Rule, rule), (Minimum, minimum)):
        model.objects.filter(pk=row.pk).update(conditions=[condition])
    Dataset.objects.filter(pk=dataset.pk).update(scope=[{"column": "desk", "op": "=", "value": 7}])
    Field.objects.filter(dataset=dataset, column="cancelled_on").update(mask_params={"to": "month"})
    hop = {"columns": ["a", "b"], "to": "crm.t", "to_columns": ["x", "y"]}
    Rule.objects.filter(pk=rule.pk).update(path=[hop])
    client, expected = sign_in(auditor), "cancelled_on is not null"
    pages = {
        f"retention/rule/{rule.pk}": [expected, "a, b → crm.t (x, y)"],
        f"retention/minimum/{minimum.pk}": [expected, "found from the foreign keys"],
        f"datamap/dataset/{dataset.pk}": ["desk = 7", "to = month"],
    }
    for page, lines in pages.items():
        shown = text(client.get(f"/officer/{page}/change/"))
        assert [line for line in lines if line not in shown] == [], page
        assert [stored for stored in ("&quot;column&quot;", "highlight") if stored in shown] == [], page


@pytest.mark.parametrize("site", [officer_site, operator_site], ids=lambda site: site.name)
def test_no_path_above_a_page_says_the_same_twice(site):
    """The theme writes the name of the app and then that of the rows."""
    paths = [
        (str(model._meta.app_config.verbose_name), str(model._meta.verbose_name_plural)) for model in site._registry
    ]
    assert [path for path in paths if path[0].casefold() == path[1].casefold()] == []
    assert len(paths) > 5


def test_the_path_above_the_cases_says_what_they_are_part_of(rows, officer_client):
    page = text(officer_client.get("/officer/requests/subjectrequest/"))
    path = re.findall(r'<a href="([^"]+)" class="align-middle[^>]*>\s*(.*?)\s*</a', page)
    assert path == [("/officer/requests/", "Work"), ("/officer/requests/subjectrequest/", "Subject requests")]


def test_a_significant_notice_without_words_is_refused_where_it_is_put_into_force(officer_client):
    notice = Notice.objects.create(version="9", title="Notice", body="Text", is_significant=True)
    page = f"/officer/register/notice/{notice.pk}/publish/"
    assert "Write what changes" in text(officer_client.post(page))
    Notice.objects.filter(pk=notice.pk).update(changes="More.")
    assert "and the portal shows it" in text(officer_client.post(page, follow=True))


def test_a_notice_from_before_the_one_in_force_is_not_said_to_be_shown(officer_client):
    now, earlier = (Notice.objects.create(version=each, title="Notice", body="Text") for each in ("now", "earlier"))
    officer_client.post(f"/officer/register/notice/{now.pk}/publish/")
    answer = officer_client.post(
        f"/officer/register/notice/{earlier.pk}/publish/", {"in_force_since": "2024-09-01"}, follow=True
    )
    assert "The portal goes on showing version now." in text(answer)


def test_a_notice_is_in_a_language_of_our_letters(officer_client):
    given = {"title": "Avis", "version": "9", "body": "Texte", "changes": ""}
    assert "Frenc is not one of the available choices" in text(
        officer_client.post("/officer/register/notice/add/", given | {"language": "Frenc"})
    )
    officer_client.post("/officer/register/notice/add/", given | {"language": "fr"})
    assert Notice.objects.get(version="9").language == "fr"
