"""The clients and staff of Back Office Admins whom demonstrations and tests know by name."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KnownClient:
    """A client who is a person. The counts are exact; `decided_days_ago` is the age of the only decision on them."""

    full_name: str
    email: str
    phone: str
    city: str
    decided_days_ago: int
    closed_days_ago: int | None = None
    engagements: int = 1
    invoices: int = 2
    calls: int = 2


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A member of staff, or a person on a mailing list who never became a client."""

    full_name: str
    email: str
    phone: str | None = None


# Decided on 200 days ago: the promised one year keeps the decision when everything else is erased.
CLAIRE_TREMBLAY = KnownClient(
    "Claire Tremblay",
    "claire.tremblay@example.org",
    "+15145550142",
    "Montréal",
    200,
    engagements=2,
    invoices=3,
    calls=4,
)
CLAIRE_TREMBLAY_OF_LAVAL = KnownClient(
    "Claire Tremblay", "claire.tremblay.laval@example.com", "+14505550143", "Laval", 500
)
MARC_GAGNON_PAST_THE_MINIMUM = KnownClient(
    "Marc Gagnon", "marc.gagnon@example.org", "+18195550144", "Gatineau", 400, closed_days_ago=380
)
HARPREET_GILL_ON_THE_DAY = KnownClient(
    "Harpreet Gill", "harpreet.gill@example.com", "+16045550145", "Vancouver", 365, closed_days_ago=30
)
RONAN_ONEILL_LONG_GONE = KnownClient(
    "Ronan O'Neill", "ronan.oneill@example.com", "+19025550146", "Halifax", 1500, closed_days_ago=1200
)
KNOWN_CLIENTS = (
    CLAIRE_TREMBLAY,
    CLAIRE_TREMBLAY_OF_LAVAL,
    MARC_GAGNON_PAST_THE_MINIMUM,
    HARPREET_GILL_ON_THE_DAY,
    RONAN_ONEILL_LONG_GONE,
)

# Account manager of many clients; outlives the erasure of any of them.
HANNAH_MORRISON = KnownPerson("Hannah Morrison", "hannah.morrison@backofficeadmins.example", "+14035550147")
# On a mailing list only: found by e-mail, never by way of a client.
NADIA_HADDAD = KnownPerson("Nadia Haddad", "nadia.haddad@example.org")

KNOWN_EMAILS = frozenset(known.email for known in (*KNOWN_CLIENTS, HANNAH_MORRISON, NADIA_HADDAD))
