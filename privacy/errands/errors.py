"""What errands refuse. Messages say what to do and hold no personal data; they are shown to officers."""

from django.utils.translation import gettext as _


class ErrandError(Exception):
    """Base of everything this app refuses."""


class ErrandClosed(ErrandError):
    """Somebody was faster, or the work is not needed any more."""

    def __init__(self) -> None:
        super().__init__(_("This task is closed already. Look at what was declared."))


class ErrandNotClosed(ErrandError):
    def __init__(self) -> None:
        super().__init__(_("Only a task that could not be done, or whose file was infected, can be opened again."))


class EvidenceMissing(ErrandError):
    """Nothing would show that what is declared is so."""


class FileRefused(ErrandError):
    """The file is too large, empty, or of a kind that is not taken."""


class FileInfected(ErrandError):
    """The scanner found malware in the file, so it is not kept."""

    def __init__(self) -> None:
        super().__init__(_("Malware was found in a file, so it was deleted. Add another one."))


class FileNotScanned(ErrandError):
    """The scanner did not answer, so nothing is known about the file. The same may work later."""

    def __init__(self) -> None:
        super().__init__(
            _("The virus scanner does not answer, and no file is used unscanned. Try again in a few minutes.")
        )


class ProcessorNotUsable(ErrandError):
    """What was entered about a processor cannot be used."""


class ProcessorProblem(ErrandError):
    """A processor did not answer as it must. `code` is stable; `passing` when the same may work later."""

    def __init__(self, code: str, *, passing: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.passing = passing
