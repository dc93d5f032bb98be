"""The acts of the security administrator on accounts. Each asks for a fresh proof of who is at the keyboard."""

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from jiandu.base.accounts import services
from jiandu.base.accounts.models import User
from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.net.access import leaving
from jiandu.net.access import services as access
from jiandu.net.access.handover_list import NewHandover, draft_of
from jiandu.net.access.handovers import draft_handover, withdraw_handover
from jiandu.surfaces.desk.forms import accounts as forms
from jiandu.surfaces.desk.forms.handovers import DraftForm, ReasonForm
from jiandu.surfaces.desk.forms.rooms import NothingForm
from jiandu.surfaces.desk.rooms import Act

Said = dict[str, Any]


def _in_use(user: Any) -> bool:
    return bool(getattr(user, "is_active", False))


def _out_of_use(user: Any) -> bool:
    return not _in_use(user)


def _grant(user: User, said: Said, by: Viewer) -> Any:
    return access.grant_role(new=access.NewGrant(user=user, **said), by=by)


def _draft_handover(user: User, said: Said, by: Viewer) -> Any:
    new = NewHandover(user, said["to"], said["on"], said["why"], said["supervisor"], said["note"])
    return draft_handover(new=new, by=by)


def _draft_of(user: User, key: int) -> Any:
    return draft_of(guard.require_actor(), user, key)


def _row_of(name: str) -> Any:
    return lambda user, key: getattr(user, name).filter(pk=key).first()


PLAIN = (
    Act("grant", _("授权"), forms.GrantForm, _grant, fits=_in_use),
    Act(
        "password",
        _("重设密码"),
        forms.PasswordForm,
        lambda user, s, by: services.set_password(user=user, by=by, **s),
        fits=_in_use,
    ),
    Act(
        "factors",
        _("重设第二因素"),
        NothingForm,
        lambda user, _s, by: services.reset_factors(user=user, by=by),
        fits=_in_use,
    ),
    Act(
        "recuse",
        _("登记回避单位"),
        forms.UnitRecusalForm,
        lambda user, s, by: access.recuse_from_unit(user=user, by=by, **s),
    ),
    Act("draft-handover", _("起草交接单"), DraftForm, _draft_handover, fits=_in_use),
    Act(
        "withdraw-handover",
        _("撤回交接单"),
        ReasonForm,
        lambda row, s, by: withdraw_handover(handover=row, by=by, **s),
        _draft_of,
    ),
    Act(
        "hand-over",
        _("交接"),
        forms.SuccessorForm,
        lambda user, s, by: leaving.hand_person_over(user=user, by=by, **s),
        fits=_in_use,
    ),
    Act(
        "disable",
        _("停用"),
        forms.DisableForm,
        lambda user, s, by: leaving.close_account(user=user, by=by, **s),
        fits=_in_use,
    ),
    Act(
        "enable",
        _("启用"),
        NothingForm,
        lambda user, _s, by: services.enable_account(user=user, by=by),
        fits=_out_of_use,
    ),
    Act(
        "end-grant",
        _("收回"),
        forms.EndGrantForm,
        lambda row, _s, by: access.end_grant(grant=row, by=by),
        _row_of("grants"),
    ),
    Act(
        "end-recusal",
        _("解除回避"),
        NothingForm,
        lambda row, _s, by: access.end_recusal(recusal=row, by=by),
        _row_of("recusals"),
    ),
)
ACCOUNT = tuple(replace(act, is_sensitive=True) for act in PLAIN)
ACCOUNTS = (
    Act(
        "open",
        _("开户"),
        forms.AccountForm,
        lambda _v, s, by: services.open_account(by=by, **s),
        is_sensitive=True,
    ),
)
