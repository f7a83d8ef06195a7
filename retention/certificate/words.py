"""Plain words of certificates."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from privacy.datamap.engine.masks import address_parts
from privacy.datamap.models import Action, Strategy


def action_words(action: str, rows: int) -> str:
    """What was done to so many rows."""
    if action == Action.DELETE:
        words = ngettext("%(n)s row deleted", "%(n)s rows deleted", rows)
    else:
        words = ngettext("%(n)s row with columns replaced", "%(n)s rows with columns replaced", rows)
    return words % {"n": f"{rows:,}"}


def coarser_words(level: int, rows: int) -> str:
    """What a pass over small groups did to so many rows."""
    words = ngettext(
        "%(n)s row in too small a group made coarser, step %(level)s",
        "%(n)s rows in too small groups made coarser, step %(level)s",
        rows,
    )
    return words % {"n": f"{rows:,}", "level": level}


def coarseness(mask: Mapping[str, Any]) -> str:
    """How coarse a further step makes a column: year, first 3 characters, /16."""
    params = mask["params"]
    match mask["strategy"]:
        case Strategy.NULL:
            return _("emptied")
        case Strategy.GENERALISE_DATE:
            return {"month": _("month only"), "year": _("year only"), "decade": _("decade only")}[params["to"]]
        case Strategy.GENERALISE_NUMBER:
            return _("rounded to %(n)s") % {"n": f"{params['size']:,}"}
        case Strategy.GENERALISE_POSTCODE:
            words = ngettext("first %(n)d character only", "first %(n)d characters only", params["keep"])
            return words % {"n": params["keep"]}
        case Strategy.GENERALISE_IP:
            words = ngettext(
                "first %(n)d part of the address only", "first %(n)d parts of the address only", address_parts(params)
            )
            return words % {"n": address_parts(params)}
        case _:
            return _("always “%(value)s”") % {"value": params["value"]}


def newer_words(rows: int) -> str:
    """How many rows were not touched because the request is not about them."""
    words = ngettext(
        "%(n)s not touched, because it came after the day of the request or belongs to data that did",
        "%(n)s not touched, because they came after the day of the request or belong to data that did",
        rows,
    )
    return words % {"n": f"{rows:,}"}


def scope_words() -> list[str]:
    """What a certificate says and what it does not."""
    return [
        _("After the work every table was counted again: no row was left that should have been changed, except rows "
          "under a hold, rows that the law wants kept, rows that came after the day of the request or belong to data "
          "that did, and rows that wait until the person was told in time; their numbers are given."),
        _("Columns that are not named here stay as they were."),
        _("A column replaced by a keyed token is pseudonymous and not anonymous: the key exists."),
        _("It speaks of this source on the day of the run, and not of backups or of copies elsewhere."),
        _("The digest of a table is SHA-256 over the windows, row counts and transaction numbers of the work; the hash "
          "of the plan is SHA-256 over its canonical JSON (RFC 8785). Neither leads to a row."),
    ]  # fmt: skip


def scope_of_a_word() -> list[str]:
    """The same where somebody else did the work and declared it."""
    return [
        _("The portal cannot look into this source, so it counted nothing there: it certifies who declared the work "
          "done, when, and with which proof, and not the work itself."),
        _("It speaks of this source on the day of the declaration, and not of backups or of copies elsewhere."),
        _("Each proof is named by its SHA-256, by which the file that was filed can be told from any other. The hash "
          "of the plan is SHA-256 over what was approved to be asked, in canonical JSON (RFC 8785)."),
    ]  # fmt: skip
