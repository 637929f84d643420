"""Take a file from outside: it is looked at, scanned, and only then put into the store."""

from datetime import timedelta
from typing import BinaryIO

from onething import materials
from onething.materials import PDF, File
from onething.runtime.host import Host

KEPT_AFTER_TAKING = timedelta(days=2)
"""So long a file lies in the store that nobody sends and no draft keeps."""


def take_file(
    host: Host, stream: BinaryIO | bytes, name: str, declared_type: str | None = None
) -> File:
    """Return a file that lies in the store now.

    Raises:
        TooLarge, UnsupportedMaterial: It cannot be taken.
        NotStampable: A PDF that asks for a password: nobody could be shown it.
        MaterialInfected: The virus scanner found something.
        ScannerAway: The virus scanner does not answer: nothing is kept unscanned. What lies
            in the store was asked about when it came.
    """
    file = materials.inspect(stream, name, host.settings.material_limit_bytes, declared_type)
    if file.type == PDF and b"/Encrypt" in file.content:
        from onething.documents.stamped_pdf import require_stampable  # noqa: PLC0415

        require_stampable(file.content)
    until = host.clock() + KEPT_AFTER_TAKING
    host.database.write(lambda conn: materials.keep_until(conn, [file.sha256], until))
    if not host.store.holds(file.sha256):
        host.scanner.scan(file.content)
        host.store.put(file.content)
    return file
