"""On pages of somebody who acts for another: whom the request is about; see `requests.addressees`."""

from typing import Any

from django import template

from requests import addressees
from requests.models import SubjectRequest

register = template.Library()


@register.inclusion_tag("requests/about.html")
def about_another(case: SubjectRequest) -> dict[str, Any]:
    """A sentence that says whose data is meant; nothing where the person asks themselves."""
    return {"about": addressees.about_another(case)}
