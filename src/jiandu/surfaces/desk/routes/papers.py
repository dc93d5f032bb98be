"""Sheets and letters, and the campaigns in which they are made."""

from django.utils.translation import gettext_lazy as _

from jiandu.loop.grassroots.models import GridCell, Meeting
from jiandu.loop.instruments.models import Instrument
from jiandu.sources.activities.models import Activity
from jiandu.surfaces.desk.views import approving, batches, campaigns, instruments, papers, scanned, wordings
from jiandu.surfaces.door.routes import P, Signed

routes = [
    Signed("d/<int:opens>/<uuid:uid>/", scanned.scanned, name="scanned"),
    Signed("d/<int:opens>/<uuid:uid>/<int:leaf>/", scanned.scanned, name="scanned-leaf"),
    Signed("papers/<slug:kind>/", batches.papers, name="papers", methods=("GET", "POST"), proves=_("批量生成文书")),
    *instruments.COPY_REPORTS_ROOM.routes("copy-reports/"),
    *instruments.LETTERS_ROOM.routes("letters/"),
    *instruments.ROOM.routes("letters/<uuid:uid>/"),
    *wordings.ROOM.routes("wordings/"),
    *wordings.KIND_ROOM.routes("wordings/<slug:kind>/"),
    P("wordings/<slug:kind>/<int:version>/word/", wordings.preview, "word", Instrument, name="wording-word"),
    P("letters/<uuid:uid>/word/", instruments.word, "view", Instrument, name="instrument-word"),
    P("letters/<uuid:uid>/scans/<uuid:file>/", instruments.scan, "view", Instrument, name="instrument-scan-file"),
    P("activities/<uuid:uid>/scans/<uuid:file>/", approving.scan, "view", Activity, name="activity-scan"),
    *campaigns.CAMPAIGNS_ROOM.routes("campaigns/"),
    *campaigns.CAMPAIGN_ROOM.routes("campaigns/<uuid:uid>/"),
    P("campaigns/<uuid:uid>/word/", papers.campaign_paper, "view", Activity, name="campaign-word"),
    P("grid/roster/word/", papers.grid_roster, "view", GridCell, name="grid-roster-word"),
    P("meetings/<uuid:uid>/word/", papers.meeting_paper, "view", Meeting, name="meeting-word"),
]
