"""An office words its sheets: a new version is written, looked at, and put to use; a sheet keeps the version it was drafted in."""

from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.loop.instruments.kinds import kind_of
from jiandu.loop.instruments.models import Instrument, Wording
from jiandu.loop.instruments.wording import MOST, worded
from jiandu.net.access.standing import Standing
from jiandu.net.overseers.models import Office


@atomic
def write(*, kind: str, office: Office, by: Viewer, title: str, to: str, text: str) -> Wording:
    """A further version of the office's words for the kind; not in use yet. Raises Refused: not-allowed, wording."""
    _check(by, office)
    text = "\n".join(line.strip() for line in text.strip().splitlines())[:MOST]
    worded(kind_of(Instrument.Kind(kind)), title=title, to=to, text=text)
    mine = Wording.objects.filter(kind=kind, office=office)
    last = mine.order_by("-version").values_list("version", flat=True).first() or 0
    row = Wording(kind=kind, office=office, version=last + 1, title=title.strip(), to=to.strip(), text=text)
    row.by_name = by.name[:64]
    row.save(force_insert=True)
    record(by, "instrument.word", None, payload={"kind": kind, "office": str(office.uid), "version": row.version})
    return row


@atomic
def put_to_use(*, wording: Wording, by: Viewer) -> Wording:
    """启用: sheets drafted from now on are in this version. Raises Refused: not-allowed, already-decided."""
    _check(by, wording.office)
    if wording.used_on is not None:
        raise Refused("already-decided", "该版本已启用")
    wording.used_on = today()
    wording.save(update_fields=["used_on"])
    payload = {"kind": wording.kind, "office": str(wording.office.uid), "version": wording.version}
    record(by, "instrument.use_words", None, payload=payload)
    return wording


def _check(by: Viewer, office: Office) -> None:
    """One's own office alone: its words serve the offices below it too."""
    mine = by.standing.office_ids if isinstance(by.standing, Standing) else ()
    if not guard.allow(by, "word", Instrument) or (not by.is_system and office.pk not in mine):
        raise Refused("not-allowed", "您没有修改该机构文书用语的权限")


def wording_for(kind: str, office: Office) -> Wording | None:
    """The version that a sheet of the office is drafted in: its own, else that of the nearest office above; None: as shipped."""
    return wordings_for(office).get(kind)


def wordings_for(office: Office) -> dict[str, Wording]:
    """Kind → the version in use at the office, as far as there is one. One statement."""
    used = Wording.objects.filter(used_on__isnull=False).select_related("office")
    fitting = [row for row in used if office.path.startswith(row.office.path)]
    return {row.kind: row for row in sorted(fitting, key=lambda row: (len(row.office.path), row.version))}
