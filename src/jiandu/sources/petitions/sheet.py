"""Lists of other platforms in: 100,000 rows at once, all or nothing; who reported is not read.

The platform stays the master of what it lists: a row that says more than the record adds to it, one that says otherwise of
what was worked on here is a conflict. The same file again changes nothing.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiandu.base.books.lines import Line
from jiandu.base.books.taking import Register, Taken
from jiandu.base.core.guard import Viewer
from jiandu.base.core.sheets.limits import LARGE
from jiandu.base.core.text import normal
from jiandu.base.sealing.fields import blind
from jiandu.base.sealing.keyring import keyring
from jiandu.base.sealing.suites import PublicKey
from jiandu.net.access.models import Level
from jiandu.net.access.numbering import next_code
from jiandu.net.overseers.models import Office
from jiandu.net.overseers.services import NewOffice, open_office
from jiandu.net.subjects.models import Organisation, Region
from jiandu.net.subjects.names import name_key
from jiandu.sources.petitions import vault
from jiandu.sources.petitions.competence import Managed, is_superior, proposed
from jiandu.sources.petitions.listed import Listed, listed
from jiandu.sources.petitions.models import Petition, PetitionStep, Sealed
from jiandu.sources.petitions.natures import detail_called, nature_of
from jiandu.sources.petitions.offices import PETITION_OFFICE, level_of, office_named
from jiandu.sources.petitions.places import Places
from jiandu.sources.petitions.services.registering import WORD
from jiandu.sources.petitions.states import Competence, Nature, Regime, Verb, regime_of
from jiandu.sources.petitions.timeliness import Step, note_duties
from jiandu.sources.petitions.vault import Content
from jiandu.sources.petitions.words import BOOK

CHUNK = 500
#: Tags that a list tells and that are compared; a day of receipt never changes.
TAGS = (
    *("way", "origin", "kind", "named", "people", "competence", "is_over_level", "is_urgent", "rank", "is_head"),
    *("nature", "nature_detail", "further_natures", "disposal", "truth", "authority", "managed_by", "competence_why"),
    *("is_party_member", "is_supervisee", "is_typical", "has_new", "notified_on"),
)
#: Where the column has another word.
COLUMN = {
    "is_over_level": "over",
    "is_urgent": "urgent",
    "is_head": "head",
    "is_typical": "typical",
    "is_party_member": "party",
    "is_supervisee": "supervisee",
    "has_new": "fresh",
    "notified_on": "notified",
    "managed_by": "managed",
    "competence_why": "why",
    "further_natures": "further",
    "nature_detail": "detail",
}


@dataclass
class Planned:
    """A row with what it means here: its office, unit, division, domain; the record that is known of it."""

    line: Line
    row: Listed
    office: Office
    subject: Organisation | None
    region: Region | None
    domain: Any
    mark: bytes
    known: Petition | None = None
    known_mark: bytes | None = None
    verbs: frozenset[str] = frozenset()  # of the known record's steps
    is_ours: bool = False  # the known record was worked on here


def look_at(lines: list[Line], by: Viewer) -> list[Taken]:
    """What taking the list in would do."""
    return [_verdict(planned) for planned in _plan(lines, by)]


def take(lines: list[Line], by: Viewer) -> list[Taken]:
    """Takes the list in, unless something is wrong with a line of it."""
    plans = _plan(lines, by)
    taken = [_verdict(planned) for planned in plans]
    if any(line.problems for line in lines):
        return taken
    _opened(plans, by)
    acts = list(zip(plans, taken, strict=True))
    _create([planned for planned, said in acts if said.act == "create"], by)
    for planned, said in acts:
        if said.act == "update":
            _update(planned, said, by)
    _tie_repeats([planned for planned, said in acts if said.act != "conflict"])
    return taken


def _plan(lines: Sequence[Line], by: Viewer) -> list[Planned]:
    places, offices, levels = Places(by), dict[str, Office](), dict[str, str]()
    plans = []
    for line in lines:
        row, name = listed(line), line.text("office")
        if name not in offices:
            offices[name] = office_named(name, by)
            levels[name] = level_of(offices[name])
        plans.append(
            Planned(
                line,
                row,
                offices[name],
                subject=places.units.get(name_key(row.content.unit)) if row.content.unit else None,
                region=places.regions.get(line.text("region")),
                domain=places.domains.get(normal(line.text("domain"))),
                mark=_mark(row.content),
            )
        )
        _settle(plans[-1], levels[name])
    _check_twice(plans)
    _find_known(plans)
    return plans


def _settle(planned: Planned, level: str) -> None:
    """Who manages, as the list says or as the unit is managed, and the competence that follows where the list says none.

    The platform has decided already where it says otherwise; what belongs to a superior is not taken in at all (art. 15).
    """
    values, unit = planned.row.values, planned.subject
    managed = Managed(values["authority"], values["managed_by"])
    is_report = regime_of(values["kind"]) == Regime.ACCUSATION
    if is_report and is_superior(level, managed):
        reason = _("属上级管辖的件不得录入，登记移交回执")
        planned.line.problems.append(planned.line.row.problem("authority", reason))
    of_unit = Managed(unit.authority, values["managed_by"], unit.name) if unit is not None else managed
    if not managed.authority and unit is not None and not is_superior(level, of_unit):
        managed, values["authority"] = of_unit, unit.authority
    follows = proposed(level, managed) if is_report else None
    values["competence"] = values["competence"] or follows or Competence.OWN


def _opened(plans: Sequence[Planned], by: Viewer) -> None:
    """The office that is not open yet, opened."""
    if any(planned.office.pk is None for planned in plans):
        office = open_office(new=NewOffice(name=PETITION_OFFICE, kind=Office.Kind.DEPARTMENT), by=by)
        for planned in plans:
            planned.office = office if planned.office.pk is None else planned.office


def _mark(content: Content) -> bytes:
    """Equal for equal contents, and computed by nobody without the installation's keyring."""
    said = json.dumps(asdict(content), ensure_ascii=False, sort_keys=True)
    return blind(said, key=keyring().blind, purpose="petition content")


def _check_twice(plans: Sequence[Planned]) -> None:
    seen: dict[tuple[int, str], int] = {}
    for planned in plans:
        key = planned.office.pk, planned.row.code
        if planned.row.code and key in seen:
            reason = _("编号与第%(row)d行重复") % {"row": seen[key]}
            planned.line.problems.append(planned.line.row.problem("code", reason))
        seen.setdefault(key, planned.line.row.number)


def _find_known(plans: Sequence[Planned]) -> None:
    """The records that rows are of: by the platform's number, else by day and content."""
    for chunk in _chunks(plans):
        numbered = {(each.office.pk, each.row.code): each for each in chunk if each.row.code}
        marked = {(each.office.pk, each.mark): each for each in chunk if not each.row.code}
        codes = {code for _office_pk, code in numbered}
        found = {row.pk: row for row in Petition.objects.filter(source_code__in=codes)} if codes else {}
        marks = {mark for _office_pk, mark in marked}
        alike = Sealed.objects.filter(mark__in=marks).values_list("petition_id", flat=True) if marks else ()
        same = {row.pk: row for row in Petition.objects.filter(pk__in=list(alike))} if marks else {}
        rows = found | same
        if not rows:
            continue
        held = _marks_of(list(rows))
        steps = _steps_of(list(rows))
        for row in rows.values():
            planned = numbered.get((row.owner_office_id, row.source_code)) if row.source_code else None
            planned = planned or marked.get((row.owner_office_id, held.get(row.pk) or b""))
            if planned is None or (not planned.row.code and row.received_on != planned.row.received_on):
                continue
            planned.known, planned.known_mark = row, held.get(row.pk)
            planned.verbs, planned.is_ours = steps[row.pk]


def _marks_of(keys: list[int]) -> dict[int, bytes]:
    rows = Sealed.objects.filter(petition__in=keys, compartment=vault.CONTENT).values_list("petition_id", "mark")
    return {pk: bytes(mark) for pk, mark in rows if mark is not None}


def _steps_of(keys: list[int]) -> dict[int, tuple[frozenset[str], bool]]:
    """petition → (verbs of its steps that hold, whether somebody here did one of them)."""
    found: dict[int, tuple[set[str], bool]] = {key: (set(), False) for key in keys}
    rows = PetitionStep.objects.filter(petition__in=keys, withdrawn_on__isnull=True)
    for pk, verb, by_name in rows.values_list("petition_id", "verb", "by_name"):
        verbs, is_ours = found[pk]
        found[pk] = verbs | {verb}, is_ours or by_name != IMPORTED
    return {pk: (frozenset(verbs), is_ours) for pk, (verbs, is_ours) in found.items()}


IMPORTED = "平台"  # who did a step that a list tells of


def _verdict(planned: Planned) -> Taken:
    known = planned.known
    if known is None:
        return Taken("create")
    if known.withdrawn_on is not None:
        return Taken("conflict", (("code", str(_("已撤下")), known.code),))
    if known.received_on != planned.row.received_on:
        return Taken("conflict", (("on", str(known.received_on), str(planned.row.received_on)),))
    cells = _differing(planned, known)
    if not cells:
        return Taken("unchanged")
    return Taken("conflict" if planned.is_ours else "update", tuple(cells))


def _differing(planned: Planned, known: Petition) -> list[tuple[str, str, str]]:
    """(column, as recorded, as listed) of what the list says and the record does not: silence changes nothing."""
    cells = []
    for name in TAGS:
        column = COLUMN.get(name, name)
        held, said = getattr(known, name), planned.row.values[name]
        if _says(planned, name) and held != said:
            cells.append((column, _shown(column, held), _shown(column, said)))
    for name, column in (("subject", "unit"), ("region", "region"), ("domain", "domain")):
        said = getattr(planned, name)
        if said is not None and getattr(known, f"{name}_id") != said.pk:
            cells.append((column, "", str(said)))
    fresh = [step for step in planned.row.steps if step.verb not in planned.verbs]
    cells += [
        ("concluded" if step.verb == Verb.CONCLUDE else "on", "", f"{step.verb.label} {step.on}") for step in fresh
    ]
    if planned.known_mark is not None and planned.known_mark != planned.mark:
        cells.append(("summary", "", str(_("内容有变化"))))
    return cells


def _says(planned: Planned, name: str) -> bool:
    """Whether the list has something to say of a tag. Further natures stand in the cell of the main one, too; a detail says its nature."""
    if name == "nature_detail":  # a word that the dictionary does not have says nothing
        return bool(planned.row.values[name])
    if name == "nature" and planned.row.values["nature_detail"]:
        return True
    is_further = name == "further_natures" and bool(planned.row.values[name])
    is_denied = name in {"is_party_member", "is_supervisee", "has_new"} and planned.row.values[name] is False
    return planned.line.says(COLUMN.get(name, name)) or is_further or is_denied


def _shown(column: str, value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if column == "detail":
        return detail_called(str(value or ""))
    if column in {"nature", "further"}:
        return "、".join(str(Nature(code).label) for code in ([value] if isinstance(value, str) else value) if code)
    return BOOK.word(column, value) if column in BOOK.words and value else str(value or "")


def _create(plans: list[Planned], by: Viewer) -> None:
    numbers: dict[tuple[int, int], int] = {}
    offices = {planned.office.pk: planned.office for planned in plans}
    keys = {pk: vault.keys_of(office, vault.CONTENT) for pk, office in offices.items()}
    for chunk in _chunks(plans):
        petitions = [_petition(planned, _code(planned, numbers)) for planned in chunk]
        for planned, petition in zip(chunk, petitions, strict=True):
            note_duties(petition, [Step(step.verb, step.on, None) for step in planned.row.steps])
        Petition.objects.bulk_create(petitions)
        pairs = list(zip(chunk, petitions, strict=True))
        PetitionStep.objects.bulk_create([step for planned, row in pairs for step in _rows(planned, row)])
        Sealed.objects.bulk_create([_sealed(planned, row, keys[planned.office.pk]) for planned, row in pairs])


def _code(planned: Planned, numbers: dict[tuple[int, int], int]) -> str:
    """The office's next number in the year, asked once a list."""
    office, year = planned.office, planned.row.received_on.year
    key = office.pk, year
    if key not in numbers:
        numbers[key] = int(next_code(Petition, office, WORD, year).rsplit("-", 1)[1]) - 1
    numbers[key] += 1
    return f"{WORD}{year}-{office.pk}-{numbers[key]:05d}"


def _petition(planned: Planned, code: str) -> Petition:
    row = planned.row
    return Petition(
        code=code,
        source_code=row.code,
        received_on=row.received_on,
        is_imported=True,
        is_repeat=row.is_repeat,
        state=row.state,
        concluded_on=row.concluded_on,
        owner_office=planned.office,
        owner_path=planned.office.path,
        subject=planned.subject,
        subject_path=planned.subject.path if planned.subject else "",
        region=planned.region,
        domain=planned.domain,
        level=Level.SENSITIVE,
        **row.values,
    )


def _rows(
    planned: Planned, petition: Petition, first: int = 1, known: frozenset[str] = frozenset()
) -> list[PetitionStep]:
    fresh = [step for step in planned.row.steps if step.verb not in known]
    return [
        PetitionStep(
            petition=petition,
            seq=first + number,
            verb=step.verb,
            from_state=step.from_,
            to_state=step.to,
            on=step.on,
            by_name=IMPORTED,
            body=step.body[:128],
        )
        for number, step in enumerate(fresh)
    ]


def _sealed(planned: Planned, petition: Petition, keys: Sequence[PublicKey]) -> Sealed:
    envelope = vault.seal_content(petition.uid, planned.office, planned.row.content, keys)
    return Sealed(petition=petition, compartment=vault.CONTENT, envelope=envelope, mark=planned.mark)


def _update(planned: Planned, said: Taken, by: Viewer) -> None:
    petition, row = Petition.objects.get(pk=planned.known.pk if planned.known else 0), planned.row
    for name in TAGS:
        if _says(planned, name):
            setattr(petition, name, row.values[name])
    if nature_of(petition.nature_detail) != petition.nature:
        petition.nature_detail = ""  # of the nature that it was
    if planned.subject is not None:
        petition.subject, petition.subject_path = planned.subject, planned.subject.path
    petition.region, petition.domain = planned.region or petition.region, planned.domain or petition.domain
    held = PetitionStep.objects.filter(petition=petition).count()
    fresh = _rows(planned, petition, held + 1, planned.verbs)
    if fresh:
        PetitionStep.objects.bulk_create(fresh)
        petition.state, petition.is_repeat = row.state, row.is_repeat
        petition.concluded_on = row.concluded_on
    note_duties(petition)
    petition.save()
    if planned.known_mark != planned.mark:
        Sealed.objects.filter(petition=petition, compartment=vault.CONTENT).update(
            envelope=vault.seal_content(petition.uid, planned.office, row.content), mark=planned.mark
        )


def tie_repeats(lines: list[Line], by: Viewer) -> None:
    """Repeats whose main item came in after them."""
    _tie_repeats(_plan(lines, by))


def _tie_repeats(plans: Sequence[Planned]) -> None:
    """A repeat names its main item by the platform's number: the main item may stand anywhere in the list."""
    said = {(each.office.pk, each.row.code): each for each in plans if each.row.main and each.row.code}
    for chunk in _chunks(list(said.values())):
        mains = Petition.objects.filter(source_code__in={each.row.main for each in chunk})
        by_code = {(row.owner_office_id, row.source_code): row for row in mains}
        repeats = Petition.objects.filter(source_code__in={each.row.code for each in chunk}, repeat_of__isnull=True)
        for repeat in repeats:
            planned = said.get((repeat.owner_office_id, repeat.source_code))
            main = by_code.get((repeat.owner_office_id, planned.row.main)) if planned else None
            if main is not None and main.pk != repeat.pk:
                Petition.objects.filter(pk=repeat.pk).update(repeat_of=main.repeat_of_id or main.pk)


def _chunks(rows: Sequence[Planned]) -> Iterator[list[Planned]]:
    listed_rows = iter(rows)
    while chunk := list(islice(listed_rows, CHUNK)):
        yield chunk


PETITIONS = Register(
    BOOK,
    Petition,
    take,
    "summary",
    "petition",
    verb="import",
    denied=gettext_lazy("您没有导入信访件的权限"),
    look=look_at,
    limits=LARGE,
    is_of_rows=True,
)
