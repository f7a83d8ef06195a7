"""Who does office work for clients in Canada: one year for decisions, the tax books, and no longer than needed.

Tables and columns are those of the CRM of Back Office Admins.
"""

from retention.ready_made.described import Join, Period, RetentionRule, Target

TO_CLIENT = Join(("client_id",), "client", ("client_id",))
TO_ENGAGEMENT = Join(("engagement_id",), "engagement", ("engagement_id",))
TO_INVOICE = Join(("invoice_id",), "invoice", ("invoice_id",))

DECISION_MINIMUM = RetentionRule(
    key="decision-minimum",
    label="What a decision was based on, at least one year",
    basis="Privacy policy, on retention; Personal Information Protection Act (British Columbia), s. 35(1).",
    kind="minimum",
    start_table="decision",
    start_column="decided_on",
    event="decision",
    period=Period(1, "years"),
    targets=(Target("decision", "keep"),),
    protects="values",
)
CLOSED_CLIENT = RetentionRule(
    key="closed-client",
    label="Two years after the last work for a client",
    basis="Privacy policy, on retention: only as long as needed. Two years is the limitation period for most "
    "claims (Limitations Act, Alberta and Ontario).",
    kind="maximum",
    start_table="client",
    start_column="closed_on",
    event="contract_end",
    period=Period(2, "years"),
    targets=(
        Target("call_note", "delete", (TO_CLIENT,)),
        Target("mailing_list_member", "delete", (TO_CLIENT,)),
        Target("document", "delete", (TO_ENGAGEMENT, TO_CLIENT)),
        Target("decision", "delete", (TO_CLIENT,)),
        Target("invoice", "mask", (TO_CLIENT,)),
        Target("engagement", "mask", (TO_CLIENT,)),
        Target("client", "mask"),
    ),
)
TAX_BOOKS_MINIMUM = RetentionRule(
    key="tax-books-minimum",
    label="Books and records, at least six years from the end of the tax year",
    basis="Canada, Income Tax Act, s. 230(4) and Income Tax Regulations, s. 5800.",
    kind="minimum",
    start_table="invoice",
    start_column="issued_on",
    period=Period(6, "years", from_end_of_year=True),
    targets=(Target("invoice_line", "keep", (TO_INVOICE,)), Target("invoice", "keep")),
    protects="rows",
)
TAX_BOOKS_MAXIMUM = RetentionRule(
    key="tax-books-maximum",
    label="Books and records, removed when the six years are over",
    basis="Privacy policy, on retention: only as long as the legal purpose lasts.",
    kind="maximum",
    start_table="invoice",
    start_column="issued_on",
    period=Period(6, "years", from_end_of_year=True),
    targets=(Target("invoice_line", "delete", (TO_INVOICE,)), Target("invoice", "delete")),
)
LEFT_MAILING_LIST = RetentionRule(
    key="left-mailing-list",
    label="Thirty days after leaving a mailing list",
    basis="Privacy policy, on withdrawal and retention: the purpose ends with the consent.",
    kind="maximum",
    start_table="mailing_list_member",
    start_column="unsubscribed_on",
    event="withdrawal",
    period=Period(30, "days"),
    targets=(Target("mailing_list_member", "delete"),),
)
FORMER_STAFF = RetentionRule(
    key="former-staff",
    label="Former staff, six years from the end of the year in which they left",
    basis="Payroll belongs to the books and records: Income Tax Act, s. 230(4).",
    kind="maximum",
    start_table="staff",
    start_column="left_on",
    event="contract_end",
    period=Period(6, "years", from_end_of_year=True),
    targets=(Target("staff", "mask"),),
)

RULES = (DECISION_MINIMUM, CLOSED_CLIENT, TAX_BOOKS_MINIMUM, TAX_BOOKS_MAXIMUM, LEFT_MAILING_LIST, FORMER_STAFF)
