"""An organisation with a real CRM: OffixPro's sample, small, on a database of its own, furnished as in the demo."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial

import psycopg

from config.database_url import with_database
from demo import furnishing
from demo.crm.build import build_offixpro_crm
from demo.databases import administrator_url, build_database, drop_database, login_address
from demo.profiles import OFFIXPRO, SampleOrganisation
from privacy.datamap.models import Source
from privacy.ledger.actors import SYSTEM
from privacy.register.furnishing import furnish
from privacy.register.models import OrganisationProfile
from privacy.tenants.context import organisation_context
from privacy.tenants.models import Organisation
from privacy.tenants.provisioning import create_organisation, destroy_organisation

PEOPLE = 300


@dataclass
class SampleDesk:
    """The organisation, its source, and an administrator's address of the CRM database."""

    organisation: Organisation
    sample: SampleOrganisation
    source: Source
    crm: str

    @property
    def host(self) -> str:
        return f"{self.sample.slug}.localhost"

    @property
    def officers(self) -> tuple[str, str]:
        """E-mail addresses of two Privacy Officers."""
        return self.sample.officers[0].email, self.sample.officers[1].email

    def rows(self, query: str, *parameters: object) -> list[tuple]:
        """Ask the CRM database itself."""
        with psycopg.connect(self.crm) as connection:
            return connection.execute(query, parameters).fetchall()


@contextmanager
def sample_desk(people: int = PEOPLE) -> Iterator[SampleDesk]:
    """Make it, run the body inside the organisation, and remove all of it afterwards. Needs committed rows."""
    number = uuid.uuid4().hex[:6]
    sample = replace(OFFIXPRO, slug=f"sample-{number}", database=f"crm_{number}")
    try:
        build_database(sample.database, progress=lambda line: None, build=partial(build_offixpro_crm, people=people))
        organisation = _organisation(sample)
        try:
            with organisation_context(organisation):
                source = _furnish(sample)
                yield SampleDesk(organisation, sample, source, with_database(administrator_url(), sample.database))
        finally:
            destroy_organisation(organisation=organisation)
    finally:
        drop_database(sample.database)


def _organisation(sample: SampleOrganisation) -> Organisation:
    return create_organisation(
        name=sample.name,
        slug=sample.slug,
        domain=f"{sample.slug}.localhost",
        furnish=lambda made: furnish(
            organisation=made,
            laws=sample.laws,
            country=sample.country,
            officer_email=sample.officers[0].email,
            officer_password=furnishing.PASSWORD,
        ),
    )


def _furnish(sample: SampleOrganisation) -> Source:
    furnishing.furnish_profile(sample)
    OrganisationProfile.objects.update(cooling_off_hours=0)  # approved erasures begin at once
    furnishing.furnish_officers(sample)
    furnishing.furnish_register(sample, SYSTEM)
    source = furnishing.furnish_data_map(sample, login_address(sample.database), SYSTEM)
    furnishing.furnish_rules(sample, source, SYSTEM)
    furnishing.furnish_consents(sample, SYSTEM)
    return source
