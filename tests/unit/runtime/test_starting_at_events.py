from collections.abc import Iterator

import pytest

from onething import runtime
from onething.errors import NotAllowed
from onething.identity import SYSTEM
from onething.testing.node import CODE, Node
from unit.runtime.node import CLERK

DIAGRAM = b"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d"
    targetNamespace="urn:t"><message id="m" name="Born"/><signal id="s" name="Bell"/>
  <process id="told" isExecutable="true"><startEvent id="ms"><messageEventDefinition
    messageRef="m"/></startEvent><userTask id="a"/><sequenceFlow id="f1" sourceRef="ms"
    targetRef="a"/></process>
  <process id="rung" isExecutable="true"><startEvent id="ss"><signalEventDefinition
    signalRef="s"/></startEvent><userTask id="b"/><sequenceFlow id="f2" sourceRef="ss"
    targetRef="b"/></process>
  <process id="ringer" isExecutable="true"><startEvent id="rs"/><parallelGateway id="g"/>
    <userTask id="c"/><boundaryEvent id="on" attachedToRef="c" cancelActivity="false">
    <signalEventDefinition signalRef="s"/></boundaryEvent><userTask id="heard"/>
    <userTask id="first"/><intermediateThrowEvent id="ring"><signalEventDefinition signalRef="s"/>
    </intermediateThrowEvent><sequenceFlow id="f3" sourceRef="rs" targetRef="g"/>
    <sequenceFlow id="f4" sourceRef="g" targetRef="c"/><sequenceFlow id="f5" sourceRef="g"
    targetRef="first"/><sequenceFlow id="f6" sourceRef="first" targetRef="ring"/>
    <sequenceFlow id="f7" sourceRef="on" targetRef="heard"/></process></definitions>"""


@pytest.fixture
def bare() -> Iterator[Node]:
    """A node that runs diagrams without a service around them."""
    node = Node()
    node.deploy({"a.bpmn": DIAGRAM})
    yield node
    node.close()


def activities(node: Node) -> list[str]:
    return [one.activity for one in node.work()]


def test_a_message_that_nobody_waits_for_starts_the_process_that_it_begins(bare):
    receipt = runtime.correlate(bare.host, SYSTEM, "Born", payload={"name": "x"})

    assert activities(bare) == ["a"]
    assert next(bare.events()).input["event"] == "ms"
    assert runtime.replay(bare.host, receipt.case_no).is_clean


def test_a_clerks_message_starts_nothing(bare):
    assert runtime.correlate(bare.host, CLERK, "Born") is None

    assert activities(bare) == []


def test_a_signal_starts_what_it_begins_once_for_one_cause(bare):
    runtime.broadcast(bare.host, SYSTEM, "Bell", cause="x@1")
    runtime.broadcast(bare.host, SYSTEM, "Bell", cause="x@1")

    assert activities(bare) == ["b"]


def test_an_instance_catches_the_signal_that_it_throws_once(bare):
    bare.start("ringer", {})

    bare.complete(next(one for one in bare.work() if one.activity == "first"), {})

    assert sorted(activities(bare)) == ["b", "c", "heard"]


def test_only_an_operator_starts_a_process_without_an_application(bare):
    with pytest.raises(NotAllowed):
        runtime.start_process(bare.host, CLERK, CODE, "ringer", {})
