"""The columns of a problem ledger, by the words that offices use for them."""

from jiandu.base.core.sheets.headers import Column

COLUMNS = (
    Column("code", ("问题编号", "编号"), required=True),
    Column("registered_on", ("登记日期", "发现日期", "登记时间"), required=True),
    Column("source", ("来源类型", "问题来源", "来源")),
    Column("project_code", ("项目编号", "立项编号")),
    Column("project_name", ("项目名称", "监督项目")),
    Column("office", ("牵头监督检查室", "承办室组", "牵头室", "监督检查室"), required=True),
    Column("bodies", ("派驻(派出)机构", "派驻机构", "派驻纪检监察组", "参与机构")),
    Column("subject", ("责任单位", "整改责任单位", "被监督单位"), required=True),
    Column("aspect", ("问题类别", "方面", "问题方面")),
    Column("problem", ("问题表现", "存在问题", "主要问题", "问题"), required=True),
    Column("facts", ("具体事实", "问题描述", "具体问题")),
    Column("amount", ("涉及金额(元)", "涉及金额", "涉案金额")),
    Column("rectification", ("整改类型", "整改方式")),
    Column("measures", ("整改措施", "整改举措")),
    Column("due_on", ("整改时限", "完成时限", "整改期限")),
    Column("rectifier", ("责任人", "整改责任人")),
    Column("applied_on", ("销号申请日期", "申请销号日期")),
    Column("verifier", ("核验人", "复核人")),
    Column("method", ("核验方式",)),
    Column("conclusion", ("核验结论", "核验结果")),
    Column("approver", ("审批人", "签批人")),
    Column("closed_on", ("销号日期", "销号时间")),
    Column("rules", ("建章立制(制度名称)", "建章立制", "完善制度")),
    Column("recovered", ("挽回金额(元)", "挽回金额", "追缴金额")),
    Column("looked_on", ("回头看日期", "回头看时间")),
    Column("look_result", ("回头看结论", "回头看结果")),
    Column("note", ("备注",)),
)
TITLES = {column.key: column.titles[0] for column in COLUMNS}
