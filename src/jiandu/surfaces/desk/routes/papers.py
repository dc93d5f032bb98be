"""Sheets and letters, and the campaigns in which they are made."""

from jiandu.loop.instruments.models import Instrument
from jiandu.surfaces.desk.views import campaigns, instruments
from jiandu.surfaces.door.routes import P

routes = [
    *instruments.COPY_REPORTS_ROOM.routes("copy-reports/"),
    *instruments.LETTERS_ROOM.routes("letters/"),
    *instruments.ROOM.routes("letters/<uuid:uid>/"),
    P("letters/<uuid:uid>/word/", instruments.word, "view", Instrument, name="instrument-word"),
    P("letters/<uuid:uid>/scans/<uuid:file>/", instruments.scan, "view", Instrument, name="instrument-scan-file"),
    *campaigns.CAMPAIGNS_ROOM.routes("campaigns/"),
    *campaigns.CAMPAIGN_ROOM.routes("campaigns/<uuid:uid>/"),
]
