"""Forms of cross-checks: what is made of an alert, a run, how an office runs a rule."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiandu.base.core import guard
from jiandu.sources.crosscheck import folders, own_ledgers, tables
from jiandu.sources.crosscheck.arriving import MOST_BYTES
from jiandu.sources.crosscheck.states import BY_BATCH, VERDICTS, LinkState, LinkVerb, Verb, may_say
from jiandu.surfaces.desk.forms.fields import day, line, words
from jiandu.surfaces.desk.forms.ledgers import FilesField, ManyFiles
from jiandu.surfaces.desk.forms.rooms import ItemField, RoomForm, UnitField
from jiandu.surfaces.desk.views.choices import own_offices

NAMES_NOBODY = _("说明中不写姓名、身份证号和账号")


class NoteForm(RoomForm):
    """An act with its day and reason."""

    on = day(_("日期"))
    note = forms.CharField(
        label=_("理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}), help_text=NAMES_NOBODY
    )


class DisposeForm(NoteForm):
    """排除 or 属实已整改."""

    verb = forms.ChoiceField(label=_("处置"), choices=[(verb.value, verb.label) for verb in (*BY_BATCH, Verb.RECTIFY)])
    field_order = ("verb", "on", "note")


class LinkForm(NoteForm):
    """Whether both rows are the same."""

    verb = forms.ChoiceField(label=_("两条记录"), widget=forms.RadioSelect)
    field_order = ("verb", "on", "note")

    def prepare(self) -> None:
        state = LinkState(self.thing.state)
        self.choices("verb", [(verb.value, verb.label) for verb in VERDICTS if may_say(LinkVerb(verb), state)])


class ExcludeForm(forms.Form):
    """Several alerts excluded for one reason."""

    verb = forms.ChoiceField(label=_("处置"), choices=[(verb.value, verb.label) for verb in BY_BATCH])
    on = day(_("日期"))
    note = words(_("理由"), required=True, most=300)
    many = forms.IntegerField(required=False, widget=forms.HiddenInput)  # how many there were when they were shown


class TakeForm(RoomForm):
    """转入问题台账: the unit, the problem in words that name nobody, the aspect."""

    on = day(_("登记日期"))
    subject = UnitField(label=_("责任单位"))
    problem = words(_("问题表现"), required=True, most=500)
    aspect = ItemField("aspect", label=_("问题方面"))
    note = line(_("核实情况"), most=300)

    def prepare(self) -> None:
        self.begin(subject=self.thing.subject.name if self.thing.subject else "", problem=self.thing.sentence)


class RunForm(RoomForm):
    """比对: a data set, the day on which it is judged, all rules or some."""

    dataset = forms.ChoiceField(
        label=_("数据集"),
        help_text=_("本系统村集体台账含三资台账、日记账、财务公开和小区公共收益，只取本人可见的"),
    )
    beside = forms.ChoiceField(
        label=_("一并使用的数据集"),
        required=False,
        help_text=_("只用于本系统村集体台账；身份证号按同一密钥换成标识后比对"),
    )
    office = forms.ChoiceField(label=_("承办室组"))
    rules = line(_("规则（不填为全部启用的规则）"), most=300)
    on = day(_("判断日期（不填为数据日期）"), required=False, now=False)
    link = forms.BooleanField(
        label=_("按姓名、地点补认缺少的号码"),
        required=False,
        help_text=_("有把握的直接采用并在疑点中注明，其余列入关联认定"),
    )

    def prepare(self) -> None:
        own = (own_ledgers.NAME, _("本系统村集体台账"))
        named = [(name, name) for name in folders.names()]
        self.choices("dataset", [own, *named])
        self.choices("beside", [("", "—"), *named])
        self.choices("office", own_offices(guard.require_actor()))

    def clean_rules(self) -> list[str]:
        said = str(self.cleaned_data["rules"]).replace("、", " ").replace("，", " ").replace(",", " ")
        return [each.upper() for each in said.split()]


class BringForm(RoomForm):
    """带入数据表: files of one data set, each a table; of which day they are."""

    office = forms.ChoiceField(label=_("承办室组"))
    dataset = line(_("数据集名称"), required=True, most=40)
    day = day(_("数据日期"))
    file = FilesField(
        label=_("数据表文件（.csv、.xlsx、.parquet，可一次选择多个）"),
        widget=ManyFiles(attrs={"accept": ".csv,.txt,.tsv,.xlsx,.parquet"}),
        help_text=_("文件名为数据表名称，例如“集体合同.xlsx”；合计不超过60 MiB，更大的由管理员放入数据文件夹"),
    )
    table = forms.ChoiceField(label=_("数据表（只带入一个文件时可以指定）"), required=False)
    replaces = forms.BooleanField(label=_("替换数据集里已有的同名数据表"), required=False)
    heed = _("只保留规则用得到的列，其余的列和原文件不保存。有一处错误，全部不带入。读入在后台进行，可以离开本页。")

    def prepare(self) -> None:
        self.choices("office", own_offices(guard.require_actor()))
        self.choices("table", [("", _("按文件名")), *((each.name, each.words) for each in tables.known().values())])

    def clean_file(self) -> list[Any]:
        found: list[Any] = self.cleaned_data["file"]
        if sum(each.size for each in found) > MOST_BYTES:
            raise forms.ValidationError(_("文件合计超过60 MiB"))
        return found


class DropForm(RoomForm):
    """清除数据集."""

    office = forms.ChoiceField(label=_("承办室组"))
    dataset = forms.ChoiceField(label=_("数据集"))
    heed = _("清除数据集的全部数据表，不能恢复；已有的比对记录和疑点保留。")

    def prepare(self) -> None:
        mine = own_offices(guard.require_actor())
        self.choices("office", mine)
        self.choices("dataset", [(name, name) for name in folders.brought({int(key) for key, _name in mine})])


class SettingForm(RoomForm):
    """A rule's parameters, whether it runs, below which precision it asks to be reviewed, and why it is changed."""

    office = forms.ChoiceField(label=_("承办室组"))
    is_active = forms.BooleanField(label=_("启用"), required=False)
    floor = forms.IntegerField(label=_("准确率下限（%）"), min_value=0, max_value=100)
    note = line(_("调整原因"), required=True, most=200)
    columns = 2

    def prepare(self) -> None:
        self.choices("office", own_offices(guard.require_actor()))
        rule = getattr(self.thing, "rule", None)
        for name, param in rule.params.items() if rule else ():
            kind: Any = forms.CharField
            if isinstance(param.default, int):
                kind = forms.IntegerField
            elif isinstance(param.default, float):
                kind = forms.FloatField
            self.fields[f"param_{name}"] = kind(label=param.words)
            self.begin(**{f"param_{name}": self.thing.params.get(name, param.default)})
        if rule:
            self.begin(is_active=self.thing.is_active, floor=self.thing.floor)

    @property
    def params(self) -> dict[str, Any]:
        """The parameters as they were typed."""
        cut = len("param_")
        return {name[cut:]: value for name, value in self.cleaned_data.items() if name.startswith("param_")}
