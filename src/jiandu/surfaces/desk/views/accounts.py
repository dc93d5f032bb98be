"""The security administrator's desk: accounts, roles in force, the matrix of roles."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from jiandu.base.accounts import services
from jiandu.base.accounts.models import User
from jiandu.base.core.clock import today
from jiandu.net.access import selectors as access
from jiandu.net.access.roles import known_verbs, roles
from jiandu.net.access.services import NewGrant, end_grant, grant_role
from jiandu.net.overseers import selectors as overseers
from jiandu.net.subjects import selectors as subjects
from jiandu.surfaces.desk.forms.offices import AccountForm, GrantForm
from jiandu.surfaces.door.answers import done, page, perform


def accounts(request: HttpRequest) -> HttpResponseBase:
    """Every account, and a new one."""
    viewer = request.viewer  # type: ignore[attr-defined]
    form = AccountForm(request.POST or None)
    if request.method == "POST" and perform(form, lambda: services.open_account(**form.cleaned_data, by=viewer)):
        return done(request, _("已开户"), "desk:accounts")
    return page(request, "desk/offices/accounts.html", {"users": access.accounts(viewer), "form": form})


def _user(request: HttpRequest, pk: int) -> User:
    user = access.account(request.viewer, pk)  # type: ignore[attr-defined]
    if user is None:
        raise Http404
    return user


def account(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One account: its grants, and a new one."""
    viewer, user = request.viewer, _user(request, pk)  # type: ignore[attr-defined]
    offices, units = overseers.offices(viewer), subjects.organisations(viewer, on=today())
    form = GrantForm(request.POST or None, offices=offices, units=units, initial={"since": today()})
    if request.method == "POST" and perform(
        form, lambda: grant_role(new=NewGrant(user=user, **form.cleaned_data), by=viewer)
    ):
        return done(request, _("已授权"), "desk:account", pk)
    context = {"account": user, "grants": access.grants_of(viewer, user), "roles": roles(), "form": form}
    return page(request, "desk/offices/account.html", context)


def disable(request: HttpRequest, pk: int) -> HttpResponseBase:
    """From the next request on the account stands as nothing."""
    services.disable_account(user=_user(request, pk), by=request.viewer)  # type: ignore[attr-defined]
    return done(request, _("已停用"), "desk:account", pk)


def enable(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The account may sign in again."""
    services.enable_account(user=_user(request, pk), by=request.viewer)  # type: ignore[attr-defined]
    return done(request, _("已启用"), "desk:account", pk)


def end(request: HttpRequest, pk: int, uid: UUID) -> HttpResponseBase:
    """Takes a role back."""
    viewer = request.viewer  # type: ignore[attr-defined]
    grant = access.grants_of(viewer, _user(request, pk)).filter(uid=uid).first()
    if grant is None:
        raise Http404
    end_grant(grant=grant, by=viewer)
    return done(request, _("已收回"), "desk:account", pk)


def matrix(request: HttpRequest) -> HttpResponse:
    """Roles × verbs, as access/roles.csv has them."""
    rows = [
        {"verb": verb, "marks": [verb in role.verbs for role in roles().values()]} for verb in sorted(known_verbs())
    ]
    return page(request, "desk/offices/roles.html", {"roles": roles().values(), "rows": rows})
