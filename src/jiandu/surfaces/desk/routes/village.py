"""Registers of the net's ends: estates, checks of villages, the grid, training, analyses of political ecology."""

from django.utils.translation import gettext_lazy as _

from jiandu.loop.grassroots.models import AssetLookBack, Checklist
from jiandu.results.portraits.models import Portrait
from jiandu.sources.activities.models import Activity
from jiandu.sources.ledgers.collectives import Collective
from jiandu.sources.ledgers.models import Estate
from jiandu.surfaces.desk.views import assets, collectives, estates, grassroots, grid, packs, portraits, ticks
from jiandu.surfaces.door.routes import P

FORM = ("GET", "POST")
routes = [
    *estates.ESTATES_ROOM.routes("estates/"),
    P("estates/coverage/", estates.show_coverage, "view", Estate, name="estates-coverage"),
    P("estates/sheet/", estates.download, "view", Estate, name="estates-sheet"),
    *estates.STATEMENTS_ROOM.routes("estate-statements/"),
    *estates.CHECKS_ROOM.routes("estate-checks/"),
    *estates.REPORTS_ROOM.routes("estate-reports/"),
    *estates.REPORT_ROOM.routes("estate-reports/<uuid:uid>/"),
    *estates.ESTATE_ROOM.routes("estates/<uuid:uid>/"),
    P("estates/<uuid:uid>/photos/<uuid:posting>/", estates.photo, "view", Estate, name="estate-photo"),
    *collectives.COLLECTIVES_ROOM.routes("collectives/"),
    P("collectives/places/", collectives.show_places, "view", Collective, name="collectives-places"),
    *collectives.COLLECTIVE_ROOM.routes("collectives/<uuid:uid>/"),
    P(
        "collectives/<uuid:uid>/pack/<slug:stage>/",
        packs.sheet,
        "create",
        AssetLookBack,
        name="collective-pack",
        methods=FORM,
    ),
    P(
        "collectives/<uuid:uid>/pack/<slug:stage>/word/",
        packs.word,
        "create",
        AssetLookBack,
        name="collective-pack-word",
    ),
    P("collectives/<uuid:uid>/changes/", collectives.show_changes, "view", Collective, name="collective-changes"),
    P("collectives/<uuid:uid>/course/", collectives.show_course, "view", Collective, name="collective-course"),
    P("collectives/<uuid:uid>/<slug:ledger>/", collectives.show_ledger, "view", Collective, name="collective-ledger"),
    P(
        "collectives/<uuid:uid>/scans/<uuid:file>/",
        collectives.scan,
        "view",
        Collective,
        name="collective-scan",
        proves=_("查看合同扫描件"),  # the numbers of the parties stand on it in clear
    ),
    *collectives.ROW_ROOM.routes("collectives/<uuid:uid>/<slug:ledger>/<uuid:row>/"),
    *grassroots.CHECKS_ROOM.routes("checks/"),
    *grassroots.CHECK_ROOM.routes("checks/<uuid:uid>/"),
    P(
        "checks/<uuid:uid>/assets/<slug:stage>/",
        assets.sheet,
        "create",
        AssetLookBack,
        name="check-assets",
        methods=FORM,
    ),
    P("checks/<uuid:uid>/assets/<slug:stage>/word/", assets.word, "create", AssetLookBack, name="check-assets-word"),
    *grassroots.INSPECTION_ROOM.routes("checks/<uuid:uid>/inspections/<uuid:inspection>/"),
    P(
        "checks/<uuid:uid>/inspections/<uuid:inspection>/word/",
        grassroots.filled,
        "view",
        Activity,
        name="inspection-word",
    ),
    P(
        "checks/<uuid:uid>/inspections/<uuid:inspection>/ticks/",
        ticks.sheet,
        "edit",
        Activity,
        name="inspection-ticks",
        methods=FORM,
    ),
    *grassroots.CHECKLISTS_ROOM.routes("checklists/"),
    *grassroots.CHECKLIST_ROOM.routes("checklists/<uuid:uid>/"),
    P("checklists/<uuid:uid>/word/", grassroots.blank, "view", Checklist, name="checklist-word"),
    *grid.GRID_ROOM.routes("grid/"),
    *grid.CELL_ROOM.routes("grid/<uuid:uid>/"),
    *grid.MEETINGS_ROOM.routes("meetings/"),
    *grid.MEETING_ROOM.routes("meetings/<uuid:uid>/"),
    *portraits.PORTRAITS_ROOM.routes("portraits/"),
    *portraits.PORTRAIT_ROOM.routes("portraits/<uuid:uid>/"),
    P("portraits/<uuid:uid>/word/", portraits.word, "view", Portrait, name="portrait-word"),
    P("portraits/<uuid:uid>/scans/<uuid:file>/", portraits.scan, "view", Portrait, name="portrait-scan-file"),
    P("portraits/<uuid:uid>/file/", portraits.file, "view", Portrait, name="portrait-file"),
]
