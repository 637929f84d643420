"""A small package's templates and the data that fill them."""

import tomllib
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from onething.documents import Issue, templates
from onething.feel import Environment

TEMPLATES = """
[refusal]
title = "不予办理离婚登记通知单"
prefix = "东民离不"
legal_basis = ["婚姻登记条例 第十九条"]
paragraphs = [
  "{=a.name}、{=b.name}:",
  "你们于{=appliedOn}提出的离婚登记申请,经审查不予办理。理由:{=reason}。",
]
remedy = "不服本决定的,可以自收到之日起六十日内申请行政复议,或者六个月内提起行政诉讼。"
seal = "东营市民政局 婚姻登记专用章"
fields = [
  { label = "金额(元)", value = "=amount" },
  { label = "备注", value = "=nothing" },
]

[slip]
title = "结算单"
prefix = "JS"
seal = "综合窗口"
[slip.table]
rows = "=outcomes"
columns = [
  { label = "事项", value = "=name" },
  { label = "结果", value = '=if done then "办结" else "未办"' },
]

[certificate]
title = "结婚证"
prefix = "J"
style = "certificate"
issuer = "=registry"
seal = "婚姻登记专用章"
paragraphs = ["准予{=a.name}与{=b.name}结婚登记。"]

[reminder]
title = "提醒"
body = "请于{=appliedOn}到场。"
"""


@pytest.fixture(scope="session")
def found():
    return templates([tomllib.loads(TEMPLATES)])


@pytest.fixture
def env():
    return Environment(now=datetime(2026, 6, 1, 9, tzinfo=ZoneInfo("Asia/Shanghai")))


@pytest.fixture
def data():
    return {
        "a": {"name": "阿卜杜拉·买买提"},
        "b": {"name": "赵㐂"},
        "appliedOn": "2026-05-06",
        "reason": "协议未载明债务处理",
        "amount": Decimal("100.50"),
        "outcomes": [{"name": "户口注销", "done": True}, {"name": "公积金", "done": False}],
        "registry": "东营区民政局婚姻登记处",
    }


@pytest.fixture
def given():
    return Issue("东民离不〔2026〕000001号", date(2026, 6, 1), "L3705023062026060100001X")
