from lxml import etree

from onething.web.lettering import lettered

DIAGRAM = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI"
 xmlns:dc="http://www.omg.org/spec/DD/20100524/DC">
<process id="p" name="出游"><task id="t" name="登山"/><task id="u" name="看海"/>
<sequenceFlow id="f" name="是"/><endEvent id="e" name="出口"/></process>
<di:BPMNEdge bpmnElement="f"><di:BPMNLabel><dc:Bounds x="100" y="5" width="14" height="14"/>
</di:BPMNLabel></di:BPMNEdge>
<di:BPMNShape bpmnElement="e"><di:BPMNLabel><dc:Bounds x="200" y="5" width="24" height="14"/>
</di:BPMNLabel></di:BPMNShape></definitions>""".encode()
BOUNDS = "{http://www.omg.org/spec/DD/20100524/DC}Bounds"


def test_names_with_another_wording_change_and_others_stay():
    english = lettered(DIAGRAM, {"登山": "Climb"}).decode()

    assert 'id="t" name="Climb"' in english
    assert 'name="看海"' in english


def test_without_another_wording_the_diagram_is_the_file_itself():
    assert lettered(DIAGRAM, {}) is DIAGRAM


def test_a_flow_label_gets_room_beside_the_flow_and_grows_upwards():
    english = etree.fromstring(lettered(DIAGRAM, {"是": "Certainly so, and then on"}))

    label = next(english.iter(BOUNDS))
    assert float(label.get("width")) > 14
    assert float(label.get("x")) == 100
    assert float(label.get("y")) < 5


def test_a_node_label_gets_room_for_its_longest_word_around_the_same_middle():
    english = etree.fromstring(lettered(DIAGRAM, {"出口": "Departed"}))

    label = list(english.iter(BOUNDS))[1]
    width = float(label.get("width"))
    assert width > 24
    assert float(label.get("x")) + width / 2 == 212


def test_a_node_label_that_is_wide_enough_stays_where_it_is():
    english = etree.fromstring(lettered(DIAGRAM, {"出口": "Out"}))

    assert list(english.iter(BOUNDS))[1].get("x") == "200"
