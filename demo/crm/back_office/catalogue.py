"""The Back Office Admins database for the data map: what every column is and what becomes of it."""

from demo.crm.back_office.schema import SCHEMA
from demo.crm.classification import Catalogue, Table
from demo.crm.describing import (
    EMAIL,
    MONTH,
    NULL,
    RANDOM,
    TOKEN,
    YEAR,
    constant,
    deleted_on_erasure,
    deleted_on_retention,
    first_characters,
    kept,
    masked,
)
from retention.ready_made.office_services import RULES, TO_CLIENT, TO_ENGAGEMENT, TO_INVOICE

SERVICE = "delivering services"
STANDARDS = "service standards"
LEGAL = "legal requirements"
MARKETING = "marketing of own services"
PURPOSES = (SERVICE, STANDARDS, LEGAL, MARKETING)

ROW_KEY = "A number that only tells rows apart; other tables point at it."
NO_PERSON = "Says nothing about a person once the row's name and addresses are masked."
TAX_BOOKS = "Books and records: six years from the end of the tax year (Canada, Income Tax Act s. 230(4))."
EMPLOYMENT = "Employment and payroll records of the organisation's own staff."
STAFF_KEY = "Points at a member of staff, whose own data is in the table of staff."
STATISTICS = "Needed to count clients by province and year; too coarse to name anybody."

STAFF = Table(
    "staff", "Staff", ("staff_id",), "keep", time_columns=("hired_on", "left_on"),
    columns=(
        kept("staff_id", "Staff key", "key", SERVICE, ROW_KEY),
        kept("full_name", "Name", "identity", LEGAL, EMPLOYMENT, constant("Former member of staff")),
        kept("email", "Work e-mail", "contact", SERVICE, EMPLOYMENT, EMAIL, identifies="email"),
        kept("phone", "Work telephone", "contact", SERVICE, EMPLOYMENT, NULL, identifies="phone"),
        kept("job_title", "Job title", "employment", SERVICE, EMPLOYMENT),
        kept("hired_on", "Hired on", "employment", LEGAL, EMPLOYMENT, YEAR),
        kept("left_on", "Left on", "employment", LEGAL, EMPLOYMENT),
    ),
)  # fmt: skip

CLIENT = Table(
    "client", "Clients", ("client_id",), "mask", time_columns=("opened_on", "closed_on"), created_column="opened_on",
    columns=(
        kept("client_id", "Client key", "key", SERVICE, ROW_KEY),
        masked("client_number", "Client number", "identity", SERVICE, TOKEN, retention=RANDOM,
               identifies="customer_id"),
        kept("kind", "Person or organization", "business", SERVICE, NO_PERSON),
        masked("full_name", "Name", "identity", SERVICE, constant("Erased client")),
        masked("email", "E-mail", "contact", SERVICE, EMAIL, identifies="email"),
        masked("phone", "Telephone", "contact", SERVICE, NULL, identifies="phone"),
        masked("street_address", "Street address", "contact", SERVICE, NULL),
        masked("city", "City", "contact", SERVICE, NULL),
        kept("province", "Province", "contact", LEGAL, STATISTICS),
        masked("postal_code", "Postal code", "contact", SERVICE, first_characters(3)),
        masked("date_of_birth", "Date of birth", "identity", LEGAL, YEAR),
        kept("preferred_language", "Language", "communication", STANDARDS, NO_PERSON),
        kept("opened_on", "Client since", "business", SERVICE, NO_PERSON),
        kept("closed_on", "Closed on", "business", SERVICE, NO_PERSON),
        masked("notes", "Notes", "free text", SERVICE, NULL),
    ),
)  # fmt: skip

ENGAGEMENT = Table(
    "engagement", "Engagements", ("engagement_id",), "mask", subject_path=(TO_CLIENT,),
    time_columns=("started_on", "ended_on"), created_column="started_on",
    columns=(
        kept("engagement_id", "Engagement key", "key", SERVICE, ROW_KEY),
        kept("client_id", "Client", "key", SERVICE, ROW_KEY),
        kept("account_manager_id", "Account manager", "employment", SERVICE, STAFF_KEY),
        kept("service", "Service", "business", SERVICE, NO_PERSON),
        kept("started_on", "Started on", "business", SERVICE, NO_PERSON),
        kept("ended_on", "Ended on", "business", SERVICE, NO_PERSON),
        kept("hourly_rate", "Hourly rate", "financial", SERVICE, NO_PERSON),
        masked("scope_note", "What was agreed", "free text", SERVICE, NULL),
    ),
)  # fmt: skip

DECISION = Table(
    "decision", "Decisions about clients", ("decision_id",), "delete", subject_path=(TO_CLIENT,),
    time_columns=("decided_on",), created_column="decided_on",
    columns=deleted_on_erasure(*deleted_on_retention(
        kept("decision_id", "Decision key", "key", SERVICE, ROW_KEY),
        kept("client_id", "Client", "key", SERVICE, ROW_KEY),
        kept("decided_by", "Decided by", "employment", STANDARDS, STAFF_KEY),
        kept("kind", "What was decided", "decision", SERVICE, NO_PERSON),
        kept("outcome", "Outcome", "decision", SERVICE, NO_PERSON),
        kept("decided_on", "Decided on", "decision", LEGAL, NO_PERSON),
        masked("credit_score", "Credit score", "financial", SERVICE, NULL),
        masked("yearly_income", "Yearly income", "financial", SERVICE, NULL),
        masked("reasons", "Reasons", "free text", STANDARDS, NULL),
    )),
)  # fmt: skip

DOCUMENT = Table(
    "document", "Documents received", ("document_id",), "delete", subject_path=(TO_ENGAGEMENT, TO_CLIENT),
    time_columns=("received_at",), created_column="received_at",
    columns=deleted_on_erasure(*deleted_on_retention(
        kept("document_id", "Document key", "key", SERVICE, ROW_KEY),
        kept("engagement_id", "Engagement", "key", SERVICE, ROW_KEY),
        kept("filed_by", "Filed by", "employment", SERVICE, STAFF_KEY),
        masked("title", "Title", "free text", SERVICE, NULL),
        masked("file_name", "File name", "free text", SERVICE, NULL),
        kept("media_type", "Kind of file", "technical", SERVICE, NO_PERSON),
        kept("size_bytes", "Size in bytes", "technical", SERVICE, NO_PERSON),
        masked("received_at", "Received", "communication", SERVICE, MONTH),
    )),
)  # fmt: skip

INVOICE = Table(
    "invoice", "Invoices", ("invoice_id",), "mask", subject_path=(TO_CLIENT,), time_columns=("issued_on", "paid_on"),
    created_column="issued_on",
    columns=(
        kept("invoice_id", "Invoice key", "key", SERVICE, ROW_KEY),
        kept("client_id", "Client", "key", SERVICE, ROW_KEY),
        kept("engagement_id", "Engagement", "key", SERVICE, ROW_KEY),
        kept("invoice_number", "Invoice number", "financial", LEGAL, TAX_BOOKS),
        kept("issued_on", "Issued on", "financial", LEGAL, TAX_BOOKS),
        kept("paid_on", "Paid on", "financial", LEGAL, TAX_BOOKS),
        kept("net_amount", "Amount before tax", "financial", LEGAL, TAX_BOOKS),
        kept("tax_amount", "Tax", "financial", LEGAL, TAX_BOOKS),
        kept("total_amount", "Total", "financial", LEGAL, TAX_BOOKS),
        masked("billing_name", "Billed to", "identity", SERVICE, constant("Erased client")),
        masked("billing_email", "Billing e-mail", "contact", SERVICE, NULL),
        masked("billing_address", "Billing address", "contact", SERVICE, NULL),
        masked("internal_note", "Internal note", "free text", SERVICE, NULL),
    ),
)  # fmt: skip

INVOICE_LINE = Table(
    "invoice_line", "Invoice lines", ("invoice_id", "line_no"), "keep", subject_path=(TO_INVOICE, TO_CLIENT),
    columns=deleted_on_retention(
        kept("invoice_id", "Invoice", "key", SERVICE, ROW_KEY),
        kept("line_no", "Line", "key", SERVICE, ROW_KEY),
        kept("description", "Service", "financial", LEGAL, TAX_BOOKS),
        kept("quantity", "Hours", "financial", LEGAL, TAX_BOOKS),
        kept("unit_price", "Price of an hour", "financial", LEGAL, TAX_BOOKS),
        kept("line_amount", "Amount", "financial", LEGAL, TAX_BOOKS),
    ),
)  # fmt: skip

MAILING_LIST_MEMBER = Table(
    "mailing_list_member", "Mailing lists", ("member_id",), "delete", time_columns=("subscribed_on", "unsubscribed_on"),
    created_column="subscribed_on",
    columns=deleted_on_erasure(*deleted_on_retention(
        kept("member_id", "Member key", "key", MARKETING, ROW_KEY),
        kept("list_name", "List", "business", MARKETING, NO_PERSON),
        kept("client_id", "Client", "key", MARKETING, ROW_KEY),
        masked("email", "E-mail", "contact", MARKETING, EMAIL, identifies="email"),
        masked("full_name", "Name", "identity", MARKETING, NULL),
        kept("consent_form", "How consent was given", "communication", LEGAL, NO_PERSON),
        kept("subscribed_on", "Joined on", "communication", MARKETING, NO_PERSON),
        kept("unsubscribed_on", "Left on", "communication", MARKETING, NO_PERSON),
    )),
)  # fmt: skip

CALL_NOTE = Table(
    "call_note", "Notes on telephone calls", ("call_note_id",), "delete", subject_path=(TO_CLIENT,),
    time_columns=("called_at",), created_column="called_at",
    columns=deleted_on_erasure(*deleted_on_retention(
        kept("call_note_id", "Call key", "key", STANDARDS, ROW_KEY),
        kept("client_id", "Client", "key", STANDARDS, ROW_KEY),
        kept("staff_id", "Taken by", "employment", STANDARDS, STAFF_KEY),
        masked("called_at", "Moment", "communication", STANDARDS, MONTH),
        kept("direction", "Incoming or outgoing", "communication", STANDARDS, NO_PERSON),
        masked("phone", "Number", "contact", STANDARDS, NULL),
        kept("minutes", "Minutes", "communication", STANDARDS, NO_PERSON),
        masked("note", "Note", "free text", STANDARDS, NULL),
    )),
)  # fmt: skip

BACK_OFFICE_CATALOGUE = Catalogue(
    name="Back Office Admins",
    schema=SCHEMA,
    purposes=PURPOSES,
    tables=(
        STAFF, CLIENT, ENGAGEMENT, DECISION, DOCUMENT, INVOICE, INVOICE_LINE, MAILING_LIST_MEMBER, CALL_NOTE,
    ),
    rules=RULES,
)  # fmt: skip
