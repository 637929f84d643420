"""What is logged, and how: one JSON object a line on standard error, never a local variable."""

import logging
import sys

import structlog

_TALKATIVE = ("alembic", "fontTools", "httpx")
"""Libraries that tell at INFO what only their makers want to know."""


def configure(level: str) -> None:
    """Log from a severity on: DEBUG, INFO, WARNING or ERROR; an unknown one means INFO.

    Tracebacks are written without the values of variables: those are applications and tokens.
    """
    number = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    logging.basicConfig(
        level=number, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s"
    )
    for library in _TALKATIVE:
        logging.getLogger(library).setLevel(max(number, logging.WARNING))
    structlog.configure(  # its default shows local variables
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
