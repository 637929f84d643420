"""Service packages as folders on disk."""

from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path

from onething.definitions import Package, Service
from onething.definitions.service import parse
from onething.errors import ModelRefused, NotFound

SHARED = "_shared"
_SUFFIXES = (".bpmn", ".dmn", ".form", ".toml", ".csv", ".md")
_REPOSITORY = Path(__file__).resolve().parents[3]


def shipped_root() -> Path:
    """Return the folder that holds the shipped `bpmn/` and `forms/`.

    In a checkout that is the repository, in an installed wheel the package's own data.
    """
    if (_REPOSITORY / "bpmn").is_dir():
        return _REPOSITORY
    return Path(str(files("onething"))) / "_services"


class Catalog:
    """The service packages of one or more roots; later roots go before earlier ones."""

    def __init__(self, roots: Iterable[Path] = ()) -> None:
        self.roots = [shipped_root(), *roots]

    def codes(self) -> list[str]:
        """Return the codes of every service with a manifest, sorted."""
        found = {path.parent.name for root in self.roots for path in _manifests(root)}
        return sorted(found - {SHARED})

    def folder(self, code: str) -> Path:
        """Return a service's folder under `bpmn/`; raise NotFound where there is none."""
        for root in reversed(self.roots):
            if (root / "bpmn" / code).is_dir():
                return root / "bpmn" / code
        raise NotFound(f"No service folder bpmn/{code} in {', '.join(map(str, self.roots))}")

    def service(self, code: str) -> Service | None:
        """Return a service's manifest alone; None where it has none that can be read."""
        try:
            manifest = (self.folder(code) / "service.toml").read_bytes()
            return parse(manifest, f"bpmn/{code}/service.toml")
        except (NotFound, FileNotFoundError, ModelRefused):
            return None

    def package(self, code: str) -> Package:
        """Read a service with everything it uses, ready to freeze.

        Raises:
            NotFound: A folder is missing.
            ModelRefused: The manifest is no valid `service.toml`.
        """
        manifest = (self.folder(code) / "service.toml").read_bytes()
        service = parse(manifest, f"bpmn/{code}/service.toml")
        return Package(code, self.shared(dict.fromkeys([SHARED, *service.uses, code])))

    def application(self, code: str) -> Package:
        """Read a service that people apply for.

        Raises:
            NotFound: There is none, or it is only called by other services.
        """
        package = self.package(code)
        if package.service.hidden:
            raise NotFound(f"Nobody applies for {code}: other services call it; name one of those")
        return package

    def shared(self, folders: Iterable[str]) -> dict[str, bytes]:
        """Return the files of folders that packages share, and the data dictionary.

        Raises:
            NotFound: A folder is missing.
        """
        files: dict[str, bytes] = dict(self._dictionary())
        for folder in folders:
            files |= self._files(folder)
        return files

    def _dictionary(self) -> Iterator[tuple[str, bytes]]:
        for root in self.roots:
            path = root / "forms" / "_elements.toml"
            if path.is_file():
                yield "forms/_elements.toml", path.read_bytes()

    def _files(self, folder: str) -> dict[str, bytes]:
        root = self.folder(folder).parent.parent
        places = (root / "bpmn" / folder, root / "forms" / folder)
        return {
            path.relative_to(root).as_posix(): path.read_bytes()
            for place in places
            for path in sorted(place.rglob("*"))
            if path.suffix in _SUFFIXES and path.is_file() and "scenarios" not in path.parts
        }


def _manifests(root: Path) -> Iterator[Path]:
    yield from (root / "bpmn").glob("*/service.toml")
