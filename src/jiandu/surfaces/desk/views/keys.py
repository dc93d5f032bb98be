"""解锁: one's own passphrase, the keys that it opens, and who else holds them. No key ever reaches a template."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from jiandu.base.audit.services import record
from jiandu.base.core.errors import Refused
from jiandu.net.vaults import selectors, services
from jiandu.net.vaults.models import OfficeKey
from jiandu.net.vaults.passphrases import DEMO_PASSPHRASE
from jiandu.net.vaults.unlocking import prove, unlock
from jiandu.sources.petitions import spool
from jiandu.surfaces.desk.forms.keys import ChangePassphraseForm, MemberForm, NewPassphraseForm, UnlockForm
from jiandu.surfaces.door import unlocking
from jiandu.surfaces.door.answers import done, page, words_of


def show(request: HttpRequest) -> HttpResponseBase:
    """The keys that are open, or the form that opens them."""
    viewer = request.viewer  # type: ignore[attr-defined]
    if request.method != "POST":
        return _shown(request, UnlockForm())
    form, opened = UnlockForm(request.POST), []
    if not _done(form, lambda: opened.append(unlock(viewer, form.cleaned_data["passphrase"]))):
        with transaction.atomic():
            return _shown(request, form, status=422)
    response = done(request, _("已解锁，15分钟不使用自动上锁"), _next(request))
    unlocking.keep(request, response, opened[0])
    return response


def lock(request: HttpRequest) -> HttpResponseBase:
    """At once, in this session; what was uploaded and waits goes with it."""
    viewer = request.viewer  # type: ignore[attr-defined]
    spool.clear(viewer)
    record(viewer, "key.lock", selectors.member_key(viewer), payload={})
    response = done(request, _("已上锁"), "desk:keys")
    unlocking.lock(request, response)
    return response


def escrow(request: HttpRequest) -> HttpResponseBase:
    """密钥交托管, after the fingerprint was compared with the one on paper."""
    viewer, opened = request.viewer, unlocking.unlocked(request)  # type: ignore[attr-defined]
    if opened is None:
        return unlocking.to_unlock(request)
    services.give_to_escrow(key_id=request.POST.get("key", ""), unlocked=opened, by=viewer)
    return done(request, _("密钥已交托管"), "desk:keys")


def passphrase(request: HttpRequest) -> HttpResponseBase:
    """Sets the first passphrase, changes it, or, forgotten, begins anew without any key."""
    with transaction.atomic():
        has_key = selectors.member_key(request.viewer) is not None  # type: ignore[attr-defined]
    anew = has_key and "anew" in request.GET
    kind = ChangePassphraseForm if has_key and not anew else NewPassphraseForm
    form = kind(request.POST) if request.method == "POST" else kind()
    if request.method == "POST" and _done(form, lambda: _set(request, form.cleaned_data, anew=anew)):
        response = done(request, _("解锁口令已生效"), "desk:keys")
        unlocking.lock(request, response)
        return response
    with transaction.atomic():
        context = {"form": form, "has_key": has_key, "anew": anew, "columns": len(form.fields)}
        return page(request, "desk/offices/passphrase.html", context, status=422 if form.errors else 200)


def _set(request: HttpRequest, said: dict[str, Any], *, anew: bool) -> None:
    viewer, user = request.viewer, request.user  # type: ignore[attr-defined]
    if "present" in said:
        member = prove(viewer, said["present"])
        services.change_passphrase(member=member, passphrase=said["passphrase"], by=viewer)
    else:
        services.enrol(user=user, passphrase=said["passphrase"], by=viewer, anew=anew)  # type: ignore[arg-type]


def members(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """Who holds a key; changed only by who has it open."""
    return _members(request, _key(request, uid))


def admit(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """授予."""
    key = _key(request, uid)
    return _change(request, key, services.admit, _("已授予密钥"), selectors.candidates(request.viewer, key))  # type: ignore[attr-defined]


def remove(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """收回, with a new key for those who stay."""
    key = _key(request, uid)
    return _change(request, key, services.remove, _("已收回，机构密钥已更换"), selectors.members_of(key))


def _change(request: HttpRequest, key: OfficeKey, act: Callable[..., Any], words: str, people: Any) -> HttpResponseBase:
    viewer, opened = request.viewer, unlocking.unlocked(request)  # type: ignore[attr-defined]
    if opened is None or _mine(request, key) is None:
        return unlocking.to_unlock(request)
    form = MemberForm(request.POST, people=people)
    place = {"office": key.office, "compartment": key.compartment, "unlocked": opened, "by": viewer}
    if not _done(form, lambda: act(user=form.cleaned_data["user"], **place)):
        return _members(request, key, form)
    now = next(one for one in selectors.office_keys(viewer) if _place(one) == _place(key))
    return done(request, words, "desk:key", now.uid)


def _done(form: Form, act: Callable[[], Any]) -> bool:
    """Like `perform`, without a transaction around it: a wrong passphrase stays counted. The acts have their own."""
    if not form.is_valid():
        return False
    try:
        act()
    except Refused as refused:
        form.add_error(None, words_of(refused))
        return False
    return True


def _shown(request: HttpRequest, form: Form, *, status: int = 200) -> HttpResponse:
    viewer, opened = request.viewer, unlocking.unlocked(request)  # type: ignore[attr-defined]
    ids = {key_id.hex() for key_id in opened.held} if opened else set()
    keys = selectors.office_keys(viewer)
    held_by = selectors.holders(keys)
    gone = selectors.gone(keys, held_by)
    context = {
        "form": form,
        "member": selectors.member_key(viewer),
        "is_open": opened is not None,
        "escrow": selectors.escrow_in_force() if opened and selectors.keys_not_in_escrow(opened) else None,
        "rows": [
            {"key": key, "is_mine": key.key_id in ids, "members": held_by[key.pk], "gone": gone[key.pk]} for key in keys
        ],
        "next": _next(request, default=""),
        "demo_words": DEMO_PASSPHRASE if settings.DEMO else "",
    }
    return page(request, "desk/offices/keys.html", context, status=status)


def _members(request: HttpRequest, key: OfficeKey, refused: Form | None = None) -> HttpResponse:
    viewer = request.viewer  # type: ignore[attr-defined]
    candidates, held_by = selectors.candidates(viewer, key), selectors.holders([key])
    said = selectors.fingerprints(viewer, candidates)
    context = {
        "key": key,
        "members": held_by[key.pk],
        "gone": selectors.gone([key], held_by)[key.pk],
        "candidates": candidates,
        "form": MemberForm(people=candidates, said=said),
        "refused": refused,
        "is_open": _mine(request, key) is not None,
    }
    return page(request, "desk/offices/key.html", context, status=422 if refused else 200)


def _key(request: HttpRequest, uid: UUID) -> OfficeKey:
    key = selectors.office_key_by_uid(request.viewer, uid)  # type: ignore[attr-defined]
    if key is None:
        raise Http404
    return key


def _mine(request: HttpRequest, key: OfficeKey) -> object | None:
    opened = unlocking.unlocked(request)
    return opened.held.get(bytes.fromhex(key.key_id)) if opened else None


def _place(key: OfficeKey) -> tuple[int, str]:
    return key.office_id, key.compartment


def _next(request: HttpRequest, default: str = "desk:keys") -> str:
    """Where one came from, if it is ours."""
    said = request.POST.get("next", "") or request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(said, allowed_hosts=None) and said.startswith("/")
    return said if said and is_ours else default
