"""What reaches the log of errors and of pages."""

import logging
import logging.config

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import resolve
from django.utils.log import AdminEmailHandler, log_response
from fpdf import FPDF

from config.log_lines import DiscreetFormatter
from privacy.paper.latin import large
from privacy.register.models import OrganisationProfile

SECRET = "ama.mensah@example.com"


def written(record: logging.LogRecord) -> str:
    return DiscreetFormatter("%(levelname)s %(message)s").format(record)


def record_of(error: BaseException) -> logging.LogRecord:
    info = (type(error), error, error.__traceback__)
    return logging.LogRecord("test", logging.ERROR, __file__, 1, "it failed", (), info)


def failure() -> BaseException:
    try:
        try:
            int(SECRET)
        except ValueError as error:
            raise LookupError(f"nobody is called {SECRET}") from error
    except LookupError as error:
        return error


def test_of_an_error_the_kind_and_the_place_are_written_and_not_what_it_said():
    line = written(record_of(failure()))
    assert SECRET not in line
    assert line.startswith("ERROR it failed\n")
    assert line.index("builtins.ValueError") < line.index("builtins.LookupError")
    assert "int(SECRET)" in line
    assert SECRET in logging.Formatter().format(record_of(failure()))  # what is usually written


def test_what_another_handler_wrote_down_is_not_repeated():
    record = record_of(failure())
    logging.Formatter().format(record)
    assert SECRET in record.exc_text
    assert SECRET not in written(record)


def test_of_a_page_the_pattern_is_written_and_not_the_secret_in_its_address(caplog):
    request = RequestFactory().get("/requests/confirm/sEcReT/")
    request.resolver_match = resolve(request.path)
    log_response("Failed: %s", request.path, response=HttpResponse(status=500), request=request)
    (record,) = caplog.records
    assert written(record) == "ERROR Failed: /requests/confirm/<str:token>/"
    assert "sEcReT" in record.getMessage()


def test_an_address_without_a_page_is_not_written_at_all(caplog):
    request = RequestFactory().get("/requests/confrim/sEcReT/")
    log_response("Not Found: %s", request.path, response=HttpResponse(status=404), request=request, level="error")
    assert written(caplog.records[0]) == "ERROR Not Found: (no page)"


@pytest.fixture
def logged(capfd):
    """What the logging of this installation writes. Its handlers go with the test, and so does what they write to."""
    root = logging.getLogger()
    before = root.handlers[:]
    yield lambda: capfd.readouterr().err
    root.handlers[:] = before


def test_a_page_that_fails_leaves_no_personal_data_and_no_secret_in_the_log(alpha, monkeypatch, logged):
    def fail(self, *args, **kwargs):
        raise ValueError(f"what {SECRET} typed")

    logging.config.dictConfig(settings.LOGGING)
    monkeypatch.setattr("privacy.portal.mail_links.MailLinkView.get", fail)
    client = Client(headers={"host": "alpha.localhost"}, raise_request_exception=False)
    assert client.get("/requests/track/sEcReT/").status_code == 500
    lines = logged()
    assert "builtins.ValueError" in lines
    assert "Internal Server Error: /requests/track/<str:token>/" in lines
    assert SECRET not in lines
    assert "sEcReT" not in lines


def test_a_form_without_its_token_leaves_no_secret_in_the_log(alpha, logged):
    logging.config.dictConfig(settings.LOGGING)
    assert OrganisationProfile.objects.exists()
    client = Client(headers={"host": "alpha.localhost"}, enforce_csrf_checks=True)
    assert client.post("/requests/track/sEcReT/").status_code == 403
    lines = logged()
    assert "Forbidden" in lines
    assert "sEcReT" not in lines


def test_every_logger_of_django_writes_through_the_formatter():
    """Django's own handlers would write whole errors and whole addresses beside ours."""
    assert settings.LOGGING["formatters"]["line"]["()"] == "config.log_lines.DiscreetFormatter"
    for name in ("django", "django.server"):
        handlers = [type(handler) for handler in logging.getLogger(name).handlers]
        assert {AdminEmailHandler, logging.StreamHandler} & set(handlers) == set()
        assert logging.NullHandler in handlers


def test_the_letters_of_a_name_that_the_font_lacks_are_not_written(capsys):
    logging.config.dictConfig(settings.LOGGING)
    page = FPDF()
    page.add_font("sans", "", large("DejaVuSans"))
    page.set_font("sans")
    page.add_page()
    page.cell(text="王小明")
    page.output()
    logging.getLogger("somewhere").warning("all other warnings are")
    said = capsys.readouterr().err
    assert ("王" in said, "all other warnings are" in said) == (False, True)
