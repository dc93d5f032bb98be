"""Who a petition is about and who would receive it, as the rules compare them."""

from jiandu.base.core.clock import today
from jiandu.base.core.tree import subtree_q
from jiandu.net.access.models import Owned
from jiandu.net.overseers.models import Office, Officer
from jiandu.net.subjects.models import OrganisationVersion, Post, in_force
from jiandu.sources.petitions.rules import Recipient, Reported, known_names


def reported(thing: Owned) -> Reported | None:
    """The unit that a petition (or what was made of several) is about, with every name it ever had, and those of the
    units under it; None where no unit is known.
    """
    if thing.subject_id is None:
        return None
    rows = OrganisationVersion.objects.filter(subtree_q("organisation__path", thing.subject_path))
    named = list(rows.values_list("organisation_id", "name"))
    own = known_names(name for key, name in named if key == thing.subject_id)
    below = known_names(name for key, name in named if key != thing.subject_id)
    return Reported(thing.subject_path, own, below)


def recipient(office: Office | None, body: str) -> Recipient:
    """The recipient, with the units in which its officers hold posts today."""
    if office is None:
        return Recipient(body=body.strip())
    serving = Officer.objects.filter(in_force(today()), office=office).values("person_id")
    posts = Post.objects.filter(in_force(today()), person__in=serving).values_list("organisation__path", flat=True)
    return Recipient(office, body.strip(), tuple(posts))
