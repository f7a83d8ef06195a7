"""Make up people: names, addresses, e-mail addresses and phone numbers that belong to nobody.

E-mail addresses use the domains that RFC 2606 and RFC 6761 reserve, Canadian numbers the 555-01xx block kept for
fiction, and Ghanaian numbers subscriber numbers beginning with 000, a block not known to be given out.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

from demo.crm import names

PRIVATE_DOMAINS = ("example.com", "example.org", "mail.example", "post.test")
POSTAL_LETTERS = "ABCEGHJKLMNPRSTVWXYZ"
GHANAIAN_MOBILE_PREFIXES = ("20", "23", "24", "26", "27", "28", "50", "53", "54", "55")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody made up. `email` is unique among the people of one maker; everything else may recur."""

    full_name: str
    email: str
    phone: str
    street_address: str
    city: str
    area: str
    postal_code: str


class PeopleMaker:
    """Make Ghanaian or Canadian people from one source of repeatable chance, never the same address twice."""

    def __init__(self, chance: Random, taken: Iterable[str] = ()) -> None:
        self._chance = chance
        self._taken = set(taken)
        self._made = 0

    def make_ghanaian(self, domain: str | None = None) -> Person:
        """Make a person in Ghana; one in eight has a name from elsewhere. `domain` is an employer's mail domain."""
        chance = self._chance
        if chance.random() < 0.125:
            first, last = chance.choice(names.INTERNATIONAL_FIRST), chance.choice(names.INTERNATIONAL_LAST)
        else:
            first, last = chance.choice(names.GHANAIAN_FIRST), chance.choice(names.GHANAIAN_LAST)
        city, streets, digital = chance.choice(names.GHANAIAN_PLACES)
        return Person(
            full_name=f"{first} {last}",
            email=self.make_email(first, last, domain),
            phone=self.make_ghanaian_phone(),
            street_address=f"{chance.randint(1, 240)} {chance.choice(streets)}",
            city=city,
            area="GH",
            postal_code=f"{digital}-{chance.randint(100, 999)}-{chance.randint(1000, 9999)}",
        )

    def make_canadian(self, domain: str | None = None) -> Person:
        """Make a person in Canada; `area` is the province. `domain` is an employer's mail domain."""
        chance = self._chance
        first, last = chance.choice(names.CANADIAN_FIRST), chance.choice(names.CANADIAN_LAST)
        city, province, forward, area_code = chance.choice(names.CANADIAN_PLACES)
        return Person(
            full_name=f"{first} {last}",
            email=self.make_email(first, last, domain),
            phone=f"+1{area_code}55501{chance.randint(0, 99):02d}",
            street_address=f"{chance.randint(1, 999)} {chance.choice(names.CANADIAN_STREETS)}",
            city=city,
            area=province,
            postal_code=f"{forward} {chance.randint(1, 9)}{chance.choice(POSTAL_LETTERS)}{chance.randint(1, 9)}",
        )

    def make_ghanaian_phone(self) -> str:
        """Give the next number; they recur only after 100,000."""
        self._made += 1
        block, number = divmod(self._made, 10_000)
        return f"+233{GHANAIAN_MOBILE_PREFIXES[block % 10]}000{number:04d}"

    def make_email(self, first: str, last: str, domain: str | None) -> str:
        """Give an address not given before, on the domain or on one of the private ones."""
        local = f"{to_ascii(first)}.{to_ascii(last)}"
        domain = domain or self._chance.choice(PRIVATE_DOMAINS)
        email, number = f"{local}@{domain}", 1
        while email in self._taken:
            number = number + 1 if number < 9 else self._chance.randint(10, 99_999)
            email = f"{local}{number}@{domain}"
        self._taken.add(email)
        return email


def to_ascii(text: str) -> str:
    """Reduce a name to what stands before an @ or in a domain: `Zoë van der Berg` becomes `zoevanderberg`."""
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return "".join(character for character in folded.lower() if character.isalnum() or character == "-")
