"""Letters on paper."""

import datetime as dt
import hashlib
import io
import time

import pytest
from fpdf import FPDF
from pypdf import PdfReader

from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from privacy.letters.errors import NotAllowed
from privacy.letters.models import Letter
from privacy.letters.pdf import letter_pdf, paragraphs
from privacy.letters.samples import sample_organisation
from privacy.letters.services import open_pdf, write_letter
from privacy.officers.models import Role

DAY = dt.date(2026, 3, 2)
TEXT = "Hello,\n\nOpen this:\n\n[[link]]\n\n## Our reasons\n\n- one\nstill one\n- two\n"


def pdf_of(text: str = TEXT, day: dt.date = DAY, **fields) -> bytes:
    given = {"language": "en", "heading": "About you", "address": "ama@example.com", "name": "Ama Mɛnsah"} | fields
    return letter_pdf(Letter(kind="plain", **given), text=text, dated_on=day, organisation=sample_organisation())


def test_the_same_letter_becomes_the_same_bytes_whenever_it_is_made():
    first = pdf_of()
    time.sleep(1.1)  # the files of fonts and PDFs count in seconds
    assert pdf_of() == first
    assert first.startswith(b"%PDF-")


@pytest.mark.parametrize(
    "other", [{"text": TEXT + "More."}, {"day": dt.date(2026, 3, 3)}, {"name": "Kofi"}, {"language": "fr"}]
)
def test_another_letter_becomes_other_bytes(other):
    assert pdf_of(**other) != pdf_of()


def test_the_secret_link_never_reaches_the_paper():
    assert pdf_of(secret="https://alpha.localhost/requests/track/one/") == pdf_of(
        secret="https://alpha.localhost/requests/track/two/"
    )
    assert pdf_of(TEXT.replace("[[link]]", "(by the link in our e-mail to you)")) != pdf_of(
        TEXT.replace("[[link]]", "")
    )


def test_a_long_letter_goes_on_over_pages():
    long = pdf_of("\n\n".join(f"Paragraph {n}. " + "Words and more words. " * 20 for n in range(40)))
    assert long.count(b"/Type /Page\n") > 3
    assert pdf_of().count(b"/Type /Page\n") == 1


def test_paragraphs_are_what_stands_between_empty_lines():
    assert list(paragraphs("One\ntwo\n\n \nThree\n")) == [["One", "two"], ["Three"]]


@pytest.mark.parametrize(
    "name", ["Ama Mɛnsah", "Zoë Łukasz", "Ωμέγα Иванов", "Ama Ωμέγα", "王小明", "김철수", "Żółć 😀"]
)
def test_every_letter_of_a_name_is_on_the_paper(name):
    (page,) = PdfReader(io.BytesIO(pdf_of(name=name))).pages
    assert name in page.extract_text()


def test_a_letter_is_set_in_the_large_fonts_only_where_the_small_ones_lack_something(monkeypatch):
    read = []
    monkeypatch.setattr(FPDF, "add_font", _noting(FPDF.add_font, read))
    pdf_of(name="Ama Mɛnsah")
    pdf_of(name="Ωμέγα")
    small_ones, large_ones = ["DejaVuSans-Latin", "DejaVuSans-Bold-Latin"], ["DejaVuSans", "DejaVuSans-Bold"]
    assert read == [*small_ones, *small_ones, *large_ones]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (
            "en",
            "Some characters could not be printed: each stands here as its number in Unicode, like [U+1F600], and the "
            "exact text is kept in our records.",
        ),
        (
            "fr",
            "Certains caractères n’ont pas pu être imprimés : chacun figure ici sous son numéro Unicode, comme "
            "[U+1F600], et le texte exact est conservé dans nos dossiers.",
        ),
    ],
)
def test_a_letter_says_at_its_end_in_its_language_that_it_shows_numbers_for_characters(language, sentence):
    words, plain = (words_of(pdf_of(name=name, language=language)) for name in ("Ama \U00013000", "Ama 王小明"))
    assert ("Ama [U+13000]" in words, words.count(sentence)) == (True, 1)
    assert ("Ama 王小明" in plain, plain.count(sentence)) == (True, 0)


def test_a_letter_in_letters_of_europe_and_africa_is_read_out_of_its_own_fonts_only(monkeypatch):
    read = []
    monkeypatch.setattr(FPDF, "add_font", _noting(FPDF.add_font, read))
    pdf_of(name="Ama Ωμέγα")
    few = len(read)
    pdf_of(name="王小明")
    assert (few, read[few:]) == (4, [*read[:4], "DroidSansFallback"])


def words_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def _noting(add_font, read):
    def noted(page, family, style, path):
        read.append(path.stem)
        return add_font(page, family, style, path)

    return noted


@pytest.fixture
def letter(subject) -> Letter:
    return write_letter(
        kind="linked", subject=subject, address="ama@example.com", context={"name": "Ama", "reasons": "Because."},
        actor=SYSTEM, link="https://alpha.localhost/secret/",
    )  # fmt: skip


def test_a_letter_keeps_its_pdf_encrypted_and_its_digest_is_in_the_ledger(letter):
    kept = Letter.objects.get(pk=letter.pk)
    assert kept.pdf.startswith(b"%PDF-")
    assert kept.pdf_sha256 == hashlib.sha256(kept.pdf).hexdigest()
    assert LedgerEntry.objects.get(action="letter.written").data["pdf_sha256"] == kept.pdf_sha256
    with_ciphertext = Letter.objects.extra(select={"raw": "pdf"}).values_list("raw", flat=True)
    assert b"%PDF-" not in bytes(with_ciphertext.get())


def test_lists_of_letters_do_not_read_the_pdfs(letter, django_assert_num_queries):
    with django_assert_num_queries(1):
        (listed,) = Letter.objects.all()
        assert "pdf" in listed.get_deferred_fields()


def test_opening_a_pdf_is_noted_once_an_hour_for_each_officer(letter, officer, make_officer):
    auditor = make_officer(Role.AUDITOR)
    for reader in (officer, officer, auditor):
        assert open_pdf(letter=letter, officer=reader) == letter.pdf
    noted = LedgerEntry.objects.filter(action="letter.pdf_opened", object_id=str(letter.pk))
    assert sorted(noted.values_list("actor_id", flat=True)) == sorted([str(officer.pk), str(auditor.pk)])


def test_who_may_not_see_a_letter_does_not_get_its_pdf(letter, make_officer):
    with pytest.raises(NotAllowed):
        open_pdf(letter=letter, officer=make_officer(Role.CASE_HANDLER))
    assert not LedgerEntry.objects.filter(action="letter.pdf_opened").exists()
