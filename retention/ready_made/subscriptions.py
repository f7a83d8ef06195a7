"""Who sells a service by subscription in Ghana: thirty days after cancellation, the tax books, former employees.

Tables and columns are those of OffixPro CRM.
"""

from retention.ready_made.described import Join, Period, RetentionRule, Target

TO_WORKSPACE = Join(("operated_by", "workspace_id"), "workspace", ("operated_by", "workspace_id"))
TO_CUSTOMER = Join(("customer_id",), "customer", ("customer_id",))
TO_USER = Join(("user_id",), "crm_user", ("user_id",))
TO_INVOICE = Join(("invoice_id",), "invoice", ("invoice_id",))
TO_TICKET = Join(("ticket_id",), "ticket", ("ticket_id",))

CANCELLED_SUBSCRIPTION = RetentionRule(
    key="cancelled-subscription",
    label="Thirty days after the subscription was cancelled",
    basis="Privacy policy, on retention: thirty days to ask for a backup, then deletion or anonymisation, "
    "unless an export or a migration was asked for.",
    kind="maximum",
    start_table="workspace",
    start_column="cancelled_on",
    event="cancellation",
    conditions=(("subscription_status", "cancelled"), ("export_pending", False)),
    period=Period(30, "days"),
    targets=(
        Target("ticket_message", "delete", (TO_TICKET, TO_CUSTOMER, TO_WORKSPACE)),
        Target("ticket", "delete", (TO_CUSTOMER, TO_WORKSPACE)),
        Target("login_event", "delete", (TO_USER, TO_WORKSPACE)),
        Target("marketing_preference", "delete", (TO_CUSTOMER, TO_WORKSPACE)),
        Target("invoice", "mask", (TO_CUSTOMER, TO_WORKSPACE)),
        Target("contact", "mask", (TO_CUSTOMER, TO_WORKSPACE)),
        Target("crm_user", "mask", (TO_WORKSPACE,)),
        Target("customer", "mask", (TO_WORKSPACE,)),
        Target("workspace", "mask"),
    ),
)

# The minimum protects the books; when it is over, the maximum of the same length removes them.
TAX_BOOKS_MINIMUM = RetentionRule(
    key="tax-books-minimum",
    label="Tax books, at least six years from the end of the year",
    basis="Ghana, Revenue Administration Act, 2016 (Act 915), s. 27.",
    kind="minimum",
    start_table="invoice",
    start_column="issued_on",
    period=Period(6, "years", from_end_of_year=True),
    targets=(Target("invoice_line", "keep", (TO_INVOICE,)), Target("invoice", "keep")),
    protects="rows",
)
TAX_BOOKS_MAXIMUM = RetentionRule(
    key="tax-books-maximum",
    label="Tax books, removed when the six years are over",
    basis="Privacy policy, on retention: longer than the subscription only where tax or accounting law asks.",
    kind="maximum",
    start_table="invoice",
    start_column="issued_on",
    period=Period(6, "years", from_end_of_year=True),
    targets=(Target("invoice_line", "delete", (TO_INVOICE,)), Target("invoice", "delete")),
)
FORMER_EMPLOYEES = RetentionRule(
    key="former-employees",
    label="Former employees, six years from the end of the year in which they left",
    basis="Payroll belongs to the tax records: Act 915, s. 27; no longer than that by the privacy policy.",
    kind="maximum",
    start_table="employee",
    start_column="left_on",
    event="contract_end",
    period=Period(6, "years", from_end_of_year=True),
    targets=(Target("employee", "mask"),),
)

RULES = (CANCELLED_SUBSCRIPTION, TAX_BOOKS_MINIMUM, TAX_BOOKS_MAXIMUM, FORMER_EMPLOYEES)
