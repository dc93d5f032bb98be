"""A Word file → PDF by LibreOffice, each time in a profile, a home and a font configuration of its own."""

import os
import shutil
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from jiandu.base.documents.fonts import Fonts, configuration

TIMEOUT_SECONDS = 120
_SECURITY = "/org.openoffice.Office.Common/Security/Scripting"
_SWITCHES = {"DisableMacrosExecution": "true", "BlockUntrustedRefererLinks": "true", "MacroSecurityLevel": "3"}


class OfficeMissing(RuntimeError):
    """LibreOffice or fontconfig is not installed on this machine."""


class OfficeFailed(RuntimeError):
    """LibreOffice did not make a PDF, or not in time."""


def to_pdf(docx: bytes, *, fonts: Fonts | None = None, timeout: float = TIMEOUT_SECONDS) -> bytes:
    """The Word file as PDF; takes about 2 seconds. Its macros and outside links stay off.

    Raises OfficeMissing without `soffice` or `fc-list` on the path, OfficeFailed after `timeout` seconds or when no PDF
    comes out; both say so in Chinese and English.
    """
    return to_pdfs([docx], fonts=fonts, timeout=timeout)[0]


def to_pdfs(files: Sequence[bytes], *, fonts: Fonts | None = None, timeout: float = TIMEOUT_SECONDS) -> list[bytes]:
    """Many Word files by one start of LibreOffice, a tenth of a second each; otherwise as `to_pdf`."""
    office, lister = _program("soffice"), _program("fc-list")
    with TemporaryDirectory(prefix="jiandu-office-") as name:
        room = Path(name)
        surroundings = _surroundings(room, fonts or Fonts(), lister)
        names = [f"document{place or ''}" for place in range(len(files))]
        for each, content in zip(names, files, strict=True):
            (room / f"{each}.docx").write_bytes(content)
        profile = f"-env:UserInstallation={(room / 'profile').as_uri()}"
        options = ["--headless", "--norestore", "--convert-to", "pdf", "--outdir", name]
        said = _run([office, profile, *options, *(str(room / f"{each}.docx") for each in names)], surroundings, timeout)
        made = [room / f"{each}.pdf" for each in names]
        if not all(path.exists() for path in made):
            raise OfficeFailed(f"LibreOffice 未能生成 PDF / LibreOffice made no PDF: {said[-300:]}")
        return [path.read_bytes() for path in made]


def _program(name: str) -> str:
    if path := shutil.which(name):
        return path
    raise OfficeMissing(
        f"本机未安装 LibreOffice（缺少 {name}），不能生成 PDF；Word 文件不受影响。"
        "请安装 libreoffice-writer 和 fontconfig。"
        f" / LibreOffice is not installed ({name} is missing): no PDF; the Word file is not affected."
        " Install libreoffice-writer and fontconfig."
    )


def _surroundings(room: Path, fonts: Fonts, lister: str) -> dict[str, str]:
    """The environment of the conversion, with nothing of ours in it; writes the font and security settings."""
    chosen = room / "fonts.conf"
    found = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(room), "TMPDIR": str(room), "LANG": "C.UTF-8"}
    found |= {"FONTCONFIG_FILE": str(chosen), "SAL_USE_VCLPLUGIN": "svp"}
    chosen.write_text(configuration(fonts), encoding="utf-8")
    listed = _run([lister, "--format", "%{family}\n"], found, TIMEOUT_SECONDS)
    installed = {family.strip() for family in listed.replace(",", "\n").splitlines()}
    chosen.write_text(configuration(fonts, installed), encoding="utf-8")
    (room / "profile" / "user").mkdir(parents=True)
    (room / "profile" / "user" / "registrymodifications.xcu").write_text(_switched_off(), encoding="utf-8")
    return found


def _switched_off() -> str:
    items = "".join(
        f'<item oor:path="{_SECURITY}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for name, value in _SWITCHES.items()
    )
    return f'<?xml version="1.0"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">{items}</oor:items>'


def _run(command: list[str], surroundings: dict[str, str], timeout: float) -> str:
    """What the program says. soffice starts others, so the whole group ends with it."""
    with subprocess.Popen(
        command,
        env=surroundings,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    ) as process:
        try:
            said, _ = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise OfficeFailed(f"转换超过 {timeout:g} 秒，已中止 / stopped after {timeout:g} seconds") from None
    return said.decode("utf-8", "replace")
