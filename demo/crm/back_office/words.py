"""What Back Office Admins writes down. `{name}` is the client, `{colleague}` a member of staff."""

SERVICES = (
    "Bookkeeping", "Payroll", "Virtual reception", "Data entry", "Tax filing support", "Accounts receivable",
    "Calendar and travel",
)  # fmt: skip
SCOPE_NOTES = ("Weekly upload by {name}.", "Year-end only.", "Questions go to {name} by e-mail first.")
CLIENT_NOTES = (
    "{name} would rather be written to than called.", "Referred by an accountant in Calgary.",
    "{name} speaks French with us, English with the bank.", "Moved office in spring.",
)  # fmt: skip
DECISION_REASONS = (
    "Bank reference good, identity seen.", "Two late payments explained by {name}; monthly instalments agreed.",
    "Score below our limit; deposit asked for.", "Returning client of {colleague}, nothing outstanding.",
)  # fmt: skip
DOCUMENT_TITLES = ("Engagement letter", "T4 slips", "Bank statements", "Void cheque", "Proof of address", "GST return")
CALL_NOTES = (
    "{name} asked when the return will be filed.", "Left a message on {phone}.",
    "Confirmed the new address with {name}.", "{colleague} to call back on Monday.",
    "Payroll correction for one employee of {name}.",
)  # fmt: skip
INVOICE_NOTES = ("{name} asked for two copies.", "Second reminder sent.", "Credit for September applied.")
JOB_TITLES = ("Bookkeeper", "Payroll Specialist", "Receptionist", "Account Manager", "Office Manager", "Data Clerk")
MAILING_LISTS = ("Services newsletter", "Year-end tips")
