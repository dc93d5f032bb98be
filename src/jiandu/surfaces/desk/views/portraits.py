"""政治生态分析报告: the register and one report."""

from typing import Any
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.files import store
from jiandu.loop.findings.selectors.reading import finding_by_uid
from jiandu.results.portraits import approving, selectors, services
from jiandu.results.portraits.models import Judgement, Portrait
from jiandu.results.portraits.word import portrait_docx
from jiandu.sources.talks.selectors import talk_by_uid
from jiandu.surfaces.desk import registers
from jiandu.surfaces.desk.files import handed_back, upload
from jiandu.surfaces.desk.forms import portraits as forms
from jiandu.surfaces.desk.forms.approving import ReturnPaperForm
from jiandu.surfaces.desk.forms.instruments import ConfirmPaperForm, PaperForm, ScanForm, WithdrawScanForm
from jiandu.surfaces.desk.forms.rooms import NothingForm
from jiandu.surfaces.desk.forms.rounds import ReasonForm
from jiandu.surfaces.desk.rooms import Act, Opened, Room
from jiandu.surfaces.desk.told import portraits as told
from jiandu.surfaces.desk.views.approving import signature_of
from jiandu.surfaces.desk.views.grassroots import as_word, office_in

Said = dict[str, Any]


def show_portraits(request: HttpRequest, viewer: Viewer, opened: Opened | None, status: int) -> HttpResponse:
    """The register."""
    wanted = request.GET.get("status", "")
    wanted = wanted if wanted in {"approved", "draft"} else ""
    listed = told.portraits(viewer, registers.year_of(request), wanted)
    return registers.show_list(request, PORTRAITS_ROOM, listed, opened, status)


def show_portrait(request: HttpRequest, one: Portrait, opened: Opened | None, status: int) -> HttpResponse:
    """One report."""
    viewer = request.viewer  # type: ignore[attr-defined]
    may = registers.doors(viewer, PORTRAIT_ROOM, one)
    return registers.show(request, told.portrait(viewer, one, may), may, opened, status)


def _found(request: HttpRequest, uid: UUID) -> Portrait:
    one = selectors.portrait_by_uid(request.viewer, uid)  # type: ignore[attr-defined]
    if one is None:
        raise Http404
    return one


def word(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The draft out of the judgements."""
    one = _found(request, uid)
    return as_word(portrait_docx(request.viewer, one), f"{one.title}.docx")  # type: ignore[attr-defined]


def file(request: HttpRequest, uid: UUID) -> FileResponse:
    """The report as its author wrote it."""
    one = _found(request, uid)
    if not one.sha256:
        raise Http404
    return FileResponse(store.path_of(one.sha256).open("rb"), as_attachment=True, filename=one.file_name)


def _begin(_viewer: Viewer, said: Said, by: Viewer) -> Portrait:
    return services.begin_portrait(new=services.NewPortrait(office=office_in(said), **said), by=by)


def _judge(each: selectors.Asked, said: Said, by: Viewer) -> Any:
    return services.judge(portrait=each.portrait, by=by, dimension=each.dimension, **said)


def _rest_on(row: Judgement, said: Said, by: Viewer) -> Any:
    kind, _colon, uid = said["ground"].partition(":")
    if kind == "finding":
        return services.rest_on(judgement=row, by=by, finding=finding_by_uid(by, UUID(uid)))
    return services.rest_on(judgement=row, by=by, talk=talk_by_uid(by, UUID(uid)))


def _attach(one: Portrait, said: Said, by: Viewer) -> Portrait:
    name = store.check_name(said["file"].name)
    if not name.lower().endswith((".docx", ".doc", ".wps", ".pdf", ".ofd")):
        raise Refused("file-kind", "报告文件应为 Word、WPS、PDF 或 OFD：%(name)s", name=name)
    return services.attach(portrait=one, by=by, stored=store.keep(said["file"].chunks()), name=name)


def scan(request: HttpRequest, uid: UUID, file: UUID) -> HttpResponse:
    """The scan of a paper, for who may see the report."""
    kept = selectors.approval_scanned(request.viewer, _found(request, uid), file)  # type: ignore[attr-defined]
    if kept is None:
        raise Http404
    return handed_back(kept.scan_sha256, kept.scan_name)


def _paper(one: Portrait, key: int) -> Any:
    return one.approvals.filter(pk=key).first()


def _is_open(one: Portrait) -> bool:
    return one.approved_on is None and one.withdrawn_on is None


def _can_revise(one: Portrait) -> bool:
    return one.approved_on is not None and one.withdrawn_on is None and one.revises_id is None


PORTRAITS_ROOM = Room("desk:portraits", lambda viewer: viewer, show_portraits, Portrait, (Act("begin", gettext_lazy("登记报告"), forms.PortraitForm, _begin),), keep="create")  # fmt: skip
PORTRAIT_ROOM = Room(
    "desk:portrait",
    selectors.portrait_by_uid,
    show_portrait,
    Portrait,
    (
        Act("summary", gettext_lazy("总体评价"), forms.SummaryForm, lambda one, s, by: services.write_summary(portrait=one, by=by, **s), fits=_is_open),
        Act("attach", gettext_lazy("上传报告"), forms.ReportForm, _attach, fits=_is_open),
        Act("approve", gettext_lazy("审定"), forms.ApproveForm, lambda one, s, by: approving.approve_portrait(portrait=one, by=by, **s), verb="approve", fits=_is_open),
        Act("sign-paper", gettext_lazy("录入纸质签批"), PaperForm, lambda one, s, by: approving.sign_on_paper(portrait=one, by=by, signature=signature_of(s, by)), verb="paper", fits=_is_open),
        Act("confirm-paper", gettext_lazy("确认纸质签批"), ConfirmPaperForm, lambda row, s, by: approving.confirm_paper(approval=row, by=by), _paper, verb="confirm_paper"),
        Act("return-paper", gettext_lazy("退回纸质签批"), ReturnPaperForm, lambda row, s, by: approving.return_paper(approval=row, by=by, **s), _paper, verb="confirm_paper"),
        Act("scan", gettext_lazy("上传扫描件"), ScanForm, lambda row, s, by: approving.add_scan(approval=row, by=by, scan=upload(s["scan"])), _paper, verb="paper"),
        Act("withdraw-scan", gettext_lazy("撤下扫描件"), WithdrawScanForm, lambda row, s, by: approving.withdraw_scan(approval=row, by=by, **s), _paper, verb="paper"),
        Act("revise", gettext_lazy("修订"), NothingForm, lambda one, s, by: services.revise(portrait=one, by=by), fits=_can_revise),
        Act("withdraw", gettext_lazy("撤下"), ReasonForm, lambda one, s, by: services.withdraw_portrait(portrait=one, by=by, **s), fits=lambda one: one.withdrawn_on is None),
        Act("judge", gettext_lazy("研判"), forms.JudgeForm, _judge, selectors.dimension_asked),
        Act("ground", gettext_lazy("关联依据"), forms.GroundForm, _rest_on, lambda one, key: one.judgements.filter(pk=key).first()),
    ),
)  # fmt: skip
