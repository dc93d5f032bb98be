"""The data sets that lie on this machine: one folder of tables each, under JIANDU_CROSSCHECK."""

import json
from datetime import date
from pathlib import Path

from django.conf import settings

from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused


def root() -> Path:
    """Where they lie; made by whoever brings data, not by looking."""
    return Path(settings.CROSSCHECK)


def names() -> list[str]:
    """The data sets by name."""
    place = root()
    if not place.is_dir():
        return []
    return sorted(each.name for each in place.iterdir() if each.is_dir() and not each.name.startswith("."))


def folder_of(name: str) -> Path:
    """One of them. Raises Refused for any other name, a path above all."""
    if name not in names():
        raise Refused("dataset", "没有这个数据集：%(name)s", name=name)
    return root() / name


def day_of(folder: Path) -> date:
    """The day of its data, where it says one (dataset.json, answers.json), else today."""
    for name, key in (("dataset.json", "as_of"), ("answers.json", "on")):
        if (folder / name).is_file():
            return date.fromisoformat(json.loads((folder / name).read_text("utf-8"))[key])
    return today()
