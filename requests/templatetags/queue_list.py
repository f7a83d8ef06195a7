"""The list of the queue, exactly as the theme draws lists.

The theme works out the heads of all columns anew for every row, and draws every checkbox from a template of its own:
two thirds of the time of the page. Here both are done once; a test compares what comes out with what the theme makes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import template
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.contrib.admin.views.main import ChangeList
from django.db.models import Model
from django.template.context import Context
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from unfold.templatetags.unfold_list import CHECKBOX_CLASSES, LINK_CLASSES, ROW_CLASSES, result_headers
from unfold.utils import display_for_value

register = template.Library()
CHECKBOX = "action_checkbox"


@register.inclusion_tag("officer/requests/queue_list.html", takes_context=True)
def queue_list(context: Context, cl: ChangeList) -> dict[str, Any]:
    """For a list whose columns are methods of its admin that return text, and whose first is the link to the row."""
    headers = list(result_headers(cl))
    return {
        "cl": cl,
        "result_headers": headers,
        "num_sorted_fields": sum(bool(each["sortable"] and each["sorted"]) for each in headers),
        "rows": list(_rows(cl, headers)),
        "has_add_permission": cl.model_admin.has_add_permission(context["request"]),
    }


@dataclass(frozen=True)
class Around:
    """What stands before and after the changing part of a cell."""

    before: SafeString
    after: SafeString


def _rows(cl: ChangeList, headers: list[dict[str, Any]]) -> Iterator[SafeString]:
    """The cells of each row. What differs between the rows is their keys and texts."""
    cases = list(cl.result_list)
    if not cases:
        return
    heads = {str(name): head for name, head in zip(cl.list_display, headers, strict=True)}
    box = _checkbox(cl, cases[0]) if heads.pop(CHECKBOX, None) else None  # none where nothing is to be chosen
    link = _link(cl, cases[0])
    columns = [(getattr(cl.model_admin, name), _cell(name, head)) for name, head in heads.items()]
    empty = cl.model_admin.get_empty_value_display()
    for case in cases:
        key = str(case.pk)
        shown = [conditional_escape(display_for_value(text(case), empty)) for text, _around in columns]
        shown[0] = mark_safe(f"{link.before}{key}{link.after}{shown[0]}</a>")  # noqa: S308 - its parts are escaped
        cells = [f"{cell.before}{each}{cell.after}" for (_text, cell), each in zip(columns, shown, strict=True)]
        yield mark_safe((f"{box.before}{key}{box.after}" if box else "") + "".join(cells))  # noqa: S308 - likewise


def _cell(name: str, head: dict[str, Any]) -> Around:
    tag = "th" if name == "link" else "td"
    classes = " ".join([f"field-{name}", *ROW_CLASSES])
    before = format_html('<{} class="{}" data-label="{}">', tag, mark_safe(classes), head["text"])  # noqa: S308
    return Around(before, format_html("</{}>", tag))


def _checkbox(cl: ChangeList, case: Model) -> Around:
    drawn = cl.model_admin.action_checkbox(case)
    classes = mark_safe(" ".join(CHECKBOX_CLASSES))  # noqa: S308 - the theme's constants
    label = gettext("Select record")  # as the theme calls it
    return _around(format_html('<td class="{}" data-label="{}">{}</td>', classes, label, drawn), case)


def _link(cl: ChangeList, case: Model) -> Around:
    filters: Any = {"preserved_filters": cl.preserved_filters, "opts": cl.opts}
    address = add_preserved_filters(filters, cl.url_for_result(case))
    classes = mark_safe(" ".join(LINK_CLASSES))  # noqa: S308 - the theme's constants
    return _around(format_html('<a href="{}" class="{}" >', address, classes), case)


def _around(drawn: SafeString, case: Model) -> Around:
    """Markup around the key of the row that it was drawn for, to be put around the keys of the others."""
    before, key, after = drawn.partition(str(case.pk))
    if not key:
        raise ValueError("the markup does not hold the key of its row")
    return Around(mark_safe(before), mark_safe(after))  # noqa: S308 - parts of safe markup
