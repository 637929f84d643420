"""Chinese punctuation: full-width marks where the text around them is Chinese.

Source: GB/T 15834-2011 §4, §5. Templates and data are typed with either width.
"""

import re

_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_CLOSING = "\u300b\u201d\u2019\uff09\u3015\u300d"
_MARK = re.compile(f"(?<=[{_HAN}{_CLOSING}])[,:;!?]|[,:;!?](?=[{_HAN}])")
_BRACKETS = re.compile(r"\(([^()]*)\)")
_FULL = str.maketrans(",:;!?", "\uff0c\uff1a\uff1b\uff01\uff1f")
_ACT = re.compile(
    f"(?<![{_HAN}\u300a])([{_HAN}]+(?:\u6cd5|\u6cd5\u5178|\u6761\u4f8b|\u529e\u6cd5)) (?=\u7b2c)"
)
"""An act, a blank, its article: how law is cited in tables and templates."""
_DATE = re.compile(r"(?<![\d-])(\d{4})-(\d\d)-(\d\d)(?![\dT-])")
_ENDED = re.compile(f"[{_HAN}A-Za-z0-9\u300b\uff09\u3015]$")


def ended(text: str) -> str:
    """Close a paragraph that ends in a word: what people type as a reason often has no stop."""
    return f"{text}\u3002" if _ENDED.search(text) else text


def typographic(text: str) -> str:
    """Widen the punctuation that stands in Chinese; numbers and Latin words keep theirs.

    An act that is cited with its article gets its book title marks, a date its 年月日.
    """
    text = _DATE.sub(
        lambda match: "{}\u5e74{}\u6708{}\u65e5".format(*map(int, match.groups())), text
    )
    text = _ACT.sub("\u300a\\1\u300b", text)
    widened = _BRACKETS.sub(lambda match: _bracketed(match, text), text)
    return _MARK.sub(lambda match: match[0].translate(_FULL), widened)


def _bracketed(match: re.Match[str], text: str) -> str:
    before = text[match.start() - 1 : match.start()]
    is_chinese = re.search(f"[{_HAN}]", before + match[1]) is not None
    return f"\uff08{match[1]}\uff09" if is_chinese else match[0]


def _dated(match: re.Match[str]) -> str:
    year, month, day = map(int, match.groups())
    return f"{year}\u5e74{month}\u6708{day}\u65e5"
