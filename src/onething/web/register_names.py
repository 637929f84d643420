"""What the registers are called."""

from flask_babel import lazy_gettext as later

from onething.cases import RegisterKind

KINDS: dict[RegisterKind, str] = {
    "received": later("收件登记簿"),
    "accepted": later("受理登记簿"),
    "decided": later("办结登记簿"),
    "delivered": later("送达登记簿"),
}
"""What the register of each step is called."""
