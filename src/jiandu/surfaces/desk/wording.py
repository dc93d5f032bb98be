"""Entries of dictionaries in the reader's language."""

from django.utils.translation import get_language

from jiandu.base.lexicon.models import Item


def said(item: Item | None) -> str:
    """The item's label; nothing for none."""
    if item is None:
        return ""
    return (item.label_en or item.label_zh) if get_language() == "en" else item.label_zh
