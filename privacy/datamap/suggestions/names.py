"""What the name of a column says about its content. Data first; the first pattern that fits wins."""

import re
from dataclasses import dataclass

from privacy.datamap.models import DataCategory as C
from privacy.datamap.models import Strategy as S
from privacy.subjects.identifiers import IdentifierKind as K


@dataclass(frozen=True)
class NameRule:
    """`strategies` in order of preference; the first that the column can take is suggested."""

    pattern: re.Pattern[str]
    category: C
    strategies: tuple[S, ...]
    identifier: str = ""


def _rule(pattern: str, category: C, *strategies: S, identifier: str = "") -> NameRule:
    return NameRule(re.compile(rf"(?:^|_)(?:{pattern})(?:$|_)"), category, strategies, identifier)


_WIPE = (S.NULL, S.CONSTANT, S.RANDOM, S.GENERALISE_DATE, S.GENERALISE_NUMBER)

NAME_RULES: tuple[NameRule, ...] = (
    _rule("password|passwd|pwd|secret|api_key|token|salt|otp", C.TECHNICAL, *_WIPE),
    _rule("e?mail_address|e?mail|email_?addr", C.CONTACT, S.EMAIL, S.NULL, S.CONSTANT, identifier=K.EMAIL),
    _rule("phone|telephone|mobile|cell|msisdn|phone_number|tel", C.CONTACT, S.NULL, S.PHONE, identifier=K.PHONE),
    _rule("fax", C.CONTACT, S.NULL, S.PHONE, S.CONSTANT),
    _rule("customer_number|client_number|customer_no|account_number|member_number", C.IDENTITY, S.TOKEN, S.RANDOM,
          identifier=K.CUSTOMER_ID),
    _rule("first_?name|last_?name|full_?name|middle_?name|sur_?name|given_?name|family_?name|maiden_?name"
          "|contact_name|billing_name|display_name|user_?name|nick_?name|initials",
          C.IDENTITY, S.CONSTANT, S.RANDOM, S.NULL),
    _rule("birth_?date|date_of_birth|dob|born|birthday|birth_day", C.IDENTITY, S.GENERALISE_DATE, S.NULL),
    _rule("gender|sex|nationality|ethnicity|religion|marital_status", C.IDENTITY, S.NULL, S.CONSTANT),
    _rule("ssn|ssnit|sin|passport|national_id|id_card|card_number|tax_id|tin|drivers?_licen[cs]e|ghana_card",
          C.IDENTITY, S.NULL, S.RANDOM, S.CONSTANT),
    _rule("iban|bank_account|account_no|credit_card|momo|momo_number|wallet|pan", C.FINANCIAL, S.NULL, S.RANDOM),
    _rule("zip|zip_?code|postal_?code|post_?code", C.CONTACT, S.GENERALISE_POSTCODE, S.NULL),
    _rule("address|street|addr|house_number|city|town|state|province|region|country|latitude|longitude|location",
          C.CONTACT, S.NULL, S.CONSTANT, S.GENERALISE_NUMBER),
    _rule("ip|ip_?address|remote_addr|client_ip|last_ip", C.TECHNICAL, S.GENERALISE_IP, S.NULL),
    _rule("user_?agent|browser|device|cookie|session|fingerprint|referr?er", C.TECHNICAL, S.NULL, S.CONSTANT),
    _rule("salary|wage|income|payroll", C.FINANCIAL, S.NULL, S.GENERALISE_NUMBER),
    _rule("job_?title|department|position|employer|company", C.EMPLOYMENT, S.NULL, S.CONSTANT),
    _rule("notes?|comments?|remarks?|description|message|body|content|feedback|bio|about", C.FREE_TEXT,
          S.NULL, S.CONSTANT),
    _rule("subject", C.FREE_TEXT, S.CONSTANT, S.NULL),
    _rule("decision|score|rating|verdict|outcome", C.DECISION, S.KEEP),
    _rule("total|amount|price|quantity|tax|vat|currency|discount|balance|subtotal|net|gross", C.BUSINESS, S.KEEP),
)  # fmt: skip

STAFF_WORDS = re.compile(
    r"(?:^|_)(?:agent|rep|manager|employee|staff|assignee|assigned|handler|owner|approver|approved|created|updated"
    r"|modified|handled|sales|support|supervisor|reports|operator|author|reviewer)(?:$|_)"
)
"""Words in a foreign key or table that speak of who handles a row, not of whom the row is about."""


def snake(name: str) -> str:
    """A column's name in the one form the patterns know: CustomerEMail and customer-email are customer_email."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return re.sub(r"[^a-z0-9]+", "_", spaced.lower()).strip("_")


def by_name(column: str) -> NameRule | None:
    """The rule for a column of this name, if there is one."""
    name = snake(column)
    return next((rule for rule in NAME_RULES if rule.pattern.search(name)), None)
