"""The English catalogue: `compile` writes django.mo from django.po, `extract` brings django.po up to date.

Runs on every start of ./jiandu, on machines that have the run-time packages alone: compiling needs the standard
library only, and what is current costs two looks at the disk. Extracting needs Babel (tools/extraction.py).
"""

import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # pathlib would cost 12 ms
CATALOGUE = f"{ROOT}/src/jiandu/locale/en/LC_MESSAGES/django.po"
COMPILED = f"{CATALOGUE[:-3]}.mo"


def is_current() -> bool:
    """True when the compiled catalogue is not older than its source."""
    try:
        return os.path.getmtime(COMPILED) >= os.path.getmtime(CATALOGUE)
    except OSError:
        return False


def entries(text: str) -> dict[str, str]:
    """msgid → msgstr as a .mo file holds them: context before \\4, plural forms joined by \\0; without English: left out."""
    import ast  # noqa: PLC0415 -- only when compiling

    found: dict[str, str] = {}
    parts: dict[str, str] = {}
    name = ""
    for line in [*text.splitlines(), ""]:
        if line.startswith("msg"):
            name, _, line = line.partition(" ")
            parts[name] = ""
        if line.startswith('"'):
            parts[name] += ast.literal_eval(line)
        elif not line and "msgid" in parts:
            context = f"{parts['msgctxt']}\4" if "msgctxt" in parts else ""
            plural = f"\0{parts['msgid_plural']}" if "msgid_plural" in parts else ""
            said = [text for name, text in sorted(parts.items()) if name.startswith("msgstr")]
            if all(said):
                found[f"{context}{parts['msgid']}{plural}"] = "\0".join(said)
            parts = {}
    return found


def compiled(messages: dict[str, str]) -> bytes:
    """A .mo file: header, two tables of (length, place), the texts, each ended by a zero byte."""
    import struct  # noqa: PLC0415 -- only when compiling

    pairs = sorted((msgid.encode(), msgstr.encode()) for msgid, msgstr in messages.items())
    count = len(pairs)
    texts = [msgid for msgid, _ in pairs] + [msgstr for _, msgstr in pairs]
    place = 28 + 16 * count
    table = []
    for text in texts:
        table += [len(text), place]
        place += len(text) + 1
    head = struct.pack("<7I", 0x950412DE, 0, count, 28, 28 + 8 * count, 0, place)
    return head + struct.pack(f"<{len(table)}I", *table) + b"".join(text + b"\0" for text in texts)


def compile_catalogue() -> int:
    """Writes django.mo where it is missing or older than django.po. 0, also where the folder cannot be written."""
    if is_current():
        return 0
    with open(CATALOGUE, encoding="utf-8") as file:
        content = compiled(entries(file.read()))
    draft = f"{COMPILED}.{os.getpid()}"
    try:
        with open(draft, "wb") as file:
            file.write(content)
        os.replace(draft, COMPILED)  # two starts at once each leave a whole file
    except OSError as error:
        print(f"英文词表未能写入 · the English catalogue could not be written: {error}", file=sys.stderr)
    return 0


def main(arguments: list[str]) -> int:
    """compile | extract; 1 when extracted messages lack English, 2 for another word."""
    if arguments == ["compile"]:
        return compile_catalogue()
    if arguments == ["extract"]:
        import extraction  # noqa: PLC0415 -- Babel, a package of developers

        return int(bool(extraction.update(CATALOGUE)))
    print("python tools/messages.py compile | extract", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
