"""What can be wrong with a letter. The messages are for officers and say what to do."""

from django.utils.translation import gettext as _


class LetterError(Exception):
    """Something about a letter does not go; the message may be shown."""


class UnknownKind(LookupError):
    """No app declares this kind of letter."""

    def __init__(self, code: str) -> None:
        super().__init__(f"no app declares the kind of letter {code!r} in its letter_kinds.py")


class WordingInvalid(LetterError):
    """A wording that cannot be used. `problems` are sentences, one for each thing to change."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


class WordingChanged(LetterError):
    def __init__(self) -> None:
        super().__init__(_("Somebody saved another version meanwhile. Open the page again and look at it first."))


class NotAllowed(LetterError):
    def __init__(self) -> None:
        super().__init__(_("You may not do this with this letter. Ask a Privacy Officer."))


class WrongState(LetterError):
    def __init__(self) -> None:
        super().__init__(_("The letter has moved on; this cannot be done any more. Open its page again."))


class LinkMissing(LetterError):
    """The text of a letter and its secret link do not belong together."""


class UnsubscribeMissing(LetterError):
    """A mail that is marketing has no way to be unsubscribed from, or another pretends to have one."""


class AddressNotTheirs(LetterError):
    def __init__(self) -> None:
        super().__init__(
            _(
                "This letter holds a secret link, which goes only to an e-mail address that is on file for the person. "
                "Write the letter again from the case once the new address is recorded there."
            )
        )


class BreachNoticeRefused(LetterError):
    """A notice of a breach lacks something, or was sent already."""


class AddressInvalid(LetterError):
    def __init__(self) -> None:
        super().__init__(_("That is no e-mail address. Look for a missing @ or a space."))


class LinkGone(LetterError):
    def __init__(self) -> None:
        super().__init__(_("The secret link of this letter no longer works. Write the letter again from the case."))


class TakenBack(LetterError):
    def __init__(self) -> None:
        super().__init__(_("What this letter says was taken back after it was written, so it must not go any more."))


class NotWanted(LetterError):
    def __init__(self) -> None:
        super().__init__(
            _("The person said no to this use of their data after the letter was written, so it must not go any more.")
        )


class AddresseeGone(LetterError):
    def __init__(self) -> None:
        super().__init__(
            _(
                "Whoever this letter is addressed to has no authority to act for the person any more. Write the letter "
                "again from the case: it then goes to whoever asks now."
            )
        )
