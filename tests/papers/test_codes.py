"""The QR of a form: read back it is the door of its record; the door opens the form, for whoever may, and else is a 404."""

import re
from io import BytesIO
from typing import Any
from uuid import uuid4

import docx
import pytest
from django.conf import settings
from django.test import Client
from tests.activities.test_papers import planned
from tests.papers.decoding import read
from tests.papers.making import PAPERS
from tests.world import SYSTEM, World, as_

from jiandu.base.documents.codes import Code, Opens, drawn
from jiandu.base.lexicon.services import load_defaults
from jiandu.sources.activities.selectors import teams_of
from jiandu.surfaces.desk.views.scanned import SHEETS

ADDRESS = "https://jiandu.office.internal:8443"
FORMS = (
    *("visit", "visit-blank", "feedback", "feedback-blank", "talk-outline", "talk-record", "contact-handing"),
    *("contact-reply", "inspection", "meeting", "alert-check"),
)


def codes(content: bytes) -> list[str]:
    """What the QRs in the file say, in the order of their pages."""
    file = docx.Document(BytesIO(content))
    drawn = [part for part in file.element.body.iter() if part.tag.endswith("}anchor")]
    told = [next(one for one in each.iter() if one.tag.endswith("}blip")) for each in drawn]
    key = next(name for name in told[0].attrib if name.endswith("}embed")) if told else ""
    return [read(file.part.related_parts[each.get(key)].blob) for each in told]


def written(world: World, activity: Any, name: str) -> bytes:
    with as_(SYSTEM) as by:
        content = PAPERS[name].write(by, *PAPERS[name].of(world, activity))
    assert content is not None
    return content


def client_of(world: World, who: str) -> Client:
    client = Client()
    client.force_login(world.users[who])
    return client


@pytest.mark.parametrize("text", ["/desk/d/1/x/", "https://a.b/" + "c" * 40, "x" * 84, "y" * 120])
def test_what_a_code_says_is_read_out_of_its_picture(text: str) -> None:
    png = drawn(text)
    assert read(png) == text
    assert drawn.__wrapped__(text) == png


def test_a_picture_of_another_text_says_another() -> None:
    """The control: one letter more is another picture and is read as such."""
    one, other = (Code(Opens.VISIT, uuid4()) for _ in range(2))
    assert one.png != other.png
    assert read(one.png) != read(other.png)


def test_each_form_has_one_code_that_says_an_address_and_nothing_else(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "ADDRESS", ADDRESS)
    with as_(SYSTEM) as by:
        load_defaults(by=by)
    activity = planned(world)
    with as_(SYSTEM):
        found = world.rectifying(office="第一监督检查室", unit="市教育局", activity=activity)
    assert found.subject == world.units["市教育局"]
    for name in FORMS:
        (said,) = codes(written(world, activity, name))
        assert re.fullmatch(rf"{re.escape(ADDRESS)}/desk/d/\d+/[0-9a-f-]{{36}}/", said), name
        client = client_of(world, "干部甲")
        answer = client.get(said.removeprefix(ADDRESS))
        assert answer.status_code in {302, 404}, name
        if name not in {"inspection", "meeting"}:  # those are the town's
            assert answer.status_code == 302, name
            assert client.get(answer.headers["Location"]).status_code == 200, name
    assert codes(written(world, activity, "plan")) == []  # no form


def test_the_code_of_a_visit_opens_the_form_in_which_it_is_typed(world: World) -> None:
    activity = planned(world)
    with as_(SYSTEM):
        visited, free = teams_of(SYSTEM, activity)[0].units
    client = client_of(world, "干部甲")
    for code, act in (
        (Code(Opens.UNIT_VISIT, free.linked.uid), "登记走访"),
        (Code(Opens.VISIT, visited.visits[0].uid), "更正走访"),
    ):
        shown = client.get(code.path, follow=True).content.decode()
        assert 'name="attendees"' in shown
        assert act in shown
    listed = client.get(Code(Opens.UNIT_FEEDBACK, visited.linked.uid).path).headers["Location"]
    assert listed == f"/desk/findings/?activity={activity.pk}&subject={visited.linked.organisation.uid}"
    assert (
        client.get(Code(Opens.ROUND_FEEDBACK, activity.uid).path).headers["Location"].startswith("/desk/findings/new")
    )


def test_not_yours_and_not_there_are_the_same_404_and_nobody_passes_unknown(world: World) -> None:
    activity = planned(world)
    with as_(SYSTEM):
        unit = teams_of(SYSTEM, activity)[0].units[0]
    uids = {
        Opens.ROUND_VISIT: activity.uid,
        Opens.UNIT_VISIT: unit.linked.uid,
        Opens.VISIT: unit.visits[0].uid,
        Opens.ROUND_FEEDBACK: activity.uid,
        Opens.UNIT_FEEDBACK: unit.linked.uid,
    }
    own, foreign = client_of(world, "干部甲"), client_of(world, "干部乙")
    for opens, uid in uids.items():
        place = Code(opens, uid).path
        assert own.get(place).status_code == 302, opens  # the control: it is there
        absent, refused = foreign.get(Code(opens, uuid4()).path), foreign.get(place)
        assert (absent.status_code, refused.status_code) == (404, 404)
        assert absent.content == refused.content
        assert Client().get(place).headers["Location"].startswith("/account/sign-in/?next=/desk/d/")
    assert own.get(f"/desk/d/99/{activity.uid}/").status_code == 404


def test_every_sheet_that_can_be_printed_can_be_opened() -> None:
    assert set(SHEETS) == set(Opens)
