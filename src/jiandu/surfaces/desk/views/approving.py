"""What is signed on paper about a project, round, topic or campaign: typed, confirmed by a second person, its scan."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from jiandu.base.core.guard import Viewer
from jiandu.net.access.deciding import Signature
from jiandu.sources.activities import selectors
from jiandu.sources.activities.models import Activity
from jiandu.sources.activities.services import deciding
from jiandu.sources.activities.services.granting import Decided
from jiandu.surfaces.desk.files import handed_back, upload
from jiandu.surfaces.desk.forms import approving as forms
from jiandu.surfaces.desk.forms.instruments import ScanForm, WithdrawScanForm
from jiandu.surfaces.desk.people import person_named
from jiandu.surfaces.desk.rooms import Act

Said = dict[str, Any]


def signature_of(said: Said, by: Viewer) -> Signature:
    """What a form of a paper says of the signature."""
    signer, scan = person_named(by, said["signer"]), said["scan"]
    return Signature(said["is_granted"] == "yes", said["on"], said["opinion"], signer, upload(scan) if scan else None)


def _paper(one: Activity, said: Said, by: Viewer) -> Any:
    what = Decided(said["verb"], said["on"], said["note"], said["into"], said.get("until"))
    return deciding.sign_on_paper(activity=one, by=by, what=what, signature=signature_of(said, by))


def _row(one: Activity, key: int) -> Any:
    return one.approvals.filter(pk=key).first()


def paper_acts(fits: Callable[[Activity], bool] = lambda one: bool(deciding.awaits(one))) -> tuple[Act, ...]:
    """The acts of an activity's page: `fits` says when there is something to sign."""
    return (
        Act("sign-paper", gettext_lazy("录入纸质签批"), forms.ActivityPaperForm, _paper, verb="paper", fits=fits),
        Act("confirm-paper", gettext_lazy("确认纸质签批"), forms.ConfirmActivityPaperForm, lambda row, s, by: deciding.confirm_paper(approval=row, by=by), _row, verb="confirm_paper"),
        Act("return-paper", gettext_lazy("退回纸质签批"), forms.ReturnPaperForm, lambda row, s, by: deciding.return_paper(approval=row, by=by, **s), _row, verb="confirm_paper"),
        Act("scan", gettext_lazy("上传扫描件"), ScanForm, lambda row, s, by: deciding.add_scan(approval=row, by=by, scan=upload(s["scan"])), _row, verb="paper"),
        Act("withdraw-scan", gettext_lazy("撤下扫描件"), WithdrawScanForm, lambda row, s, by: deciding.withdraw_scan(approval=row, by=by, **s), _row, verb="paper"),
    )  # fmt: skip


def scan(request: HttpRequest, uid: UUID, file: UUID) -> HttpResponse:
    """The scan of a paper, for who may see the activity."""
    viewer = request.viewer  # type: ignore[attr-defined]
    one = selectors.activity_by_uid(viewer, uid)
    kept = selectors.approval_scanned(viewer, one, file) if one is not None else None
    if kept is None:
        raise Http404
    return handed_back(kept.scan_sha256, kept.scan_name)
