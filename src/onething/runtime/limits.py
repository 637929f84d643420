"""The bounds of FEEL, as this site sets them."""

from onething import feel
from onething.settings import Settings


def set_limits(settings: Settings) -> None:
    """Bound every expression that this process compiles and evaluates from now on."""
    feel.set_limits(
        feel.Limits(
            text_chars=settings.expression_chars,
            nesting=settings.expression_nesting,
            rounds=settings.expression_rounds,
            evaluation_s=settings.expression_ms / 1000,
        )
    )
