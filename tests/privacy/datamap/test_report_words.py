"""The report on a source says what the form that connects one and the findings page say."""

from privacy.datamap.admin.reports import report_lines
from privacy.datamap.engine.introspect import Finding
from privacy.datamap.enums import FindingCode
from privacy.datamap.finding_words import FINDING_WORDS


def test_rights_are_said_as_where_a_source_is_connected():
    few, much = report_lines([
        Finding("missing_rights", "crm.customer", "SELECT, DELETE", "GRANT SELECT"),
        Finding("excessive_rights", "", "TRUNCATE (crm.customer); CREATEDB", "Give …"),
    ])  # fmt: skip
    assert (few.where, few.title, few.detail) == ("crm.customer", "The login may do too little", "SELECT, DELETE")
    assert (few.statement, much.statement) == ("GRANT SELECT", "")
    assert (much.title, much.detail) == (
        "The login may do too much",
        "TRUNCATE (crm.customer): it may empty whole tables at once; CREATEDB: it may make databases",
    )


def test_everything_else_is_said_as_on_the_findings_page():
    (line,) = report_lines([Finding("triggers", "crm.customer", "Triggers may copy: t", "Read them.")])
    words = FINDING_WORDS[FindingCode.TRIGGERS]
    assert (line.title, line.why, line.remedy) == ("Triggers", str(words.why), str(words.do))


def test_what_the_findings_page_does_not_know_is_said_as_the_engine_says_it():
    (line,) = report_lines([Finding("not_known_yet", "shop.log", "It knows no transactions.", "Convert it.")])
    assert (line.title, line.detail, line.remedy) == ("It knows no transactions.", "", "Convert it.")
