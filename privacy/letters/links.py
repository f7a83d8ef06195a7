"""Secret links of letters that are not sent at once.

A link in a draft would run out while nobody sends it. So a draft keeps only what its link is for, and the link is made
when the letter goes; what it leads to, only a higher room knows.
"""

from collections.abc import Callable

from privacy.letters.models import Letter

LinkMaker = Callable[[Letter], str | None]

_makers: list[LinkMaker] = []


def register_link_maker(maker: LinkMaker) -> None:
    """Register what makes the address for a letter by its `link_purpose`; it answers None where it does not know."""
    if maker not in _makers:
        _makers.append(maker)


def fresh_link(letter: Letter) -> str | None:
    """A new secret address for a letter, None when nobody can make one."""
    if not letter.link_purpose:
        return None
    return next((address for maker in _makers if (address := maker(letter))), None)
