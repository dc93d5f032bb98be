"""带入数据: the data sets that lie here for rules, and how tables come into them and go."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.jobs.selectors import jobs_of
from jiandu.net.overseers.models import Office
from jiandu.net.overseers.selectors import office_by_pk
from jiandu.sources.crosscheck import folders, jobs
from jiandu.sources.crosscheck.models import RuleRun
from jiandu.sources.crosscheck.services.bringing import BRING, File, NewTables, ask_bring, drop_dataset
from jiandu.surfaces.desk import registers
from jiandu.surfaces.desk.forms import crosscheck as forms
from jiandu.surfaces.desk.rooms import Act, Opened, Room
from jiandu.surfaces.desk.told import crosscheck_tables as told
from jiandu.surfaces.desk.views.choices import own_offices

Said = dict[str, Any]
NEWEST = 5


def show_tables(request: HttpRequest, viewer: Viewer, opened: Opened | None, status: int) -> HttpResponse:
    """What lies here, set by set; above it what became of what the viewer has handed in."""
    may = registers.doors(viewer, TABLES_ROOM, viewer)
    mine = list(jobs_of(viewer, BRING)[:NEWEST])
    return registers.show(request, told.sets(viewer, mine), may, opened, status)


def _office(said: Said) -> Office:
    office = office_by_pk(int(said["office"]))
    if office is None:
        raise Refused("unknown-office", "请选择承办室组")
    return office


def _bring(_viewer: Viewer, said: Said, by: Viewer) -> Any:
    files = [File(each.name, each.file) for each in said["file"]]
    new = NewTables(_office(said), said["dataset"].strip(), said["day"], files, said["table"], said["replaces"])
    return jobs.start_bringing(ask_bring(new=new, by=by))


def _drop(_viewer: Viewer, said: Said, by: Viewer) -> None:
    drop_dataset(office=_office(said), dataset=said["dataset"], by=by)


def _has_brought(viewer: Viewer) -> bool:
    return bool(folders.brought({int(key) for key, _name in own_offices(viewer)}))


TABLES_ROOM = Room(
    "desk:data-tables",
    lambda viewer: viewer,
    show_tables,
    RuleRun,
    (
        Act("bring", gettext_lazy("带入数据表"), forms.BringForm, _bring, told=gettext_lazy("文件已收到，排队读入")),
        Act(
            "drop",
            gettext_lazy("清除数据集"),
            forms.DropForm,
            _drop,
            is_sensitive=True,
            fits=_has_brought,
        ),
    ),
    see="create",
    keep="create",
)
