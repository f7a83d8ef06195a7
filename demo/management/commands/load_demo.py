"""Loads the sample organisations; what is there already is left as it is."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from demo import furnishing
from demo.activities import furnish_activities
from demo.cookies import furnish_cookies
from demo.databases import build_database, login_address
from demo.profiles import SAMPLES, SampleOrganisation
from demo.telling import furnish_telling
from demo.welcome import welcome
from privacy.ledger.actors import SYSTEM
from privacy.register.furnishing import furnish
from privacy.tenants.context import organisation_context, public_context
from privacy.tenants.models import Operator, Organisation
from privacy.tenants.provisioning import create_organisation
from requests.own_data.rules import set_up_own_data

OPERATOR_EMAIL = "operator@privacy-desk.example"


class Command(BaseCommand):
    help = "Load two sample organisations with officers, CRM databases, consents and cases."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--print-welcome", action="store_true", help="only say where everything is")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["print_welcome"]:
            self.stdout.write(welcome())
            return
        with public_context():
            _operator()
        for sample in SAMPLES:
            self.stdout.write(f"{sample.name}: sample database")
            build_database(sample.database, progress=lambda line: self.stdout.write(f"  {line}"))
            self.stdout.write(f"{sample.name}: organisation, data map, rules, cases")
            _load(sample)


def _operator() -> None:
    operator, new = Operator.objects.get_or_create(
        email=OPERATOR_EMAIL, defaults={"full_name": "Operator of this installation"}
    )
    if new:
        operator.set_password(furnishing.PASSWORD)
        operator.save()


def _load(sample: SampleOrganisation) -> None:
    organisation = Organisation.objects.filter(slug=sample.slug).first() or create_organisation(
        name=sample.name,
        slug=sample.slug,
        domain=f"{sample.slug}.{settings.PUBLIC_HOSTS[0]}",
        furnish=lambda made: furnish(
            organisation=made,
            laws=sample.laws,
            country=sample.country,
            officer_email=sample.officers[0].email,
            officer_password=furnishing.PASSWORD,
        ),
    )
    with organisation_context(organisation):
        furnishing.furnish_profile(sample)
        furnishing.furnish_officers(sample)
        furnishing.furnish_register(sample, SYSTEM)
        source = furnishing.furnish_data_map(sample, login_address(sample.database), SYSTEM)
        furnishing.furnish_rules(sample, source, SYSTEM)
        set_up_own_data(actor=SYSTEM)
        furnishing.furnish_consents(sample, SYSTEM)
        furnish_cookies(sample, SYSTEM)
        furnish_activities(sample, SYSTEM)
        furnishing.furnish_disclosures(sample, SYSTEM)
        furnishing.furnish_cases(sample)
        furnish_telling(sample, SYSTEM)
        _keep_api_key(sample.slug)


def _keep_api_key(slug: str) -> None:
    path = api_key_file(slug)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(furnishing.new_api_key())


def api_key_file(slug: str) -> Path:
    return Path(settings.DEMO_DIR) / f"{slug}.api-key"
