"""The privacy notice and its versions."""

from datetime import timedelta

import pytest
from django.utils import timezone

from privacy.register.models import Notice
from privacy.register.notice_text import Part, parts_of
from tests.portal.conftest import text_of


@pytest.fixture
def notices(alpha):
    now = timezone.now()
    for version, days in (("1", -400), ("2", -10), ("3", 10)):
        Notice.objects.create(
            version=version, title=f"Notice {version}", body=f"Who we are\n\nText {version}.",
            published_at=now + timedelta(days=days),
        )  # fmt: skip
    Notice.objects.create(version="draft", title="Draft", body="Draft.")


def test_the_notice_in_force_is_shown(visitor, notices):
    text = text_of(visitor.get("/notice/"))
    assert "Text 2." in text
    assert "not in force any more" not in text


def test_an_earlier_notice_says_that_it_is_not_in_force(visitor, notices):
    text = text_of(visitor.get("/notice/1/"))
    assert "Text 1." in text
    assert "not in force any more" in text


@pytest.mark.parametrize("version", ["3", "draft", "nothing"])
def test_what_is_not_published_is_not_found(visitor, notices, version):
    assert visitor.get(f"/notice/{version}/").status_code == 404


def test_without_a_notice_the_page_says_whom_to_ask(visitor):
    assert "No notice is published here yet" in text_of(visitor.get("/notice/"))


def test_a_notice_cannot_smuggle_markup_in(visitor):
    Notice.objects.create(version="1", title="<b>x", body="<script>x</script>", published_at=timezone.now())
    text = text_of(visitor.get("/notice/"))
    assert "&lt;script&gt;" in text
    assert "<script" not in text


def test_the_text_of_a_notice_falls_into_headings_paragraphs_and_points():
    body = "Who we are\n\nWe are\na firm.\n\n## And: more.\n\nThings:\n- one\n- two\n  longer\n\nEnd of it.\n"
    assert parts_of(body) == [
        Part("heading", "Who we are"),
        Part("paragraph", "We are a firm."),
        Part("heading", "And: more."),
        Part("paragraph", "Things:"),
        Part("points", items=["one", "two longer"]),
        Part("paragraph", "End of it."),
    ]


@pytest.mark.parametrize("body", ["", "\n\n", "one", "one\r\n\r\ntwo."])
def test_no_word_of_a_notice_is_lost(body):
    assert [word for part in parts_of(body) for word in part.text.split()] == body.split()


def test_a_notice_in_another_language_is_in_force_beside_the_english_one(visitor, notices):
    now = timezone.now()
    for version, days in (("1-fr", -400), ("2-fr", -5)):
        Notice.objects.create(
            version=version, title="Avis", body="Texte.", language="fr", published_at=now + timedelta(days=days)
        )
    shown = [text_of(visitor.get(f"/notice/{version}/")) for version in ("2", "2-fr", "1-fr")]
    assert ["not in force any more" in each for each in shown] == [False, False, True]
    assert [each.count(", in force") for each in shown] == [2, 2, 2]
