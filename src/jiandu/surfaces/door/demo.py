"""The demo's one-click sign-in: one account a role, on this machine only. Any other profile answers 404, and the gate
(`checks`) does not let an installation for real work start with demo accounts in it.
"""

from dataclasses import dataclass
from ipaddress import ip_address

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language

from jiandu.base.accounts.models import User
from jiandu.base.accounts.selectors import demo_account, demo_accounts
from jiandu.net.access.roles import roles
from jiandu.net.access.standing import Standing, viewer_of

BACKEND = "jiandu.base.accounts.backends.Backend"
PASSED_ON = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")
LOCAL_NAMES = frozenset({"localhost", "testserver"})


@dataclass(frozen=True)
class Button:
    """One account to enter with."""

    username: str
    name: str
    role: str
    place: str
    rank: int


def enter(request: HttpRequest) -> HttpResponse:
    """GET: the roles; POST: in as one of them."""
    if not is_open(request):
        raise Http404
    if request.method != "POST":
        return render(request, "door/demo.html", {"buttons": buttons()})
    user = demo_account(request.POST.get("username", ""))
    if user is None:
        raise Http404
    login(request, user, backend=BACKEND)
    return HttpResponseRedirect(settings.LOGIN_REDIRECT_URL, status=303)


def is_open(request: HttpRequest) -> bool:
    """Only in the demo profile, only from this machine and under its own names, and through no proxy."""
    hosts = [*settings.ALLOWED_HOSTS, request.get_host()]
    is_direct = not any(name in request.headers for name in PASSED_ON)
    here = is_loopback(request.META.get("REMOTE_ADDR", "")) and all(is_loopback(host) for host in hosts)
    return bool(settings.DEMO) and is_direct and here


def is_loopback(host: str) -> bool:
    """Whether an address or host name, with or without a port, can only be this machine."""
    name = host.partition("]")[0].lstrip("[") if host.startswith("[") else host
    if name.count(":") == 1:
        name = name.partition(":")[0]
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name.lower() in LOCAL_NAMES


def buttons() -> list[Button]:
    """The demo accounts in the order of the roles, the highest first."""
    return sorted((_button(user) for user in demo_accounts()), key=lambda button: (button.rank, button.place))


def _button(user: User) -> Button:
    standing = viewer_of(user).standing
    held = [roles()[key] for key in standing.roles] if isinstance(standing, Standing) else []
    words = [role.en if get_language() == "en" else role.zh for role in held]
    rank = min((list(roles()).index(role.key) for role in held), default=len(roles()))
    return Button(user.username, user.name, " · ".join(words), standing.office_name or standing.unit_name, rank)
