"""How pages show samples of masked rows."""

from collections.abc import Iterator

from django import template

from privacy.datamap.engine.sample import SampleValue
from retention.preview import StepPreview
from retention.preview import shape as shape_of

register = template.Library()


@register.filter
def by_column(step: StepPreview) -> Iterator[tuple[str, list[SampleValue]]]:
    """The sample turned round: each column's label with its values, row by row."""
    return zip(step.labels, (list(values) for values in zip(*step.sample, strict=True)), strict=True)


@register.filter
def shape(value: SampleValue) -> str:
    """What a column holds now, without saying it."""
    return shape_of(value)
