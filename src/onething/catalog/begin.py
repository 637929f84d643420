"""Begin a service package from the one that lies in `beginning/`."""

import re
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from onething.errors import Conflict, InvalidInput

_CODE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_CODE_PLACE = "@code@"
_NAME_PLACE = "@name@"


def new(into: Path, code: str, name: str) -> list[Path]:
    """Write a package that passes its checks and whose scenarios are green.

    Args:
        into: The root that holds, or will hold, `bpmn/` and `forms/`.
        code: Folder name and process id, in kebab-case.
        name: What people read.

    Returns:
        The files written.

    Raises:
        InvalidInput: The code is not kebab-case, or the name would not stand in a file.
        Conflict: A folder of this code exists.
    """
    if not _CODE.fullmatch(code):
        raise InvalidInput(f"{code!r} is not kebab-case, such as after-death", {"code": code})
    if not name.strip() or set(name) & set("<>&\"'\\\r\n"):
        raise InvalidInput("The name holds signs that XML or TOML would read", {"name": name})
    places = {"bpmn": into / "bpmn" / code, "forms": into / "forms" / code}
    for folder in places.values():
        if folder.exists():
            raise Conflict(f"{folder} exists already")
    beginning = resources.files("onething.catalog") / "beginning"
    return [
        path
        for part, folder in places.items()
        for path in _copy(beginning / part, folder, code, name.strip())
    ]


def _copy(source: Traversable, target: Path, code: str, name: str) -> list[Path]:
    written = []
    for one in sorted(source.iterdir(), key=lambda entry: entry.name):
        path = target / one.name.replace(_CODE_PLACE, code)
        if one.is_dir():
            written += _copy(one, path, code, name)
            continue
        text = one.read_text(encoding="utf-8")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace(_CODE_PLACE, code).replace(_NAME_PLACE, name), "utf-8")
        written.append(path)
    return written
