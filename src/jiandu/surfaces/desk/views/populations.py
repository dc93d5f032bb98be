"""常住人口数: written down with its day and source, taken back where it was wrong."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy, pgettext_lazy

from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.net.subjects.models import Population
from jiandu.net.subjects.populations import NewPopulation, population_by_pk, withdraw_population, write_population
from jiandu.surfaces.desk import registers
from jiandu.surfaces.desk.forms.bulletins import PopulationForm
from jiandu.surfaces.desk.forms.rounds import ReasonForm
from jiandu.surfaces.desk.rooms import Act, Opened, Room
from jiandu.surfaces.desk.told import populations as told

Said = dict[str, Any]


def show(request: HttpRequest, viewer: Viewer, opened: Opened | None, status: int) -> HttpResponse:
    """The figures."""
    may = registers.doors(viewer, ROOM, viewer)
    return registers.show(request, told.populations(viewer, may), may, opened, status)


def _write(_viewer: Viewer, said: Said, by: Viewer) -> Population:
    return write_population(new=NewPopulation(**said), by=by)


def _row(_viewer: Viewer, key: int) -> Population | None:
    return population_by_pk(guard.require_actor(), key)


ROOM = Room(
    "desk:populations",
    lambda viewer: viewer,
    show,
    Population,
    (
        Act("write", pgettext_lazy("act", "登记人口数"), PopulationForm, _write),
        Act("withdraw", gettext_lazy("撤下"), ReasonForm, lambda row, s, by: withdraw_population(population=row, by=by, **s), _row),
    ),
    see="count",
    keep="count",
)  # fmt: skip
