"""What the door's pages need besides components."""

import json
from typing import Any

from django import template
from django.core.serializers.json import DjangoJSONEncoder

register = template.Library()


@register.filter
def as_json(value: Any) -> str:
    """The value as JSON, to be escaped into an attribute: no inline script is needed to hand data to a script."""
    return json.dumps(value, cls=DjangoJSONEncoder)


@register.filter
def in_fours(text: str) -> str:
    """ABCD EFGH: what somebody types from a screen."""
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))
