"""Django's name for this context."""

from django.apps import AppConfig


class PetitionsConfig(AppConfig):
    name = "jiandu.sources.petitions"
    label = "petitions"

    def ready(self) -> None:
        from jiandu.net.vaults.resealing import register_resealer  # noqa: PLC0415 -- models are ready only now
        from jiandu.sources.petitions.vault import sealed_under  # noqa: PLC0415 -- models are ready only now

        register_resealer("petitions", sealed_under)
