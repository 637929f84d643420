"""An attribute of a BPMN element is one of the standard's.

A misspelt one would be read past in silence. Attributes of other namespaces are anyone's own.
Source: BPMN 2.0.2 §8.3.3, and the XML schema of §15.3.
"""

from collections.abc import Iterator

from onething.catalog.elements import kind_of
from onething.catalog.subject import Fault, Subject, on
from onething.errors import Severity

SEVERITY: Severity = "error"
_KNOWN = frozenset(
    {
        "activityRef",
        "associationDirection",
        "attachedToRef",
        "behavior",
        "body",
        "calledChoreographyRef",
        "calledCollaborationRef",
        "calledElement",
        "cancelActivity",
        "cancelRemainingInstances",
        "capacity",
        "categoryValueRef",
        "choreographyRef",
        "completionQuantity",
        "correlationKeyRef",
        "correlationPropertyRef",
        "dataObjectRef",
        "dataStoreRef",
        "default",
        "definition",
        "definitionalCollaborationRef",
        "direction",
        "errorCode",
        "errorRef",
        "escalationCode",
        "escalationRef",
        "evaluatesToTypeRef",
        "eventGatewayType",
        "exporter",
        "exporterVersion",
        "expressionLanguage",
        "gatewayDirection",
        "id",
        "implementation",
        "implementationRef",
        "importType",
        "initiatingParticipantRef",
        "innerConversationNodeRef",
        "innerMessageFlowRef",
        "innerParticipantRef",
        "inputDataRef",
        "instantiate",
        "isClosed",
        "isCollection",
        "isExecutable",
        "isForCompensation",
        "isImmediate",
        "isInterrupting",
        "isMarkerVisible",
        "isRequired",
        "isSequential",
        "isUnlimited",
        "itemKind",
        "itemRef",
        "itemSubjectRef",
        "language",
        "location",
        "loopMaximum",
        "loopType",
        "maximum",
        "messageRef",
        "method",
        "minimum",
        "mustUnderstand",
        "name",
        "namespace",
        "noneBehaviorEventRef",
        "oneBehaviorEventRef",
        "operationRef",
        "ordering",
        "outerConversationNodeRef",
        "outerMessageFlowRef",
        "outerParticipantRef",
        "outputDataRef",
        "parallelMultiple",
        "parameterRef",
        "partitionElementRef",
        "processRef",
        "processType",
        "scriptFormat",
        "scriptLanguage",
        "signalRef",
        "sourceRef",
        "startQuantity",
        "structureRef",
        "targetNamespace",
        "targetRef",
        "testBefore",
        "textFormat",
        "triggeredByEvent",
        "type",
        "typeLanguage",
        "value",
        "waitForCompletion",
    }
)


def check(subject: Subject) -> Iterator[Fault]:
    """Yield elements with an attribute that no BPMN element has."""
    for diagram in subject.diagrams:
        unknown = diagram.elements.by_attribute.keys() - _KNOWN
        for name in sorted(one for one in unknown if not one.startswith("{")):
            for element in diagram.elements.by_attribute[name]:
                message = f"a {kind_of(element)} has no attribute {name}"
                yield on(diagram, element, message, "Correct its name, or remove it.")
