"""公开稿 as the tests reach them: through the services, by two persons."""

from typing import Any

import pytest
from tests.world import World, as_

from jiandu.base.core.errors import Refused
from jiandu.results.publications import selectors, services
from jiandu.results.publications.models import Publication
from jiandu.results.publications.services import Words

ROOM = "第一监督检查室"
SAID = {"kind": "cases", "title": "关于两起典型问题的通报", "issuer": "市纪委监委", "text": "第一段。\n第二段。"}


def refusal(rule: str) -> Any:
    return pytest.raises(Refused, check=lambda refused: refused.rule == rule)


def drafted(world: World, who: str = "干部甲", **more: str) -> Publication:
    with as_(world.viewer(who)) as by:
        return services.draft(office=world.offices[ROOM], words=Words(**{**SAID, **more}), by=by)


def does(world: World, who: str, row: Publication, act: Any, **more: Any) -> Publication:
    with as_(world.viewer(who)) as by:
        if act in (services.publish, services.recall):  # who confirms sees it as it stands
            more.setdefault("seen", selectors.last_step(by, row))
        return act(publication=row, by=by, **more)  # type: ignore[no-any-return]


def asked(world: World, **more: Any) -> Publication:
    explanation = more.pop("explanation", "")
    return does(world, "干部甲", drafted(world, **more), services.ask, explanation=explanation)


def published(world: World, **more: Any) -> Publication:
    return does(world, "主任甲", asked(world, **more), services.publish)


def recalled(world: World, row: Publication) -> Publication:
    row = does(world, "干部甲", row, services.ask_recall, reason="内容有误")
    return does(world, "主任甲", row, services.recall)
