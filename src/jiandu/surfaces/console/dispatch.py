"""Runs one command, and turns what it refuses into exit code 2."""

import argparse
import os
import signal
import sys

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext, override

from jiandu.base.books.known import REGISTERS
from jiandu.base.core.errors import Refused
from jiandu.base.sealing.errors import Missing
from jiandu.surfaces.console import (
    bundling,
    commands,
    crosschecking,
    keys,
    mapping,
    proofing,
    publishing,
    repeating,
    serving,
    sheets,
    workbooks,
)
from jiandu.surfaces.console.administrators import administrators
from jiandu.surfaces.console.bulletins import check_bulletin
from jiandu.surfaces.console.filling import fill
from jiandu.surfaces.console.linking import find_links
from jiandu.surfaces.console.output import Failed, complain
from jiandu.surfaces.console.warning import warn

COMMANDS = {
    "init": commands.init,
    "administrators": administrators,
    "import ledger": commands.import_ledger,
    **dict.fromkeys((f"import {key}" for key in REGISTERS), sheets.import_sheet),
    "import collective": workbooks.import_collective,
    "import map": mapping.import_map,
    "measure": commands.measure,
    "review": commands.review,
    "check-text": proofing.check_text,
    "check-bulletin": check_bulletin,
    "warn": warn,
    "repeats": repeating.find_repeats,
    "crosscheck link": find_links,
    "fill": fill,
    "audit verify": commands.audit_verify,
    "keys escrow": keys.escrow,
    "keys make": keys.make,
    "keys list": keys.listed,
    "keys rotate": keys.rotate,
    "keys recover": keys.recover,
    "keys columns": keys.columns,
    "keys publish-out": publishing.publish_out,
    "keys publish-in": publishing.publish_in,
    "bundle export": bundling.export,
    "bundle import": bundling.take,
    "crosscheck run": crosschecking.run,
    "crosscheck make-data": crosschecking.make_data,
    "crosscheck rules": crosschecking.listed,
    "crosscheck sql": crosschecking.sql,
    "crosscheck take": crosschecking.take,
    "serve": serving.serve,
    "work": serving.work,
    "tick": serving.tick,
}


CLOSED = 128 + signal.SIGPIPE  # what a shell says of a program whose reader has gone


def run(args: argparse.Namespace) -> int:
    """0 done; 2 refused, with what, where and why; 141 where whoever reads the answer has gone (… | head)."""
    try:
        code = _run(args)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else the interpreter complains at its end
        return CLOSED
    return code


def _run(args: argparse.Namespace) -> int:
    name = f"{args.command} {args.what}" if getattr(args, "what", None) else args.command
    try:
        return COMMANDS[name](args)
    except Failed as failed:
        return complain(failed.errors, as_json=args.json)
    except Missing as missing:
        return complain([{"rule": "suite-missing", "reason": str(missing)}], as_json=args.json)
    except Refused as refused:
        return complain([{"rule": refused.rule, "reason": _in_both_languages(refused)}], as_json=args.json)
    except DatabaseError:
        if _is_made():
            raise
        reason = "系统尚未建立或不是当前版本，请先运行 ./jiandu init · not made yet, or of another version: run ./jiandu init"
        return complain([{"rule": "not-made", "reason": reason}], as_json=args.json)


def _in_both_languages(refused: Refused) -> str:
    """The sentence in Chinese and, where it has English words and does not say them itself, in English."""
    chinese = refused.message
    with override("en"):
        words = gettext(str(refused.args[1]))
        english = words % refused.details if refused.details else words
    return chinese if english == chinese or " · " in chinese else f"{chinese} · {english}"


def _is_made() -> bool:
    """Whether the tables are those of this version."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())
