"""What can go wrong with organisations."""


class OrganisationError(Exception):
    """Base of this module's errors."""


class NoOrganisation(OrganisationError):
    def __init__(self, schema_name: str) -> None:
        super().__init__(f"no organisation has the schema {schema_name!r}: enter one before acting")


class OrganisationNotServed(OrganisationError):
    def __init__(self, schema_name: str, reason: str) -> None:
        super().__init__(f"organisation {schema_name!r} is not served: {reason}")


class OrganisationInvalid(OrganisationError):
    """The particulars given for a new organisation cannot be used; the message says which and what to do."""
