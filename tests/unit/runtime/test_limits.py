from dataclasses import replace

from onething import runtime
from unit.runtime.node import Node
from unit.runtime.versions import deploy

LOOP = (
    '<bpmn:scriptTask id="count">',
    '<bpmn:exclusiveGateway id="round" default="round-to-count"/><bpmn:scriptTask id="count">',
)
ROUND = (
    '<bpmn:sequenceFlow id="count-to-check" sourceRef="count" targetRef="check"/>',
    (
        '<bpmn:sequenceFlow id="count-to-round" sourceRef="count" targetRef="round"/>'
        '<bpmn:sequenceFlow id="round-to-count" sourceRef="round" targetRef="count"/>'
        '<bpmn:sequenceFlow id="round-to-check" sourceRef="round" targetRef="check">'
        "<bpmn:conditionExpression>=counted.due = null</bpmn:conditionExpression>"
        "</bpmn:sequenceFlow>"
    ),
)
ITSELF = (
    '<bpmn:exclusiveGateway id="stuck"/>',
    (
        '<bpmn:callActivity id="stuck"><bpmn:extensionElements>'
        '<zeebe:calledElement processId="permit"/></bpmn:extensionElements></bpmn:callActivity>'
    ),
)


def bounded(node: Node, **limits: int) -> None:
    """Set the bounds of the node."""
    node.host.settings = replace(node.host.settings, **limits)


def test_an_endless_loop_ends_as_an_incident_after_the_steps_that_the_site_allows(node):
    bounded(node, automatic_steps=100)
    deploy(node, LOOP, ROUND)

    case_no = node.start("count")

    assert [one.code for one in node.incidents(case_no)] == ["step-limit"]
    assert node.tasks(case_no) == []


def test_a_process_that_calls_itself_ends_as_an_incident_at_the_depth_that_the_site_allows(node):
    bounded(node, call_depth=5)
    deploy(node, ITSELF)

    case_no = node.start("stuck")

    assert [one.code for one in node.incidents(case_no)] == ["depth-limit"]


def test_a_case_is_replayed_with_the_limits_of_its_own_time(node):
    bounded(node, automatic_steps=100)
    deploy(node, LOOP, ROUND)
    case_no = node.start("count")

    bounded(node, automatic_steps=900)

    assert runtime.replay(node.host, case_no).is_clean
