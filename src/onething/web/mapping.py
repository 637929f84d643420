"""How ids of two deployments correspond, as a person writes it."""

import tomllib

from flask_babel import gettext as _

from onething.errors import InvalidInput


def read_mapping(text: str) -> dict[str, str]:
    """Return new ids by old ids from lines of TOML; raise InvalidInput for anything else."""
    try:
        names = tomllib.loads(text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(_("对应关系不是 TOML：%(text)s", text=str(error))) from error
    if not all(isinstance(one, str) for one in names.values()):
        raise InvalidInput(_('每行写一个对应关系，例如 old_id = "new_id"。'))
    return names
