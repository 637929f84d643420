"""Chinese punctuation: full-width marks where the text around them is Chinese.

Source: GB/T 15834-2011 §4, §5. Templates and data are typed with either width.
"""

import re

_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_CLOSING = "\u300b\u201d\u2019\uff09\u3015\u300d"
_MARK = re.compile(f"(?<=[{_HAN}{_CLOSING}])[,:;!?]|[,:;!?](?=[{_HAN}])")
_BRACKETS = re.compile(r"\(([^()]*)\)")
_FULL = str.maketrans(",:;!?", "\uff0c\uff1a\uff1b\uff01\uff1f")


def typographic(text: str) -> str:
    """Widen the punctuation that stands in Chinese; numbers and Latin words keep theirs."""
    widened = _BRACKETS.sub(lambda match: _bracketed(match, text), text)
    return _MARK.sub(lambda match: match[0].translate(_FULL), widened)


def _bracketed(match: re.Match[str], text: str) -> str:
    before = text[match.start() - 1 : match.start()]
    is_chinese = re.search(f"[{_HAN}]", before + match[1]) is not None
    return f"\uff08{match[1]}\uff09" if is_chinese else match[0]
