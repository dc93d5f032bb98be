"""The words by which lists of other platforms say what we count: commission ledgers, and citizens' message boards."""

from django.utils.translation import gettext_lazy as _

from jiandu.base.books.lines import Book
from jiandu.base.core.sheets.headers import Column
from jiandu.base.core.text import normal
from jiandu.net.overseers.rosters.books import AUTHORITIES

WAYS = {
    **dict.fromkeys(("来信", "信函", "信件", "来函", "邮寄", "信"), "letter"),
    **dict.fromkeys(("来访", "走访", "上访", "接访", "个访", "集体访", "访"), "visit"),
    **dict.fromkeys(("来电", "电话", "电话举报", "12388电话", "12345", "热线", "电"), "call"),
    **dict.fromkeys(
        ("网络", "网络举报", "网上举报", "网信", "网上信访", "互联网", "网站", "邮箱", "微信", "短信", "新媒体", "app"),
        "web",
    ),
    **dict.fromkeys(("其他", "其他方式", "其它"), "other"),
}
KINDS = {
    **dict.fromkeys(("检举控告", "检举控告类", "检举", "控告", "举报"), "accusation"),
    **dict.fromkeys(("申诉", "申诉类"), "appeal"),
    **dict.fromkeys(("批评建议", "批评建议类", "意见建议", "建议", "建言", "咨询"), "advice"),
    **dict.fromkeys(("业务范围外", "业务外", "范围外", "投诉", "求助", "投诉/求助", "感谢", "其他", "其它"), "outside"),
    **dict.fromkeys(("无实质内容", "无实质性内容"), "empty"),
}
ORIGINS = {
    **dict.fromkeys(("直接收到", "直接", "本级受理", "本级"), "direct"),
    **dict.fromkeys(("上级转办", "上级转送", "转办"), "forwarded"),
    **dict.fromkeys(("上级交办", "交办"), "assigned"),
    **dict.fromkeys(("其他机关转送", "其他机关", "外单位转送"), "organ"),
    **dict.fromkeys(("巡察移交", "巡视移交", "巡视巡察移交"), "patrol"),
}
NAMED = {
    **dict.fromkeys(("匿名", "否", "未署名"), "anonymous"),
    **dict.fromkeys(("署名", "署名未核实", "是", "待核实"), "unverified"),
    **dict.fromkeys(("实名", "实名举报", "已核实"), "verified"),
    "冒名": "impostor",
    **dict.fromkeys(("无法核实", "无法验证"), "unverifiable"),
}
RANKS = {
    **dict.fromkeys(("厅局级", "地厅级", "局级"), "bureau"),
    **dict.fromkeys(("县处级", "处级"), "county"),
    **dict.fromkeys(("乡科级", "科级"), "township"),
    **dict.fromkeys(("一般干部", "科员", "普通干部"), "staff"),
    **dict.fromkeys(("事业单位人员", "事业单位", "事业"), "institution"),
    **dict.fromkeys(("企业人员", "企业", "国企人员", "国有企业"), "enterprise"),
    **dict.fromkeys(("农村人员", "农村", "村干部", "农村干部"), "rural"),
    **dict.fromkeys(("社区人员", "社区", "社区干部"), "community"),
    **dict.fromkeys(("其他人员", "其他", "其它"), "other"),
}
NATURES = {
    **dict.fromkeys(("违反政治纪律", "政治纪律"), "political"),
    **dict.fromkeys(("违反组织纪律", "组织纪律"), "organisation"),
    **dict.fromkeys(("违反廉洁纪律", "廉洁纪律"), "integrity"),
    **dict.fromkeys(("违反群众纪律", "群众纪律"), "masses"),
    **dict.fromkeys(("违反工作纪律", "工作纪律"), "work"),
    **dict.fromkeys(("违反生活纪律", "生活纪律"), "life"),
    "职务违法": "duty",
    "职务犯罪": "crime",
    **dict.fromkeys(("其他违法", "其他违法行为", "其他"), "other"),
}
COMPETENCE = {
    **dict.fromkeys(("本级管辖", "本级"), "own"),
    **dict.fromkeys(("下级管辖", "下级"), "lower"),
    **dict.fromkeys(("其他机关管辖", "其他机关", "其他"), "organ"),
}
YES = {
    **dict.fromkeys(("是", "有", "y", "yes", "1", "√"), "yes"),
    **dict.fromkeys(("否", "无", "没有", "n", "no", "0", "×"), "no"),
}
PARTY = YES | {
    **dict.fromkeys(("中共党员", "党员", "预备党员", "中共预备党员"), "yes"),
    **dict.fromkeys(("群众", "非党员", "非中共党员", "民主党派", "无党派", "无党派人士"), "no"),
}
MANAGED = {normal(word): code for word, code in AUTHORITIES.items()} | {
    **dict.fromkeys(("中央管理", "中管干部"), "central"),
    **dict.fromkeys(("省管干部", "省委管理"), "province"),
    **dict.fromkeys(("市管干部", "市委管理"), "city"),
    **dict.fromkeys(("县管", "区县管", "县管干部", "区管干部", "县处级以下"), "district"),
    **dict.fromkeys(("镇管", "乡管", "镇街", "镇街管干部", "乡镇管"), "town"),
    **dict.fromkeys(("村", "村居", "村管", "社区"), "village"),
}
REPEATS = {
    **dict.fromkeys(("重复", "重复件", "重件", "是"), "yes"),
    **dict.fromkeys(("初次", "初件", "初信", "初访", "首次", "否"), "no"),
}
DISPOSALS = {
    **dict.fromkeys(("谈话函询", "谈话", "函询"), "talk"),
    **dict.fromkeys(("初步核实", "初核"), "verify"),
    **dict.fromkeys(("暂存待查", "暂存"), "shelve"),
    **dict.fromkeys(("予以了结", "了结"), "close"),
}
TRUTHS = {
    **dict.fromkeys(("属实", "查实", "基本属实"), "true"),
    **dict.fromkeys(("部分属实", "部分查实"), "partly"),
    **dict.fromkeys(("不属实", "失实", "查无实据", "查否"), "untrue"),
    **dict.fromkeys(("无法查实", "无法查清"), "unknown"),
}
EXAMPLE = (
    *("XF20220001", "2022-03-01", "来信", "直接收到", "检举控告", "初次", "", "匿名", "1"),
    *("市管", "", "本级管辖", "", "否", "否", "否"),
    *("王某某", "市教育局", "基建科长", "乡科级", "否", "是", "是", "违反廉洁纪律", "收受礼品礼金", "职务违法"),
    *("教育", "思明区", "", "反映在采购中收受礼金", "采购"),
    *("", "", "", "", "", "", "", "", "", "", ""),
)
BOOK = Book(
    "petitions",
    _("信访件清单"),
    (
        Column("code", ("信访编号", "编号", "举报编号", "受理编号", "件号", "留言编号", "信访件编号", "线索编号")),
        Column(
            "on",
            (
                "收件日期",
                "登记日期",
                "收信日期",
                "举报日期",
                "受理日期",
                "来信日期",
                "信访日期",
                "时间",
                "留言时间",
                "接收日期",
                "收到日期",
                "收件时间",
                "收信时间",
                "登记时间",
                "受理时间",
                "举报时间",
                "信访时间",
                "来信时间",
                "日期",
            ),
            required=True,
        ),
        Column(
            "way", ("信访方式", "方式", "举报方式", "渠道", "来源渠道", "信访渠道", "信访形式", "举报渠道", "受理渠道")
        ),
        Column("origin", ("信访来源", "来源", "件来源")),
        Column("kind", ("信访类别", "类别", "信访分类", "件类别", "类型", "留言类型")),
        Column("repeat", ("初次重复", "是否重复", "初重件", "初重信访", "初次/重复", "重复情况")),
        Column("fresh", ("新增内容", "有无新增内容", "新增内容有无", "是否有新增内容")),
        Column("named", ("署名情况", "是否实名", "署名", "实名", "是否署名", "实名情况")),
        Column("people", ("人数", "联名人数", "信访人数", "举报人数", "反映人数")),
        Column("authority", ("管理权限", "干部管理权限", "管理级别", "干部管理级别")),
        Column("managed", ("管理单位", "干部管理单位", "主管单位", "主管部门")),
        Column("competence", ("管辖", "管辖情况", "管辖级别")),
        Column("why", ("管辖说明", "管辖理由")),
        Column("over", ("越级", "是否越级")),
        Column("urgent", ("紧急敏感", "是否紧急", "是否敏感")),
        Column("typical", ("典型", "是否典型", "典型件", "判别典型")),
        Column("person", ("被反映人", "被举报人", "被反映人姓名", "被举报人姓名", "被检举控告人")),
        Column("unit", ("被反映人单位", "被反映单位", "被举报人单位", "被举报单位", "单位", "工作单位")),
        Column("post", ("被反映人职务", "职务", "单位职务", "职位")),
        Column("rank", ("被反映人职级", "职级", "级别")),
        Column("head", ("一把手", "是否一把手")),
        Column("party", ("中共党员", "是否党员", "是否中共党员", "党员", "政治面貌")),
        Column("supervisee", ("监察对象", "是否监察对象")),
        Column("nature", ("反映问题性质", "问题性质", "违纪行为", "问题类别", "问题类型", "违纪违法类型")),
        Column(
            "detail",
            ("具体问题", "具体问题性质", "问题细类", "问题小类", "二级问题性质", "具体违纪行为", "具体违纪违法行为"),
        ),
        Column("further", ("其他问题性质", "其他性质", "涉及其他问题性质")),
        Column("domain", ("领域", "问题领域", "涉及领域", "一级标签", "一级分类")),
        Column("region", ("属地", "问题属地", "发生地", "所属区域", "地区")),
        Column("topic", ("主题", "标题", "留言主题", "信访主题")),
        Column(
            "summary",
            (
                "反映内容",
                "概要",
                "主要问题",
                "内容摘要",
                "内容",
                "详情",
                "留言详情",
                "反映问题",
                "问题概要",
                "主要内容",
                "信访内容",
                "举报内容",
                "问题描述",
                "问题摘要",
                "信访事项",
            ),
        ),
        Column("keywords", ("关键词", "标签", "关键字", "二级标签", "三级标签")),
        Column("routed", ("移送日期", "转办日期", "交办日期")),
        Column("body", ("去向", "转办单位", "承办单位", "转往机关", "办理单位")),
        Column("notified", ("通报案管日期", "通报案管", "案管通报日期", "通报案管时间")),
        Column("disposed", ("处置日期",)),
        Column("disposal", ("处置方式", "线索处置方式")),
        Column("concluded", ("办结日期", "答复时间", "答复日期", "回复时间", "回复日期", "办结时间")),
        Column("truth", ("属实情况", "办理结果", "查实情况")),
        Column("told", ("反馈日期", "结果反馈日期")),
        Column("reply", ("答复意见", "答复内容", "回复意见", "回复内容", "办理情况")),
        Column("main", ("重复件主件号", "主件编号", "主件号", "初件编号")),
        Column("office", ("登记机构", "信访室", "受理机构")),
    ),
    EXAMPLE,
    {
        "way": WAYS,
        "kind": KINDS,
        "origin": ORIGINS,
        "named": NAMED,
        "rank": RANKS,
        "authority": MANAGED,
        "party": PARTY,
        "supervisee": YES,
        "typical": YES,
        "fresh": YES,
        "competence": COMPETENCE,
        "over": YES,
        "urgent": YES,
        "head": YES,
        "repeat": REPEATS,
        "disposal": DISPOSALS,
        "truth": TRUTHS,
    },
    days=frozenset({"on", "routed", "notified", "disposed", "concluded", "told"}),
    past=frozenset({"on", "routed", "notified", "disposed", "concluded", "told"}),
    notes=(
        _("举报人、用户、电话、地址等栏不读入；反映内容、被反映人和答复密封保存"),
        _("属上级管辖的件不得录入，登记移交回执"),
        _("反映问题性质可写多项，用顿号隔开：第一项为主要性质，按它统计，其他只作标记"),
        _("具体问题是问题性质的下一级，按本系统词典的名称认；词典没有的不读入"),
    ),
    most={"code": 64, "body": 128, "unit": 128, "managed": 128, "why": 200},
)
#: Columns that would say who reported: they are left unread, and the preview says so.
SENDER = (
    "举报人",
    "用户",
    "留言用户",
    "姓名",
    "信访人",
    "检举控告人",
    "联系电话",
    "电话",
    "手机",
    "地址",
    "住址",
    "身份证号",
    "证件号码",
)
