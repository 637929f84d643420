"""The watermark on every copy of a material that is shown or handed out.

Source: 国办函〔2016〕108号 and the practice that services follow: "仅供办理政务服务事项时使用".
"""

from dataclasses import dataclass
from datetime import datetime

PURPOSE = "仅供办理政务服务事项时使用"


@dataclass(frozen=True, slots=True)
class Stamp:
    """What stands across a copy: what it is for, of which case, who looked, and when."""

    case_no: str
    viewer: str
    """Post of whoever looks, as history names it."""
    at: datetime
    """In the legal time zone."""

    @property
    def lines(self) -> tuple[str, str, str]:
        """The lines of the mark."""
        return PURPOSE, self.case_no, f"{self.viewer} {self.at:%Y-%m-%d %H:%M}"
