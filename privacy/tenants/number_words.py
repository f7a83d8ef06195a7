"""What number fields say of numbers that they do not take, in words that say what to write."""

from django.utils.translation import gettext_lazy

OF_NUMBERS = {
    "invalid": gettext_lazy("Write a whole number in digits."),
    "min_value": gettext_lazy("Write a whole number that is %(limit_value)s or more."),
    "max_value": gettext_lazy("Write a whole number that is %(limit_value)s or less."),
}
