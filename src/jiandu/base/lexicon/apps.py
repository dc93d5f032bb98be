"""Django's name for this context."""

from django.apps import AppConfig


class LexiconConfig(AppConfig):
    name = "jiandu.base.lexicon"
    label = "lexicon"
