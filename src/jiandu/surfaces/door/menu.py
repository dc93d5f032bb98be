"""The first-level menu, in the words of the trade. A room that does not exist has no entry."""

from dataclasses import dataclass

from django.apps import apps
from django.db import models


@dataclass(frozen=True)
class Entry:
    """A menu entry: label (msgid), URL name, icon, key after g, and the verb on a model ("app.Model") that it needs."""

    label: str
    url: str
    icon: str
    key: str
    verb: str | None = None
    model_name: str = ""

    def model(self) -> type[models.Model]:
        return apps.get_model(self.model_name)


MENU = (
    Entry("工作台", "desk:home", "home", "h"),
    Entry("政治监督", "desk:projects", "flag", "p", "view", "activities.Activity"),
    Entry("问题台账", "desk:findings", "list-details", "f", "view", "findings.Finding"),
    Entry("统计综述", "desk:review", "chart-bar", "r", "view", "reports.Review"),
    Entry("单位档案", "desk:units", "building", "u", "view", "subjects.Organisation"),
    Entry("字典", "desk:dictionaries", "book", "d", "edit", "lexicon.Item"),
    Entry("用户与授权", "desk:accounts", "users", "a", "edit", "accounts.User"),
    Entry("审计日志", "desk:audit", "shield-check", "l", "audit", "audit.Entry"),
)
