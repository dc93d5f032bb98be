"""Django's name for this context."""

from django.apps import AppConfig


class PetitionsConfig(AppConfig):
    name = "jiandu.sources.petitions"
    label = "petitions"

    def ready(self) -> None:
        from jiandu.base.books.known import come_by_sheet  # noqa: PLC0415 -- models are ready only now
        from jiandu.net.vaults.resealing import register_resealer  # noqa: PLC0415 -- models are ready only now
        from jiandu.sources.petitions.intake import messages_under  # noqa: PLC0415 -- models are ready only now
        from jiandu.sources.petitions.sheet import PETITIONS  # noqa: PLC0415 -- models are ready only now
        from jiandu.sources.petitions.vault import sealed_under  # noqa: PLC0415 -- models are ready only now

        come_by_sheet(PETITIONS)
        register_resealer("petitions", sealed_under)
        register_resealer("intake", messages_under)
