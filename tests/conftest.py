"""Organisations are made once for each run of the tests.

`alpha` and `beta` are for tests that roll back: the body runs inside alpha. `committed` makes an organisation of its
own whose rows are really committed, for tests with several connections or processes, and destroys it afterwards.
"""

import gc
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from django.conf import settings
from django.test import Client
from django.test.utils import override_settings, teardown_databases
from hypothesis import HealthCheck
from hypothesis import settings as HypothesisSettings

from config.celery import app as celery
from privacy.officers.models import Officer, Role
from privacy.register.furnishing import furnish
from privacy.register.models import OrganisationProfile
from privacy.tenants.context import organisation_context
from privacy.tenants.models import Organisation
from privacy.tenants.provisioning import create_organisation, destroy_organisation
from tests import dying
from tests.databases import copied_test_database, make_test_database
from tests.sources import _offixpro_connected, _offixpro_template
from tests.stack import Stack

# Here and in no folder's conftest: each that imports a fixture makes it anew.
__all__ = ["_offixpro_connected", "_offixpro_template"]

REDIS_DATABASES = 16  # as many as there are when nobody says otherwise
LONGEST_NAME = 100  # of a value in the name of a test
PASSWORD = "correct horse battery staple"

# How long an example takes says how busy the machine is, and nothing about the code.
HypothesisSettings.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
HypothesisSettings.load_profile("steady")


def no_cooling_off() -> None:
    """Approved erasures begin at once; tests of the time to cancel set it."""
    OrganisationProfile.objects.update(cooling_off_hours=0)


def make_organisation(slug: str, *, laws: tuple[str, ...] = ("GH",), country: str = "GH") -> Organisation:
    """An organisation with a profile and one Privacy Officer, officer@<slug>.example.com."""

    def furnished(organisation: Organisation) -> None:
        furnish(
            organisation=organisation,
            laws=laws,
            country=country,
            officer_email=f"officer@{slug}.example.com",
            officer_password=PASSWORD,
        )
        no_cooling_off()

    return create_organisation(name=slug.title(), slug=slug, domain=f"{slug}.localhost", furnish=furnished)


def pytest_configure(config: pytest.Config) -> None:
    """Each of several test processes has a queue of its own: jobs of their databases have the same numbers."""
    number = int(getattr(config, "workerinput", {"workerid": "gw0"})["workerid"].removeprefix("gw"))
    broker = f"{settings.CELERY['broker_url'].rpartition('/')[0]}/{number % REDIS_DATABASES}"
    settings.CELERY["broker_url"] = celery.conf.broker_url = broker


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """Name a long value by its beginning: the names of all tests travel between the processes, some were megabytes."""
    if isinstance(val, str | bytes) and len(val) > LONGEST_NAME:
        return f"{argname} of {len(val)}: {val[:20]!r}".encode("unicode-escape").decode()
    return None


@pytest.hookimpl(hookwrapper=True)
def pytest_collection(session: pytest.Session) -> Iterator[None]:
    """What the tests are made of lives as long as the process: Python's collector need not look at it again and again.

    These are a million objects in each of the test processes, and looking at all of them takes half a second. What is
    read afterwards stays as well (addresses, translations): everything is looked at ten times less often than usual.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.set_threshold(700, 10, 100)
        gc.enable()


@pytest.hookimpl(hookwrapper=True)  # xdist reads the groups in a hook of the same name, pytest-django sorts in one
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Tests with processes of their own run one after the other: all share Redis, and some of them take it away.

    `processes(redis=False)`: these do not look at it, or have their own. They run beside the others; the one queue of
    those that share it is the longest of all and would make everybody wait.

    What takes long comes first, whatever order the others have: no process shall be alone with it at the end.
    """
    for item in items:
        if "stack" in getattr(item, "fixturenames", ()) and not _shares_redis(item):
            raise pytest.UsageError(f"{item.nodeid} starts processes and is not marked with `processes`")
        if _shares_redis(item):
            item.add_marker(pytest.mark.xdist_group("processes"))
    yield
    items.sort(key=lambda item: not _takes_long(item))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """A test that fails shows what the processes of the portal said."""
    outcome = yield
    report, stack = outcome.get_result(), getattr(item, "funcargs", {}).get("stack")
    if report.failed and isinstance(stack, Stack):
        report.sections.append(("the portal's processes", stack.ends_of_logs()))


def _shares_redis(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("processes")
    return marker is not None and marker.kwargs.get("redis", True)


def _takes_long(item: pytest.Item) -> bool:
    return any(item.get_closest_marker(name) for name in ("processes", "long"))


def pytest_collection_finish(session: pytest.Session) -> None:
    """A runner that takes no notice of groups would let such tests disturb each other now and then: refuse it."""
    if session.config.getoption("loadgroup", default=False):
        loose = [item for item in session.items if _shares_redis(item) and "@" not in item.nodeid]
        if loose:
            raise pytest.UsageError(f"pytest-xdist does not group tests, among them {loose[0].nodeid}")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> dying.Scheduling | None:
    return dying.Scheduling(config, log) if config.getoption("dist") == "loadgroup" else None


def pytest_handlecrashitem(crashitem: str, report: pytest.TestReport) -> bool:
    """The process that ran a test has died."""
    dying.note(report.node.config, crashitem, report)  # type: ignore[attr-defined]
    return True


@pytest.hookimpl(trylast=True)  # once the other processes have given back what they held
def pytest_sessionfinish(session: pytest.Session) -> None:
    dying.run_again(session)


@pytest.fixture(scope="session", autouse=True)
def _files(django_test_environment, tmp_path_factory) -> Iterator[None]:
    """Test processes that run at once have organisations of the same names: each has its own folder of files."""
    storage = settings.STORAGES["default"] | {"OPTIONS": {"location": tmp_path_factory.mktemp("files")}}
    with override_settings(STORAGES=settings.STORAGES | {"default": storage}):
        yield


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment, django_db_blocker, django_db_keepdb, django_db_createdb, django_db_modify_db_settings,
    worker_id, tmp_path_factory,
) -> Iterator[None]:  # fmt: skip
    """Make the test database whatever the tests are marked with; pytest-django's own looks at their marks only."""
    is_alone = worker_id == "master" or django_db_keepdb
    with ExitStack() as stack:
        with django_db_blocker.unblock():
            if is_alone:
                made = make_test_database(keep=django_db_keepdb and not django_db_createdb)
            else:
                made = stack.enter_context(copied_test_database(tmp_path_factory.getbasetemp().parent))
        yield
        with django_db_blocker.unblock():
            if not django_db_keepdb:
                teardown_databases(made, verbosity=0)
            stack.close()


@pytest.fixture(scope="session")
def _organisations(django_db_setup, django_db_blocker) -> Iterator[dict[str, Organisation]]:
    with django_db_blocker.unblock():
        made = {slug: make_organisation(slug) for slug in ("alpha", "beta")}
    yield made
    with django_db_blocker.unblock():
        for organisation in made.values():
            destroy_organisation(organisation=organisation)


@pytest.fixture
def alpha(db, _organisations) -> Iterator[Organisation]:
    """The organisation that the test runs in."""
    with organisation_context(_organisations["alpha"]) as organisation:
        yield organisation


@pytest.fixture
def beta(db, _organisations) -> Organisation:
    """Another organisation; enter it with `organisation_context`."""
    return _organisations["beta"]


@pytest.fixture
def committed(django_db_setup, django_db_blocker) -> Iterator[Organisation]:
    """An organisation whose rows are committed. The test runs inside it; it is destroyed afterwards."""
    with django_db_blocker.unblock():
        organisation = make_organisation(f"org-{uuid.uuid4().hex[:8]}")
        try:
            with organisation_context(organisation):
                yield organisation
        finally:
            destroy_organisation(organisation=organisation)


@pytest.fixture
def make_officer(alpha) -> Callable[..., Officer]:
    """Officers of alpha, by role."""

    def make(role: str = Role.PRIVACY_OFFICER, **fields) -> Officer:
        number = uuid.uuid4().hex[:8]
        return Officer.objects.create_user(
            email=f"{number}@alpha.example.com", password=PASSWORD, full_name=f"Officer {number}", role=role, **fields
        )

    return make


@pytest.fixture
def officer(make_officer) -> Officer:
    """A Privacy Officer of alpha."""
    return make_officer()


@pytest.fixture
def visitor(alpha) -> Client:
    """A browser without cookies on alpha's host."""
    return Client(headers={"host": "alpha.localhost"})


@pytest.fixture
def officer_client(alpha, officer) -> Client:
    """A browser on alpha's host in which `officer` is signed in."""
    client = Client(headers={"host": "alpha.localhost"})
    client.force_login(officer, backend="privacy.officers.backends.OfficerBackend")
    return client
