"""What people write in the OffixPro CRM. `{name}` is the customer, `{agent}` the support agent, `{phone}` a number."""

TICKET_SUBJECTS = (
    "Cannot open last month's payroll", "MoMo payment not matched", "Invoice of {name} shows the wrong address",
    "Import of vendor list stops halfway", "Please change the phone number of {name}", "Report is slow on Mondays",
    "VAT line missing on quotation", "Request for a backup of our data", "New user cannot sign in",
    "Question on the plan",
)  # fmt: skip
GREETING = "Good morning, this is {name}. It has been like this since Friday, please call me on {phone}."
CUSTOMER_WORDS = (
    GREETING,
    "I have tried again and it still does not work.",
    "Medaase {agent}, that solved it.",
    "Please send the answer to my office address, not to the old one. {name}",
    "The amount left my wallet but the invoice is still open.",
    "Kindly treat as urgent. Our auditor is here today.",
)
AGENT_WORDS = (
    "Hello {name}, thank you for writing to OffixPro support. I am looking into it. {agent}",
    "We have corrected it on our side, please try once more.",
    "I tried to reach you on {phone} and will call again after lunch.",
    "This is now with the billing team.",
    "I am closing the ticket. Have a good day, {name}.",
)
CUSTOMER_NOTES = (
    "{name} prefers WhatsApp over calls.", "Met {name} at the Accra trade fair; sister of a client in Kumasi.",
    "Pays by MoMo at the end of the month.", "Speak to {name} only, not to the shop.", "Asked for training in Twi.",
)  # fmt: skip
CONTACT_NOTES = ("{name} signs off purchases.", "On leave every August.", "Reach {name} through reception.")
INVOICE_NOTES = ("{name} promised payment by Friday.", "Discount agreed with management.", "Second reminder sent.")
INVOICE_ITEMS = (
    "Subscription, monthly", "Subscription, quarterly", "Additional user", "Payroll module",
    "On-site training, per day", "Data migration, per hour", "SMS bundle", "Custom report",
)  # fmt: skip
JOB_TITLES = (
    "Accountant", "Sales Officer", "HR Manager", "Operations Lead", "Director", "Procurement Officer",
    "Project Manager", "Administrator", "Cashier", "Marketing Officer",
)  # fmt: skip
DEPARTMENTS = ("Finance", "Sales", "Human Resources", "Operations", "Management", "Marketing")
DEVICES = (
    # device, operating system, user agent
    ("phone", "Android 15", "Mozilla/5.0 (Linux; Android 15; Mobile) Gecko/140.0 Firefox/140.0"),
    ("phone", "iOS 19", "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/620.1 Mobile/15E148"),
    ("desktop", "Windows 11", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/142.0.0.0 Safari/537.36"),
    ("desktop", "Ubuntu 24.04", "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"),
    ("tablet", None, None),
)
