"""The papers of campaigns, of the grid and of training: their pages offer them, they say what the records say, the log has each."""

import io
from datetime import date
from typing import Any

import docx
from django.test import Client
from tests.activities.test_papers import cells, texts
from tests.papers.making import PAPERS
from tests.world import SYSTEM, World, as_

from jiandu.base.audit.models import Entry
from jiandu.base.lexicon.services import load_defaults

TOWN = "街道干部"


def made(world: World, name: str) -> Any:
    with as_(SYSTEM) as by:
        load_defaults(by=by)
        return PAPERS[name].of(world, None)


def taken(world: World, who: str, place: str, page: str) -> Any:
    """The file at the place, which the page leads to."""
    client = Client()
    client.force_login(world.users[who])
    assert place in client.get(page).content.decode()
    answer = client.get(place)
    assert answer.status_code == 200
    return docx.Document(io.BytesIO(answer.content))


def test_a_campaigns_paper_sums_up_its_records(world: World) -> None:
    (one,) = made(world, "campaign")
    place = f"/desk/campaigns/{one.uid}/"
    file = taken(world, "干部甲", f"{place}word/", place)
    said = texts(file)
    assert said[0] == "“粮食购销”\n专项整治情况"
    assert said[1:5] == ["一、整治方案", "本专项于2022年1月4日立项。", "自查。", "抽查。"]
    assert "1家单位开展自查，自查发现问题3个，已自纠2个。" in said
    assert "尚未开展抽查。" in said
    assert cells(file.tables[0])[1:] == [["1", "市财政局", "2022-03-01", "3", "2", "账实不符。"]]
    with as_(SYSTEM):
        assert Entry.objects.filter(verb="activity.paper").count() == 1
    other = Client()
    other.force_login(world.users["干部乙"])
    assert other.get(f"{place}word/").status_code == 404


def test_the_roster_has_who_watches_today(world: World) -> None:
    made(world, "grid-roster")
    file = taken(world, TOWN, "/desk/grid/roster/word/", "/desk/grid/")
    assert texts(file)[1].endswith("共1个网格、1人）")
    (line,) = cells(file.tables[0])[1:]
    assert (line[1], line[3], line[5]) == ("第一网格", "甲", f"{date(2022, 1, 1)}\n至今")
    other = Client()
    other.force_login(world.users["干部乙"])  # sees no cell of the town
    assert texts(docx.Document(io.BytesIO(other.get("/desk/grid/roster/word/").content)))[-1] == "无。"


def test_the_record_of_a_training_is_filled_in_and_leaves_room_to_sign(world: World) -> None:
    (one,) = made(world, "meeting")
    place = f"/desk/meetings/{one.uid}/"
    file = taken(world, TOWN, f"{place}word/", place)
    assert texts(file)[0] == "培训记录表"
    rows = {row[place]: row[place + 1] for row in cells(file.tables[0]) for place in range(0, len(row), 2)}
    assert (rows["主　　题"], rows["人　　次"], rows["参加人员\n签　　到"]) == ("送教下乡", "40", "")
