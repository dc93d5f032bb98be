"""Django's name for this context."""

from django.apps import AppConfig


class GrassrootsConfig(AppConfig):
    name = "jiandu.loop.grassroots"
    label = "grassroots"

    def ready(self) -> None:
        from jiandu.base.books.known import come_by_sheet  # noqa: PLC0415 -- models are ready only now
        from jiandu.loop.grassroots.asset_sheet import ASSETS  # noqa: PLC0415 -- models are ready only now
        from jiandu.loop.grassroots.grid_sheet import GRID  # noqa: PLC0415 -- models are ready only now
        from jiandu.loop.grassroots.inspection_sheet import INSPECTIONS  # noqa: PLC0415 -- models are ready only now
        from jiandu.loop.grassroots.pack_sheet import PACK  # noqa: PLC0415 -- models are ready only now
        from jiandu.loop.grassroots.sheet import TRAINING  # noqa: PLC0415 -- models are ready only now

        come_by_sheet(TRAINING, INSPECTIONS, ASSETS, GRID, PACK)
