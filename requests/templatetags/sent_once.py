"""The number of a page, in the form that it is sent by; see `requests.services.sending_once`."""

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString

from privacy.tenants.sent_pages import hidden_field
from requests.services.sending_once import number_to_show

register = template.Library()


@register.simple_tag(takes_context=True)
def sent_once(context: Context) -> SafeString:
    """The hidden field; see `number_to_show`."""
    return hidden_field(number_to_show(context["request"].POST))
