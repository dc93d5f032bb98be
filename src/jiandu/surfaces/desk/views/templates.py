"""本单位模板: an office's own workbook for the ledger, uploaded, bound, used by the export."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.files import store
from jiandu.loop.workbooks import templates
from jiandu.loop.workbooks.models import LedgerTemplate
from jiandu.net.overseers.selectors import office_by_pk
from jiandu.surfaces.desk import registers
from jiandu.surfaces.desk.files import handed_back
from jiandu.surfaces.desk.forms import templates as forms
from jiandu.surfaces.desk.forms.rooms import NothingForm
from jiandu.surfaces.desk.rooms import Act, Opened, Room
from jiandu.surfaces.desk.told import templates as told

Said = dict[str, Any]


def show_list(request: HttpRequest, viewer: Viewer, opened: Opened | None, status: int) -> HttpResponse:
    """Those of the viewer's offices."""
    return registers.show_list(request, TEMPLATES_ROOM, told.listed(viewer), opened, status)


def show_one(request: HttpRequest, one: LedgerTemplate, opened: Opened | None, status: int) -> HttpResponse:
    """One, with its columns."""
    may = frozenset({TEMPLATE_ROOM.keep} if TEMPLATE_ROOM.keeps(request.viewer) else ())  # type: ignore[attr-defined]
    return registers.show(request, told.one(one), registers.Doors(TEMPLATE_ROOM, one, may), opened, status)


def file(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The workbook as it is kept: without rows."""
    one = templates.template_by_uid(request.viewer, uid)  # type: ignore[attr-defined]
    if one is None:
        raise Http404
    return handed_back(one.sha256, one.file_name)


def _keep(_viewer: Viewer, said: Said, by: Viewer) -> LedgerTemplate:
    office, upload = office_by_pk(int(said["office"])), said["file"]
    if office is None:
        raise Refused("unknown-office", "请选择承办室组")
    name = store.check_name(upload.name)
    content = b"".join(upload.chunks())
    return templates.keep_template(office=office, name=said["name"], content=content, file_name=name, by=by)


TEMPLATES_ROOM = Room(
    "desk:ledger-templates",
    lambda viewer: viewer,
    show_list,
    LedgerTemplate,
    (Act("keep", _("上传模板"), forms.TemplateForm, _keep),),
    see="export",
    keep="export",
)
TEMPLATE_ROOM = Room(
    "desk:ledger-template",
    templates.template_by_uid,
    show_one,
    LedgerTemplate,
    (
        Act("bind", _("指定栏目"), forms.BindForm, lambda one, s, by: templates.bind_columns(template=one, by=by, **s)),
        Act("drop", _("删除模板"), NothingForm, lambda one, _s, by: templates.drop_template(template=one, by=by)),
    ),
    see="export",
    keep="export",
)
