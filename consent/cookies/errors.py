"""Why a banner is not published or a choice not recorded. None holds personal data, and none repeats what was sent."""


class CookiesError(Exception):
    """Base of them all. message: what is wrong and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class BannerIncomplete(CookiesError):
    """The draft cannot be shown to anybody. problems: one sentence each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


class NothingChanged(CookiesError):
    """The draft says what is published already; a new version would ask everybody again for nothing."""


class OriginInvalid(CookiesError):
    """It is not the origin of a web site."""


class ChoiceInvalid(CookiesError):
    """The choice does not fit the banner it names. field: which one is at fault."""

    def __init__(self, message: str, *, field: str) -> None:
        super().__init__(message)
        self.field = field


class CallReused(CookiesError):
    """The number of the call came with another choice before."""
