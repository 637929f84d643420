"""The built-in functions of FEEL, by theme. Source: DMN 1.5, 10.3.4."""

from onething.feel.library import contexts, conversion, dates, lists, numeric, ranges, text
from onething.feel.library.registry import BUILTINS

__all__ = ["BUILTINS", "contexts", "conversion", "dates", "lists", "numeric", "ranges", "text"]
