"""An organisation's own wordings: which is used, who may change them, and how they are given up again."""

import pytest

from privacy.jobs.models import Job
from privacy.ledger.actors import SYSTEM, Actor
from privacy.ledger.models import LedgerEntry
from privacy.letters.errors import NotAllowed, WordingChanged, WordingInvalid
from privacy.letters.models import Letter, LetterTemplate
from privacy.letters.services import restore_built_in, save_wording, write_letter
from privacy.officers.models import Role
from privacy.tenants.context import organisation_context

OURS = "Dear Ama, it's Ama."


def write(subject, **more) -> Letter:
    return write_letter(
        kind="plain", subject=subject, address="ama@example.com", context={"name": "Ama"}, actor=SYSTEM, **more
    )


def first_line(subject, **more) -> str:
    return write(subject, **more).body.splitlines()[0]


def save(officer, text="{name}: own", **more) -> LetterTemplate:
    given = {"kind": "plain", "language": "en", "heading": "For {name}", "based_on": 0} | more
    return save_wording(text=text, officer=officer, **given)


def test_the_wording_for_the_law_is_used_before_that_for_every_law_and_ours_comes_last(subject, officer):
    assert first_line(subject, law="GH") == OURS
    save(officer, "{name}: every law")
    assert (first_line(subject, law="GH"), first_line(subject)) == ("Ama: every law", "Ama: every law")
    save(officer, "{name}: Ghana", law="GH")
    assert first_line(subject, law="GH") == "Ama: Ghana"
    assert (first_line(subject, law="CA-BC"), first_line(subject)) == ("Ama: every law", "Ama: every law")
    assert first_line(subject, law="GH", language="fr") == OURS
    assert {each.wording for each in Letter.objects.all()} == {"", "v1", "GH v1"}


def test_versions_are_kept_and_the_newest_is_used(subject, officer):
    save(officer, "{name}: one")
    save(officer, "{name}: two", based_on=1)
    assert first_line(subject) == "Ama: two"
    versions = LetterTemplate.objects.order_by("version").values_list("version", "text", "is_active", "edited_by")
    assert list(versions) == [(1, "{name}: one\n", False, officer.pk), (2, "{name}: two\n", True, officer.pk)]


def test_nobody_replaces_a_version_that_they_have_not_seen(subject, officer):
    save(officer, "{name}: one")
    with pytest.raises(WordingChanged):
        save(officer, "{name}: from the old page", based_on=0)
    assert first_line(subject) == "Ama: one"


def test_going_back_uses_ours_again_and_the_next_version_goes_on_counting(subject, officer):
    save(officer)
    assert restore_built_in(kind="plain", language="en", officer=officer) is True
    assert first_line(subject) == OURS
    assert restore_built_in(kind="plain", language="en", officer=officer) is False
    assert save(officer).version == 2
    acts = LedgerEntry.objects.filter(action__startswith="lettertemplate.").order_by("recorded_at", "id")
    assert [(each.action, each.data["version"]) for each in acts] == [
        ("lettertemplate.saved", 1), ("lettertemplate.restored", 1), ("lettertemplate.saved", 2),
    ]  # fmt: skip
    assert {(each.actor_kind, each.actor_id) for each in acts} == {("officer", Actor.officer(officer).id)}


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.CASE_HANDLER])
def test_only_a_privacy_officer_changes_wordings(subject, make_officer, officer, role):
    with pytest.raises(NotAllowed):
        save(make_officer(role))
    save(officer)
    with pytest.raises(NotAllowed):
        restore_built_in(kind="plain", language="en", officer=make_officer(role))
    assert LetterTemplate.objects.get().is_active


@pytest.mark.parametrize("given", [{"language": "xx"}, {"law": "NOWHERE"}, {"text": "{unknown}"}])
def test_a_wording_that_cannot_be_used_is_not_saved(subject, officer, given):
    with pytest.raises(WordingInvalid):
        save(officer, **given)
    assert not LetterTemplate.objects.exists()
    assert not LedgerEntry.objects.filter(object_type="letters.lettertemplate").exists()


def test_a_wording_of_one_organisation_is_not_anothers(subject, officer, beta):
    save(officer)
    with organisation_context(beta):
        letter = write(None)
        assert letter.body.startswith(OURS)
        assert Job.objects.filter(kind="letters.send", slot=str(letter.pk)).count() == 1


def test_letters_that_are_written_keep_their_words(subject, officer):
    letter = write(subject)
    save(officer)
    letter.refresh_from_db()
    assert letter.body.startswith(OURS)
