"""The words for materials: what they are, how far they are trusted, why they were uploaded."""

from flask_babel import lazy_gettext as later

from onething.cases import CaseRow
from onething.materials import JPEG, OFD, PDF, PNG, MaterialRow
from onething.web.wording import material_rule, worded
from onething.web.words import Word, word_of

_TRUSTS = {
    "A": ("good", "✓", later("可直接使用：发证机关签发")),
    "B": ("good", "✓", later("可直接使用：窗口已核对原件")),
    "C": ("warn", "!", later("须核对原件：申请人上传")),
    "D": ("brand", "●", later("可直接使用：本人承诺属实")),
}
"""Source: 国办函〔2016〕108号, A to D."""
_OWN = {
    "A": ("good", "✓", later("部门出具，可直接使用")),
    "B": ("good", "✓", later("窗口已核对原件")),
    "C": ("", "○", later("原件待窗口核对")),
    "D": ("good", "✓", later("凭您的承诺使用，不用核对")),
}
_REASONS = {
    "no-answer": later("共享查询没有答复，改为上传"),
    "not-found": later("共享查询查无记录，改为上传"),
    "not-usable": later("共享数据已撤销或有冲突，改为上传"),
    "objected": later("当事人对共享数据有异议，另行提交"),
}
_MB = 1_000_000
_TYPES = {PDF: "PDF", JPEG: "JPG", PNG: "PNG", OFD: "OFD"}


def trust_word(trust: str) -> Word:
    """Return how far a material is trusted, and so what a clerk still has to do."""
    return word_of(_TRUSTS, trust)


def own_trust_word(trust: str) -> Word:
    """Return the same to whoever gave the material: whether its original is still wanted."""
    return word_of(_OWN, trust)


def upload_reason(reason: str | None) -> str:
    """Say why a material was uploaded though a department could share it."""
    return str(_REASONS.get(reason, reason)) if reason else ""


def file_type(kind: str) -> str:
    """Return a media type as people call it."""
    return _TYPES.get(kind, kind)


def file_size(size_bytes: int) -> str:
    """Return a size as people say it: in KB, from one MB on in MB."""
    if size_bytes < _MB:
        return f"{max(1, round(size_bytes / 1000))} KB"
    return f"{size_bytes / _MB:.1f} MB"


def material_kind(row: MaterialRow, case: CaseRow) -> str:
    """Return what a material is by the service's list, or nothing."""
    rule = material_rule(row.kind, case)
    return worded(rule.name, case) if rule else ""


FILTERS = {
    "trust_word": trust_word,
    "own_trust_word": own_trust_word,
    "upload_reason": upload_reason,
    "file_type": file_type,
    "file_size": file_size,
    "material_kind": material_kind,
}
"""What the templates call these by."""
