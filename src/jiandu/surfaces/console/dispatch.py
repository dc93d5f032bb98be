"""Runs one command, and turns what it refuses into exit code 2."""

import argparse

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


def run(args: argparse.Namespace) -> int:
    """0 done; 2 refused, with what, where and why."""
    name = f"{args.command} {args.what}" if getattr(args, "what", None) else args.command
    try:
        return COMMANDS[name](args)
    except Failed as failed:
        return complain(failed.errors, as_json=args.json)
    except Missing as missing:
        return complain([{"rule": "suite-missing", "reason": str(missing)}], as_json=args.json)
    except Refused as refused:
        return complain([{"rule": refused.rule, "reason": refused.message}], as_json=args.json)
