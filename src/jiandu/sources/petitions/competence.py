"""管辖 follows 干部管理权限, not geography (Rules 2020, art. 11, 12): what is proposed from who manages the cadre. Pure.

A commission accepts what concerns those managed by the party committee of its own level, and the party committee and
commission next below as bodies. What the level above manages is not registered at all (art. 15). Whoever is managed by
a ministry or a bureau, though his party relations are local, belongs to the commission of the managing body (art. 12).
"""

import re
from dataclasses import dataclass

from jiandu.base.core.errors import Refused
from jiandu.base.core.persons import holds_number
from jiandu.net.subjects.models import Organisation
from jiandu.sources.petitions.states import REGIMES, Competence, Kind, Regime

Authority = Organisation.Authority
#: From the top down.
LEVELS = (
    Authority.CENTRAL,
    Authority.PROVINCE,
    Authority.CITY,
    Authority.DISTRICT,
    Authority.TOWN,
    Authority.VILLAGE,
)
#: Party committees of a place, and bodies that name themselves by one: whoever they manage is managed by a level.
OF_A_PLACE = re.compile(
    r"^(本?[市区县镇乡]|街道)|(省委|市委|区委|县委|镇委|乡委|党工委|镇党委|乡党委|街道党委|组织部)$"
)
COMMITTEE = re.compile(r"(省委|市委|区委|县委|镇委|乡委|党工委|镇党委|乡党委|街道党委|纪委|纪工委|监委)$")


@dataclass(frozen=True)
class Managed:
    """Who manages whom: by the record, else by the unit; the body where it is a bureau; whether a unit alone is reported."""

    authority: str
    managed_by: str = ""
    unit: str = ""
    is_unit_alone: bool = False

    @property
    def is_elsewhere(self) -> bool:
        """Managed by a ministry, a bureau or a firm, and not by the party committee of a place (art. 12)."""
        return bool(self.managed_by.strip()) and not OF_A_PLACE.search(self.managed_by.strip())


def is_superior(level: str, managed: Managed) -> bool:
    """Whether a level above that of the commission manages him: then nothing is stored but a receipt."""
    known = bool(managed.authority) and not managed.is_elsewhere
    return known and _rank(managed.authority) < _rank(level)


def proposed(level: str, managed: Managed) -> Competence | None:
    """The competence that follows at a commission of that level; None where nothing is known that it could follow from."""
    if managed.is_elsewhere:
        return Competence.ORGAN
    if not managed.authority:
        return None
    below = _rank(managed.authority) - _rank(level)
    is_committee = below == 1 and managed.is_unit_alone and COMMITTEE.search(managed.unit.strip()) is not None
    return Competence.OWN if below <= 0 or is_committee else Competence.LOWER


def _rank(authority: str) -> int:
    return LEVELS.index(Authority(authority))


@dataclass(frozen=True)
class Settled:
    """What is recorded: by whom he is managed, whose competence it is, why where it is another than follows."""

    authority: str
    competence: Competence
    why: str


def settle(*, kind: str, level: str, managed: Managed, said: str, why: str) -> Settled:
    """The competence of a record: as it follows, or as the officer says with his reason.

    `said`: empty where it shall follow. An ordinary petition goes by matter and place, and follows from nobody's manager.
    Raises Refused: clear-number, superior-competence, authority-needed, competence-why.
    """
    why = why.strip()[:200]
    if holds_number(why) or holds_number(managed.managed_by):  # they lie in clear beside what is sealed
        raise Refused("clear-number", "管理单位和管辖说明不密封保存，不得填写身份证号")
    if REGIMES[Kind(kind)] == Regime.ORDINARY:
        return Settled(managed.authority, Competence(said or Competence.OWN), why)
    if is_superior(level, managed):
        raise Refused(
            "superior-competence",
            "%(authority)s的属上级管辖：不得登记、复制、摘抄，请到“上级管辖件移交回执”登记密封件编号",
            authority=Authority(managed.authority).label,
        )
    expected = proposed(level, managed)
    if expected is None and not (said and why):
        raise Refused("authority-needed", "请选择管理权限，或填写被反映单位；都不清楚的，请选择管辖并写明理由")
    if said and said != expected and not why:
        raise Refused(
            "competence-why",
            "按管理权限应为“%(expected)s”；改为“%(said)s”的请写明理由",
            expected=Competence(expected or said).label,
            said=Competence(said).label,
        )
    found = Competence(said or expected or Competence.OWN)
    return Settled(managed.authority, found, why if found != expected else "")
