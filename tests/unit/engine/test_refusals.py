import pytest

from onething import engine
from onething.errors import Conflict, ModelRefused, NotFound

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"


def model(body, attributes="", extra=""):
    return (
        f'<definitions xmlns="{MODEL}" xmlns:zeebe="{ZEEBE}">{extra}'
        f'<process id="p" {attributes}>{body}</process></definitions>'
    ).encode()


def findings(data):
    with pytest.raises(ModelRefused) as refused:
        engine.compile(engine.Bundle({"a.bpmn": data}))
    return [(one.rule, one.element) for one in refused.value.findings]


BROKEN = {
    ("dangling-reference", "f"): '<task id="a"/><sequenceFlow id="f" sourceRef="a" targetRef="x"/>',
    ("dangling-reference", "messageEventDefinition"): """
        <startEvent id="a"><messageEventDefinition messageRef="M"/></startEvent>""",
    ("default-flow", "a"): '<task id="a" default="nope"/>',
    ("boundary-attachment", "b"): """
        <boundaryEvent id="b" attachedToRef="x"><errorEventDefinition/></boundaryEvent>""",
    ("missing-id", "task"): "<task/>",
    ("duplicate-id", "a"): '<task id="a"/><task id="a"/>',
    ("script-language", "a"): """
        <scriptTask id="a" scriptFormat="groovy"><script>x = 1</script></scriptTask>""",
    ("unknown-zeebe-element", "a"): """
        <userTask id="a">
        <extensionElements><zeebe:taskListeners/></extensionElements></userTask>""",
    ("link-target", "a"): """
        <intermediateThrowEvent id="a"><linkEventDefinition name="L"/></intermediateThrowEvent>""",
    ("call-without-target", "a"): '<callActivity id="a"/>',
    ("event-subprocess-start", "a"): """
        <subProcess id="a" triggeredByEvent="true"><startEvent id="b"/></subProcess>""",
    ("quantity", "a"): '<task id="a" startQuantity="-1"/>',
    ("flow-crosses-scope", "f"): """
        <task id="a"/><subProcess id="s"><task id="b"/></subProcess>
        <sequenceFlow id="f" sourceRef="a" targetRef="b"/>""",
    ("expression", "f"): """
        <exclusiveGateway id="g"/><task id="a"/><sequenceFlow id="f" sourceRef="g" targetRef="a">
        <conditionExpression>${x &gt; 1}</conditionExpression></sequenceFlow>""",
}


@pytest.mark.parametrize(("found", "body"), BROKEN.items())
def test_a_broken_model_is_refused_with_element_and_rule(found, body):
    assert found in findings(model(body))


def test_a_refusal_names_the_line_and_a_remedy():
    data = model('\n\n<task id="a" default="nope"/>')

    with pytest.raises(ModelRefused) as refused:
        engine.compile(engine.Bundle({"a.bpmn": data}))

    finding = refused.value.findings[0]
    assert (finding.file, finding.line) == ("a.bpmn", 3)
    assert finding.remedy


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "xml"),
        (b"not xml", "xml"),
        (b"<a/>", "not-bpmn"),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "doctype"),
        ('<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'.encode("utf-16"), "doctype"),
        (model("<subProcess>" * 500 + "</subProcess>" * 500), "xml"),
        (model("") + b"x", "xml"),
        (b'<?xml version="1.0" encoding="no-such"?><a/>', "xml"),
    ],
)
def test_a_hostile_file_is_refused(data, rule):
    assert rule in {one[0] for one in findings(data)}


def test_a_drawing_deploys_and_cannot_be_started():
    body = """<task id="a"/><sequenceFlow id="f" sourceRef="a" targetRef="a">
        <conditionExpression>a word</conditionExpression></sequenceFlow>"""
    process = engine.compile(engine.Bundle({"a.bpmn": model(body, 'isExecutable="false"')}))

    with pytest.raises(Conflict):
        engine.start(process, engine.Start("p"), engine.Context.unset())


def test_an_unknown_process_or_start_event_is_answered(play_named):
    player = play_named("a_script_evaluates_feel_exactly")

    with pytest.raises(NotFound):
        player.start(event="nowhere")
    with pytest.raises(NotFound):
        engine.start(player.process, engine.Start("other"), player.context)


def test_flows_without_id_and_foreign_extensions_are_accepted(player_of):
    body = (
        '<startEvent id="s"/><task id="a"><extensionElements><x:y xmlns:x="urn:x"/>'
        '</extensionElements></task><sequenceFlow sourceRef="s" targetRef="a"/>'
    )
    player = player_of(engine.compile(engine.Bundle({"a.bpmn": model(body)})))

    player.start()

    assert player.ended == ["s", "a"]
