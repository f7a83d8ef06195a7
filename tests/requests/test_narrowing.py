"""Objection, restriction, withdrawal and portability: from the decision to what really stops, and the letter."""

import pytest
from django.utils import timezone

from consent.models import CurrentConsent, Decision, Method
from consent.services import publish_wording, record_consent
from demo.crm.offixpro.known import AMA_MENSAH
from privacy.ledger.actors import SYSTEM
from privacy.register.models import LawfulBasis, Purpose
from privacy.register.restrictions.models import Restriction
from privacy.register.restrictions.selectors import is_restricted
from privacy.register.restrictions.services import lift_restriction
from privacy.register.selectors import local_date
from requests import services
from requests.errors import ChangeInvalid, NotAllowed, WrongState
from requests.models import RecipientNotice, Representation, SubjectRequest
from requests.selectors import public_status
from requests.services import restricting
from requests.services.restricting import EVERYTHING, ScopeDecided
from retention.models import Hold
from tests.portal.conftest import text_of
from tests.requests.conftest import letter_kinds, letter_of, run_jobs
from tests.requests.disclosing import disclosed
from tests.requests.narrowing_cases import opened

EMAIL = AMA_MENSAH.email
NO = {"ground": "GH.no_unwarranted_damage", "reasons": "We need it to answer your own complaint."}


class Killed(BaseException):
    """A worker that is gone."""


@pytest.fixture
def purposes(alpha) -> dict[str, Purpose]:
    bases = {"news": LawfulBasis.CONSENT, "profiles": LawfulBasis.LEGITIMATE_INTERESTS, "billing": LawfulBasis.CONTRACT}
    return {
        code: Purpose.objects.create(
            code=code, title=code.title(), description=f"For {code}.", lawful_basis=basis,
            withdrawal_consequences=f"No more {code}." if basis == LawfulBasis.CONSENT else "",
        )
        for code, basis in bases.items()
    }  # fmt: skip


def decide(case: SubjectRequest, officer, *decisions: ScopeDecided) -> SubjectRequest:
    services.decide_scopes(case=case, officer=officer, decisions=decisions)
    case.refresh_from_db()
    return case


@pytest.mark.parametrize("kind", ["objection", "restriction"])
def test_what_is_granted_is_restricted_from_now_on_and_what_goes_on_is_said_with_its_ground(purposes, officer, kind):
    case = opened(kind, officer, "news", "profiles")
    assert not is_restricted(case.subject, purposes["profiles"])
    decide(case, officer, ScopeDecided("news", False, **NO), ScopeDecided("profiles", True))
    assert (case.state, case.outcome) == ("completed", "partial")
    assert is_restricted(case.subject, purposes["profiles"])
    assert not is_restricted(case.subject, purposes["news"])
    placed = Restriction.objects.get()
    assert (placed.kind, placed.case_id) == (kind, case.pk)
    letter = letter_of(case, f"{kind}_answered").body
    for said in ("Profiles", "News", NO["reasons"]):
        assert said in letter
    assert letter_kinds(case) == ["acknowledged", f"{kind}_answered"]
    assert Hold.objects.filter(case_id=case.pk).count() == 1


def test_an_objection_to_marketing_is_entered_as_one_and_nothing_is_weighed_against_it(purposes, officer):
    case = opened("objection", officer, "news")
    decide(case, officer, ScopeDecided("news", True, is_marketing=True))
    assert (case.outcome, Restriction.objects.get().kind) == ("granted", "marketing")


def test_a_restriction_of_everything_reaches_every_purpose_and_its_recipients_hear_of_it(purposes, officer):
    case = opened("restriction", officer)
    disclosed(case.subject)
    decide(case, officer, ScopeDecided(EVERYTHING, True))
    assert all(is_restricted(case.subject, each) for each in purposes.values())
    notice = RecipientNotice.objects.get()
    assert (notice.change, notice.letter is not None) == ("restricted", True)


def test_granting_the_whole_case_is_the_same_as_granting_each_part(purposes, officer):
    case = opened("objection", officer, "news", "profiles")
    services.grant(case=case, officer=officer, plan_hash="")
    case.refresh_from_db()
    assert (case.state, case.outcome, Restriction.objects.count()) == ("completed", "granted", 2)
    assert letter_kinds(case) == ["acknowledged", "objection_answered"]


def test_all_refused_is_a_refusal_and_restricts_nothing(purposes, officer):
    case = opened("objection", officer, "profiles")
    decide(case, officer, ScopeDecided("profiles", False, **NO))
    assert (case.state, case.outcome, case.refusal_ground) == ("refused", "refused", NO["ground"])
    assert Restriction.objects.count() == 0
    assert NO["reasons"] in letter_of(case, "objection_answered").body


@pytest.mark.parametrize(
    ("decision", "is_restricted_now"),
    [(ScopeDecided("profiles", False, **NO), False), (ScopeDecided("profiles", True), True)],
)
def test_the_letter_says_what_a_restriction_means_only_where_there_is_one(
    purposes, officer, decision, is_restricted_now
):
    case = opened("restriction", officer, "profiles")
    decide(case, officer, decision)
    body = letter_of(case, "restriction_answered").body
    means = ("So the use of your data is not restricted." in body, "Restricted data is kept" in body)
    assert means == (not is_restricted_now, is_restricted_now)


@pytest.mark.parametrize(
    ("kind", "decision", "message"),
    [
        ("objection", ScopeDecided("profiles", False, ground="GH.nothing", reasons="No."), "Choose one of the grounds"),
        ("objection", ScopeDecided("profiles", False, ground=NO["ground"]), "Write down the reasons"),
        ("objection", ScopeDecided("news", True), "A colleague has changed which purposes"),
        ("restriction", ScopeDecided("profiles", True, is_marketing=True), "Only an objection"),
        ("consent_withdrawal", ScopeDecided("profiles", False, **NO), "cannot be refused"),
    ],
)
def test_what_does_not_stand_is_refused_and_changes_nothing(purposes, officer, kind, decision, message):
    case = opened(kind, officer, "profiles")
    with pytest.raises(ChangeInvalid, match=message):
        decide(case, officer, decision)
    case.refresh_from_db()
    assert (case.state, Restriction.objects.count()) == ("deciding", 0)


def test_killed_before_the_letter_nothing_was_restricted_and_deciding_again_does_it_once(
    purposes, officer, monkeypatch
):
    case = opened("objection", officer, "profiles")

    def dies(**_given):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(restricting, "write_case_letter", dies)
        with pytest.raises(Killed):
            decide(case, officer, ScopeDecided("profiles", True))
    case.refresh_from_db()
    assert (case.state, Restriction.objects.count()) == ("deciding", 0)
    decide(case, officer, ScopeDecided("profiles", True))
    assert (case.state, Restriction.objects.count()) == ("completed", 1)
    with pytest.raises(WrongState):
        decide(case, officer, ScopeDecided("profiles", True))


def test_who_may_not_handle_the_case_decides_nothing(purposes, officer, make_officer):
    case = opened("objection", officer, "profiles")
    with pytest.raises(NotAllowed):
        decide(case, make_officer(role="case_handler"), ScopeDecided("profiles", True))
    assert Restriction.objects.count() == 0


def test_a_withdrawal_ends_the_consents_that_were_named_and_says_what_that_means(purposes, officer):
    case = opened("consent_withdrawal", officer)
    publish_wording(purpose=purposes["news"], language="en", text="May we?", actor=SYSTEM)
    record_consent(
        subject=case.subject, purpose=purposes["news"], decision=Decision.GIVEN, method=Method.ELECTRONIC, actor=SYSTEM
    )
    with pytest.raises(ChangeInvalid, match="does not rest on consent"):
        services.note_purposes(case=case, officer=officer, codes=["billing"])
    services.note_purposes(case=case, officer=officer, codes=["news"])
    decide(case, officer, ScopeDecided("news", True))
    assert (case.state, case.outcome) == ("completed", "granted")
    assert CurrentConsent.objects.get(subject=case.subject).decision == Decision.WITHDRAWN
    letter = letter_of(case, "consent_withdrawn").body
    assert "News" in letter
    assert "No more news." in letter


def test_who_agreed_can_withdraw_by_request_though_it_rests_on_something_else_by_now(purposes, officer, officer_client):
    def note():
        offered = 'value="news"' in officer_client.get(page).content.decode()
        try:
            services.note_purposes(case=case, officer=officer, codes=["news"])
        except ChangeInvalid:
            return offered, False
        return offered, True

    case = opened("consent_withdrawal", officer)
    page = f"/officer/requests/subjectrequest/{case.pk}/decide-purposes/"
    publish_wording(purpose=purposes["news"], language="en", text="May we?", actor=SYSTEM)
    Purpose.objects.filter(code="news").update(lawful_basis="contract")
    assert note() == (False, False)
    Purpose.objects.filter(code="news").update(lawful_basis="consent")
    record_consent(
        subject=case.subject, purpose=purposes["news"], decision=Decision.GIVEN, method=Method.ELECTRONIC, actor=SYSTEM
    )
    Purpose.objects.filter(code="news").update(lawful_basis="contract")
    assert note() == (True, True)
    case.refresh_from_db()
    decide(case, officer, ScopeDecided("news", True))
    assert CurrentConsent.objects.get(subject=case.subject).decision == Decision.WITHDRAWN


@pytest.mark.parametrize(
    ("language", "no_longer", "goes_on"),
    [
        ("en", "We no longer use your data for this. What this means: No more news.", "all the same: We need this to"),
        (
            "fr",
            "Nous n’utilisons plus vos données à cette fin. Ce que",
            "malgré tout : Nous en avons besoin pour exécuter",
        ),
    ],
)
@pytest.mark.parametrize("basis", ["consent", "contract"])
def test_the_letter_of_a_withdrawal_says_what_goes_on_on_another_ground(
    purposes, officer, basis, language, no_longer, goes_on
):
    case = opened("consent_withdrawal", officer, "news")
    case.language = language
    case.save()
    publish_wording(purpose=purposes["news"], language="en", text="May we?", actor=SYSTEM)
    record_consent(
        subject=case.subject, purpose=purposes["news"], decision=Decision.GIVEN, method=Method.ELECTRONIC, actor=SYSTEM
    )
    Purpose.objects.filter(code="news").update(lawful_basis=basis)
    decide(case, officer, ScopeDecided("news", True))
    body = " ".join(letter_of(case, "consent_withdrawn").body.split())
    assert (no_longer in body, goes_on in body) == (basis == "consent", basis == "contract")


@pytest.mark.parametrize(
    ("channel", "represented", "method"),
    [("letter", False, "written"), ("phone", False, "oral"), ("portal", False, "electronic"),
     ("letter", True, "representative")],
)  # fmt: skip
def test_a_withdrawal_by_a_case_is_recorded_as_it_was_made(purposes, officer, channel, represented, method):
    case = opened("consent_withdrawal", officer, "news")
    SubjectRequest.objects.update(channel=channel)
    if represented:
        Representation.objects.create(
            case=case, name="Esi", authority="lawyer", evidence="Letter", checked_at=timezone.now(), checked_by=officer
        )
    publish_wording(purpose=purposes["news"], language="en", text="May we?", actor=SYSTEM)
    record_consent(
        subject=case.subject, purpose=purposes["news"], decision=Decision.GIVEN, method=Method.ELECTRONIC, actor=SYSTEM
    )
    decide(SubjectRequest.objects.get(), officer, ScopeDecided("news", True))
    assert CurrentConsent.objects.get(subject=case.subject).record.method == method


@pytest.mark.parametrize("kind", ["restriction", "objection"])
def test_the_person_reads_that_what_they_asked_for_has_ended(purposes, officer, kind):
    case = opened(kind, officer, "profiles")
    decide(case, officer, ScopeDecided("profiles", True))
    assert "has ended since" not in public_status(case)
    lift_restriction(
        restriction=Restriction.objects.get(), reason="Over.", told_on=local_date(timezone.now()), actor=SYSTEM
    )
    assert public_status(case) == "What you asked for was done, and has ended since."


def test_the_officer_decides_on_one_page(purposes, officer, officer_client):
    case = opened("objection", officer)
    page = f"/officer/requests/subjectrequest/{case.pk}/decide-purposes/"
    assert "Everything we do with the data" in text_of(officer_client.get(page))
    officer_client.post(page, {"note": "", "seen": "", "codes": ["profiles"]})
    assert "Stop: it is direct marketing" in text_of(officer_client.get(page))
    assert 'name="seen" value="profiles"' in officer_client.get(page).content.decode()
    sent = {"seen": "profiles", "scope-0-verdict": "refuse", "scope-0-ground": "", "scope-0-reasons": ""}
    assert "Choose one of the grounds" in text_of(officer_client.post(page, sent))
    assert officer_client.post(page, sent | {"scope-0-verdict": "stop"}).status_code == 302
    assert is_restricted(case.subject, purposes["profiles"])


def test_noting_purposes_keeps_what_was_typed_about_each(purposes, officer, officer_client):
    case = opened("objection", officer, "news", "profiles")
    page = f"/officer/requests/subjectrequest/{case.pk}/decide-purposes/"
    sent = {
        "seen": ["news", "profiles"], "note": "", "codes": ["billing", "profiles"],
        "scope-0-verdict": "refuse", "scope-0-reasons": "News are wanted.",
        "scope-1-verdict": "refuse", "scope-1-reasons": "Profiles are wanted.", "scope-1-own_alternative": "Fewer.",
    }  # fmt: skip
    answer = officer_client.post(page, sent)
    typed = [
        {name: form[name].value() for name in ("verdict", "reasons", "own_alternative")} | {"about": form.scope.code}
        for form in answer.context["scopes"]
    ]
    assert typed == [
        {"about": "billing", "verdict": None, "reasons": None, "own_alternative": None},
        {"about": "profiles", "verdict": "refuse", "reasons": "Profiles are wanted.", "own_alternative": "Fewer."},
    ]
    assert [(each.title, each.words) for each in answer.context["gone"]] == [("News", "News are wanted.")]
    assert "Noted. Decide on each of the purposes below." in text_of(answer)
    case.refresh_from_db()
    assert (case.particulars["purposes"], case.state) == (["billing", "profiles"], "deciding")


def test_what_was_typed_about_a_purpose_that_was_taken_out_stays_until_the_case_is_decided(
    purposes, officer, officer_client
):
    case = opened("objection", officer, "news", "profiles")
    page = f"/officer/requests/subjectrequest/{case.pk}/decide-purposes/"
    first = {"seen": ["news", "profiles"], "note": "", "codes": ["profiles"], "scope-0-reasons": "News are wanted."}
    shown = text_of(officer_client.post(page, first))
    hidden = {"gone": "news", "gone_words": "News are wanted."}
    assert [f'name="{name}" value="{value}"' in shown for name, value in hidden.items()] == [True, True]
    second = {"seen": "profiles", "note": "", "codes": ["profiles", "billing"]} | hidden
    undecided = {"seen": ["profiles", "billing"], "codes": ["profiles", "billing"]} | hidden
    for sent in (second, undecided):
        answer = officer_client.post(page, sent)
        assert [(each.title, each.words) for each in answer.context["gone"]] == [("News", "News are wanted.")]
    case.refresh_from_db()
    assert case.state == "deciding"


def test_purposes_that_cannot_be_noted_keep_what_was_typed_as_well(purposes, officer, officer_client):
    case = opened("objection", officer, "profiles")
    page = f"/officer/requests/subjectrequest/{case.pk}/decide-purposes/"
    sent = {"seen": "profiles", "note": "", "codes": ["unknown"], "scope-0-reasons": "Profiles are wanted."}
    answer = officer_client.post(page, sent)
    assert answer.context["scopes"][0]["reasons"].value() == "Profiles are wanted."
    assert set(answer.context["purposes_form"].errors) == {"codes"}
    case.refresh_from_db()
    assert case.particulars["purposes"] == ["profiles"]


def test_purposes_that_were_chosen_and_not_noted_keep_the_page_from_being_decided(purposes, officer, officer_client):
    case = opened("objection", officer, "profiles")
    page = f"/officer/requests/subjectrequest/{case.pk}/decide-purposes/"
    sent = {"seen": "profiles", "scope-0-verdict": "stop", "codes": ["news", "profiles"]}
    answer = officer_client.post(page, sent)
    assert "You chose purposes that are not noted yet." in text_of(answer)
    assert answer.context["purposes_form"]["codes"].value() == ["news", "profiles"]
    assert Restriction.objects.count() == 0
    assert officer_client.post(page, sent | {"codes": ["profiles"]}).status_code == 302
    assert Restriction.objects.count() == 1


def test_a_page_that_showed_other_purposes_decides_nothing_and_keeps_what_was_typed(purposes, officer, officer_client):
    case = opened("objection", officer, "news", "profiles")
    page = f"/officer/requests/subjectrequest/{case.pk}/decide-purposes/"
    sent = {
        "seen": ["news", "profiles"],
        "scope-0-verdict": "refuse", "scope-0-ground": NO["ground"], "scope-0-reasons": "News are wanted.",
        "scope-1-verdict": "refuse", "scope-1-ground": NO["ground"], "scope-1-reasons": "Profiles are wanted.",
    }  # fmt: skip
    services.note_purposes(case=case, officer=officer, codes=["billing", "profiles"])
    answer = officer_client.post(page, sent)
    assert answer.status_code == 200
    assert "A colleague has changed which purposes this case is about" in text_of(answer)
    typed = [
        {name: form[name].value() for name in ("verdict", "ground", "reasons")} | {"about": form.scope.code}
        for form in answer.context["scopes"]
    ]
    assert typed == [
        {"about": "billing", "verdict": None, "ground": None, "reasons": None},
        {"about": "profiles", "verdict": "refuse", "ground": NO["ground"], "reasons": "Profiles are wanted."},
    ]
    assert [(each.title, each.words) for each in answer.context["gone"]] == [("News", "News are wanted.")]
    assert "News are wanted." in text_of(answer)
    case.refresh_from_db()
    assert (case.state, Restriction.objects.count()) == ("deciding", 0)
    assert letter_kinds(case) == ["acknowledged"]
    seen_anew = {
        "seen": ["billing", "profiles"], "scope-0-verdict": "stop", "scope-1-verdict": "refuse",
        "scope-1-ground": NO["ground"], "scope-1-reasons": "Profiles are wanted.",
    }  # fmt: skip
    assert officer_client.post(page, seen_anew).status_code == 302
    assert [each.purpose.code for each in Restriction.objects.all()] == ["billing"]


def test_a_page_that_does_not_say_what_it_showed_decides_nothing(purposes, officer, officer_client):
    case = opened("objection", officer, "profiles")
    page = f"/officer/requests/subjectrequest/{case.pk}/decide-purposes/"
    assert officer_client.post(page, {"scope-0-verdict": "stop"}).status_code == 200
    assert Restriction.objects.count() == 0
    assert officer_client.post(page, {"scope-0-verdict": "stop", "seen": "profiles"}).status_code == 302
    assert Restriction.objects.count() == 1


def test_a_portability_case_ends_with_the_package_and_its_letter(offixpro, officer):
    case = opened("portability", officer)
    services.grant(case=case, officer=officer, plan_hash=case.plan_hash)
    run_jobs("requests.build_package")
    case.refresh_from_db()
    assert (case.state, case.package.is_available) == ("completed", True)
    assert letter_kinds(case) == ["acknowledged", "portability_ready"]
    assert letter_of(case, "portability_ready").secret is not None


def test_who_objects_to_everything_is_told_what_goes_on_all_the_same(purposes, officer, officer_client):
    Purpose.objects.create(code="books", title="Books", description="x", lawful_basis=LawfulBasis.LEGAL_OBLIGATION)
    case = opened("objection", officer)
    page = text_of(officer_client.get(f"/officer/requests/subjectrequest/{case.pk}/decide-purposes/"))
    assert "This goes on all the same: Billing; Books." in page
    decide(case, officer, ScopeDecided(EVERYTHING, True))
    letter = letter_of(case, "objection_answered").body
    stopped, goes_on, named = letter.partition("What goes on")
    assert ("except for what is named below" in stopped, bool(goes_on)) == (True, True)
    assert [title for title in ("Billing", "Books", "News", "Profiles") if f"\n- {title}\n" in named] == [
        "Billing", "Books",
    ]  # fmt: skip
    assert public_status(case).endswith("on the law or on the protection of somebody's life: Billing; Books.")
    card = text_of(officer_client.get(f"/officer/requests/subjectrequest/{case.pk}/change/"))
    assert "goes on all the same: Billing; Books" in card


def test_what_goes_on_is_said_in_french_as_well(purposes, officer):
    case = opened("objection", officer)
    SubjectRequest.objects.filter(pk=case.pk).update(language="fr")
    decide(case, officer, ScopeDecided(EVERYTHING, True))
    letter = letter_of(case, "objection_answered").body
    assert "sauf ce qui est indiqué ci-dessous" in letter
    assert "vos données pour ceci\u00a0:\n\n- Billing\n" in letter


@pytest.mark.parametrize(("kind", "codes"), [("objection", ["profiles"]), ("restriction", [])])
def test_where_nothing_goes_on_nothing_is_said_of_it(purposes, officer, kind, codes):
    case = opened(kind, officer, *codes)
    decide(case, officer, ScopeDecided(codes[0] if codes else EVERYTHING, True))
    said = letter_of(case, f"{kind}_answered").body + public_status(case)
    assert ("Billing" in said, "What goes on" in said) == (False, False)
