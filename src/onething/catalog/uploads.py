"""A package that comes in as a zip of its own folders, made whole."""

import re
from collections.abc import Iterable

from onething.catalog.folders import Catalog
from onething.definitions import Package, thaw
from onething.errors import InvalidInput

_MANIFEST = re.compile(r"bpmn/([^/]+)/service\.toml")


def uploaded(shelf: Catalog, data: bytes, code: str | None = None) -> Package:
    """Return the package that a zip holds, with the shared folders it leaves out.

    A designer sends `bpmn/<code>` and `forms/<code>`; what the manifest's `uses` names, `_shared`
    and the data dictionary come from the shelf where the zip does not hold them itself.

    Args:
        shelf: The packages on this node's disk.
        data: The zip.
        code: The service; the zip's only manifest says it when None.

    Raises:
        InvalidInput: It is no zip, or does not say which service it is.
        TooLarge: It holds more than a package may.
        ModelRefused: Its manifest is no valid `service.toml`.
    """
    files = thaw("", data).files
    sent = Package(_code(files, code), files)
    folders = {path.split("/")[1] for path in files if path.count("/") > 1}
    missing = [one for one in ("_shared", *sent.service.uses) if one not in folders]
    return Package(sent.code, {**shelf.shared(missing), **files})


def _code(files: Iterable[str], wanted: str | None) -> str:
    found = [match[1] for path in files if (match := _MANIFEST.fullmatch(path))]
    if wanted is None and len(found) > 1:
        raise InvalidInput(f"Name the service: the zip holds {', '.join(sorted(found))}")
    code = wanted or next(iter(found), "<service>")
    if code not in found:
        raise InvalidInput(f"The zip holds no bpmn/{code}/service.toml")
    return code
