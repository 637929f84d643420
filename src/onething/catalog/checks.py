"""Checking: first whether everything can be read, then rule by rule."""

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from onething import decisions, documents, forms
from onething.catalog.folders import Catalog
from onething.catalog.rules import issued_known, rules
from onething.catalog.subject import Subject
from onething.definitions import Definition, Package
from onething.errors import Finding, InvalidInput, ModelRefused, NotFound

MOST_BYTES = {".bpmn": 50_000_000, ".dmn": 10_000_000, ".form": 2_000_000, ".toml": 2_000_000}
"""The largest file of each kind; a larger one is refused unread."""
MOST_OF_A_RULE = 200
"""A rule that is broken everywhere is told with its first findings."""
MOST_KEPT = 16
"""Findings of so many packages are kept: equal files are judged once in a process."""
_JUDGED: dict[str, list[Finding]] = {}
_LOOSE = (".bpmn", ".dmn", ".form")


def check(paths: Sequence[Path], catalog: Catalog) -> list[Finding]:
    """Check service folders and single files; without paths, every service of the catalog.

    A file inside a service folder is judged within its package. The answer is sorted by file
    and line, errors and warnings together, each finding once.

    Raises:
        InvalidInput: A path is neither a folder nor a `.bpmn`, `.dmn` or `.form` file.
    """
    found: list[Finding] = []
    if not paths:
        for code in catalog.codes():
            found += check_service(catalog, code)
    for path in paths:
        found += _check_path(path.resolve(), catalog)
    return sorted(dict.fromkeys(found), key=lambda one: (one.file, one.line or 0, one.rule))


def check_service(catalog: Catalog, code: str) -> list[Finding]:
    """Check one service of a catalog."""
    try:
        package = catalog.package(code)
    except ModelRefused as refused:
        return refused.findings
    except NotFound as missing:
        remedy = "Mend uses, or add the folder."
        return [Finding(f"bpmn/{code}/service.toml", "uses", "folder", missing.message, remedy)]
    return [*check_package(package), *_issued_elsewhere(catalog, package)]


def _issued_elsewhere(catalog: Catalog, package: Package) -> Iterator[Finding]:
    """Yield documents that count for a material, of services outside the package, and are none."""
    service, manifest = package.service, f"bpmn/{package.code}/service.toml"
    inside = (package.code, *service.uses)
    codes = [one for one in issued_known.named(service) if one not in inside]
    for one in issued_known.faults(service, manifest, codes, catalog.service):
        yield Finding(one.file, one.element, "issued-known", one.message, one.remedy)


def check_package(package: Package) -> list[Finding]:
    """Check a whole package: what cannot be read, else every rule.

    The findings of the packages judged last are kept by content hash.
    """
    known = _JUDGED.get(package.hash)
    if known is None:
        known = _judged(package, is_whole=True)
        _JUDGED[package.hash] = known
        while len(_JUDGED) > MOST_KEPT:
            _JUDGED.pop(next(iter(_JUDGED)), None)
    return list(known)


def check_files(files: Mapping[str, bytes]) -> list[Finding]:
    """Check loose files, by name: rules that need a manifest are left out."""
    return _judged(Package("", files), is_whole=False)


def check_standard(files: Mapping[str, bytes]) -> list[Finding]:
    """Check loose files by the rules of BPMN 2.0 alone, without those of the house."""
    return _judged(Package("", files), is_whole=False, house=False)


def _judged(package: Package, *, is_whole: bool, house: bool = True) -> list[Finding]:
    with _without_collector():
        return list(_findings(Subject(package, is_whole=is_whole), house=house))


def _findings(subject: Subject, *, house: bool) -> Iterable[Finding]:
    refused = list(_too_large(subject.package)) or list(dict.fromkeys(_unreadable(subject)))
    if refused:
        return refused
    kept = [rule for rule in rules() if house or rule.of_standard]
    return [one for rule in kept for one in islice(rule.findings(subject), MOST_OF_A_RULE)]


@contextmanager
def _without_collector() -> Iterator[None]:
    """Keep the cycle collector still: it would walk a large growing model again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _too_large(package: Package) -> Iterator[Finding]:
    for path, data in package.files.items():
        most = MOST_BYTES.get(Path(path).suffix)
        if most is not None and len(data) > most:
            message = f"the file has {len(data)} bytes, more than {most}"
            yield Finding(path, "", "file-size", message, "Split the file.")


def _unreadable(subject: Subject) -> Iterator[Finding]:
    """Yield what engine, forms, texts and manifest refuse: rules cannot judge past it."""
    package, definition, is_whole = subject.package, subject.definition, subject.is_whole
    readers: list[Callable[[], object]] = [*_readers_of_forms(definition, is_whole=is_whole)]
    if package.ending(".bpmn"):
        readers.append(lambda: definition.process)
    else:
        tables = package.ending(".dmn")
        readers.append(lambda: decisions.parse_all(tables))
    if is_whole:
        readers += [
            lambda: definition.service,
            lambda: definition.texts("zh"),
            lambda: definition.texts("en"),
            lambda: documents.templates(definition.document_files),
        ]
    for reader in readers:
        try:
            reader()
        except ModelRefused as refused:
            yield from refused.findings
        except (NotFound, InvalidInput) as missing:
            yield Finding(package.code, "", "package-part", missing.message, "Add the file.")


def _readers_of_forms(definition: Definition, *, is_whole: bool) -> Iterator[Callable[[], object]]:
    for path, data in definition.package.ending(".form").items():
        if is_whole:
            form_id = path.removeprefix("forms/").removesuffix(".form")
            yield lambda form_id=form_id: definition.form(form_id)  # type: ignore[misc]
        else:
            yield lambda path=path, data=data: forms.parse(data, None, path)  # type: ignore[misc]


def _check_path(path: Path, catalog: Catalog) -> list[Finding]:
    if path.is_file() and path.suffix not in (*_LOOSE, ".toml"):
        raise InvalidInput(f"{path} is no .bpmn, .dmn, .form or service.toml")
    service = _service_of(path)
    if service is not None:
        root = service.parent.parent
        found = check_service(_with(catalog, root), service.name)
        if path.is_dir():
            return found
        inside = path.relative_to(root).as_posix()
        return [one for one in found if one.file in {inside, service.name}]
    if path.is_file():
        return check_files({path.name: path.read_bytes()})
    if (path / "bpmn").is_dir():
        whole = _with(catalog, path)
        codes = sorted(one.parent.name for one in (path / "bpmn").glob("*/service.toml"))
        return [one for code in codes for one in check_service(whole, code)]
    return _check_folder(path)


def _check_folder(path: Path) -> list[Finding]:
    """Check a folder without manifest, such as `_shared`, as one bundle of loose files."""
    loose = [one for one in sorted(path.rglob("*")) if one.suffix in _LOOSE and one.is_file()]
    if not loose:
        remedy = "Name a service folder under bpmn/, or a single file."
        return [Finding(path.name, "", "folder", "the folder holds no service", remedy)]
    return check_files({one.relative_to(path).as_posix(): one.read_bytes() for one in loose})


def _service_of(path: Path) -> Path | None:
    """Return the service folder that a path stands in: `…/bpmn/<code>` with a manifest."""
    for folder in (path, *path.parents):
        if folder.parent.name == "bpmn" and (folder / "service.toml").is_file():
            return folder
        if folder.parent.name == "forms":
            beside = folder.parent.parent / "bpmn" / folder.name
            return beside if (beside / "service.toml").is_file() else None
    return None


def _with(catalog: Catalog, root: Path) -> Catalog:
    """Return the catalog with one more root in front, unless it is there already."""
    roots = [one.resolve() for one in catalog.roots]
    return catalog if root in roots else Catalog([*catalog.roots[1:], root])
