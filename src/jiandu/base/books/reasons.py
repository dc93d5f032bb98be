"""Why a cell cannot be read, in Chinese and English: the reasons of texts and cells come in Chinese alone."""

#: How the Chinese reasons of cells and texts begin, and what they say in English.
ENGLISH = (
    ("日期为空", "the date is empty"),
    ("日期不完整", "incomplete date: write year, month and day"),
    ("年份应写四位", "write the year first, in four digits, as 2022-03-22"),
    ("不是可识别的日期", "not a date; write 2022-03-22"),
    ("日期不存在", "no such day"),
    ("年份不合理", "not a plausible year"),
    ("金额过大", "the amount is too large; check its unit"),
    ("金额不能为负数", "an amount cannot be negative"),
    ("金额应精确到分", "more decimals than fen"),
    ("不是可识别的金额", "not an amount; write 3700 or 0.37万元"),
    ("单元格是错误值", "the cell holds an error; correct the formula or write the value"),
    ("公式没有计算结果", "the formula was never calculated; open and save the file in Excel, or write the value"),
    ("不是有效的数", "not a number"),
    ("不是可识别的面积", "not an area; write 12.50 (亩) or 300平方米"),
    ("面积单位应为", "the unit of the area must be 亩, m² or hectare"),
    ("面积过大", "the area is too large; check its unit"),
    ("身份证号应为", "an identity number has 18 characters (the last may be X) or 15 digits"),
    ("身份证号中的出生日期", "no such date of birth in the identity number"),
    ("身份证号校验位不符", "the check digit of the identity number does not fit"),
    ("统一社会信用代码应为", "a credit code has 18 characters"),
    ("统一社会信用代码不应含有", "a credit code has no I, O, S, V, Z"),
    ("统一社会信用代码第", "characters 3 to 8 of a credit code are digits"),
    ("统一社会信用代码校验位不符", "the check character of the credit code does not fit"),
    ("请勿在此栏填写身份证号", "no identity number here: it belongs into its own column, where it is kept masked"),
    ("应为整数", "a whole number is needed"),
    ("终止日期早于起始日期", "the end is before the beginning"),
    ("减免额大于应收额", "more was let off than was due"),
    ("同意人数多于到会人数", "more agreed than were present"),
    ("到会人数多于应到人数", "more were present than were entitled"),
    ("本表中重复", "twice on this sheet"),
    ("日期序号超出范围", "the day number is out of range"),
)


def bare(reason: str) -> str:
    """What `both` says, without the value that the reasons of cells repeat behind their words."""
    known = ((chinese, english) for chinese, english in ENGLISH if reason.startswith(chinese))
    return next((f"{chinese} · {english}" for chinese, english in known), reason)


def both(reason: str) -> str:
    """The reason in Chinese and English."""
    return next((f"{reason} · {english}" for chinese, english in ENGLISH if reason.startswith(chinese)), reason)
