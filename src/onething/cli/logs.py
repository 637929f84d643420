"""What is logged, and how: one JSON object a line on standard error, never a local variable."""

import logging
import sys

import structlog
from structlog.typing import Processor

_TALKATIVE = ("alembic", "fontTools", "httpx", "httpcore")
"""Libraries that tell at INFO or DEBUG what only their makers want to know, addresses among it."""
_SHARED: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)
_WRITTEN: tuple[Processor, ...] = (
    structlog.processors.format_exc_info,  # its default shows local variables
    structlog.processors.JSONRenderer(ensure_ascii=False),
)


def configure(level: str) -> None:
    """Log from a severity on: DEBUG, INFO, WARNING or ERROR; an unknown one means INFO.

    What libraries log is written in the same way. Tracebacks are written without the values of
    variables: those are applications and tokens.
    """
    number = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    logging.basicConfig(level=number, handlers=[handler()])
    for library in _TALKATIVE:
        logging.getLogger(library).setLevel(max(number, logging.WARNING))
    structlog.configure(
        processors=[*_SHARED, *_WRITTEN],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def handler() -> logging.Handler:
    """Return a handler that writes what libraries log as JSON lines on standard error."""
    stream = logging.StreamHandler(sys.stderr)
    stream.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *_SHARED],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_WRITTEN],
        )
    )
    return stream
