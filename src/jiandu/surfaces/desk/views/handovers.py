"""工作交接: an officer hands over what is in his hands, all or a part; both sign online or on paper."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from jiandu.base.accounts.models import User
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.net.access import handover_list as lists
from jiandu.net.access import handovers as verbs
from jiandu.net.access import selectors
from jiandu.net.access.handover_word import handover_docx
from jiandu.net.access.models import Handover
from jiandu.surfaces.desk import registers
from jiandu.surfaces.desk.files import handed_back, upload
from jiandu.surfaces.desk.forms import handovers as forms
from jiandu.surfaces.desk.forms.instruments import ScanForm, WithdrawScanForm
from jiandu.surfaces.desk.forms.rooms import NothingForm
from jiandu.surfaces.desk.handing_out import Paper, hand_out
from jiandu.surfaces.desk.rooms import Act, Opened, Room
from jiandu.surfaces.desk.told import handovers as told

Said = dict[str, Any]


def show_list(request: HttpRequest, viewer: Viewer, opened: Opened | None, status: int) -> HttpResponse:
    """Those that the viewer gives, receives or watches over."""
    return registers.show_list(request, HANDOVERS_ROOM, told.handovers(viewer), opened, status)


def show_one(request: HttpRequest, one: Handover, opened: Opened | None, status: int) -> HttpResponse:
    """One 交接单."""
    viewer = request.viewer  # type: ignore[attr-defined]
    may = registers.doors(viewer, HANDOVER_ROOM, one)
    return registers.show(request, told.handover(viewer, one, may), may, opened, status)


def word(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The list to be signed, as Word or PDF."""
    viewer, one = request.viewer, _one(request, uid)  # type: ignore[attr-defined]
    name = f"工作交接单_{one.made_by.name}_{one.on:%Y%m%d}"
    paper = Paper("handover", name, lambda mark: handover_docx(viewer, one, mark=mark), is_inner=True)
    return hand_out(request, "handover.paper", one, paper)


def scan(request: HttpRequest, uid: UUID, file: UUID) -> HttpResponse:
    """The scan of a signature on paper."""
    kept = lists.signature_scanned(request.viewer, _one(request, uid), file)  # type: ignore[attr-defined]
    if kept is None:
        raise Http404
    return handed_back(kept.scan_sha256, kept.scan_name)


def _one(request: HttpRequest, uid: UUID) -> Handover:
    one = lists.handover_by_uid(request.viewer, uid)  # type: ignore[attr-defined]
    if one is None:
        raise Http404
    return one


def _me(by: Viewer) -> User:
    user = selectors.account(by, by.user_id or 0)
    if user is None:
        raise Refused("not-there", "没有这条记录")
    return user


def _draft(_viewer: Viewer, said: Said, by: Viewer) -> Handover:
    new = lists.NewHandover(
        _me(by), said["to"], said["on"], said["why"], said["supervisor"], said["note"], said["chosen"]
    )
    return verbs.draft_handover(new=new, by=by)


def _paper(row: Any, said: Said, by: Viewer) -> Any:
    scanned = upload(said["scan"]) if said["scan"] else None
    return verbs.sign_on_paper(signature=row, by=by, paper=verbs.OnPaper(said["on"], said["opinion"], scanned))


def _row(one: Handover, key: int) -> Any:
    return one.signatures.filter(pk=key).select_related("user").first()


def _fits(*roles: str) -> Callable[[Any], bool]:
    """A draft, for whoever has one of these parts in it."""

    def fits(one: Any) -> bool:
        viewer = guard.actor()
        parts = [getattr(one, f"{role}_id", None) for role in roles]
        return bool(viewer and one.state == Handover.State.DRAFTED and viewer.user_id in parts)

    return fits


def _lacks_supervisor(one: Any) -> bool:
    """Also after everything went over at once: a paper of who has left is confirmed by a third person."""
    viewer = guard.actor()
    gone = one.state == Handover.State.HANDED and one.supervisor_id is None
    return _fits("made_by", "receiver")(one) or bool(
        gone and viewer and viewer.user_id in {one.made_by_id, one.receiver_id}
    )


def _due(one: Any) -> bool:
    return _fits("made_by", "receiver")(one) and one.on <= today() and lists.both_signed(one)


HANDOVERS_ROOM = Room(
    "desk:handovers",
    lambda viewer: viewer,
    show_list,
    Handover,
    (Act("draft", _("新建交接单"), forms.HandOverForm, _draft),),
)
HANDOVER_ROOM = Room(
    "desk:handover",
    lists.handover_by_uid,
    show_one,
    Handover,
    (
        Act("take-in", _("更新清单"), forms.DifferenceForm, lambda one, _s, by: verbs.take_in(handover=one, by=by), fits=_fits("made_by", "receiver")),
        Act("supervise", _("指定监交人"), forms.AskSupervisorForm, lambda one, s, by: verbs.name_supervisor(handover=one, by=by, **s), fits=_lacks_supervisor),
        Act("complete", _("移交"), NothingForm, lambda one, _s, by: verbs.complete_handover(handover=one, by=by), fits=_due),
        Act("withdraw", _("撤回"), forms.ReasonForm, lambda one, s, by: verbs.withdraw_handover(handover=one, by=by, **s), fits=_fits("made_by")),
        Act("sign", _("签字确认"), forms.SignForm, lambda row, s, by: verbs.sign_handover(signature=row, by=by, **s), _row),
        Act("decline", _("不同意移交"), forms.ReasonForm, lambda row, s, by: verbs.decline_handover(signature=row, by=by, **s), _row),
        Act("sign-paper", _("录入纸质签字"), forms.PaperSignForm, _paper, _row),
        Act("confirm-paper", _("确认纸质签字"), forms.ConfirmSignForm, lambda row, _s, by: verbs.confirm_paper(signature=row, by=by), _row),
        Act("return-paper", _("退回纸质签字"), forms.ReasonForm, lambda row, s, by: verbs.return_paper(signature=row, by=by, **s), _row),
        Act("scan", _("上传扫描件"), ScanForm, lambda row, s, by: verbs.add_scan(signature=row, by=by, scan=upload(s["scan"])), _row),
        Act("withdraw-scan", _("撤下扫描件"), WithdrawScanForm, lambda row, s, by: verbs.withdraw_scan(signature=row, by=by, **s), _row),
    ),
)  # fmt: skip
