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
    ("日期序号超出范围", "the day number is out of range"),
)


def both(reason: str) -> str:
    """The reason in Chinese and English."""
    return next((f"{reason} · {english}" for chinese, english in ENGLISH if reason.startswith(chinese)), reason)
