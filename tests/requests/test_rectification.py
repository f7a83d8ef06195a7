"""Rectification from the wanted change to the verified source, its recipients, and the words that travel with data."""

import dataclasses
import io
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from demo.crm.offixpro.known import AMA_MENSAH
from privacy.datamap.engine import correcting as engine_correcting
from privacy.datamap.engine.correcting import CorrectionStopped
from privacy.errands.models import Errand, ErrandState, ErrandWork
from privacy.errands.services import add_manual_source
from privacy.jobs.models import Job
from privacy.jobs.registry import Retry
from privacy.ledger.actors import SYSTEM, Actor
from privacy.ledger.models import LedgerEntry
from privacy.letters.models import Letter
from privacy.register.models import OrganisationProfile
from privacy.subjects.crypto import keyed_index
from privacy.subjects.identifiers import IdentifierKind
from privacy.subjects.services import find_or_add_subject, mark_verified
from requests import services
from requests.admin.cards import cards_of
from requests.enums import Channel, IdentityLevel
from requests.errors import ChangeInvalid, PlanChanged
from requests.fulfilment.access_package import open_package
from requests.models import Annotation, Correction, NoticeChange, RecipientNotice, SubjectRequest, Verdict
from requests.services import carrying_out
from requests.services.carrying_out import carry_out_corrections
from requests.services.correcting import Decided, by_hand, undecided_changes, values_to_correct
from requests.services.opening import begin_case, create_case
from requests.services.tasks import declare_task
from requests.services.telling_recipients import note_told, open_notices, tell_recipients
from retention.enums import HoldKind
from retention.models import Hold
from retention.services import place_hold
from tests.requests import shops
from tests.requests.conftest import letter_kinds, letter_of, planned_case, run_jobs
from tests.requests.deciding import under
from tests.requests.disclosing import disclosed
from tests.secrecy import check_readable_nowhere

EMAIL = AMA_MENSAH.email
NAME = {"what": "Family name", "old": AMA_MENSAH.full_name, "new": "Ama Owusu-Mensah", "evidence": "Passport"}
STREET = {"what": "Billing address", "old": "1 Ring Road", "new": "4 Palm Street", "evidence": ""}
EVERYTHING = {"name": AMA_MENSAH.full_name}


class Killed(BaseException):
    """A worker that is gone."""


@pytest.fixture(params=["sqlite", "mariadb"])
def shop(request, alpha, tmp_path, settings):
    settings.SQLITE_SOURCE_DIRECTORIES = {"alpha": [tmp_path]}
    with shops.in_sqlite(tmp_path) if request.param == "sqlite" else shops.in_mariadb() as opened:
        yield opened


@pytest.fixture
def small(alpha, tmp_path, settings):
    """The shop in one product only, for what does not depend on it."""
    settings.SQLITE_SOURCE_DIRECTORIES = {"alpha": [tmp_path]}
    with shops.in_sqlite(tmp_path) as opened:
        yield opened


def opened(officer, *changes: dict[str, str], language: str = "en") -> SubjectRequest:
    """A rectification whose data was found; its officer decides next."""
    subject = find_or_add_subject(kind=IdentifierKind.EMAIL, value=EMAIL)
    mark_verified(subject=subject, kind=IdentifierKind.EMAIL)
    case = create_case(
        kind="rectification", subject=subject, name=AMA_MENSAH.full_name, details="", language=language,
        channel=Channel.LETTER, received_at=timezone.now(), actor=SYSTEM, particulars={"changes": list(changes)},
    )  # fmt: skip
    begin_case(case=case, level=IdentityLevel.MAIL_LINK, actor=SYSTEM)
    services.confirm_identity(case=case, officer=officer)
    run_jobs("requests.plan")
    case.refresh_from_db()
    assert case.state == "deciding"
    return case


def place(case: SubjectRequest, column: str, text: str) -> str:
    """The token of the one value that says this."""
    (found,) = [each for each in values_to_correct(case) if (each.column, each.text) == (column, text)]
    return found.token


def correct(case: SubjectRequest, number: int, column: str, change: dict[str, str]) -> Decided:
    return Decided(number, Verdict.CORRECT, place(case, column, change["old"]), change["new"])


def refuse(number: int, **about: Any) -> Decided:
    about = about or {"category": "contact"}
    return Decided(number, Verdict.REFUSE, ground="ANY.data_is_correct", reasons="Your passport says so.", **about)


def decide(case: SubjectRequest, officer, *decisions: Decided) -> SubjectRequest:
    services.decide_corrections(case=case, officer=officer, plan_hash=case.plan_hash, decisions=decisions)
    case.refresh_from_db()
    return case


def carried_out(case: SubjectRequest) -> SubjectRequest:
    run_jobs("requests.correct")
    case.refresh_from_db()
    return case


def test_from_the_wanted_change_to_the_corrected_and_verified_record(shop, officer):
    case = opened(officer, NAME, STREET)
    kofi, newsletters = shop.rows_of(shops.KOFI), shop.rows_of(shops.AMA)["newsletter"]
    decide(case, officer, correct(case, 0, "full_name", NAME), correct(case, 1, "billing_address", STREET))
    assert (case.state, case.outcome) == ("executing", "granted")
    carried_out(case)
    assert (case.state, case.problem, case.frozen_keys) == ("completed", "", None)
    hers = shop.rows_of(shops.AMA)
    assert hers["customer"] == [(1, EMAIL, "Ama Owusu-Mensah", AMA_MENSAH.phone)]
    assert [row[2:] for row in hers["invoice"]] == [("4 Palm Street", 70), ("4 Palm Street", 90)]
    assert (hers["newsletter"], shop.rows_of(shops.KOFI)) == (newsletters, kofi)
    assert list(case.corrections.values_list("rows", flat=True)) == [1, 2]
    assert letter_kinds(case) == ["acknowledged", "corrected"]
    letter = letter_of(case, "corrected").body
    assert "Ama Owusu-Mensah" in letter
    assert "4 Palm Street" in letter
    assert Hold.objects.filter(case_id=case.pk).count() == 1


def test_neither_ledger_nor_jobs_nor_any_table_says_readably_what_was_corrected(small, officer):
    case = opened(officer, NAME)
    decide(case, officer, correct(case, 0, "full_name", NAME))
    check_readable_nowhere("Owusu", AMA_MENSAH.full_name, "Passport")
    assert carried_out(case).state == "completed"
    check_readable_nowhere("Owusu", AMA_MENSAH.full_name, "Passport")
    entry = LedgerEntry.objects.get(action="subject_request.value_corrected", object_id=str(case.pk))
    assert (entry.data["rows"], set(entry.data)) == (1, {"source", "dataset", "column", "rows"})


@pytest.mark.parametrize("seam", ["before the source", "after the source", "before the end"])
def test_killed_at_any_seam_the_source_is_changed_once_and_the_case_completes(shop, officer, monkeypatch, seam):
    case = opened(officer, NAME)
    decide(case, officer, correct(case, 0, "full_name", NAME))
    seams = {"before the source": "carry_out_correction", "after the source": "_note_done"}
    name = seams.get(seam, "tell_recipients")

    def dies(*_given, **_named):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(carrying_out, name, dies)
        with pytest.raises(Killed):
            carry_out_corrections(case_id=str(case.pk))
    case.refresh_from_db()
    assert case.state == "executing"
    before = shop.rows_of(shops.AMA)["customer"][0][2]
    assert before == (AMA_MENSAH.full_name if seam == "before the source" else "Ama Owusu-Mensah")
    changes: list[int] = []
    really = engine_correcting.carry_out
    monkeypatch.setattr(engine_correcting, "carry_out", lambda *a, **k: changes.append(really(*a, **k)) or changes[-1])
    for _told_again in range(2):
        carry_out_corrections(case_id=str(case.pk))
    case.refresh_from_db()
    assert (case.state, changes) == ("completed", [1] if seam == "before the source" else [])
    assert shop.rows_of(shops.AMA)["customer"] == [(1, EMAIL, "Ama Owusu-Mensah", AMA_MENSAH.phone)]
    assert LedgerEntry.objects.filter(action="subject_request.value_corrected").count() == 1
    assert letter_kinds(case).count("corrected") == 1


def test_a_record_that_says_something_else_by_now_goes_back_to_its_officer_and_is_not_overwritten(shop, officer):
    case = opened(officer, STREET, NAME)
    decide(case, officer, correct(case, 0, "billing_address", STREET), correct(case, 1, "full_name", NAME))
    shop.ask("UPDATE customer SET full_name = 'Ama Mensah-Boateng' WHERE id = 1")
    carried_out(case)
    assert (case.state, case.problem, case.decided_by) == ("deciding", "correction_changed", None)
    assert shop.rows_of(shops.AMA)["customer"][0][2] == "Ama Mensah-Boateng"
    assert shop.rows_of(shops.AMA)["invoice"][0][2] == "4 Palm Street"  # what is done stays done
    assert [each.number for each in undecided_changes(case)] == [1]
    token = place(case, "full_name", "Ama Mensah-Boateng")
    decide(case, officer, Decided(1, Verdict.CORRECT, token, NAME["new"]))
    assert carried_out(case).state == "completed"
    assert shop.rows_of(shops.AMA)["customer"][0][2] == "Ama Owusu-Mensah"


def test_a_value_that_changed_since_it_was_shown_cannot_be_chosen(small, officer):
    case = opened(officer, NAME)
    decided = correct(case, 0, "full_name", NAME)
    small.ask("UPDATE customer SET full_name = 'Ama M.' WHERE id = 1")
    with pytest.raises(ChangeInvalid, match="may have changed meanwhile") as refused:
        decide(case, officer, decided)
    assert (refused.value.number, Correction.objects.count()) == (0, 0)
    case.refresh_from_db()
    assert case.state == "deciding"


@pytest.mark.parametrize(
    ("column", "old", "new", "message"),
    [
        ("full_name", AMA_MENSAH.full_name, "x" * 81, "80 characters at most"),
        ("full_name", AMA_MENSAH.full_name, AMA_MENSAH.full_name, "says this already"),
        ("full_name", AMA_MENSAH.full_name, "  ", "Enter what the record is to say"),
        ("total", "70", "seventy", "does not take this value"),
    ],
)
def test_a_value_that_the_column_would_not_keep_is_refused_in_words_without_it(
    small, officer, column, old, new, message
):
    case = opened(officer, NAME)
    with pytest.raises(ChangeInvalid, match=message) as refused:
        decide(case, officer, Decided(0, Verdict.CORRECT, place(case, column, old), new))
    assert "x" * 20 not in str(refused.value)
    assert Correction.objects.count() == 0


def test_every_change_is_decided_on_the_plan_that_was_shown_and_by_no_other_door(small, officer):
    case = opened(officer, NAME, STREET)
    name = correct(case, 0, "full_name", NAME)
    with pytest.raises(ChangeInvalid, match="Decide every change"):
        decide(case, officer, name)
    with pytest.raises(PlanChanged):
        services.decide_corrections(case=case, officer=officer, plan_hash="0" * 64, decisions=[name, refuse(1)])
    with pytest.raises(ChangeInvalid):
        services.grant(case=case, officer=officer, plan_hash=case.plan_hash)
    with pytest.raises(ChangeInvalid):  # refused as a whole, nothing would be put beside the data
        services.refuse(case=case, officer=officer, ground="ANY.data_is_correct", text="No.")
    same = Decided(1, Verdict.CORRECT, name.place, "Another")
    with pytest.raises(ChangeInvalid, match="about the same value"):
        decide(case, officer, name, same)
    with pytest.raises(ChangeInvalid, match="Choose one of the grounds"):
        decide(case, officer, name, Decided(1, Verdict.REFUSE, ground="GH.nothing", reasons="No."))
    assert (Correction.objects.count(), Job.objects.filter(kind="requests.correct").count()) == (0, 0)
    assert decide(case, officer, name, refuse(1)).outcome == "partial"


def test_a_refused_change_travels_with_the_data_and_whoever_got_it_hears_that_it_is_disputed(small, officer):
    case = opened(officer, STREET)
    disclosed(case.subject)
    decide(case, officer, refuse(0))
    assert (case.state, case.outcome, case.refusal_ground) == ("refused", "refused", "ANY.data_is_correct")
    annotation = Annotation.objects.get(subject=case.subject)
    assert "4 Palm Street" in annotation.statement
    letter = letter_of(case, "correction_refused").body
    assert "Your passport says so." in letter
    notice = RecipientNotice.objects.get(case=case)
    assert notice.change == "disputed"
    assert "4 Palm Street" in notice.letter.body
    assert small.rows_of(shops.AMA)["invoice"][0][2] == "1 Ring Road"
    assert "4 Palm Street" in _package_text(officer)


def test_a_refused_change_offers_what_its_ground_leaves_room_for_and_its_letter_says_so(small, officer):
    case = opened(officer, STREET)
    own = "You can see the deed at our office."
    with pytest.raises(ChangeInvalid, match="leaves no room") as refused:
        decide(case, officer, refuse(0, category="contact", alternatives=("severed_copy",), own_alternative=own))
    assert (refused.value.number, Correction.objects.count()) == (0, 0)
    decide(case, officer, refuse(0, category="contact", alternatives=("more_evidence",), own_alternative=own))
    letter = letter_of(case, "correction_refused").body
    assert letter.index("Your words stay with the record") < letter.index("What you can have instead")
    assert ("- You can send us more evidence, and we look at it again." in letter, f"- {own}" in letter) == (True, True)
    check_readable_nowhere("the deed")


def test_a_refused_change_needs_no_offer_because_the_words_of_the_person_are_kept_in_any_case(small, officer):
    under("CA-FED")
    case = opened(officer, STREET)
    bare = Decided(0, Verdict.REFUSE, ground="CA-FED.inaccuracy_not_shown", reasons="It says so.", category="contact")
    decide(case, officer, bare)
    letter = letter_of(case, "correction_refused").body
    assert ("Your words stay with the record" in letter, "What you can have instead" in letter) == (True, False)


def _package_text(officer) -> str:
    access = planned_case(officer, kind="access", email=EMAIL)
    services.grant(case=access, officer=officer, plan_hash=access.plan_hash)
    run_jobs("requests.build_package")
    access.refresh_from_db()
    archive = zipfile.ZipFile(io.BytesIO(b"".join(open_package(access.package))))
    return " ".join(archive.read(name).decode(errors="replace") for name in archive.namelist())


def test_recipients_of_the_last_year_are_written_to_and_tracked_until_they_were_told(small, officer):
    case = opened(officer, NAME)
    couriers = disclosed(case.subject)
    secret = {"is_secret": True, "ground": "law", "authority": "Warrant 1", "approver": officer}
    disclosed(case.subject, name="Police", email="police@example.com", **secret)
    printers = disclosed(case.subject, name="Printers", email="")
    decide(case, officer, correct(case, 0, "full_name", NAME))
    carried_out(case)
    notices = {each.recipient.name: each for each in RecipientNotice.objects.filter(case=case)}
    assert set(notices) == {"Sahara Couriers", "Police", "Printers"}
    letter = notices["Sahara Couriers"].letter
    assert (letter.kind, letter.address) == ("case_recipient_notice", couriers.notice_email)
    assert "Ama Owusu-Mensah" in letter.body
    assert (notices["Printers"].letter, notices["Printers"].recipient) == (None, printers)
    told = letter_of(case, "corrected").body
    assert "Sahara Couriers" in told
    assert "Police" not in told  # the law forbids telling the person of it
    assert open_notices(case).count() == 3
    Letter.objects.filter(pk=letter.pk).update(state="sent")
    note_told(notice=notices["Printers"], officer=officer, how="By telephone, on 3 May.")
    assert [each.recipient.name for each in open_notices(case)] == ["Police"]


def test_each_recipient_is_written_to_in_their_language_and_else_in_that_of_the_organisation(small, officer):
    OrganisationProfile.objects.update(language="fr")
    case = opened(officer, NAME)
    disclosed(case.subject, name="Messageries", email="vie-privee@messageries.example.com", of=["identity"])
    disclosed(case.subject, name="Couriers", email="privacy@couriers.example.com", of=["identity"], language="en")
    decide(case, officer, correct(case, 0, "full_name", NAME))
    carried_out(case)
    letters = {each.name: each for each in Letter.objects.filter(kind="case_recipient_notice")}
    begin = {name: letter.body.split("\n")[0] for name, letter in letters.items()}
    assert begin == {"Messageries": "Madame, Monsieur,", "Couriers": "Dear Sir or Madam,"}
    french, english = letters["Messageries"], letters["Couriers"]
    assert (case.language, french.language, english.language) == ("en", "fr", "en")
    assert "Ces données étaient inexactes" in french.body
    assert "This data was wrong" in english.body
    assert "We " not in french.body


def _hosts_and_couriers(subject) -> None:
    disclosed(subject, name="Hosts", email="privacy@hosts.example.com", of=["identity"])
    disclosed(subject, name="Couriers", email="privacy@couriers.example.com", of=["contact"])
    disclosed(subject, name="Counters", email="privacy@counters.example.com", of=["technical"])


def _told(case: SubjectRequest) -> dict[str, str]:
    """What each recipient was written."""
    return {each.recipient.name: each.letter.body for each in RecipientNotice.objects.filter(case=case)}


def test_each_recipient_hears_of_the_changes_in_what_they_got_and_of_nothing_else(small, officer):
    case = opened(officer, NAME, STREET)
    _hosts_and_couriers(case.subject)
    decide(case, officer, correct(case, 0, "full_name", NAME), correct(case, 1, "billing_address", STREET))
    carried_out(case)
    told, name, street = _told(case), NAME["new"], STREET["new"]
    assert {who: (name in words, street in words) for who, words in told.items()} == {
        "Hosts": (True, False),
        "Couriers": (False, True),
    }
    assert (name in letter_of(case, "corrected").body, street in letter_of(case, "corrected").body) == (True, True)


def test_each_recipient_hears_of_the_disputes_about_what_they_got_and_of_nothing_else(small, officer):
    case = opened(officer, NAME, STREET)
    _hosts_and_couriers(case.subject)
    by_its_place = refuse(0, place=place(case, "full_name", NAME["old"]))
    decide(case, officer, by_its_place, refuse(1, category="contact"))
    assert {who: (NAME["new"] in words, STREET["new"] in words) for who, words in _told(case).items()} == {
        "Hosts": (True, False),
        "Couriers": (False, True),
    }
    assert list(case.corrections.values_list("category", flat=True)) == ["identity", "contact"]
    assert Annotation.objects.get(category="identity").label.endswith("Full name")


def test_what_a_french_reader_wants_is_told_to_others_in_their_own_language(small, officer):
    case = opened(officer, NAME, language="fr")
    _hosts_and_couriers(case.subject)
    decide(case, officer, refuse(0, category="identity"))
    english = "it should say “Ama Owusu-Mensah”"
    assert english in _told(case)["Hosts"]
    (card,) = (each for each in cards_of(case, officer, "case") if each["code"] == "changes")
    assert [words for _correction, words in card["context"]["corrections"]] == [
        f"Family name: instead of “{AMA_MENSAH.full_name}” {english}"
    ]
    letter = letter_of(case, "correction_refused").body
    assert ("Ama Owusu-Mensah" in letter, english in letter) == (True, False)
    said = Annotation.objects.get().statement  # the person's own words, for whoever gets the data
    assert ("Ama Owusu-Mensah" in said, english in said) == (True, False)


@pytest.mark.parametrize("is_refused", [True, False])
def test_without_a_value_the_officer_says_which_kind_of_data_it_is_about(small, officer, is_refused):
    archive = add_manual_source(name="Archive", owner=officer, instructions="Look.", days=7, actor=SYSTEM)
    case = opened(officer, STREET)
    _hosts_and_couriers(case.subject)
    decided = refuse(0) if is_refused else Decided(0, Verdict.TASK, by_hand(archive), "4 Palm Street")
    with pytest.raises(ChangeInvalid, match="Choose the kind of data"):
        decide(case, officer, dataclasses.replace(decided, category=""))
    assert (Correction.objects.count(), RecipientNotice.objects.count()) == (0, 0)
    decide(case, officer, dataclasses.replace(decided, category="technical"))
    assert Correction.objects.get().category == "technical"


def test_each_recipient_is_told_which_person_by_what_they_got_or_by_one_identifier(small, officer):
    case = opened(officer, NAME)
    number = {"kind": IdentifierKind.CUSTOMER_ID, "value": "40871"}
    case.subject.identifiers.create(**number, index=keyed_index(*number.values()))
    _hosts_and_couriers(case.subject)
    tell_recipients(case=case, change=NoticeChange.ERASED, actor=SYSTEM)
    told = _told(case)
    known_by = (AMA_MENSAH.full_name, EMAIL, "40871")
    assert {who: [each in words for each in known_by] for who, words in told.items()} == {
        "Hosts": [True, False, True],
        "Couriers": [False, True, False],
        "Counters": [False, False, True],
    }


def test_a_source_without_a_database_gets_a_task_and_the_case_waits_for_its_proof(small, officer):
    archive = add_manual_source(name="Archive", owner=officer, instructions="Look.", days=7, actor=SYSTEM)
    case = opened(officer, NAME, STREET)
    hand = Decided(1, Verdict.CORRECT, by_hand(archive), STREET["new"], category="contact")
    decide(case, officer, correct(case, 0, "full_name", NAME), hand)
    carried_out(case)
    errand = Errand.objects.get(case_id=case.pk)
    assert (case.state, errand.work, errand.owner, errand.state) == (
        "executing",
        ErrandWork.CORRECTION,
        officer,
        "open",
    )
    assert "4 Palm Street" in errand.task
    check_readable_nowhere("4 Palm Street")
    declare_task(errand=errand, officer=officer, state=ErrandState.DONE, uploads=[_proof()])
    assert carried_out(case).state == "completed"
    assert letter_of(case, "corrected").body.count("Palm Street") == 1


def _proof() -> SimpleUploadedFile:
    return SimpleUploadedFile("proof.pdf", b"%PDF-1.7 changed")


def test_a_task_that_cannot_be_done_keeps_the_case_open_and_says_why(small, officer):
    archive = add_manual_source(name="Archive", owner=officer, instructions="Look.", days=7, actor=SYSTEM)
    case = opened(officer, STREET)
    decide(case, officer, Decided(0, Verdict.CORRECT, by_hand(archive), STREET["new"], category="contact"))
    carried_out(case)
    declare_task(errand=Errand.objects.get(), officer=officer, state=ErrandState.IMPOSSIBLE, comment="Key is lost.")
    carried_out(case)
    assert (case.state, case.problem) == ("executing", "task_impossible")


def test_a_legal_hold_keeps_the_record_as_it_is_until_it_is_released(small, officer):
    case = opened(officer, NAME)
    decide(case, officer, correct(case, 0, "full_name", NAME))
    hold = place_hold(kind=HoldKind.LEGAL, matter="Court", subject=case.subject, actor=SYSTEM)
    with pytest.raises(Retry):
        carry_out_corrections(case_id=str(case.pk))
    case.refresh_from_db()
    assert (case.problem, small.rows_of(shops.AMA)["customer"][0][2]) == ("held", AMA_MENSAH.full_name)
    Hold.objects.filter(pk=hold.pk).delete()
    carry_out_corrections(case_id=str(case.pk))
    case.refresh_from_db()
    assert (case.state, case.problem) == ("completed", "")


def test_what_the_source_refuses_goes_back_to_the_officer_with_words(small, officer):
    case = opened(officer, NAME)
    decide(case, officer, correct(case, 0, "full_name", NAME))
    small.ask("CREATE TRIGGER no BEFORE UPDATE ON customer BEGIN SELECT RAISE(ABORT, 'not this one'); END")
    carried_out(case)
    assert (case.state, case.problem) == ("deciding", "correction_refused_by_source")
    assert small.rows_of(shops.AMA)["customer"][0][2] == AMA_MENSAH.full_name


def test_the_person_cannot_be_told_of_a_correction_that_was_stopped(small, officer, monkeypatch):
    case = opened(officer, NAME)
    decide(case, officer, correct(case, 0, "full_name", NAME))

    def stopped(*_given, **_named):
        raise CorrectionStopped

    monkeypatch.setattr(carrying_out, "carry_out_correction", stopped)
    carried_out(case)
    assert (case.state, letter_kinds(case)) == ("deciding", ["acknowledged"])


def test_an_officer_notes_a_change_that_was_asked_for_in_words(small, officer):
    case = opened(officer)
    with pytest.raises(ChangeInvalid, match="Note first"):
        decide(case, officer)
    services.add_change(case=case, officer=officer, what="Name", old=NAME["old"], new=NAME["new"])
    case.refresh_from_db()
    decide(case, officer, correct(case, 0, "full_name", NAME))
    assert carried_out(case).state == "completed"


def test_a_withdrawn_case_is_not_carried_out(small, officer):
    case = opened(officer, NAME)
    services.withdraw_request(case=case, actor=Actor.subject(case.subject))
    carry_out_corrections(case_id=str(case.pk))
    case.refresh_from_db()
    assert (case.state, Correction.objects.count()) == ("withdrawn", 0)
