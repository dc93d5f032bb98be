"""The acts that keep the directory: of a unit, of a person, of an office. History is kept, nothing is deleted."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from jiandu.base.accounts.selectors import account_named
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.net.access import closing
from jiandu.net.overseers import services as net
from jiandu.net.overseers.models import Office
from jiandu.net.subjects import services as subjects
from jiandu.net.subjects.models import Organisation
from jiandu.surfaces.desk.forms import directory as forms
from jiandu.surfaces.desk.forms.rooms import UntilForm
from jiandu.surfaces.desk.rooms import Act

Said = dict[str, Any]


def _is_open(thing: Any) -> bool:
    return thing.until is None


def _row_of(name: str) -> Callable[[Any, int], Any]:
    """A row of the thing's own list (its posts, its officers) by key, while it still holds."""
    return lambda thing, key: getattr(thing, name).filter(pk=key, until__isnull=True).first()


def _appoint(unit: Organisation, said: Said, by: Viewer) -> Any:
    person = subjects.person_in(name=said.pop("name"), organisation=unit, by=by, is_another=said.pop("is_another"))
    return subjects.appoint(new=subjects.NewPost(person=person, organisation=unit, **said), by=by)


def _charge(unit: Organisation, said: Said, by: Viewer) -> Any:
    leader = net.officer_named(name=said["name"], by=by, is_another=said["is_another"])
    return subjects.put_in_charge(leader=leader, organisation=unit, since=said["since"], by=by)


def _link(unit: Organisation, said: Said, by: Viewer) -> Any:
    leader = net.officer_named(name=said["name"], by=by, is_another=said["is_another"])
    return net.link_leader(leader=leader, organisation=unit, since=said["since"], by=by)


def _enlist(office: Office, said: Said, by: Viewer) -> Any:
    person = net.officer_named(name=said.pop("name"), by=by, is_another=said.pop("is_another"))
    return net.enlist(new=net.NewOfficer(person=person, office=office, **said), by=by)


def _account(officer: Any, said: Said, by: Viewer) -> Any:
    user = account_named(said["username"])
    if user is None:
        raise Refused("no-account", _("没有登录名为“%(name)s”的账号"), name=said["username"])
    return net.give_account(officer=officer, user=user, by=by)


END_POST = Act(
    "end-post", _("免去职务"), UntilForm, lambda row, s, by: subjects.end_post(post=row, by=by, **s), _row_of("posts")
)
END_CHARGE = Act(
    "end-charge",
    _("不再分管"),
    UntilForm,
    lambda row, s, by: subjects.end_charge(charge=row, by=by, **s),
    _row_of("charges"),
)
END_LINK = Act(
    "end-link", _("不再挂钩"), UntilForm, lambda row, s, by: net.end_link(link=row, by=by, **s), _row_of("links")
)
END_WATCH = Act(
    "end-watch",
    _("不再监督"),
    UntilForm,
    lambda row, s, by: net.end_supervision(supervision=row, by=by, **s),
    _row_of("supervisions"),
)

UNITS = (
    Act(
        "register",
        _("登记单位"),
        forms.NewUnitForm,
        lambda _v, s, by: subjects.register_organisation(new=subjects.NewOrganisation(**s), by=by),
    ),
)
UNIT = (
    Act(
        "rename",
        _("更名"),
        forms.RenameForm,
        lambda unit, s, by: subjects.rename_organisation(organisation=unit, by=by, **s),
        fits=_is_open,
    ),
    Act(
        "move",
        _("划转"),
        forms.MoveForm,
        lambda unit, s, by: subjects.move_organisation(organisation=unit, by=by, **s),
        fits=_is_open,
    ),
    Act(
        "correct",
        _("更正信息"),
        forms.FactsForm,
        lambda unit, s, by: subjects.correct_organisation(organisation=unit, facts=subjects.Facts(**s), by=by),
    ),
    Act(
        "close",
        _("撤销"),
        forms.CloseForm,
        lambda unit, s, by: closing.retire_unit(organisation=unit, by=by, **s),
        fits=_is_open,
    ),
    Act("appoint", _("登记任职"), forms.PostForm, _appoint, fits=_is_open),
    Act("charge", _("登记分管领导"), forms.LeaderForm, _charge, fits=_is_open),
    Act("link", _("登记挂钩领导"), forms.LeaderForm, _link, fits=_is_open),
    Act(
        "watch",
        _("登记监督机构"),
        forms.WatchedByForm,
        lambda unit, s, by: net.supervise(organisation=unit, by=by, **s),
        fits=_is_open,
    ),
    END_POST,
    END_CHARGE,
    END_LINK,
    END_WATCH,
)
PEOPLE = (Act("register", _("登记人员"), forms.PersonForm, lambda _v, s, by: subjects.register_person(by=by, **s)),)
PERSON = (
    Act("rename", _("更正姓名"), forms.PersonForm, lambda who, s, by: subjects.rename_person(person=who, by=by, **s)),
    Act(
        "appoint",
        _("登记任职"),
        forms.PostOfPersonForm,
        lambda who, s, by: subjects.appoint(new=subjects.NewPost(person=who, **s), by=by),
    ),
    Act(
        "enlist",
        _("登记在室组任职"),
        forms.ServiceForm,
        lambda who, s, by: net.enlist(new=net.NewOfficer(person=who, **s), by=by),
    ),
    Act(
        "charge",
        _("登记分管单位"),
        forms.UnitSinceForm,
        lambda who, s, by: subjects.put_in_charge(leader=who, by=by, **s),
    ),
    Act("link", _("登记挂钩单位"), forms.UnitSinceForm, lambda who, s, by: net.link_leader(leader=who, by=by, **s)),
    END_POST,
    END_CHARGE,
    END_LINK,
    Act(
        "end-service",
        _("离任"),
        UntilForm,
        lambda row, s, by: net.end_service(officer=row, by=by, **s),
        _row_of("services"),
    ),
)
OFFICES = (
    Act("open", _("设立机构"), forms.NewOfficeForm, lambda _v, s, by: net.open_office(new=net.NewOffice(**s), by=by)),
)
OFFICE = (
    Act(
        "rename",
        _("更名"),
        forms.OfficeNameForm,
        lambda office, s, by: net.rename_office(office=office, by=by, **s),
        fits=_is_open,
    ),
    Act(
        "move",
        _("调整隶属"),
        forms.OfficeMoveForm,
        lambda office, s, by: net.move_office(office=office, by=by, **s),
        fits=_is_open,
    ),
    Act(
        "close",
        _("撤销"),
        forms.OfficeCloseForm,
        lambda office, s, by: closing.retire_office(office=office, by=by, **s),
        fits=_is_open,
    ),
    Act("enlist", _("登记干部"), forms.OfficerForm, _enlist, fits=_is_open),
    Act(
        "watch",
        _("登记监督单位"),
        forms.UnitSinceForm,
        lambda office, s, by: net.supervise(office=office, by=by, **s),
        fits=_is_open,
    ),
    Act("account", _("关联账号"), forms.OfficerAccountForm, _account, _row_of("officers")),
    Act(
        "end-service",
        _("离任"),
        UntilForm,
        lambda row, s, by: net.end_service(officer=row, by=by, **s),
        _row_of("officers"),
    ),
    END_WATCH,
)


def acts_for(acts: tuple[Act, ...], thing: Any) -> list[Act]:
    """Those that are about the thing itself and fit it now."""
    return [act for act in acts if act.row is None and act.fits(thing)]
