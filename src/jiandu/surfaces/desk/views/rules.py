"""建章立制台账: every rule once, with what led to it and its text."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.text import split_list
from jiandu.loop.outcomes import selectors, services
from jiandu.loop.outcomes.models import RuleMade
from jiandu.loop.outcomes.services import NewRule
from jiandu.net.access.selectors import look
from jiandu.net.overseers.selectors import office_by_pk
from jiandu.surfaces.desk import registers
from jiandu.surfaces.desk.files import handed_back, upload
from jiandu.surfaces.desk.forms import rules as forms
from jiandu.surfaces.desk.forms.rounds import ReasonForm
from jiandu.surfaces.desk.rooms import Act, Opened, Room
from jiandu.surfaces.desk.told import rules as told

Said = dict[str, Any]
#: What a text of a rule may be.
TEXTS = (".docx", ".doc", ".wps", ".pdf", ".ofd")


def show_rules(request: HttpRequest, viewer: Viewer, opened: Opened | None, status: int) -> HttpResponse:
    """Every rule in scope once."""
    listed = told.rules(viewer, registers.year_of(request), request.GET.get("text", "").strip()[:100])
    return registers.show_list(request, RULES_ROOM, listed, opened, status)


def show_rule(request: HttpRequest, one: RuleMade, opened: Opened | None, status: int) -> HttpResponse:
    """One rule."""
    viewer = request.viewer  # type: ignore[attr-defined]
    may = registers.doors(viewer, RULE_ROOM, one)
    return registers.show(request, told.rule(viewer, one), may, opened, status)


def file(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The text as issued, for who sees the rule."""
    one = selectors.rule_by_uid(request.viewer, uid)  # type: ignore[attr-defined]
    if one is None or not one.file_sha256:
        raise Http404
    look(request.viewer, one, what="text of a rule")  # type: ignore[attr-defined]
    return handed_back(one.file_sha256, one.file_name)


def _record(_viewer: Viewer, said: Said, by: Viewer) -> RuleMade:
    office = office_by_pk(int(said.pop("office")))
    if office is None:
        raise Refused("unknown-office", "请选择承办室组")
    origins = selectors.led_by(by, office, split_list(said.pop("led_by")))
    return services.record_rule_of_all(origins=origins, by=by, new=NewRule(**said))


def _amend(one: RuleMade, said: Said, by: Viewer) -> RuleMade:
    reason = said.pop("reason")
    return services.amend_rule(rule=one, by=by, new=NewRule(**said), reason=reason)


def _attach(one: RuleMade, said: Said, by: Viewer) -> RuleMade:
    kept = upload(said["file"])
    if not kept.name.lower().endswith(TEXTS):
        raise Refused("file-kind", "制度文本应为 Word、WPS、PDF 或 OFD：%(name)s", name=kept.name)
    return services.attach_text(rule=one, by=by, file=kept)


def _stands(one: RuleMade) -> bool:
    return one.withdrawn_on is None


RULES_ROOM = Room(
    "desk:rules",
    lambda viewer: viewer,
    show_rules,
    RuleMade,
    (Act("record", gettext_lazy("登记制度"), forms.RecordRuleForm, _record),),
    keep="create",
)
RULE_ROOM = Room(
    "desk:rule",
    selectors.rule_by_uid,
    show_rule,
    RuleMade,
    (
        Act("attach", gettext_lazy("上传制度文本"), forms.TextForm, _attach, fits=_stands),
        Act("amend", gettext_lazy("更正"), forms.AmendRuleForm, _amend, fits=_stands),
        Act("withdraw", gettext_lazy("撤下"), ReasonForm, lambda one, s, by: services.withdraw_rule(rule=one, by=by, **s), fits=_stands),
    ),
    keep="create",
)  # fmt: skip
