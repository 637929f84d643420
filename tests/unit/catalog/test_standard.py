"""The rules of BPMN itself: each finds the smallest model that breaks it, and leaves a good one."""

import tomllib
from pathlib import Path

import pytest

from onething import catalog

MODELS = tomllib.loads(Path(__file__).with_name("standard.toml").read_text("utf-8"))
NAMESPACES = (
    'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)


def found(models, which, executable="true"):
    """Return the findings for the bad or the good model of a rule, by rule."""
    beside = models.get("after", "") + models.get(f"after-{which}", "")
    language = f' expressionLanguage="{models["language"]}"' if "language" in models else ""
    text = (
        f"<definitions {NAMESPACES}{language}>"
        f'<process id="p" isExecutable="{executable}">{models[which]}</process>'
        f"{beside}</definitions>"
    )
    return {one.rule: one for one in catalog.check_standard({"x.bpmn": text.encode()})}


def test_every_rule_of_the_standard_has_its_models():
    assert list(MODELS) == [rule.id for rule in catalog.rules() if rule.of_standard]


@pytest.mark.parametrize("rule", MODELS)
def test_a_model_that_breaks_a_rule_is_found_with_line_and_remedy(rule):
    finding = found(MODELS[rule], "bad")[rule]

    assert (finding.line, bool(finding.element), bool(finding.remedy)) == (1, True, True)


@pytest.mark.parametrize("rule", MODELS)
def test_a_model_that_keeps_a_rule_passes_it(rule):
    assert rule not in found(MODELS[rule], "good")


@pytest.mark.parametrize("rule", ["end-without-outgoing", "incoming", "ad-hoc-content"])
def test_a_drawing_is_warned_not_refused(rule):
    assert found(MODELS[rule], "bad", executable="false")[rule].severity == "warning"
