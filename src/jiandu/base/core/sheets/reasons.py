"""Every reason to refuse a file: Chinese and English, each ending with what to do. Codes are stable; words may improve."""

_RESAVE = "请用 Excel 或 WPS 打开该文件，另存为“Excel 工作簿(.xlsx)”后重新上传。"
_RESAVE_EN = "Open it in Excel or WPS, save it as “Excel Workbook (.xlsx)” and upload that."
_ASK = "请联系文件的提供人重新导出；来历不明的文件不要打开。"
_ASK_EN = "Ask whoever gave you the file to export it again; do not open files of unknown origin."
_SPLIT = "请拆分成几个文件分别上传。"
_SPLIT_EN = "Split it into several files and upload them one by one."

REASONS: dict[str, tuple[str, str]] = {
    "empty": ("文件是空的。请确认选对了文件。", "The file is empty. Check that you chose the right one."),
    "not_a_sheet": (
        f"这不是 Excel(.xlsx)或 CSV 表格，而是%(kind)s。{_RESAVE}",
        f"This is not an Excel (.xlsx) or CSV table but %(kind)s. {_RESAVE_EN}",
    ),
    "not_a_workbook": (
        f"这里只收 Excel 工作簿(.xlsx)，这是文本或 CSV。{_RESAVE}",
        f"Only an Excel workbook (.xlsx) is taken here, this is text or CSV. {_RESAVE_EN}",
    ),
    "old_excel": (f"这是旧版 Excel(.xls)或 WPS(.et)文件。{_RESAVE}", f"This is an old .xls or .et file. {_RESAVE_EN}"),
    "password": (
        "文件设有打开密码。请在 Excel 中“文件→信息→保护工作簿”清除密码后重新上传。",
        "The file has a password. Clear it in Excel (File → Info → Protect Workbook) and upload it again.",
    ),
    "encrypted_part": (f"压缩包内含加密内容，无法检查。{_RESAVE}", f"Parts of the file are encrypted. {_RESAVE_EN}"),
    "macros": (f"文件含有宏程序，不予接收。{_RESAVE}", f"The file carries macros. {_RESAVE_EN}"),
    "embedded": (
        "文件内嵌了其他文件或控件（OLE/ActiveX）。请删除嵌入对象后另存为 .xlsx 重新上传。",
        "The file embeds other files or controls (OLE/ActiveX). Delete them, save as .xlsx and upload again.",
    ),
    "stranger_picture": (
        "文件里有清除不了来源信息的图片或者媒体。请打印后以纸件转出。",
        "The file holds pictures or media whose origin cannot be taken out. Hand it on in print.",
    ),
    "stranger_part": (
        "文件里有我们认不出的部分，不能保证清除其中的来源信息。请另存为 PDF，或者打印后以纸件转出。",
        "The file has parts that we do not know, so their origin cannot be taken out. Save it as PDF, or hand it on in print.",
    ),
    "external_link": (
        "文件引用了外部文件或外部数据（含 DDE）。请在 Excel“数据→编辑链接”中断开链接并粘贴为数值后重新上传。",
        "The file refers to outside files or data (or DDE). Break the links in Excel (Data → Edit Links), keep values only"
        " and upload again.",
    ),
    "dtd": (f"文件内部含有 DTD 或实体声明，正常表格不会有。{_ASK}", f"The file declares a DTD or entities. {_ASK_EN}"),
    "polyglot": (
        f"文件的前后或中间夹带了表格以外的数据。{_RESAVE}",
        f"The file carries data that is not part of the workbook. {_RESAVE_EN}",
    ),
    "damaged": (f"文件已损坏或不完整。{_RESAVE}", f"The file is damaged or incomplete. {_RESAVE_EN}"),
    "overlap": (f"压缩包内的数据互相重叠，疑似恶意文件。{_ASK}", f"Parts of the archive overlap. {_ASK_EN}"),
    "list_object": (
        "表中用了“表格”（Ctrl+T）。请在 Excel“表设计→转换为区域”后重新上传。",
        "It uses a list object (Ctrl+T). Convert it to a range (Table Design → Convert to Range) and upload again.",
    ),
    "duplicate_names": (f"压缩包内有重名部件，疑似恶意文件。{_ASK}", f"Parts of the archive share a name. {_ASK_EN}"),
    "no_members": (
        "压缩包里没有文件；请把各单位发回的表格打成一个 .zip 包再上传",
        "There is no file in the archive; put the returned workbooks into one .zip file",
    ),
    "too_many_members": (
        "压缩包里超过 %(limit)s 个文件，请分几次上传",
        "More than %(limit)s files in the archive; upload them in several parts",
    ),
    "bad_names": (
        f"压缩包内的部件名不合规（绝对路径、上级目录、控制字符或过长）。{_ASK}",
        f"A part of the archive has a forbidden name (absolute, parent folder, control characters, too long). {_ASK_EN}",
    ),
    "symlink": (f"压缩包内有链接或特殊文件。{_ASK}", f"The archive contains a link or special file. {_ASK_EN}"),
    "compression": (f"压缩方式不受支持。{_RESAVE}", f"The archive uses an unsupported compression. {_RESAVE_EN}"),
    "bomb": (
        f"压缩比异常（超过 %(limit)s 倍），疑似压缩炸弹。{_ASK}",
        f"Compressed more than %(limit)s times. {_ASK_EN}",
    ),
    "too_many_parts": (f"文件内部件超过 %(limit)s 个。{_RESAVE}", f"More than %(limit)s parts inside. {_RESAVE_EN}"),
    "file_too_big": (f"文件超过 %(limit)s MiB。{_SPLIT}", f"The file exceeds %(limit)s MiB. {_SPLIT_EN}"),
    "unpacked_too_big": (
        "文件展开后超过 %(limit)s MiB。请删除图片和无关工作表，或拆分后上传。",
        "Unpacked, the file exceeds %(limit)s MiB. Delete pictures and unrelated sheets, or split it.",
    ),
    "too_many_sheets": (
        "工作表超过 %(limit)s 个。请只保留需要导入的工作表。",
        "More than %(limit)s sheets. Keep only those to import.",
    ),
    "too_many_rows": (f"数据超过 %(limit)s 行。{_SPLIT}", f"More than %(limit)s rows. {_SPLIT_EN}"),
    "too_many_columns": (
        "数据超过 %(limit)s 列。请删除右侧多余的列后重新上传。",
        "More than %(limit)s columns. Delete what stands too far to the right and upload again.",
    ),
    "long_cell": (
        "单元格文字超过 %(limit)s 字。请缩短后重新上传。",
        "The cell has more than %(limit)s characters. Shorten it and upload again.",
    ),
    "long_row": (
        "一行文字合计超过 %(limit)s 字。请缩短后重新上传。",
        "One row has more than %(limit)s characters. Shorten it and upload again.",
    ),
    "long_text": (
        "文字超过 %(limit)s 字。请分成几份分别核对。",
        "The text has more than %(limit)s characters. Check it in several parts.",
    ),
    "too_slow": (
        f"读取超时，文件过大或结构异常。请删除无关内容，只保留数据后另存为 .xlsx；数据确实很多时，{_SPLIT}",
        f"Reading took too long: the file is too large or oddly built. Keep only the data, save as .xlsx. {_SPLIT_EN}",
    ),
    "too_much_memory": (
        f"读取所需内存超限，文件过大或结构异常。请删除无关内容，只保留数据后另存为 .xlsx；数据确实很多时，{_SPLIT}",
        f"Reading needs too much memory: too large or oddly built. Keep only the data, save as .xlsx. {_SPLIT_EN}",
    ),
    "crashed": (f"读取程序异常终止，文件可能有问题。{_RESAVE}", f"The reader stopped on this file. {_RESAVE_EN}"),
    "encoding": (
        "无法识别文字编码。请在 Excel 中另存为“CSV UTF-8”或 .xlsx 后重新上传。",
        "The text encoding is unknown. Save it in Excel as “CSV UTF-8” or .xlsx and upload again.",
    ),
    "bad_csv": (
        "CSV 的引号不配对，无法分列。请用 Excel 打开核对后另存为 .xlsx 重新上传。",
        "The quotes of the CSV do not pair up. Check it in Excel, save as .xlsx and upload again.",
    ),
    "no_header": (
        "没有找到表头。前 30 行内应有一行包含这些列名：%(titles)s。请使用下载的模板填写。",
        "No header was found. One of the first 30 rows must hold these titles: %(titles)s. Use the template.",
    ),
    "no_sheet": (
        "没有这张工作表，或已隐藏。请确认表名没有改过。",
        "There is no such sheet, or it is hidden. Check that it was not renamed.",
    ),
    "cell_name": ("没有这个单元格。请核对绑定的位置。", "There is no such cell. Check the binding."),
    "cell_value": ("要填的不是数。请核对绑定的指标。", "What is to be filled in is no number. Check the binding."),
    "cell_formula": (
        "此处是公式，不能填数。请取消此格的绑定。",
        "A formula stands here, so no number can. Take the binding off this cell.",
    ),
    "cell_merged": (
        "此格被合并单元格盖住，不能填数。请绑定合并区域左上角的一格。",
        "A merged cell covers this one. Bind the upper left cell of the merge.",
    ),
    "too_many_cells": (
        "表格超过 %(limit)s 格。请删除表外多余的内容，或拆分成几个文件分别上传。",
        "The form has more than %(limit)s cells. Delete what stands outside the table, or split it into several files.",
    ),
    "no_cells": (
        "没有找到要填数的格：上方和左侧都有文字的空格才能填。请确认选对了文件。",
        "No cell wants a number: an empty cell with words above it and on its left. Check that you chose the right file.",
    ),
    "too_many_notes": (
        "一张工作表要加的批注超过 %(limit)s 条。请分成几张工作表。",
        "More than %(limit)s comments for one sheet. Use several sheets.",
    ),
}

#: What a file is instead, as the Chinese sentence names it → in English.
KINDS: dict[str, str] = {
    "PDF 文档": "a PDF document",
    "RTF 文档": "an RTF document",
    "RAR 压缩包": "a RAR archive",
    "7z 压缩包": "a 7z archive",
    "gzip 压缩包": "a gzip archive",
    "压缩包": "an archive",
    "其他压缩文件": "another archive",
    "图片": "a picture",
    "可执行程序": "a program",
    "网页或 XML 文件": "a web page or XML file",
    "二进制文件": "a binary file",
    "文本": "text",
    "Word 文档": "a Word document",
    "演示文稿": "a presentation",
    "ODS 表格": "an ODS table",
    "二进制工作簿（.xlsb）": "a binary workbook (.xlsb)",
    "Numbers 表格": "a Numbers table",
}
