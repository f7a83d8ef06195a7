"""The portal obeys its own rules: it knows of every field of its own whether it is personal data, and of what kind."""

import ast
import inspect
import textwrap

import pytest
from django.apps import apps
from django.db.models import BinaryField, Model

from privacy.datamap.models import DataCategory
from privacy.ledger.models import LedgerEntry
from privacy.officers.models import Officer
from privacy.register import own_data as registry
from privacy.register.own_data import CATEGORIES, DeclarationInvalid, own_data, personal_fields, unclassified
from privacy.subjects.fields import EncryptedTextField
from privacy.subjects.models import Subject

ENCRYPTED = [
    (model, field.name)
    for model in own_data()
    for field in model._meta.concrete_fields
    if isinstance(field, EncryptedTextField)
]
# encrypted because it opens something, not because it is about somebody
SECRETS = {("datamap.Source", "address"), ("errands.Processor", "secret"), ("consent.ReceiptKey", "seed")}


@pytest.fixture
def declared(monkeypatch):
    """Make an app declare something else, for this test."""

    def declare(app: str, declaration):
        real = registry._declared_by
        monkeypatch.setattr(
            registry, "_declared_by", lambda config: declaration if config.name == app else real(config)
        )
        own_data.cache_clear()

    own_data.cache_clear()
    yield declare
    monkeypatch.undo()
    own_data.cache_clear()


def test_every_field_of_every_table_of_ours_is_classified():
    assert unclassified() == []


def test_tables_of_every_app_of_ours_are_known():
    assert sorted({model._meta.app_label for model in own_data()}) == [
        *("activities", "announcements", "consent", "cookies", "datamap", "errands", "ledger", "letters"),
        *("offboarding", "officers"),
        *("portal", "register", "requests", "restrictions", "retention", "subjects"),
    ]


def test_a_field_that_nobody_classified_is_named(declared):
    declared("privacy.subjects", {Subject: {"id": "key", "name": "identity"}})
    assert "subjects.Subject.created_at" in unclassified()
    assert "subjects.Identifier.value" in unclassified()
    assert "subjects.Subject.name" not in unclassified()


@pytest.mark.parametrize(
    ("declaration", "message"),
    [
        ({Subject: {"nickname": "identity"}}, "no fields nickname"),
        ({Subject: {"name": "gossip"}}, "no category is called gossip"),
        ({Officer: {"email": "contact"}}, "another app's"),
    ],
)
def test_a_declaration_of_what_does_not_exist_is_an_error(declared, declaration, message):
    declared("privacy.subjects", declaration)
    with pytest.raises(DeclarationInvalid, match=message):
        own_data()


def test_the_categories_are_those_of_the_data_map():
    assert CATEGORIES - set(DataCategory.values) == set()


def test_what_is_encrypted_is_personal_or_a_secret():
    assert ("subjects.Subject", "name") in {(model._meta.label, name) for model, name in ENCRYPTED}
    personal = {(label, name) for label, name, _category in personal_fields()}
    assert {(model._meta.label, name) for model, name in ENCRYPTED} - personal == SECRETS


def test_names_contacts_and_free_text_of_data_subjects_are_encrypted():
    """Of officers and the organisation itself names and addresses are in the clear: they are on the portal."""
    about_the_organisation = {"officers.Officer", "register.OrganisationProfile"}
    encrypted = {(model._meta.label, name) for model, name in ENCRYPTED}
    telling = {
        (label, name)
        for label, name, category in personal_fields()
        if category in ("identity", "contact", "free_text") and label not in about_the_organisation
    }
    in_the_clear = {
        ("subjects.Identifier", "kind"),
    }  # a code
    assert ("requests.SubjectRequest", "details") in telling
    assert telling - encrypted == in_the_clear


def test_the_ledger_holds_nothing_of_a_person_but_opaque_ids():
    assert {category for category in own_data()[LedgerEntry].values() if category} == {"key"}


def shown_by(model: type[Model]) -> set[str]:
    """Attributes of itself that a model's `__str__` reads."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(model.__str__)))
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self"
    }


def test_what_a_model_shows_of_itself_is_found():
    class Sample:
        def __str__(self) -> str:
            return f"{self.name} {self.kind.upper()} {other.value}"  # noqa: F821

    assert shown_by(Sample) == {"name", "kind"}


def test_no_model_shows_what_is_encrypted_or_binary_when_it_is_written_out():
    """`str()` of a row lands in titles, messages, logs and the admin's history."""
    ours = [
        model
        for model in apps.get_models()
        if model.__module__.startswith(("privacy", "consent", "requests", "retention"))
    ]
    assert len(ours) > 25
    telling = {
        f"{model._meta.label}.{name}"
        for model in ours
        for name in shown_by(model)
        if any(field.name == name and isinstance(field, BinaryField) for field in model._meta.concrete_fields)
    }
    assert telling == set()
