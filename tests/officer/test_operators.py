"""The operators' site: organisations and work, and nothing of any organisation's data."""

import re

from django.test import Client
from django.utils import timezone

from config.admin_sites import operator_site
from privacy.jobs.models import Job
from privacy.jobs.services import enqueue
from privacy.officers.models import Officer
from privacy.tenants.context import organisation_context, public_context
from privacy.tenants.models import Domain, Operator, Organisation


def test_an_operator_opens_every_page(operator_client, alpha, operator):
    enqueue(kind="ledger.seal", slot="walk")
    with public_context():
        keys = {
            Organisation: alpha.pk,
            Domain: Domain.objects.get(tenant=alpha).pk,
            Operator: operator.pk,
            Job: Job.objects.get(slot="walk").pk,
        }
    assert operator_client.get("/platform/").status_code == 200
    for model in operator_site._registry:
        page = f"/platform/{model._meta.app_label}/{model._meta.model_name}/"
        assert operator_client.get(page).status_code == 200, page
        if model in keys:
            assert operator_client.get(f"{page}{keys[model]}/change/").status_code == 200, page


def test_strangers_get_the_login_page(settings, db):
    client = Client(headers={"host": settings.PUBLIC_HOSTS[0]})
    for page in ("/platform/", "/platform/jobs/job/", "/platform/tenants/organisation/add/"):
        assert client.get(page)["Location"] == f"/platform/login/?next={page}"


def test_an_organisation_is_made_with_its_schema_and_first_officer(operator_client, alpha):
    given = {
        "name": "Gamma", "slug": "gamma-desk", "domain": "gamma.example.com", "country": "gh", "laws": ["GH"],
        "officer_email": "dpo@gamma.example.com",
    }  # fmt: skip
    response = operator_client.post("/platform/tenants/organisation/add/", given)
    password = re.search(r"<code>([^<]+)</code>", response.content.decode())[1]
    with public_context():
        gamma = Organisation.objects.get(slug="gamma-desk")
    with organisation_context(gamma):
        assert Officer.objects.get(email="dpo@gamma.example.com").check_password(password)
    again = operator_client.post("/platform/tenants/organisation/add/", given)
    assert "exists already" in again.content.decode()


def test_a_host_name_is_checked(operator_client, alpha):
    given = {"domain": "https://x.example.com/", "tenant": alpha.pk}
    refused = operator_client.post("/platform/tenants/domain/add/", given)
    assert "Write a host name like privacy.example.com" in refused.content.decode()
    assert operator_client.post("/platform/tenants/domain/add/", given | {"domain": "X.example.com"}).status_code == 302
    with public_context():
        assert Domain.objects.get(domain="x.example.com").tenant_id == alpha.pk


def test_a_new_operator_needs_a_good_password(operator_client, alpha):
    given = {"full_name": "Second", "email": "second@example.com", "is_active": "on"}
    page = "/platform/tenants/operator/add/"
    assert "Give the new operator a password" in operator_client.post(page, given).content.decode()
    assert "too short" in operator_client.post(page, given | {"new_password": "short"}).content.decode()
    assert operator_client.post(page, given | {"new_password": "correct horse battery"}).status_code == 302
    with public_context():
        assert Operator.objects.get(email="second@example.com").check_password("correct horse battery")


def test_failed_jobs_are_tried_again_and_others_left(operator_client, alpha):
    for slot in ("failed", "waiting"):
        enqueue(kind="ledger.seal", slot=slot)
    Job.objects.filter(slot="failed").update(state="failed", finished_at=timezone.now(), problem="KeyError")
    with public_context():
        keys = list(Job.objects.filter(slot__in=["failed", "waiting"]).values_list("pk", flat=True))
    chosen = {"action": "try_again", "_selected_action": keys}
    response = operator_client.post("/platform/jobs/job/", chosen, follow=True)
    assert "1 of 2 jobs are tried again." in response.content.decode()
    with public_context():
        assert set(Job.objects.filter(pk__in=keys).values_list("state", "problem")) == {("pending", "")}


def test_nothing_is_deleted_from_the_site(operator_client, alpha):
    page = f"/platform/tenants/organisation/{alpha.pk}/delete/"
    assert operator_client.post(page, {"post": "yes"}).status_code == 403
    with public_context():
        assert Organisation.objects.filter(pk=alpha.pk).exists()


def test_what_another_operator_changed_meanwhile_is_not_saved_over(operator_client, alpha, operator):
    with public_context():
        host = Domain.objects.get(tenant=alpha)
    rows = {
        f"tenants/organisation/{alpha.pk}": ({"name": "Alpha One"}, {"name": "Alpha Two"}),
        f"tenants/domain/{host.pk}": (
            {"domain": "one.example.com", "tenant": alpha.pk}, {"domain": "two.example.com", "tenant": alpha.pk},
        ),
        f"tenants/operator/{operator.pk}": (
            {"full_name": "One", "email": operator.email}, {"full_name": "Two", "email": operator.email},
        ),
    }  # fmt: skip
    for row, (first, second) in rows.items():
        page = f"/platform/{row}/change/"
        (mark,) = re.findall(r'name="loaded" value="(\w+)"', operator_client.get(page).content.decode())
        assert operator_client.post(page, first | {"loaded": mark}).status_code == 302, row
        refused = operator_client.post(page, second | {"loaded": mark}).content.decode()
        assert "Somebody else changed this after you had opened it, so nothing was saved." in refused
        assert next(iter(second.values())) in refused
    with public_context():
        names = (Organisation.objects.get(pk=alpha.pk).name, Domain.objects.get(pk=host.pk).domain)
        assert (*names, Operator.objects.get(pk=operator.pk).full_name) == ("Alpha One", "one.example.com", "One")
