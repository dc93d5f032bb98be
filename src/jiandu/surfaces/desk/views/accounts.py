"""The security administrator's desk: accounts, roles in force, recusals from units, the matrix of roles."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from jiandu.base.accounts.models import User
from jiandu.base.accounts.selectors import factor_kinds
from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.net.access import selectors as access
from jiandu.net.access.handover_list import outlines
from jiandu.net.access.roles import Role, grouped, roles
from jiandu.surfaces.desk.directory import acts_for
from jiandu.surfaces.desk.keeping import ACCOUNT, ACCOUNTS
from jiandu.surfaces.desk.rights import KINDS, REACHES, VERBS
from jiandu.surfaces.desk.rooms import Opened, Room
from jiandu.surfaces.door.answers import page

PAGE = 50


def _name(role: Role | None, key: str = "") -> str:
    """The role in the reader's language."""
    return key if role is None else role.en if get_language() == "en" else role.zh


def _names() -> dict[str, str]:
    return {key: _name(role) for key, role in roles().items()}


def show_accounts(request: HttpRequest, viewer: Viewer, opened: Opened | None, status: int) -> HttpResponse:
    """Accounts by name, with the roles they hold today."""
    text, in_use = request.GET.get("q", "").strip()[:50], bool(request.GET.get("used"))
    found = access.accounts(viewer, text, with_disabled=not in_use)
    paged = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "said": {"q": text, "used": in_use},
        "rows": paged.object_list,
        "paged": paged,
        "roles": _names(),
        "acts": acts_for(ACCOUNTS, viewer),
        "opened": opened,
    }
    return page(request, "desk/offices/accounts.html", context, status=status)


def show_account(request: HttpRequest, user: User, opened: Opened | None, status: int) -> HttpResponse:
    """One account: its grants with their days, its recusals, how it signs in. Nobody keeps one's own."""
    viewer = request.viewer  # type: ignore[attr-defined]
    named, recused = access.named_count(viewer, user)
    is_own = user.pk == viewer.user_id
    context = {
        "account": user,
        "grants": access.grants_of(viewer, user),
        "recusals": access.recusals_by_user(viewer, user),
        "named": named,
        "recused": recused,
        "handovers": outlines(viewer, user),
        "factors": sorted(factor_kinds(user)),
        "roles": _names(),
        "is_own": is_own,
        "keeps": not is_own,
        "acts": [] if is_own else acts_for(ACCOUNT, user),
        "opened": opened,
        "today": today(),
    }
    return page(request, "desk/offices/account.html", context, status=status)


def matrix(request: HttpRequest) -> HttpResponse:
    """Roles × verbs, as access/roles.csv has them; and how far each role reaches."""
    held = list(roles().values())
    groups: list[dict[str, Any]] = [
        {
            "name": KINDS.get(kind, kind),
            "rows": [
                {"name": VERBS.get(verb, verb), "marks": [(role, role.may(verb, kind)) for role in held]}
                for verb in verbs
            ],
        }
        for kind, verbs in grouped()
    ]
    named = [
        {"name": _name(role), "reach": REACHES[role.reach], "clearance": role.clearance if role.reach != "none" else ""}
        for role in held
    ]
    return page(request, "desk/offices/roles.html", {"roles": named, "groups": groups, "columns": len(named) + 1})


ACCOUNTS_ROOM = Room("desk:accounts", lambda viewer: viewer, show_accounts, User, ACCOUNTS, see="edit")
ACCOUNT_ROOM = Room("desk:account", access.account, show_account, User, ACCOUNT, see="edit")
