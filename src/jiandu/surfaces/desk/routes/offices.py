"""Units and the desks of the administrators: dictionaries, accounts, the audit log."""

from django.utils.translation import gettext_lazy as _

from jiandu.base.accounts.models import User
from jiandu.base.audit.models import Entry
from jiandu.base.lexicon.models import Item
from jiandu.loop.findings.models import Finding
from jiandu.net.access.models import Handover
from jiandu.net.vaults.models import OfficeKey
from jiandu.sources.activities.models import Activity
from jiandu.surfaces.desk.views import (
    accounts,
    arranging,
    audit,
    dictionaries,
    directory,
    handovers,
    keys,
    schedule,
    unit_page,
    units,
)
from jiandu.surfaces.door.routes import P

POST = ("POST",)
FORM = ("GET", "HEAD", "POST")
routes = [
    *units.UNITS_ROOM.routes("units/"),
    *units.UNIT_ROOM.routes("units/<uuid:uid>/"),
    P("units/<uuid:uid>/page/", unit_page.show, "view", Finding, name="unit-page"),
    P("units/<uuid:uid>/page/word/", unit_page.word, "view", Finding, name="unit-page-word"),
    P("units/<uuid:uid>/page/<slug:part>/", unit_page.rows, "view", Finding, name="unit-page-rows"),
    P("schedule/", schedule.show, "view", Activity, name="schedule"),
    *arranging.ARRANGEMENTS_ROOM.routes("schedule/of/<uuid:uid>/"),
    *arranging.JOINT_ROOM.routes("schedule/joints/<uuid:uid>/"),
    *directory.PEOPLE_ROOM.routes("people/"),
    *directory.PERSON_ROOM.routes("people/<uuid:uid>/"),
    *directory.OFFICES_ROOM.routes("offices/"),
    *directory.OFFICE_ROOM.routes("offices/<uuid:uid>/"),
    P("dictionaries/", dictionaries.dictionaries, "edit", Item, name="dictionaries"),
    *dictionaries.BOOK_ROOM.routes("dictionaries/<slug:kind>/"),
    *dictionaries.YEAR_ROOM.routes("dictionaries/<slug:kind>/<int:year>/"),
    P("terms/", dictionaries.terms_and_statutes, "view", Item, name="terms"),
    *dictionaries.CALENDAR_ROOM.routes("calendar/"),
    *dictionaries.CALENDAR_YEAR_ROOM.routes("calendar/<int:year>/"),
    *accounts.ACCOUNTS_ROOM.routes("accounts/"),
    *accounts.ACCOUNT_ROOM.routes("accounts/<int:pk>/"),
    *handovers.HANDOVERS_ROOM.routes("handovers/"),
    *handovers.HANDOVER_ROOM.routes("handovers/<uuid:uid>/"),
    P("handovers/<uuid:uid>/word/", handovers.word, "view", Handover, name="handover-word"),
    P("handovers/<uuid:uid>/scans/<uuid:file>/", handovers.scan, "view", Handover, name="handover-file"),
    P("keys/", keys.show, "unlock", OfficeKey, name="keys", methods=FORM, apart=True, proves=_("解锁")),
    P("keys/escrow/", keys.escrow, "unlock", OfficeKey, name="keys-escrow", methods=POST, proves=_("密钥交托管")),
    P("keys/lock/", keys.lock, "unlock", OfficeKey, name="keys-lock", methods=POST),
    P(
        "keys/passphrase/",
        keys.passphrase,
        "unlock",
        OfficeKey,
        name="keys-passphrase",
        methods=FORM,
        apart=True,
        proves=_("设置解锁口令"),
    ),
    P("keys/<uuid:uid>/", keys.members, "unlock", OfficeKey, name="key"),
    P("keys/<uuid:uid>/admit/", keys.admit, "unlock", OfficeKey, name="key-admit", methods=POST, proves=_("授予密钥")),
    P(
        "keys/<uuid:uid>/remove/",
        keys.remove,
        "unlock",
        OfficeKey,
        name="key-remove",
        methods=POST,
        proves=_("收回密钥"),
    ),
    P("roles/", accounts.matrix, "edit", User, name="roles"),
    P("audit/", audit.entries, "audit", Entry, name="audit"),
    P("audit/export/", audit.export, "audit", Entry, name="audit-export", methods=POST, proves=_("导出审计日志")),
    *audit.ENTRY_ROOM.routes("audit/<int:seq>/"),
    P("audit/verify/", audit.verify, "audit", Entry, name="audit-verify", methods=POST),
]
