"""Random processes as BPMN text: of blocks, which always complete, or of any flows at all."""

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
ROOTS = (
    '<message id="ma" name="A"/><message id="mb" name="B"/><signal id="sa" name="S"/>'
    '<error id="ea" errorCode="E"/><escalation id="xa" escalationCode="X"/>'
    '<process id="called"><startEvent id="cs"/><userTask id="cu"/><scriptTask id="ct">'
    '<script>n + 1</script></scriptTask><endEvent id="ce"/>'
    '<sequenceFlow id="c1" sourceRef="cs" targetRef="cu"/>'
    '<sequenceFlow id="c2" sourceRef="cu" targetRef="ct"/>'
    '<sequenceFlow id="c3" sourceRef="ct" targetRef="ce"/></process>'
    '<globalUserTask id="global" name="Global"/>'
)
DECISION = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d"
namespace="urn:d"><decision id="rule" name="rule"><literalExpression><text>if n = null then 0 else
n</text></literalExpression></decision></definitions>"""
EVENTS = {
    "messageA": '<messageEventDefinition messageRef="ma"/>',
    "messageB": '<messageEventDefinition messageRef="mb"/>',
    "signal": '<signalEventDefinition signalRef="sa"/>',
    "timer": "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>",
    "cycle": "<timerEventDefinition><timeCycle>R2/PT1H</timeCycle></timerEventDefinition>",
    "conditional": "<conditionalEventDefinition><condition>=n &gt; 1</condition>"
    "</conditionalEventDefinition>",
    "error": '<errorEventDefinition errorRef="ea"/>',
    "escalation": '<escalationEventDefinition escalationRef="xa"/>',
    "compensate": "<compensateEventDefinition/>",
    "cancel": "<cancelEventDefinition/>",
    "terminate": "<terminateEventDefinition/>",
}
WAITS = ("messageA", "messageB", "signal", "timer", "conditional")


def _several(attributes, inside):
    tag = "multiInstanceLoopCharacteristics"
    return f"<{tag}{attributes}>{inside}</{tag}>"


_TWICE = "<loopCardinality>=2</loopCardinality>"
_EACH = (
    "<extensionElements><zeebe:loopCharacteristics inputCollection='=[1,2,3]' inputElement='one' "
    "outputCollection='all' outputElement='=one'/></extensionElements>"
    "<completionCondition>=numberOfCompletedInstances &gt; 1</completionCondition>"
)
_WHILE = "<loopCondition>=loopCounter &lt; 3</loopCondition>"
LOOPS = (
    "<standardLoopCharacteristics loopMaximum='2'/>",
    f"<standardLoopCharacteristics testBefore='true'>{_WHILE}</standardLoopCharacteristics>",
    _several("", _TWICE),
    _several(" isSequential='true'", _TWICE),
    _several("", _EACH),
)
TASKS = {
    "task": "",
    "manualTask": "",
    "userTask": "",
    "serviceTask": "<extensionElements><zeebe:taskDefinition type='x.y'/></extensionElements>",
    "scriptTask": "<extensionElements><zeebe:script expression='=if n = null then 1 else n'"
    " resultVariable='n'/></extensionElements>",
    "sendTask": "",
    "receiveTask": "",
    "businessRuleTask": "<extensionElements><zeebe:calledDecision decisionId='rule'"
    " resultVariable='fee'/></extensionElements>",
}
ATTRIBUTES = {"sendTask": ' messageRef="ma"', "receiveTask": ' messageRef="mb"'}
GATEWAYS = ("exclusive", "parallel", "inclusive", "complex")


class Scope:
    """One process or sub-process that is being drawn."""

    def __init__(self, draw, numbers, depth):
        self.draw = draw
        self.numbers = numbers
        self.depth = depth
        self.parts = []

    def id(self, kind):
        """Return a new id."""
        return f"{kind}{next(self.numbers)}"

    def element(self, tag, inside="", attributes="", name=None):
        """Draw one element; return its id."""
        name = name or self.id(tag[:2])
        self.parts.append(f'<{tag} id="{name}"{attributes}>{inside}</{tag}>')
        return name

    def connect(self, source, target, condition=""):
        """Draw a flow; return its id."""
        inside = f"<conditionExpression>={condition}</conditionExpression>" if condition else ""
        ends = f' sourceRef="{source}" targetRef="{target}"'
        return self.element("sequenceFlow", inside, ends)

    def inner(self):
        """Return a scope inside this one."""
        return Scope(self.draw, self.numbers, self.depth + 1)

    # -- blocks ---------------------------------------------------------------------------

    def fill(self, most=3, *more_ends):
        """Draw blocks one after another between a start and an end; return the text."""
        previous = self.element("startEvent")
        for _ in range(self.draw.between(1, most)):
            first, last = self.block()
            self.connect(previous, first)
            previous = last
        self.connect(previous, self.element("endEvent", self._end(*more_ends)))
        if self.depth and self.draw.between(0, 3) == 0:
            self.event_subprocess()
        return "".join(self.parts)

    def _end(self, *more):
        kinds = ("messageA", "signal", "escalation", "terminate", "compensate", *more)
        return EVENTS[self.draw.one(kinds)] if self.draw.between(0, 2) == 0 else ""

    def block(self):
        """Draw one block; return its first and its last node."""
        simple = (self.task, self.task, self.catch, self.throw)
        nested = (self.split, self.race, self.sub, self.call, self.link, self.repeat)
        return self.draw.one(simple if self.depth > 2 else simple + nested)()

    def task(self):
        """Draw a task, maybe in rounds, with a boundary event or a compensation handler."""
        kind = self.draw.one(sorted(TASKS))
        loop = self.draw.one(LOOPS) if self.draw.between(0, 3) == 0 else ""
        name = self.element(kind, TASKS[kind] + loop, ATTRIBUTES.get(kind, ""))
        return name, self.guard(name)

    def guard(self, name):
        """Attach something to an activity, at random; return the node to go on from."""
        choice = self.draw.between(0, 5)
        if choice == 0:
            event = self.attach(name, "compensate")
            handler = self.element("userTask", "", ' isForCompensation="true"')
            self.element("association", "", f' sourceRef="{event}" targetRef="{handler}"')
        elif choice == 1:
            return self.joined(name, self.attach(name, self.draw.one((*WAITS, "error"))))
        elif choice == 2:
            kind = self.draw.one((*WAITS, "escalation", "cycle"))
            event = self.attach(name, kind, ' cancelActivity="false"')
            self.connect(event, after := self.element("userTask"))
            self.connect(after, self.element("endEvent"))
        return name

    def attach(self, host, kind, more=""):
        """Draw a boundary event."""
        return self.element("boundaryEvent", EVENTS[kind], f' attachedToRef="{host}"{more}')

    def joined(self, *ends):
        """Lead several ends to one exclusive gateway."""
        join = self.element("exclusiveGateway")
        for one in ends:
            self.connect(one, join)
        return join

    def catch(self):
        """Draw an event that waits, for one thing or for several."""
        kinds = [self.draw.one(WAITS) for _ in range(self.draw.between(1, 2))]
        every = ' parallelMultiple="true"' if self.draw.between(0, 1) else ""
        inside = "".join(EVENTS[one] for one in kinds)
        return (self.element("intermediateCatchEvent", inside, every),) * 2

    def throw(self):
        """Draw an event that throws."""
        kind = self.draw.one(("messageA", "signal", "escalation", "compensate", ""))
        return (self.element("intermediateThrowEvent", EVENTS.get(kind, "")),) * 2

    def link(self):
        """Draw a jump."""
        name = self.id("link")
        inside = f'<linkEventDefinition name="{name}"/>'
        first = self.element("intermediateThrowEvent", inside)
        return first, self.element("intermediateCatchEvent", inside)

    def split(self):
        """Draw a gateway that splits and one of the same kind that joins."""
        kind = self.draw.one(GATEWAYS)
        split, join, default = self.id("g"), self.id("g"), ""
        for index in range(self.draw.between(2, 3)):
            first, last = self.block()
            bare = kind == "parallel" or index == 0
            flow = self.connect(split, first, "" if bare else f"n &gt; {index - 1}")
            if index == 0 and kind != "parallel":
                default = f' default="{flow}"'
            self.connect(last, join)
        # A complex gateway fires once by its condition; an inclusive one waits for all.
        joins = "inclusive" if kind == "complex" else kind
        self.element(f"{kind}Gateway", "", default, split)
        self.element(f"{joins}Gateway", "", "", join)
        return split, join

    def race(self):
        """Draw an event-based gateway."""
        gateway, ends = self.element("eventBasedGateway"), []
        for kind in ("messageA", "timer", "signal")[: self.draw.between(2, 3)]:
            event = self.element("intermediateCatchEvent", EVENTS[kind])
            self.connect(gateway, event)
            ends.append(event)
        return gateway, self.joined(*ends)

    def sub(self):
        """Draw a sub-process of one of the kinds."""
        kind = self.draw.one(("subProcess", "subProcess", "transaction", "adHocSubProcess"))
        inner = self.inner()
        if kind == "adHocSubProcess":
            return self.adhoc(inner)
        loop = self.draw.one(LOOPS) if self.draw.between(0, 4) == 0 else ""
        text = inner.fill(2, "cancel" if kind == "transaction" else "error")
        name = self.element(kind, text + loop)
        last = self.guard(name)
        if kind == "transaction":
            last = self.joined(last, self.attach(name, "cancel"))
        return name, last

    def adhoc(self, inner):
        """Draw an ad-hoc sub-process."""
        for _ in range(self.draw.between(1, 3)):
            inner.task()
        order = self.draw.one((' ordering="Sequential"', ' ordering="Parallel"'))
        enough = self.draw.one(("", "<completionCondition>=n &gt; 1</completionCondition>"))
        name = self.element("adHocSubProcess", "".join(inner.parts) + enough, order)
        return name, name

    def call(self):
        """Draw a call of a process or of a global task."""
        called = self.draw.one(("called", "global"))
        loop = self.draw.one(LOOPS) if self.draw.between(0, 3) == 0 else ""
        name = self.element("callActivity", loop, f' calledElement="{called}"')
        return name, self.guard(name)

    def repeat(self):
        """Draw a block that is done again while a condition holds."""
        first, last = self.block()
        head, foot = self.element("exclusiveGateway"), self.id("g")
        out = self.element("task")
        self.connect(head, first)
        self.connect(last, foot)
        default = self.connect(foot, out)
        self.connect(foot, head, "n = 3")
        self.element("exclusiveGateway", "", f' default="{default}"', foot)
        return head, out

    def event_subprocess(self):
        """Draw an event sub-process."""
        kind = self.draw.one((*WAITS, "error", "escalation"))
        bare = kind == "error" or self.draw.between(0, 1)
        inner = self.inner()
        more = "" if bare else ' isInterrupting="false"'
        start = inner.element("startEvent", EVENTS[kind], more)
        inner.connect(start, task := inner.element("userTask"))
        inner.connect(task, inner.element("endEvent"))
        self.element("subProcess", "".join(inner.parts), ' triggeredByEvent="true"')

    # -- any flows at all -----------------------------------------------------------------

    def scatter(self):
        """Draw nodes of every kind and any flows between them; return the text."""
        start = self.element("startEvent")
        nodes = [self.node() for _ in range(self.draw.between(3, 9))]
        sources = [start, *nodes, *self.boundaries(nodes)]
        for source in sources:
            for _ in range(self.draw.between(1, 2)):
                condition = self.draw.one(("", "", "n &gt; 1", "n = 2"))
                self.connect(source, self.draw.one(nodes), condition)
        self.connect(self.draw.one(nodes), self.element("endEvent", self._end()))
        return "".join(self.parts)

    def boundaries(self, nodes):
        """Attach boundary events to activities; return them."""
        hosts = [one for one in nodes if one.startswith(("us", "re", "su", "ca"))]
        kinds = (*WAITS, "error", "escalation", "cycle")
        return [
            self.attach(one, self.draw.one(kinds), self.draw.one(("", ' cancelActivity="false"')))
            for one in hosts
            if self.draw.between(0, 1)
        ]

    def node(self):
        """Draw one node of any kind, not connected."""
        choice = self.draw.between(0, 9)
        if choice < 4:
            kind = self.draw.one((*sorted(TASKS), "userTask", "userTask"))
            loop = self.draw.one(LOOPS) if self.draw.between(0, 3) == 0 else ""
            return self.element(kind, TASKS[kind] + loop, ATTRIBUTES.get(kind, ""))
        if choice < 7:
            return self.element(f"{self.draw.one(GATEWAYS)}Gateway")
        if choice == 7:
            return self.catch()[0]
        if choice == 8:
            return self.throw()[0]
        return self.element("subProcess", self.inner().fill(1))


class Choices:
    """Random choices that hypothesis can make smaller."""

    def __init__(self, numbers):
        self.numbers = numbers

    def between(self, low, high):
        """Return a whole number, both ends included."""
        return self.numbers.randint(low, high)

    def one(self, values):
        """Return one of some values."""
        return values[self.numbers.randint(0, len(values) - 1)]


def files(numbers, *, of_blocks):
    """Return a random bundle: its files by name."""
    scope = Scope(Choices(numbers), iter(range(1_000_000)), 0)
    inside = scope.fill() if of_blocks else scope.scatter()
    text = f'<definitions xmlns="{MODEL}" xmlns:zeebe="{ZEEBE}">{ROOTS}'
    text += f'<process id="p">{inside}</process></definitions>'
    return {"a.bpmn": text.encode(), "a.dmn": DECISION}
