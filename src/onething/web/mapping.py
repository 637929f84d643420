"""How ids of two deployments correspond, as a person writes it, and what is wrong with it."""

import tomllib

from flask_babel import gettext as _

from onething.errors import InvalidInput
from onething.web.language import readable


def read_mapping(text: str) -> dict[str, str]:
    """Return new ids by old ids from lines of TOML; raise InvalidInput for anything else."""
    told = _('环节对应关系每行写一个，例如 old_id = "new_id"。')
    try:
        names = tomllib.loads(text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(told) from error
    if not all(isinstance(one, str) for one in names.values()):
        raise InvalidInput(told)
    return names


def check_target(old: str, new: str) -> None:
    """Raise InvalidInput where cases are to go on in the deployment that they have."""
    if old == new:
        raise InvalidInput(_("办件已经在该部署中，请选择另一个部署。"))


def faults(error: InvalidInput) -> list[str]:
    """Return what is wrong with a migration in the reader's words, wrong ids each by itself."""
    told = [
        _("%(id)s：原部署没有这个环节，或者目标部署没有与它对应的环节。", id=one)
        for one in error.fields
    ]
    return told or [readable(error.message)]
