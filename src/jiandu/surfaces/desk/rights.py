"""What the rows of access/roles.csv are called where the matrix is printed: kinds of record, and what is done to them."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

KINDS: dict[str, Any] = {
    "activity": _("监督活动"),
    "signal": _("来源线头"),
    "finding": _("问题"),
    "rule_made": _("建章立制"),
    "money_recovered": _("挽回金额"),
    "person_talked": _("约谈问责"),
    "measure": _("统计指标"),
    "review": _("综述"),
    "directory": _("单位与监督机构"),
    "dictionary": _("字典"),
    "account": _("账号与授权"),
    "entry": _("审计日志"),
}
VERBS: dict[str, Any] = {
    "view": pgettext_lazy("right", "查看"),
    "create": pgettext_lazy("right", "登记"),
    "edit": pgettext_lazy("right", "补充、更正、维护"),
    "approve": pgettext_lazy("right", "审批"),
    "triage": pgettext_lazy("right", "研判"),
    "assign": pgettext_lazy("right", "交办、指定承办"),
    "receive": pgettext_lazy("right", "签收"),
    "report": pgettext_lazy("right", "报方案、报进展"),
    "submit": pgettext_lazy("right", "申请销号、申请延期"),
    "send_back": pgettext_lazy("right", "退回"),
    "verify": pgettext_lazy("right", "核验"),
    "exit": pgettext_lazy("right", "提请中止、移交等"),
    "urge": pgettext_lazy("right", "催办"),
    "look_back": pgettext_lazy("right", "回头看、重新挂账"),
    "instruct": pgettext_lazy("right", "登记批示"),
    "paper": pgettext_lazy("right", "登记纸质签批"),
    "confirm_paper": pgettext_lazy("right", "确认纸质签批"),
    "import": pgettext_lazy("right", "导入"),
    "export": pgettext_lazy("right", "导出"),
    "recuse": pgettext_lazy("right", "登记回避"),
    "draft": pgettext_lazy("right", "起草"),
    "freeze": pgettext_lazy("right", "定稿锁数"),
    "audit": pgettext_lazy("right", "审计"),
}
REACHES: dict[str, Any] = {
    "office": pgettext_lazy("reach", "本室组"),
    "subtree": pgettext_lazy("reach", "本机构及下级"),
    "city": pgettext_lazy("reach", "全市"),
    "unit": pgettext_lazy("reach", "本单位"),
    "none": pgettext_lazy("reach", "无业务数据"),
}
