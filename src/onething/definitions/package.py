"""A service package as plain files, frozen as a whole."""

import hashlib
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from onething.definitions.service import Service, parse
from onething.errors import InvalidInput, NotFound, TooLarge

MAX_UNPACKED_BYTES = 64 * 1024 * 1024
MAX_FILES = 2_000
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Package:
    """The files of one service and of the folders that it uses.

    Paths are as in the tree: `bpmn/<folder>/…`, `forms/<folder>/…`, `forms/_elements.toml`.
    """

    code: str
    files: Mapping[str, bytes]

    @cached_property
    def service(self) -> Service:
        """The parsed manifest."""
        return parse(self.file(f"bpmn/{self.code}/service.toml"), f"bpmn/{self.code}/service.toml")

    @cached_property
    def hash(self) -> str:
        """SHA-256 over the sorted paths and contents, in hexadecimal."""
        whole = hashlib.sha256()
        for path in sorted(self.files):
            whole.update(path.encode() + b"\0" + hashlib.sha256(self.files[path]).digest())
        return whole.hexdigest()

    def file(self, path: str) -> bytes:
        """Return one file's bytes; raise NotFound for a path the package does not hold."""
        try:
            return self.files[path]
        except KeyError:
            raise NotFound(f"The package {self.code} has no file {path}") from None

    def ending(self, *suffixes: str) -> dict[str, bytes]:
        """Return the files whose path ends in one of the suffixes."""
        return {path: data for path, data in self.files.items() if path.endswith(suffixes)}

    def freeze(self) -> bytes:
        """Pack the files into a zip whose bytes depend on the content alone."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(self.files):
                archive.writestr(
                    zipfile.ZipInfo(path, _EPOCH), self.files[path], zipfile.ZIP_DEFLATED
                )
        return buffer.getvalue()


def thaw(code: str, data: bytes) -> Package:
    """Unpack a frozen or uploaded package.

    Raises:
        InvalidInput: The bytes are no zip, or a path leaves the package.
        TooLarge: More files or bytes than a package may have.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return Package(code, _members(archive))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise InvalidInput(f"The package is not a readable zip file: {error}") from error


def _members(archive: zipfile.ZipFile) -> dict[str, bytes]:
    members = [info for info in archive.infolist() if not info.is_dir()]
    too_many = len(members) > MAX_FILES
    if too_many or sum(info.file_size for info in members) > MAX_UNPACKED_BYTES:
        raise TooLarge("The package holds more than 2,000 files or 64 MiB")
    for info in members:
        if info.filename.startswith("/") or ".." in info.filename.split("/"):
            raise InvalidInput(f"The package's path {info.filename} leaves the package")
    return {info.filename: archive.read(info) for info in members}
