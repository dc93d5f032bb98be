"""The reference year from its first plan to its last correction, mechanism by mechanism."""

from typing import TYPE_CHECKING

from jiandu.base.core.guard import Viewer
from jiandu.base.lexicon.selectors import items
from jiandu.demo.reference.ahead import plan_ahead
from jiandu.demo.reference.contact import run_contact_points
from jiandu.demo.reference.estates import run_estates
from jiandu.demo.reference.form import bring_form
from jiandu.demo.reference.grassroots import run_grassroots
from jiandu.demo.reference.life import run_life
from jiandu.demo.reference.linked import run_rounds
from jiandu.demo.reference.papers import run_papers
from jiandu.demo.reference.places import YEAR, build_places
from jiandu.demo.reference.portraits import run_portraits
from jiandu.demo.reference.projects import run_projects
from jiandu.demo.reference.rural import run_rural
from jiandu.demo.reference.topics import run_topics

if TYPE_CHECKING:
    from jiandu.demo.net import Net


def build_year(net: "Net", by: Viewer) -> None:
    """Everything that the annual review of the reference year counts, and what it must not count."""
    places = build_places(by, net.offices, net.units)
    aspects = list(items(by, "aspect", YEAR))
    run_projects(places, by, aspects, net.viewer)
    run_rounds(places, by, aspects)
    run_contact_points(places, by)
    run_topics(places, by, aspects)
    run_estates(places, by)
    run_papers(places, by, net.viewer)
    run_portraits(places, by)
    run_grassroots(places, by)
    run_rural(places, by)
    run_life(places, by, net.viewer)
    plan_ahead(places, by)
    bring_form(places.supervision, by)
