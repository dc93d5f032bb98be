"""The first-level menu, in the words of the trade. A room that does not exist has no entry."""

from dataclasses import dataclass

from django.apps import apps
from django.db import models

from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer


@dataclass(frozen=True)
class Entry:
    """A menu entry: label (msgid), URL name, icon, key after g, and the verb on a model ("app.Model") that it needs
    (one of several, "a|b").

    `under` names the entry that it belongs to; `queue` the tally of 待办 that it shows; `also` other places of the room.
    """

    label: str
    url: str
    icon: str
    key: str
    verb: str | None = None
    model_name: str = ""
    under: str = ""
    queue: str = ""
    also: tuple[str, ...] = ()

    def model(self) -> type[models.Model]:
        return apps.get_model(self.model_name)

    def is_for(self, viewer: Viewer) -> bool:
        """Whether the viewer may go there."""
        return self.verb is None or any(guard.allow(viewer, verb, self.model()) for verb in self.verb.split("|"))


MENU = (
    Entry("工作台", "desk:home", "home", "h"),
    Entry("政治监督", "desk:projects", "flag", "p", "view", "activities.Activity"),
    Entry("委领导挂钩监督", "desk:rounds", "", "o", "view", "activities.Activity", "desk:projects"),
    Entry("日常监督", "desk:talks", "eye-check", "t", "view", "talks.Talk"),
    Entry("政治生态分析", "desk:portraits", "", "w", "view", "portraits.Portrait", "desk:talks"),
    Entry(
        "信访举报",
        "desk:petitions",
        "mail",
        "y",
        "view",
        "petitions.Petition",
        queue="petitions",
        also=(
            "desk:petitions-due",
            "desk:petitions-bulletin",
            "desk:bulletins",
            "desk:petitions-topics",
            "desk:petitions-categories",
            "desk:alarms",
            "desk:advisories",
            "desk:petition-notices",
            "desk:case-notices",
            "desk:petition-readings",
            "desk:superior-receipts",
            "desk:meddlings",
            "desk:petition-lists",
            "desk:petition-import",
        ),
    ),
    Entry("举报人信息启封", "desk:sender-openings", "lock-open", "q", "view", "petitions.SenderOpening"),
    Entry(
        "数据比对",
        "desk:alerts",
        "arrows-diff",
        "b",
        "view",
        "crosscheck.Alert",
        also=("desk:link-pairs", "desk:rules-run", "desk:runs", "desk:datasets", "desk:data-tables"),
    ),
    Entry("专项监督", "desk:estates", "target-arrow", "e", "view", "ledgers.Estate", also=("desk:estate-reports",)),
    Entry("专项整治", "desk:campaigns", "", "z", "view", "activities.Activity", "desk:estates"),
    Entry(
        "营商环境监督联系点",
        "desk:contact-problems",
        "",
        "k",
        "view",
        "contactpoints.ContactProblem",
        "desk:estates",
    ),
    Entry("点题整治", "desk:topics", "", "x", "view", "topics.Topic", "desk:estates"),
    Entry("基层监督", "desk:checks", "network", "j", "view", "grassroots.Checklist"),
    Entry(
        "农村集体三资",
        "desk:collectives",
        "",
        "3",
        "view",
        "ledgers.Collective",
        "desk:checks",
        also=("desk:collectives-places",),
    ),
    Entry("监督清单", "desk:checklists", "", "y", "view", "grassroots.Checklist", "desk:checks"),
    Entry("近邻监督", "desk:grid", "", "n", "view", "grassroots.GridCell", "desk:checks"),
    Entry("交流培训", "desk:meetings", "", "m", "view", "grassroots.Meeting", "desk:checks"),
    Entry(
        "问题台账",
        "desk:findings",
        "list-details",
        "f",
        "view",
        "findings.Finding",
        also=("desk:import", "desk:unit-return", "desk:jobs"),
    ),
    Entry("待核验", "desk:verify-queue", "", "v", "verify", "findings.Finding", "desk:findings", "verify"),
    Entry("待签批", "desk:approvals", "", "s", "approve|paper", "findings.Finding", "desk:findings", "approvals"),
    Entry(
        "批示件办理", "desk:instructions", "", "i", "edit|instruct", "findings.Finding", "desk:findings", "instructions"
    ),
    Entry("重复提示", "desk:repeats", "", "c", "edit", "findings.Finding", "desk:findings", "repeats"),
    Entry("数据预警", "desk:breaches", "", "q", "edit", "findings.Finding", "desk:findings"),
    Entry("回头看", "desk:look-backs", "", "b", "look_back", "findings.Finding", "desk:findings", "look_backs"),
    Entry("建章立制台账", "desk:rules", "", "m", "view", "outcomes.RuleMade", "desk:findings"),
    Entry(
        "文书",
        "desk:letters",
        "file-text",
        "w",
        "view",
        "instruments.Instrument",
        queue="papers",
        also=("desk:copy-reports", "desk:wordings"),
    ),
    Entry("信息公开", "desk:publications", "", "o", "view", "publications.Publication", "desk:letters", "publications"),
    Entry("统计综述", "desk:review", "chart-bar", "r", "view", "reports.Review", also=("desk:measures",)),
    Entry("套表", "desk:forms", "", "g", "view", "filling.SuperiorForm", "desk:review"),
    Entry(
        "单位档案", "desk:units", "building", "u", "view", "subjects.Organisation", also=("desk:people", "desk:offices")
    ),
    Entry("上门日程", "desk:schedule", "", "g", "view", "activities.Activity", "desk:units"),
    Entry("字典", "desk:dictionaries", "book", "d", "edit", "lexicon.Item", also=("desk:terms", "desk:calendar")),
    Entry("用户与授权", "desk:accounts", "users", "a", "edit", "accounts.User", also=("desk:roles",)),
    Entry("审计日志", "desk:audit", "shield-check", "l", "audit", "audit.Entry"),
)
