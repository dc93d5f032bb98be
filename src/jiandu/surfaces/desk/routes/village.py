"""Registers of the net's ends: estates, checks of villages, the grid, training, analyses of political ecology."""

from jiandu.sources.ledgers.models import Estate
from jiandu.surfaces.desk.views import estates
from jiandu.surfaces.door.routes import P

routes = [
    *estates.ESTATES_ROOM.routes("estates/"),
    P("estates/coverage/", estates.show_coverage, "view", Estate, name="estates-coverage"),
    P("estates/sheet/", estates.download, "view", Estate, name="estates-sheet"),
    *estates.REPORTS_ROOM.routes("estate-reports/"),
    *estates.REPORT_ROOM.routes("estate-reports/<uuid:uid>/"),
    *estates.ESTATE_ROOM.routes("estates/<uuid:uid>/"),
    P("estates/<uuid:uid>/photos/<uuid:posting>/", estates.photo, "view", Estate, name="estate-photo"),
]
