"""The one entry: python -m jiandu COMMAND. `./jiandu` prepares the environment and calls this."""

import argparse
import os
import sys

#: What comes in by sheet beside the ledger; `base.books.known` has the same keys.
REGISTERS = {
    "units": "导入单位名册 · import units",
    "posts": "导入人员任职名册 · import people and their posts",
    "ties": "导入监督、分管、挂钩关系 · import who watches and leads which unit",
    "talks": "导入约谈登记表 · import talks",
    "division": "导入挂钩监督分工表 · import the division of work of a round",
    "visits": "导入挂钩监督走访登记表 · import visits of rounds",
    "letters": "导入建议书和函件登记表 · import proposals and letters",
    "copy-reports": "导入问题抄报登记表 · import copy-reports",
    "training": "导入交流培训登记表 · import meetings and training",
    "inspections": "导入村居检查清单表 · import inspections of villages by the checklist",
    "assets": "导入资产回头看登记表 · import looks back at assets",
    "points": "导入营商环境监督联系点名单 · import contact points",
    "project-plan": "导入项目监督方案 · import plans of projects, line by line",
    "contact-problems": "导入联系点反映问题登记表 · import problems that contact points told",
    "topics": "导入点题整治年度清单 · import topics and their years",
    "topic-months": "导入点题整治月报 · import the months of topics",
    "estate-statements": "导入小区公共收益收支明细表 · import statements of estates",
    "asset-pack": "导入资产回头看核查包 · import a village's pack of assets looked at again",
    "collective-assets": "导入村集体资产台账 · import assets of a rural collective",
    "collective-resources": "导入村集体资源台账 · import its resources",
    "collective-contracts": "导入村集体合同台账 · import its contracts",
    "collective-dues": "导入村集体应收款台账 · import what is due to it",
    "collective-receipts": "导入村集体收款台账 · import what came in",
    "collective-funds": "导入村集体资金台账 · import its accounts and cash",
    "collective-works": "导入村集体工程采购台账 · import its works and purchases",
    "collective-journal": "导入村集体银行(现金)日记账 · import its journals of bank and cash",
    "collective-disclosures": "导入村级财务公开台账 · import what it showed of its money",
    "grid": "导入近邻监督员名册 · import who watches in the grid",
    "rules": "导入建章立制登记表 · import rules made, with what led to them",
    "petitions": "导入信访件清单 · import petition lists of other platforms, message boards too",
    "portraits": "导入政治生态分析报告登记表 · import analyses of political ecology",
}


def parser() -> argparse.ArgumentParser:
    """Every command with its options; help in both languages."""
    top = argparse.ArgumentParser(
        prog="jiandu", description="监督网 · the working platform of a city's supervision net"
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add(commands, "init", "建立空的系统 · make an empty installation")
    keepers = _add(commands, "administrators", "开立三员账户 · open the accounts of the three administrators")
    keepers.add_argument(
        "--renew", metavar="USERNAME", help="重置其密码和第二因素 · a new password, factors taken away"
    )
    demo = _add(commands, "demo", "演示:建库、填数、启动 · build demo data and serve on loopback")
    demo.add_argument("--prepare", action="store_true", help="只建演示数据 · build the demo data and exit")
    demo.add_argument("--port", type=int, default=8000)
    serve = _add(commands, "serve", "启动网站、一个后台进程和定时器 · serve web, one worker and the tick")
    serve.add_argument("--port", type=int, default=8000)
    serve.add_argument("--host", default="127.0.0.1")
    _add(commands, "work", "后台进程 · run one worker")
    _add(commands, "tick", "到点的定时任务 · what is due now")
    _add_imports(commands)
    _add_figures(commands)
    audit = commands.add_parser("audit", help="审计日志 · the audit log").add_subparsers(dest="what", required=True)
    verify = _add(audit, "verify", "核验日志链 · verify the chain: 0 intact, 1 broken, 2 cannot tell")
    verify.add_argument("--anchors", help="锚点文件 · anchor file")
    _add_keys(commands)
    _add_bundle(commands)
    _add_crosscheck(commands)
    test = _add(commands, "test", "运行测试 · run the tests")
    test.add_argument("--full", action="store_true", help="全部矩阵 · every matrix")
    _add(commands, "check", "检查代码规矩 · check the house rules")
    return top


def _add_rules_file(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--rules-file", metavar="FILE", help="另加 JSON 写的规则 · rules told in JSON beside the others"
    )


def _add_crosscheck(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    words = "大数据监督模型：数据表上的规则 · rules over tables"
    checks = commands.add_parser("crosscheck", help=words).add_subparsers(dest="what", required=True)
    run = _add(
        checks, "run", "运行规则，缺省全部 · run rules, all by default; 0 ran, 1 differs from --answers, 2 bad data"
    )
    run.add_argument("rules", nargs="*", metavar="RULE", help="SZ-01 M08 …")
    run.add_argument("--data", required=True, metavar="DIR", help="数据表文件夹：CSV、Excel、Parquet · tables by name")
    run.add_argument(
        "--engine", default="duckdb", metavar="URL", help="duckdb（缺省）、spark://HOST:PORT、local[N] · where it runs"
    )
    run.add_argument(
        "--on", metavar="DATE", help="以哪天为准，缺省为数据的日期或今天 · default: the data's day, or today"
    )
    run.add_argument("--param", action="append", default=[], metavar="RULE.NAME=VALUE", help="参数 · a parameter")
    run.add_argument("--memory", default="2500MB", help="内存上限 · memory limit, the rest goes to disk")
    run.add_argument("--answers", metavar="FILE", help="与答案核对 · compare with an answer key")
    run.add_argument("--fresh", action="store_true", help="不沿用已有结果 · keep no earlier result")
    _add_rules_file(run)
    make = _add(checks, "make-data", "造数据，内有已知案例和答案 · made tables with planted cases and their answers")
    make.add_argument("--rows", type=int, required=True, metavar="N", help="总行数 · rows of all tables")
    make.add_argument("--seed", type=int, default=1, metavar="S")
    make.add_argument("--out", default="crosscheck-data", metavar="DIR")
    make.add_argument("--copies", type=int, default=5, metavar="N", help="每个案例的份数 · copies of each case")
    for one in (run, make):
        one.add_argument("--quiet", action="store_true", help="不显示进度 · no progress")
    _add_told(checks)
    _add_link(checks)


def _add_told(checks: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    rules = _add(checks, "rules", "规则清单：依据、参数、看不见什么 · every rule and what it rests on")
    rules.add_argument("rules", nargs="*", metavar="RULE")
    _add_rules_file(rules)
    sql = _add(checks, "sql", "规则的 SQL，供审计 · the SQL of a rule")
    sql.add_argument("rule", metavar="RULE")
    _add_rules_file(sql)
    sql.add_argument("--dialect", default="duckdb", help="duckdb spark postgres mysql oracle …")
    sql.add_argument("--on", metavar="DATE")
    take = _add(checks, "take", "取一张表为 Parquet：文件或数据库 · bring one table in, from a file or a database")
    take.add_argument("table", metavar="TABLE")
    take.add_argument(
        "source", metavar="SOURCE", help="FILE.csv | FILE.xlsx | FILE.parquet | postgresql://… | sqlite:///…"
    )
    take.add_argument("--query", default="", help="从数据库取数的查询 · SELECT …")
    take.add_argument("--data", required=True, metavar="DIR")


def _add_link(checks: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    words = (
        "同名异写：两份名册（或一份自身）中哪些是同一人、同一单位 · which rows of two registers, or of one, are the same: "
        "0 compared, 2 a table cannot be used"
    )
    link = _add(checks, "link", words)
    link.add_argument("file", metavar="A.csv", help="id,name,id_no,birth,place | uscc,name,legal_rep,address")
    link.add_argument("other", nargs="?", metavar="B.csv", help="缺省为 A 自身查重 · default: A with itself")
    link.add_argument(
        "--min", type=float, default=0.05, metavar="P", help="最低概率，缺省 0.05 · the lowest probability told"
    )
    link.add_argument("--memory", default="2GB", metavar="SIZE", help="内存上限，缺省 2GB · limit of memory")
    link.add_argument("--spill", metavar="DIR", help="超出内存时写入的目录 · where to spill what does not fit")


def _add_keys(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    keys = commands.add_parser("keys", help="密钥 · keys").add_subparsers(dest="what", required=True)
    escrow = _add(keys, "escrow", "托管密钥:离线生成,公钥登记 · make the escrow pair offline; register its public half")
    escrow.add_argument("--register", metavar="PUBLIC", help="登记公钥 · note the public half on the server")
    _add(keys, "list", "机构密钥及持有人 · keys of offices, who holds them, whether the log knows them")
    for name, words in (
        ("make", "启用机构密钥 · the first key of an office"),
        ("rotate", "更换机构密钥,全部重新密封 · a new key, everything sealed anew"),
        ("recover", "凭两份分片恢复 · recover with two of the three shares"),
    ):
        one = _add(keys, name, words)
        one.add_argument("office", help="机构名称 · name of the office")
        one.add_argument("--compartment", choices=("content", "identity"), default="content", help="密封范围")
        if name == "rotate":
            one.add_argument(
                "--by", required=True, metavar="USERNAME", help="持有人 · a holder; the passphrase is asked"
            )
        else:
            one.add_argument("--members", required=True, nargs="+", metavar="USERNAME", help="持有人 · holders")
    _add(keys, "columns", "更换字段密钥 · a new key of encrypted columns; older ones stay readable")
    out = _add(keys, "publish-out", "导出机构公钥,供网上举报加密 · public keys of offices for the portal, to a file")
    out.add_argument("offices", nargs="+", metavar="OFFICE", help="机构名称 · names of offices")
    out.add_argument(
        "--side", choices=("own", "superior"), default="own", help="本机关或上级机关 · our own, or the superior's"
    )
    out.add_argument(
        "--ranks", nargs="*", default=[], metavar="RANK", help="受理哪些职级,缺省全部 · default: every rank"
    )
    out.add_argument("--out", required=True, help="FILE.json")
    into = _add(keys, "publish-in", "公布公钥:网上举报从此按此加密 · what the portal seals to from now on")
    into.add_argument("files", nargs="+", metavar="FILE", help="FILE.json")


def _add_bundle(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    bundle = commands.add_parser("bundle", help="内外网数据包 · bundles between two networks").add_subparsers(
        dest="what", required=True
    )
    out = _add(bundle, "export", "导出:外网为待转入的举报,内网为答复 · sealed reports inward, answers outward")
    out.add_argument("file", help="FILE.zip")
    out.add_argument("--up", action="store_true", help="报送上级的举报 · what is the superior's")
    into = _add(bundle, "import", "导入:可重复导入 · take a bundle in; twice is as once")
    into.add_argument("file", help="FILE.zip")
    into.add_argument("--trust", metavar="SIGNER", help="登记对方的签名公钥 · note the other side's signer first")
    into.add_argument(
        "--as",
        dest="direction",
        choices=("below", "house", "above"),
        help="该签名方:下级或者互联网侧、本机构内网、上级 · where that signer stands: who sends reports, this portal's inside, the superior",
    )


def _add_figures(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    measure = _add(commands, "measure", "一个统计指标 · one figure")
    measure.add_argument("key")
    measure.add_argument("--period", required=True)
    measure.add_argument("--as-of", required=True)
    measure.add_argument("--rows", action="store_true", help="列出所计的记录 · list the rows it counts")
    review = _add(commands, "review", "年度监督工作综述 · the annual review")
    review.add_argument("year", type=int)
    review.add_argument(
        "--as-of", help="缺省为年末,当年为今天 · default: the end of the year, today in the present one"
    )
    review.add_argument("--out", help="FILE.json | FILE.html | FILE.docx")
    _add_check_text(commands)
    words = "信访分析数字核对：合计、占比、同比 · whether the figures of a bulletin add up: 0 they do, 1 something does not, 2 bad file"
    bulletin = _add(commands, "check-bulletin", words)
    bulletin.add_argument("file", help="FILE.csv | FILE.xlsx: table,row,column,figure（表、行、列、数）")
    _add_warn(commands)
    _add_repeats(commands)
    fill = _add(commands, "fill", "填上级报表 · fill a superior's form")
    fill.add_argument("file", help="FILE.xlsx")
    fill.add_argument("--period", help="期间,如 2022-11 · the month, such as 2022-11")
    fill.add_argument("--as-of", help="统计截止日,缺省为月末 · default: the last day of the month")
    fill.add_argument("--propose", action="store_true", help="按行列标题提出绑定,写入表内 · bind cells by their heads")
    fill.add_argument("--out", required=True, help="OUT.xlsx")


def _add_check_text(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    words = "校数：文稿中每个数的出处 · where each number of a draft comes from: 0 nothing wrong, 1 something wrong"
    check = _add(commands, "check-text", words)
    check.add_argument("file", help="FILE.docx | FILE.txt")
    check.add_argument("--period", help="年度，缺省为文中所写 · the year; default: as the text says")
    check.add_argument(
        "--as-of", help="统计截止日，缺省为文中所写，或年末 · default: as the text says, or the year's end"
    )
    check.add_argument("--out", help="带批注的 Word 文稿 · OUT.docx: the draft as Word with comments")


def _add_warn(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    words = (
        "苗头性、倾向性问题提示：表中哪些周超出预期 · which weeks of a table go beyond what was to be expected: "
        "0 judged, whatever was found, 2 bad file"
    )
    warn = _add(commands, "warn", words)
    warn.add_argument("file", help="FILE.csv: series,t,count；t 为 5、2022-01-31 或 2022-W05 · by week")
    warn.add_argument(
        "--method",
        choices=["farrington", "ears"],
        help="只用一种方法；缺省按历史长短选用 · one method alone; default: as the length of the history allows",
    )
    warn.add_argument("--years", type=int, default=5, help="基线年数，缺省5 · years of baseline, default 5")
    warn.add_argument(
        "--alpha", type=float, default=0.01, help="单侧显著性水平，缺省0.01 · one-sided level, default 0.01"
    )
    warn.add_argument(
        "--from",
        dest="since",
        metavar="T",
        help="从此周起逐周判断，缺省为各系列最后一周 · judges every week from T on; default: the last week of each series",
    )


def _add_repeats(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    words = "重复件：表中哪些信访内容重复 · which texts of a table repeat each other: 0 compared, 2 the table cannot be used"
    found = _add(commands, "repeats", words)
    found.add_argument("file", help="FILE.csv: id,text[,place,date] · 编号,内容[,属地,日期]")
    found.add_argument(
        "--min-score", type=float, default=0.7, help="最低相似度，缺省 0.7 · the lowest score told; default 0.7"
    )
    found.add_argument(
        "--months", type=int, help="只比对相距不超过若干月的 · only letters at most so many months apart"
    )


def _add_imports(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    brought = commands.add_parser("import", help="导入 · import").add_subparsers(dest="what", required=True)
    ledger = _add(brought, "ledger", "导入问题台账 · import a problem ledger")
    ledger.add_argument("file")
    ledger.add_argument("--create-missing", action="store_true", help="建立表中新出现的单位、机构、项目")
    ledger.add_argument("--commit", action="store_true", help="写入;不加则只预览 · write; otherwise preview only")
    whole = "导入一村三资台账整本工作簿 · import all ledgers of a rural collective from one workbook"
    drawn = "导入区县、镇街边界（GeoJSON） · boundaries of districts and towns as GeoJSON"
    for key, words in {**REGISTERS, "collective": whole, "map": drawn}.items():
        sheet = _add(brought, key, words)
        sheet.add_argument("file")
        sheet.add_argument("--commit", action="store_true", help="写入;不加则只预览 · write; otherwise preview only")


def _add(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, words: str
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=words, description=words)
    command.add_argument("--json", action="store_true", help="以 JSON 输出 · answer in JSON")
    return command


def main(argv: list[str] | None = None) -> int:
    """Runs one command and gives its exit code: 0 done, 2 refused with the reason."""
    args = parser().parse_args(argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiandu.project.settings")
    if args.command in {"test", "check"}:
        from jiandu.project import testing  # noqa: PLC0415 -- slow import: only for developers

        return testing.run(args)
    import django  # noqa: PLC0415 -- slow import: help and usage errors need none of it

    django.setup()
    if args.command == "demo":
        from jiandu.demo.start import demo  # noqa: PLC0415 -- slow import: only for the demo

        return demo(args)
    from jiandu.surfaces.console.dispatch import run  # noqa: PLC0415 -- needs the settings that setup has read

    return run(args)


if __name__ == "__main__":
    sys.exit(main())
