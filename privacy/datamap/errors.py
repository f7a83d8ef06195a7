"""What can go wrong with the data map. Messages say what to do; they name tables and columns, never values."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from privacy.datamap.engine.errors import InvalidSpec


class DatamapError(Exception):
    """Base of everything this app refuses."""


class AddressRefused(DatamapError):
    """The address of a source is none, or names a place that a source must not be. It is never repeated."""


class SourceNotUsable(DatamapError):
    """The source answered, but it cannot be worked with as it is. `code` is stable."""

    def __init__(self, message: str, *, code: str) -> None:
        super().__init__(message)
        self.code = code


class SourceNameTaken(DatamapError):
    def __init__(self) -> None:
        super().__init__(_("Another source has this name; choose a different one."))


class DatasetIncomplete(DatamapError):
    """A dataset cannot be confirmed as it stands. Lists every problem."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class DatasetInUse(DatamapError):
    """A table cannot be taken out of the data map as things are."""


class DatamapIncomplete(DatamapError):
    """Nobody can say yet where a person's data is, so nothing may be planned."""

    def __init__(self, message: str, *, datasets: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.datasets = tuple(datasets)


class ChainBroken(DatamapIncomplete, InvalidSpec):
    """By what the data map says, a table about people leads to nobody.

    To whoever asks for a person the data map is not complete; to whoever asks the source it does not fit.
    """


class DatamapChanged(DatamapError):
    """What a plan was made by is no longer what the data map says."""


class CorrectionUnfit(DatamapError):
    """A new value that a column would not keep as it is; the message says what to enter, without the value."""


class CatalogueInvalid(DatamapError):
    """A described catalogue contradicts itself or the data map."""


class ReasonMissing(DatamapError):
    """A dismissal without a reason, or with a whole essay."""


class FindingNotOpen(DatamapError):
    def __init__(self) -> None:
        super().__init__(_("This finding has changed meanwhile: it is resolved, or somebody else was faster."))
