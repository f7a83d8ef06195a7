"""The number of a page, in the form that it is sent by; see `requests.services.sending_once`."""

from django import template
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from requests.services.sending_once import PAGE_FIELD, number_to_show

register = template.Library()


@register.simple_tag(takes_context=True)
def sent_once(context: Context) -> SafeString:
    """The hidden field; see `number_to_show`."""
    number = number_to_show(context["request"].POST)
    return format_html('<input type="hidden" name="{}" value="{}" data-sent-once>', PAGE_FIELD, number)
