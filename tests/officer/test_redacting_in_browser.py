"""Marking parts of a document in a real browser: by mouse, and by numbers."""

from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.urls import reverse

from privacy.officers.models import Officer
from privacy.tenants.context import public_context
from privacy.tenants.models import Domain
from requests.case_files.adding import add_file
from requests.models import CaseFile, CaseFileRole, Redaction
from requests.redaction.marking import draft_of
from tests.browser.conftest import chromium, new_visitor
from tests.conftest import PASSWORD
from tests.documents import text_document
from tests.officer.making import make_case
from tests.portal.serving import served

__all__ = ["chromium", "new_visitor"]
pytestmark = pytest.mark.browser


@pytest.fixture
def desk(chromium, monkeypatch, committed, settings) -> Iterator[str]:
    """The site of an organisation, served for a browser."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # nothing here is awaited
    settings.CLAMD_ADDRESS = None
    with public_context():
        host = Domain.objects.get(tenant=committed).domain
    with served() as port:
        yield f"http://{host}:{port}"
    connections.close_all()


@pytest.fixture
def redaction(desk) -> Redaction:
    upload = SimpleUploadedFile("bill.pdf", text_document(2))
    officer = Officer.objects.get()
    file: CaseFile = add_file(case=make_case(kind="access"), officer=officer, role=CaseFileRole.ANSWER, upload=upload)
    return draft_of(file=file, officer=officer)


def sign_in(page, desk: str) -> None:
    page.goto(f"{desk}/officer/")
    page.locator("[name=username]").fill(Officer.objects.get().email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url("**/officer/")


def page_of(redaction: Redaction, number: int = 1) -> str:
    return reverse("officer:redaction_page", args=[redaction.pk, number])


def marks(redaction: Redaction) -> list[tuple[int, list[int], str]]:
    redaction.refresh_from_db()
    return [
        (each["page"], [round(each[name] * 100) for name in ("left", "top", "width", "height")], each["reason"])
        for each in redaction.marks
    ]


def test_a_box_drawn_with_the_mouse_becomes_a_mark_in_its_place(desk, redaction, new_visitor):
    page = new_visitor(viewport={"width": 1280, "height": 900})
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    sign_in(page, desk)
    page.goto(desk + page_of(redaction, 2))
    sheet = page.locator("[data-ready] svg").bounding_box()

    def at(left: float, top: float) -> tuple[float, float]:
        return sheet["x"] + sheet["width"] * left, sheet["y"] + sheet["height"] * top

    page.mouse.move(*at(0.6, 0.2))
    page.mouse.down()
    page.mouse.move(*at(0.3, 0.15))
    page.mouse.move(*at(0.1, 0.1))
    page.mouse.up()
    page.locator("#id_reason").select_option("third_party")
    page.get_by_role("button", name="Add mark").click()
    page.locator("svg rect:not([data-new])").wait_for(state="attached")
    assert marks(redaction) == [(2, [10, 10, 50, 10], "third_party")]
    assert page.locator("#id_reason").input_value() == "third_party"
    page.get_by_role("button", name="Remove").click()
    page.get_by_text("None.").wait_for()
    assert (marks(redaction), complaints) == ([], [])


def test_with_the_keyboard_and_on_a_telephone_the_numbers_do(desk, redaction, new_visitor):
    page = new_visitor(viewport={"width": 390, "height": 844})
    sign_in(page, desk)
    page.goto(desk + page_of(redaction))
    for name, value in (("left", "10"), ("top", "11"), ("width", "50"), ("height", "3.5")):
        page.locator(f"#id_{name}").fill(value)
    page.locator("#id_reason").select_option("privilege")
    page.get_by_role("button", name="Add mark").press("Enter")
    page.wait_for_url("**reason=privilege")
    assert marks(redaction) == [(1, [10, 11, 50, 4], "privilege")]
    picture, layer = (page.locator(each).bounding_box() for each in (".pd-paper img", ".pd-paper svg"))
    assert picture == layer
