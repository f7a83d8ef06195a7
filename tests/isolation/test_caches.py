"""Nothing that a process remembers crosses organisations."""

import ast
import uuid
from collections.abc import Iterator

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache

from privacy.datamap.opening import mask_key
from privacy.ledger.models import LedgerEntry
from privacy.ledger.sealed import current_epoch
from privacy.officers.access import grant, may
from privacy.officers.models import Officer, Role
from privacy.subjects.crypto import keyed_index
from privacy.tenants.context import organisation_context, public_context
from requests.models import SubjectRequest
from tests.architecture.source import found_in, modules
from tests.isolation.making import make_case

CASE = uuid.UUID(int=4711)
WHY_IT_CANNOT_CROSS = {
    "config/middleware.py": "two security policies, the same for everybody",
    "consent/cookies/releases.py": "files of the source, the same for everybody",
    "consent/register_reading.py": "the columns of a model, the same for everybody",
    "privacy/datamap/opening.py": "keyed by the salt of the organisation",
    "privacy/law/calendars.py": "holidays are the same for everybody",
    "privacy/law/catalogue.py": "rules of law are the same for everybody",
    "privacy/ledger/sealed.py": "keyed by the salt of the organisation, by the server or by the model",
    "privacy/ledger/signing.py": "one key signs for the whole installation",
    "privacy/letters/kinds.py": "declarations in the source",
    "privacy/datamap/engine/dialects/sqlite_functions.py": "how a date is written in another way; it is nobody's alone",
    "privacy/paper/every_letter.py": "which font has a letter",
    "privacy/paper/more.py": "which letters a font has",
    "privacy/register/own_data.py": "declarations in the source",
    "privacy/subjects/crypto.py": "keyed by the salt of the organisation",
    "privacy/tenants/backend/base.py": "how statements of the source are written",
    "privacy/tenants/newer_changes.py": "forms of the source with one more field",
    "privacy/tenants/rows.py": "the columns of a model, the same for everybody",
    "privacy/tenants/schema_version.py": "migrations on disk",
    "requests/letter_kinds/demands.py": "rules of law are the same for everybody",
}


def remembering(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        for decorator in getattr(node, "decorator_list", []):
            called = decorator.func if isinstance(decorator, ast.Call) else decorator
            if getattr(called, "id", getattr(called, "attr", "")) in ("cache", "lru_cache"):
                yield node


def test_functions_that_remember_are_found():
    assert (
        found_in(remembering, "@lru_cache(maxsize=1)\ndef a(): ...\n@functools.cache\ndef b(): ...\ndef c(): ...") == 2
    )


def test_whatever_functions_remember_was_thought_about():
    assert sorted(path for path, tree in modules().items() if any(remembering(tree))) == sorted(WHY_IT_CANNOT_CROSS)


def test_the_cache_keeps_what_each_organisation_put_there(alpha, beta):
    cache.set("who", "alpha")
    with organisation_context(beta):
        assert cache.get("who") is None
        cache.set("who", "beta")
    with public_context():
        assert cache.get("who") is None
    assert cache.get("who") == "alpha"
    cache.clear()


def test_derived_keys_are_not_mixed_up_when_organisations_take_turns(alpha, beta):
    def turn(organisation) -> tuple[bytes, bytes]:
        with organisation_context(organisation):
            return keyed_index("email", "ama@example.com"), mask_key()

    first = {organisation.slug: turn(organisation) for organisation in (alpha, beta)}
    again = {organisation.slug: turn(organisation) for organisation in (beta, alpha)}
    assert first == again
    assert len({*first["alpha"], *first["beta"]}) == 4


def test_a_kind_of_object_has_the_same_number_in_every_organisation(alpha, beta):
    """Guardian and Django remember these numbers for each process."""
    number = ContentType.objects.get_for_model(LedgerEntry).pk
    with organisation_context(beta):
        assert ContentType.objects.get_for_model(LedgerEntry).pk == number
        assert Permission.objects.get(codename="view_ledgerentry").content_type_id == number


def test_a_right_granted_in_one_organisation_is_none_in_another(alpha, beta):
    """The same numbers of officer and case in both; the grant is in one of them."""
    answers = {}
    for organisation in (alpha, beta):
        with organisation_context(organisation):
            officer = Officer.objects.create_user(
                email="handler@example.com", full_name="Handler", role=Role.CASE_HANDLER, password="x" * 12, pk=4711
            )
            case = make_case(pk=CASE)
            if organisation == alpha:
                grant(officer, "view_subjectrequest", case)
    for organisation in (alpha, beta, alpha):
        with organisation_context(organisation):
            answers[organisation.slug] = may(
                Officer.objects.get(pk=4711),
                "view_subjectrequest",
                SubjectRequest.objects.get(pk=CASE),
                all_of_them="requests.view_all_subjectrequests",
            )
    assert answers == {"alpha": True, "beta": False}


def test_all_organisations_are_in_one_cluster_and_say_so(alpha, beta):
    epoch = current_epoch()
    with organisation_context(beta):
        assert current_epoch() == epoch
