"""The OffixPro CRM database for the data map: what every column is and what becomes of it."""

from demo.crm.classification import Catalogue, Table
from demo.crm.describing import (
    EMAIL,
    MONTH,
    NETWORK,
    NULL,
    PHONE,
    RANDOM,
    TOKEN,
    YEAR,
    bucket,
    constant,
    deleted_on_erasure,
    deleted_on_retention,
    first_characters,
    kept,
    masked,
)
from demo.crm.offixpro.schema import SCHEMA
from retention.ready_made.subscriptions import RULES, TO_CUSTOMER, TO_INVOICE, TO_TICKET, TO_USER

ACCOUNT = "account management"
SERVICE = "service delivery"
BILLING = "billing"
COMMUNICATION = "communication"
ANALYTICS = "analytics"
LEGAL = "legal compliance"
PURPOSES = (ACCOUNT, SERVICE, BILLING, COMMUNICATION, ANALYTICS, LEGAL)

ROW_KEY = "A number that only tells rows apart; other tables point at it."
NO_PERSON = "Says nothing about a person once the row's name and addresses are masked."
TAX_BOOKS = "Tax records: at least six years from the end of the year (Ghana, Act 915 s. 27)."
EMPLOYMENT = "Employment, tax and social-security records of the organisation's own staff."
STAFF_KEY = "Points at a member of staff, whose own data is in the table of employees."
STATISTICS = "Needed to count customers by place and month; too coarse to name anybody."

SCOPE = (("operated_by", "offixpro"),)
OPERATOR = kept("operated_by", "Operator of the row", "business", SERVICE, NO_PERSON)
ERASED_TEXT = constant("[erased]")


WORKSPACE = Table(
    "workspace", "Subscriber businesses", ("workspace_id",), "mask", scope=SCOPE,
    time_columns=("subscribed_on", "cancelled_on"), created_column="subscribed_on",
    columns=(
        kept("workspace_id", "Workspace key", "key", ACCOUNT, ROW_KEY),
        OPERATOR,
        kept("business_name", "Business name", "business", ACCOUNT, NO_PERSON, constant("Closed workspace")),
        kept("registration_number", "Company registration number", "business", LEGAL, NO_PERSON, NULL),
        kept("business_address", "Business address", "business", BILLING, NO_PERSON, ERASED_TEXT),
        kept("city", "Town", "business", ANALYTICS, STATISTICS),
        kept("plan", "Plan", "business", ACCOUNT, NO_PERSON),
        kept("subscription_status", "State of the subscription", "business", ACCOUNT, NO_PERSON),
        kept("subscribed_on", "Subscribed on", "business", ACCOUNT, NO_PERSON),
        kept("cancelled_on", "Cancelled on", "business", ACCOUNT, NO_PERSON),
        kept("export_pending", "Export or migration asked for", "business", SERVICE, NO_PERSON),
        masked("billing_contact_name", "Billing contact", "identity", BILLING, NULL),
        masked("billing_email", "Billing e-mail", "contact", BILLING, EMAIL, identifies="email"),
        masked("billing_phone", "Billing telephone", "contact", BILLING, NULL, identifies="phone"),
        masked("momo_number", "Mobile-money number", "financial", BILLING, NULL),
    ),
)  # fmt: skip

EMPLOYEE = Table(
    "employee", "Employees", ("employee_id",), "keep", scope=SCOPE, time_columns=("hired_on", "left_on"),
    columns=(
        kept("employee_id", "Employee key", "key", ACCOUNT, ROW_KEY),
        OPERATOR,
        kept("full_name", "Name", "identity", LEGAL, EMPLOYMENT, constant("Former employee")),
        kept("email", "Work e-mail", "contact", COMMUNICATION, EMPLOYMENT, EMAIL, identifies="email"),
        kept("phone", "Work telephone", "contact", COMMUNICATION, EMPLOYMENT, NULL, identifies="phone"),
        kept("job_title", "Job title", "employment", ACCOUNT, EMPLOYMENT),
        kept("department", "Department", "employment", ACCOUNT, EMPLOYMENT),
        kept("ssnit_number", "Social-security number", "identity", LEGAL, EMPLOYMENT, NULL),
        kept("monthly_salary", "Monthly salary", "financial", LEGAL, EMPLOYMENT, bucket(1000)),
        kept("bank_account", "Bank account", "financial", LEGAL, EMPLOYMENT, NULL),
        kept("hired_on", "Hired on", "employment", LEGAL, EMPLOYMENT, YEAR),
        kept("left_on", "Left on", "employment", LEGAL, EMPLOYMENT),
    ),
)  # fmt: skip

CUSTOMER = Table(
    "customer", "Customers", ("customer_id",), "mask", scope=SCOPE, time_columns=("created_at",),
    created_column="created_at",
    columns=(
        kept("customer_id", "Customer key", "key", ACCOUNT, ROW_KEY),
        OPERATOR,
        kept("workspace_id", "Workspace", "key", ACCOUNT, ROW_KEY),
        kept("account_manager_id", "Account manager", "employment", SERVICE, STAFF_KEY),
        masked("customer_number", "Customer number", "identity", ACCOUNT, TOKEN, retention=RANDOM,
               identifies="customer_id"),
        kept("kind", "Person or company", "business", ACCOUNT, NO_PERSON),
        masked("full_name", "Name", "identity", ACCOUNT, constant("Erased customer")),
        masked("email", "E-mail", "contact", COMMUNICATION, EMAIL, identifies="email"),
        masked("phone", "Telephone", "contact", COMMUNICATION, PHONE, identifies="phone"),
        masked("momo_number", "Mobile-money number", "financial", BILLING, NULL),
        masked("date_of_birth", "Date of birth", "identity", LEGAL, YEAR),
        masked("ghana_card_number", "Ghana Card number", "identity", LEGAL, NULL),
        masked("street_address", "Street address", "contact", BILLING, NULL),
        kept("city", "Town", "contact", ANALYTICS, STATISTICS),
        masked("digital_address", "Digital address", "contact", SERVICE, first_characters(2)),
        kept("country_code", "Country", "contact", ANALYTICS, STATISTICS),
        kept("preferred_language", "Language", "communication", COMMUNICATION, NO_PERSON),
        masked("notes", "Notes", "free text", SERVICE, NULL),
        masked("created_at", "Customer since", "technical", ANALYTICS, MONTH),
    ),
)  # fmt: skip

CONTACT = Table(
    "contact", "Contacts at companies", ("contact_id",), "mask", scope=SCOPE, time_columns=("created_at",),
    created_column="created_at",
    columns=(
        kept("contact_id", "Contact key", "key", ACCOUNT, ROW_KEY),
        OPERATOR,
        kept("customer_id", "Company", "key", ACCOUNT, ROW_KEY),
        masked("full_name", "Name", "identity", ACCOUNT, constant("Erased contact")),
        masked("email", "E-mail", "contact", COMMUNICATION, EMAIL, identifies="email"),
        masked("phone", "Telephone", "contact", COMMUNICATION, NULL, identifies="phone"),
        masked("job_title", "Job title", "employment", ACCOUNT, NULL),
        masked("department", "Department", "employment", ACCOUNT, NULL),
        kept("is_primary", "First contact", "business", ACCOUNT, NO_PERSON),
        masked("notes", "Notes", "free text", SERVICE, NULL),
        masked("created_at", "Contact since", "technical", ANALYTICS, MONTH),
    ),
)  # fmt: skip

CRM_USER = Table(
    "crm_user", "People who sign in", ("user_id",), "mask", scope=SCOPE, time_columns=("created_at", "last_login_at"),
    created_column="created_at",
    columns=(
        kept("user_id", "User key", "key", ACCOUNT, ROW_KEY),
        OPERATOR,
        kept("workspace_id", "Workspace", "key", ACCOUNT, ROW_KEY),
        kept("customer_id", "Customer", "key", ACCOUNT, ROW_KEY),
        masked("full_name", "Name", "identity", ACCOUNT, constant("Erased user")),
        masked("email", "E-mail", "contact", ACCOUNT, EMAIL, identifies="email"),
        masked("phone", "Telephone", "contact", COMMUNICATION, NULL, identifies="phone"),
        masked("job_title", "Job title", "employment", ACCOUNT, NULL),
        masked("department", "Department", "employment", ACCOUNT, NULL),
        kept("role", "Role", "technical", ACCOUNT, NO_PERSON),
        masked("password_hash", "Password (hashed)", "technical", ACCOUNT, NULL),
        masked("created_at", "User since", "technical", ANALYTICS, MONTH),
        masked("last_login_at", "Last signed in", "technical", ANALYTICS, MONTH),
    ),
)  # fmt: skip

LOGIN_EVENT = Table(
    "login_event", "Sign-ins", ("login_event_id",), "mask", scope=SCOPE, subject_path=(TO_USER,),
    time_columns=("occurred_at",), created_column="occurred_at",
    columns=deleted_on_retention(
        kept("login_event_id", "Sign-in key", "key", SERVICE, ROW_KEY),
        OPERATOR,
        kept("user_id", "User", "key", SERVICE, ROW_KEY),
        masked("occurred_at", "Moment", "technical", ANALYTICS, MONTH),
        masked("ip_address", "IP address", "technical", ANALYTICS, NETWORK),
        masked("user_agent", "Browser", "technical", ANALYTICS, NULL),
        kept("device_type", "Kind of device", "technical", ANALYTICS, STATISTICS),
        kept("operating_system", "Operating system", "technical", ANALYTICS, STATISTICS),
        kept("succeeded", "Succeeded", "technical", ANALYTICS, NO_PERSON),
    ),
)  # fmt: skip

INVOICE = Table(
    "invoice", "Invoices", ("invoice_id",), "mask", scope=SCOPE, subject_path=(TO_CUSTOMER,),
    time_columns=("issued_on", "due_on", "paid_on"), created_column="issued_on",
    columns=(
        kept("invoice_id", "Invoice key", "key", BILLING, ROW_KEY),
        OPERATOR,
        kept("customer_id", "Customer", "key", BILLING, ROW_KEY),
        kept("invoice_number", "Invoice number", "financial", LEGAL, TAX_BOOKS),
        kept("issued_on", "Issued on", "financial", LEGAL, TAX_BOOKS),
        kept("due_on", "Due on", "financial", BILLING, TAX_BOOKS),
        kept("paid_on", "Paid on", "financial", LEGAL, TAX_BOOKS),
        kept("currency", "Currency", "financial", LEGAL, TAX_BOOKS),
        kept("net_amount", "Amount before tax", "financial", LEGAL, TAX_BOOKS),
        kept("tax_amount", "Tax", "financial", LEGAL, TAX_BOOKS),
        kept("total_amount", "Total", "financial", LEGAL, TAX_BOOKS),
        masked("billing_name", "Billed to", "identity", BILLING, constant("Erased customer")),
        masked("billing_email", "Billing e-mail", "contact", BILLING, NULL),
        masked("billing_address", "Billing address", "contact", BILLING, NULL),
        kept("payment_method", "Paid by", "financial", BILLING, TAX_BOOKS),
        masked("momo_number", "Mobile-money number", "financial", BILLING, NULL),
        masked("momo_reference", "Mobile-money reference", "financial", BILLING, TOKEN, retention=RANDOM),
        masked("internal_note", "Internal note", "free text", BILLING, NULL),
    ),
)  # fmt: skip

INVOICE_LINE = Table(
    "invoice_line", "Invoice lines", ("invoice_id", "line_no"), "keep", scope=SCOPE,
    subject_path=(TO_INVOICE, TO_CUSTOMER),
    columns=deleted_on_retention(
        kept("invoice_id", "Invoice", "key", BILLING, ROW_KEY),
        kept("line_no", "Line", "key", BILLING, ROW_KEY),
        OPERATOR,
        kept("description", "Product or service", "financial", LEGAL, TAX_BOOKS),
        kept("quantity", "Quantity", "financial", LEGAL, TAX_BOOKS),
        kept("unit_price", "Unit price", "financial", LEGAL, TAX_BOOKS),
        kept("line_amount", "Amount", "financial", LEGAL, TAX_BOOKS),
    ),
)  # fmt: skip

TICKET = Table(
    "ticket", "Support tickets", ("ticket_id",), "mask", scope=SCOPE, subject_path=(TO_CUSTOMER,),
    time_columns=("opened_at", "closed_at"), created_column="opened_at",
    columns=deleted_on_retention(
        kept("ticket_id", "Ticket key", "key", SERVICE, ROW_KEY),
        OPERATOR,
        kept("customer_id", "Customer", "key", SERVICE, ROW_KEY),
        kept("agent_id", "Support agent", "employment", SERVICE, STAFF_KEY),
        masked("subject", "Subject", "free text", SERVICE, ERASED_TEXT),
        kept("status", "State", "business", SERVICE, NO_PERSON),
        kept("priority", "Priority", "business", SERVICE, NO_PERSON),
        masked("opened_at", "Opened", "communication", ANALYTICS, MONTH),
        masked("closed_at", "Closed", "communication", ANALYTICS, MONTH),
        kept("satisfaction", "Satisfaction, 1 to 5", "communication", ANALYTICS, STATISTICS),
    ),
)  # fmt: skip

TICKET_MESSAGE = Table(
    "ticket_message", "Messages in tickets", ("message_id",), "mask", scope=SCOPE,
    subject_path=(TO_TICKET, TO_CUSTOMER), time_columns=("sent_at",), created_column="sent_at",
    columns=deleted_on_retention(
        kept("message_id", "Message key", "key", SERVICE, ROW_KEY),
        OPERATOR,
        kept("ticket_id", "Ticket", "key", SERVICE, ROW_KEY),
        kept("agent_id", "Support agent", "employment", SERVICE, STAFF_KEY),
        kept("author_kind", "Written by", "communication", SERVICE, NO_PERSON),
        masked("sender_email", "Sender's e-mail", "contact", COMMUNICATION, NULL),
        masked("sent_at", "Sent", "communication", SERVICE, MONTH),
        masked("body", "Text", "free text", SERVICE, ERASED_TEXT),
    ),
)  # fmt: skip

MARKETING_PREFERENCE = Table(
    "marketing_preference", "Marketing preferences", ("customer_id", "channel"), "delete", scope=SCOPE,
    subject_path=(TO_CUSTOMER,), time_columns=("changed_at",),
    columns=deleted_on_erasure(*deleted_on_retention(
        kept("customer_id", "Customer", "key", COMMUNICATION, ROW_KEY),
        kept("channel", "Channel", "communication", COMMUNICATION, NO_PERSON),
        OPERATOR,
        masked("destination", "Address or number used", "contact", COMMUNICATION, NULL),
        kept("opted_in", "Opted in", "communication", COMMUNICATION, NO_PERSON),
        kept("captured_by", "Where it was said", "communication", COMMUNICATION, NO_PERSON),
        kept("changed_at", "Changed", "communication", COMMUNICATION, NO_PERSON),
    )),
)  # fmt: skip

OFFIXPRO_CATALOGUE = Catalogue(
    name="OffixPro CRM",
    schema=SCHEMA,
    purposes=PURPOSES,
    tables=(
        WORKSPACE, EMPLOYEE, CUSTOMER, CONTACT, CRM_USER, LOGIN_EVENT, INVOICE, INVOICE_LINE, TICKET, TICKET_MESSAGE,
        MARKETING_PREFERENCE,
    ),
    rules=RULES,
)  # fmt: skip
