from onething.web.lettering import lettered

DIAGRAM = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">
<process id="p" name="出游"><task id="t" name="登山"/><task id="u" name="看海"/></process>
</definitions>""".encode()


def test_names_with_another_wording_change_and_others_stay():
    english = lettered(DIAGRAM, {"登山": "Climb"}).decode()

    assert 'id="t" name="Climb"' in english
    assert 'name="看海"' in english


def test_without_another_wording_the_diagram_is_the_file_itself():
    assert lettered(DIAGRAM, {}) is DIAGRAM
