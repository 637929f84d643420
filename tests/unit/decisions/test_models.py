from datetime import UTC, datetime

import pytest

from onething import decisions, feel
from onething.errors import ModelRefused, NotFound


@pytest.fixture
def env():
    return feel.Environment(now=datetime(2026, 11, 23, tzinfo=UTC))


def definitions(body, namespace="urn:t"):
    return f"""<definitions xmlns='https://www.omg.org/spec/DMN/20230324/MODEL/'
      namespace='{namespace}' name='t' id='t'>{body}</definitions>""".encode()


def literal(text):
    return f"<literalExpression><text>{text}</text></literalExpression>"


GRAPH = definitions(
    f"""
    <itemDefinition name='tAge'><typeRef>number</typeRef>
      <allowedValues><text>[0..150]</text></allowedValues></itemDefinition>
    <inputData id='i' name='age'><variable name='age' typeRef='tAge'/></inputData>
    <inputData id='on' name='born'><variable name='born' typeRef='date'/></inputData>
    <businessKnowledgeModel id='k' name='double'><variable name='double'/>
      <encapsulatedLogic><formalParameter name='n' typeRef='number'/>{literal("n * 2")}
      </encapsulatedLogic></businessKnowledgeModel>
    <decision id='d1' name='twice the age'><variable name='twice the age' typeRef='number'/>
      <informationRequirement><requiredInput href='#i'/></informationRequirement>
      <knowledgeRequirement><requiredKnowledge href='#k'/></knowledgeRequirement>
      <invocation>{literal("double")}<binding><parameter name='n'/>{literal("age")}</binding>
      </invocation></decision>
    <decision id='d2' name='more'><variable name='more'/>
      <informationRequirement><requiredDecision href='#d1'/></informationRequirement>
      {literal("twice the age + 1")}</decision>
    <decision id='d3' name='year'><variable name='year'/>
      <informationRequirement><requiredInput href='#on'/></informationRequirement>
      {literal("born.year")}</decision>
    <decisionService id='s' name='service'><variable name='service'/>
      <outputDecision href='#d2'/><inputDecision href='#d1'/></decisionService>
    """
)


def test_a_decision_evaluates_what_it_requires_first(env):
    result = decisions.parse(GRAPH).evaluate("d2", {"age": 20}, env)

    assert result.value == 41
    assert result.inputs == {"age": 20}


def test_an_input_outside_its_allowed_values_is_null(env):
    result = decisions.parse(GRAPH).evaluate("d2", {"age": 200}, env)

    assert result.value is None
    assert result.warnings


def test_an_iso_text_is_read_as_the_date_that_the_model_declares(env):
    assert decisions.parse(GRAPH).evaluate("d3", {"born": "1990-05-01"}, env).value == 1990


def test_a_service_takes_an_input_decision_from_its_caller(env):
    result = decisions.parse(GRAPH).evaluate("service", {"twice the age": 1}, env)

    assert result.value == 2


def test_an_unknown_decision_is_not_found(env):
    with pytest.raises(NotFound):
        decisions.parse(GRAPH).evaluate("nothing", {}, env)


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        (f"<decision id='d' name='d'>{literal('1 +')}</decision>", "dmn-feel"),
        (
            (
                "<decision id='d' name='d'><informationRequirement>"
                "<requiredInput href='#gone'/></informationRequirement></decision>"
            ),
            "dmn-reference",
        ),
        (
            (
                "<decision id='d' name='d'><informationRequirement>"
                "<requiredDecision href='#d'/></informationRequirement></decision>"
            ),
            "dmn-circle",
        ),
        (
            "<decision id='d' name='d'><decisionTable hitPolicy='BEST'/></decision>",
            "dmn-hit-policy",
        ),
    ],
)
def test_a_faulty_model_is_refused_with_element_and_rule(body, rule):
    with pytest.raises(ModelRefused) as caught:
        decisions.parse(definitions(body), "fees.dmn")

    finding = caught.value.findings[0]
    assert (finding.file, finding.element, finding.rule) == ("fees.dmn", "d", rule)


@pytest.mark.parametrize(
    "source",
    [
        b"",
        b"no xml",
        b"<definitions/>",
        b"<!DOCTYPE d [<!ENTITY e 'x'>]><definitions xmlns='https://www.omg.org/spec/DMN/20230324/MODEL/'>&e;</definitions>",
    ],
)
def test_what_is_no_plain_dmn_is_refused(source):
    with pytest.raises(ModelRefused):
        decisions.parse(source)


def test_a_model_uses_decisions_of_an_imported_one(env):
    base = definitions(f"<decision id='b' name='base'>{literal('20')}</decision>", "urn:base")
    using = definitions(
        f"""<import namespace='urn:base' name='law' importType='dmn'/>
        <decision id='u' name='u'><informationRequirement><requiredDecision href='urn:base#b'/>
        </informationRequirement>{literal("law.base + 1")}</decision>"""
    )

    models = decisions.parse_all({"using.dmn": using, "base.dmn": base})

    assert models["using.dmn"].evaluate("u", {}, env).value == 21


def test_what_is_imported_without_a_name_needs_no_prefix(env):
    base = definitions(
        f"""<itemDefinition name='tAge'><typeRef>number</typeRef></itemDefinition>
        <decision id='b' name='base'>{literal("20")}</decision>""",
        "urn:base",
    )
    using = definitions(
        f"""<import namespace='urn:base' name='' importType='dmn'/>
        <decision id='u' name='u'><variable name='u' typeRef='tAge'/><informationRequirement>
        <requiredDecision href='urn:base#b'/></informationRequirement>{literal("base + 1")}
        </decision>"""
    )

    models = decisions.parse_all({"using.dmn": using, "base.dmn": base})

    assert models["using.dmn"].evaluate("u", {}, env).value == 21


def test_a_boxed_loop_with_a_declared_type_sees_its_results_so_far(env):
    source = definitions(
        f"""<decision id='d' name='d'><for iteratorVariable='i' typeRef='Any'>
        <in>{literal("[1..4]")}</in><return><literalExpression typeRef='number'>
        <text>i + count(partial)</text></literalExpression></return></for></decision>"""
    )

    assert decisions.parse(source).evaluate("d", {}, env).value == [1, 3, 5, 7]


@pytest.mark.parametrize(
    ("constraint", "value", "expected"),
    [
        ("<allowedValues><text>[1..9]</text></allowedValues>", [1, 2, 3], 3),
        ("<allowedValues><text>[1..9]</text></allowedValues>", [1, 20], None),
        ("<typeConstraint><text>count(?) &lt; 3</text></typeConstraint>", [1, 20], 2),
        ("<typeConstraint><text>count(?) &lt; 3</text></typeConstraint>", [1, 2, 3], None),
    ],
)
def test_allowed_values_hold_the_items_and_a_constraint_the_whole_list(
    env, constraint, value, expected
):
    source = definitions(
        f"""<itemDefinition name='tList' isCollection='true'><typeRef>number</typeRef>{constraint}
        </itemDefinition>
        <inputData id='i' name='xs'><variable name='xs' typeRef='tList'/></inputData>
        <decision id='d' name='d'><informationRequirement><requiredInput href='#i'/>
        </informationRequirement>{literal("count(xs)")}</decision>"""
    )

    assert decisions.parse(source).evaluate("d", {"xs": value}, env).value == expected


def test_a_knowledge_model_takes_its_arguments_by_name(env):
    model = decisions.parse(GRAPH)

    assert model.evaluate("double", {"n": 4}, env).value == 8
    assert model.evaluate("double", {"n": "four"}, env).value is None
