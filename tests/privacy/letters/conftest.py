import pytest
from django.conf import settings as base

from privacy.letters import kinds
from privacy.letters.kinds import LetterKind, LinkUse
from privacy.letters.places import HELLO, LINK, paragraph, text
from privacy.subjects.models import Subject
from requests.models import SubjectRequest
from tests.requests.conftest import confirmed

TEMPLATES = {
    "letters/plain.subject.txt": "About\n {{ name }}",
    "letters/plain.txt": "Dear {{ name }}, it's {{ name }}.",
    "letters/linked.subject.txt": "Link",
    "letters/linked.txt": "{{ greeting }}\n\nHello {{ name }}:\n\n{{ link }}\n\n{{ reasons }}",
}
NAME = text("name", "the name", in_heading=True)
SAMPLE_KINDS = {
    "plain": LetterKind("plain", "Plain letter", (NAME,), lambda law: {"name": "Ama"}, particulars={"name": ""}),
    "linked": LetterKind(
        "linked", "Letter with a link", (HELLO, NAME, LINK, paragraph("reasons", "why", is_mandatory=True)),
        lambda law: {"name": "Ama", "reasons": "Because."}, particulars={"name": ""}, link=LinkUse.ALWAYS,
    ),
}  # fmt: skip


@pytest.fixture
def case(alpha) -> SubjectRequest:
    """A confirmed erasure of Ama's."""
    return confirmed()


@pytest.fixture
def sample_kinds(settings, monkeypatch) -> dict[str, LetterKind]:
    """Two kinds of letters that no app has, and their built-in wordings."""
    settings.TEMPLATES = [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [base.BASE_DIR / "templates"],
            "OPTIONS": {
                "loaders": [
                    ("django.template.loaders.locmem.Loader", TEMPLATES),
                    "django.template.loaders.filesystem.Loader",
                ]
            },
        }
    ]
    monkeypatch.setattr(kinds, "letter_kinds", lambda: SAMPLE_KINDS)
    return SAMPLE_KINDS


@pytest.fixture
def subject(alpha, sample_kinds) -> Subject:
    return Subject.objects.create()
