"""What changed between two trees: found by node_id, else by content_id, and told as data and in words."""

import copy
import json
import random

import pytest

from fake_studio.diff.difference import difference
from fake_studio.diff.tree_files import load_trees
from support.growth import LARGE, LINEAR, SMALL, growth


def node(name, *children, **fields):
    return {
        "node_id": name,
        "content_id": f"c-{name}",
        "title": name,
        "kind": "topic",
        **fields,
        "children": [*children],
    }


def tree(*children):
    return node("root", *children)


def topics(count, size):
    return tree(*(node(f"t{n}", *(node(f"t{n}-{m}") for m in range(size))) for n in range(count)))


OLD = tree(node("a", node("a1"), node("a2")), node("b", node("b1")), node("c"))


@pytest.fixture
def new():
    return copy.deepcopy(OLD)


def ids(places):
    return [place.node_id for place in places]


def fields_changed(old_fields, new_fields):
    """The fields that differ between two nodes of one id."""
    found = difference(tree(node("n", **old_fields)), tree(node("n", **new_fields)))
    return found.changed[0][1] if found.changed else {}


def test_a_tree_equals_its_copy(new):
    found = difference(OLD, new)
    assert found.empty
    assert found.unchanged == 6
    assert str(found) == "No difference in 6 nodes."


def test_added_and_removed(new):
    new["children"][1]["children"] = [node("b2")]
    found = difference(OLD, new)
    assert (ids(found.added), ids(found.removed), found.moved, found.changed) == (["b2"], ["b1"], [], [])
    assert found.to_dict()["added"] == [
        {"node_id": "b2", "content_id": "c-b2", "title": "b2", "kind": "topic", "path": "b > b2"}
    ]


def test_what_is_told_is_json(new):
    new["children"].append(new["children"].pop(0))
    new["children"][0].update(title="B", questions=[{"assessment_id": "q"}])
    told = json.loads(json.dumps(difference(OLD, new).to_dict()))
    assert sorted(told) == ["added", "changed", "moved", "removed", "unchanged"]
    assert told["changed"][0]["fields"]["title"] == {"old": "b", "new": "B"}


def test_moved_to_another_topic(new):
    new["children"][2]["children"].append(new["children"][0]["children"].pop())
    found = difference(OLD, new)
    assert [found.added, found.removed, found.changed] == [[], [], []]
    [told] = found.to_dict()["moved"]
    assert (told["path"], told["from"]) == ("c > a2", "a > a2")
    assert (told["number"], told["old_number"]) == (1, 2)


def test_what_stands_below_a_moved_topic_did_not_move(new):
    new["children"][1]["children"].append(new["children"].pop(0))
    assert ids(difference(OLD, new).moved) == ["a"]


def test_moved_to_the_top(new):
    new["children"].append(new["children"][0]["children"].pop())
    assert ids(difference(OLD, new).moved) == ["a2"]


@pytest.mark.parametrize(("taken", "put"), [(3, 40), (40, 3), (0, 49), (49, 0), (20, 21)])
def test_one_node_that_changed_its_place_is_one_move(taken, put):
    many = topics(50, 0)
    new = copy.deepcopy(many)
    new["children"].insert(put, new["children"].pop(taken))
    found = difference(many, new)
    assert len(found.moved) == 1
    assert (ids(found.moved) == [f"t{taken}"]) or abs(taken - put) == 1
    assert found.unchanged == 49


def test_siblings_that_came_or_went_move_no_others(new):
    new["children"].insert(0, node("first"))
    new["children"][1]["children"].pop(0)
    assert difference(OLD, new).moved == []


def test_ids_of_the_server_do_not_count(new):
    new["children"][0].update(id="1" * 32, number=7, changed=True, published=True, created=3.5)
    assert difference(OLD, new).empty


@pytest.mark.parametrize(
    "field",
    [
        *("title", "kind", "description", "language", "license", "license_description", "copyright_holder", "author"),
        *("aggregator", "provider", "source_id", "source_domain", "role"),
    ],
)
def test_texts(field):
    assert fields_changed({field: "one"}, {field: "two"}) == {field: ("one", "two")}
    assert fields_changed({field: ""}, {field: None}) == {}


def test_other_fields():
    old = {"tags": ["x"], "labels": {"categories": ["k"]}, "extra_fields": {"n": 1}, "suggested_duration": None}
    new = {"tags": ["x", "y"], "labels": {}, "extra_fields": {"n": 2}, "suggested_duration": 0}
    assert fields_changed(old, new) == {
        "tags": (["x"], ["x", "y"]),
        "labels": ({"categories": ["k"]}, {}),
        "extra_fields": ({"n": 1}, {"n": 2}),
        "suggested_duration": (None, 0),
    }


def test_the_order_of_tags_and_labels_says_nothing():
    assert not fields_changed({"tags": ["x", "y"]}, {"tags": ["y", "x"]})
    assert not fields_changed({"labels": {"categories": ["k", "l"]}}, {"labels": {"categories": ["l", "k"]}})
    assert not fields_changed({"labels": {"categories": []}}, {"labels": {}})


def file(**fields):
    return {"id": "1", "checksum": "f" * 32, "extension": "pdf", "preset": "document", "language": "en", **fields}


def test_files_by_checksum_preset_and_language():
    old = {"files": [file(), file(preset="epub")]}
    assert not fields_changed(old, {"files": [file(preset="epub", id="3", size=4), file(id="2")]})
    assert fields_changed(old, {"files": [file(language=None)]}) == {
        "files": ([f"{'f' * 32}.pdf document en", f"{'f' * 32}.pdf epub en"], [f"{'f' * 32}.pdf document"])
    }


def question(name, **fields):
    return {"assessment_id": name, "type": "input_question", "question": "Why?", **fields}


def test_questions_by_assessment_id():
    old = {"questions": [question("p"), question("q", answers=[1])]}
    new = {"questions": [question("p", id="9"), question("q", answers=[2], randomize=True)]}
    assert fields_changed(old, new) == {"questions[q].answers": ([1], [2]), "questions[q].randomize": (None, True)}


def test_questions_that_came_and_went():
    fields = fields_changed({"questions": [question("p"), question("q")]}, {"questions": [question("q")]})
    assert list(fields) == ["questions[p]"]
    assert fields["questions[p]"][0]["question"] == "Why?"
    assert fields["questions[p]"][1] is None


def test_the_order_of_questions():
    old, new = [question(name) for name in "pqr"], [question(name) for name in "rp"]
    fields = fields_changed({"questions": old}, {"questions": new})
    assert fields["question_order"] == (["p", "r"], ["r", "p"])


def test_a_node_with_another_node_id_is_known_by_its_content_id(new):
    new["children"][1]["children"][0]["node_id"] = "other"
    found = difference(OLD, new)
    assert [found.added, found.removed, found.changed] == [[], [], []]
    [told] = found.to_dict()["moved"]
    assert (told["node_id"], told["old_node_id"], told["content_id"]) == ("other", "b1", "c-b1")


def test_resources_below_a_topic_with_another_source_id(new):
    new["children"][0].update(node_id="A", content_id="c-A", title="A")
    for child in new["children"][0]["children"]:
        child["node_id"] += "-below-A"
    found = difference(OLD, new)
    assert (ids(found.added), ids(found.removed)) == (["A"], ["a"])
    assert [(move["from"], move["path"]) for move in found.to_dict()["moved"]] == [
        ("a > a1", "A > a1"),
        ("a > a2", "A > a2"),
    ]


def test_one_resource_in_two_topics_is_found_in_its_own():
    def with_ids(suffix):
        topics = (node(name, node(f"{name}1{suffix}", content_id="same")) for name in "ab")
        return tree(*(topics if suffix else reversed([*topics])))

    found = difference(with_ids("-old"), with_ids("-new"))
    assert [(move["from"], move["path"]) for move in found.to_dict()["moved"]] == [
        ("a > a1-old", "a > a1-new"),
        ("b > b1-old", "b > b1-new"),
    ]


def test_one_node_id_in_two_topics(new):
    new["children"][0]["children"].append(node("b1"))
    found = difference(OLD, new)
    assert [place.path for place in found.added] == ["a > b1"]
    assert found.moved == []


def test_siblings_with_one_node_id(new):
    new["children"][1]["children"].append(node("b1"))
    assert ids(difference(OLD, new).added) == ["b1"]
    assert ids(difference(new, OLD).removed) == ["b1"]
    assert difference(new, new).empty


def test_the_text_is_the_tree_with_marks():
    old = topics(6, 4)
    new = copy.deepcopy(old)
    first, second = new["children"][0], new["children"][1]
    first["children"].pop(1)
    first["title"] = "First"
    second["children"].append(first["children"].pop(1))
    second["children"].append(node("new"))
    new["children"][2]["children"].append(new["children"][2]["children"].pop(0))
    assert str(difference(old, new)).splitlines() == [
        "~  First [topic] t0",
        '       title: "t0" -> "First"',
        "     … 1 unchanged",
        "-    t0-1 [topic] t0-1",
        "     … 1 unchanged",
        "   t1 [topic]",
        "     … 4 unchanged",
        ">    t0-2 [topic] t0-2",
        "         path: t0 > t0-2 -> t1 > t0-2",
        "+    new [topic] new",
        "   t2 [topic]",
        "     … 3 unchanged",
        ">    t2-0 [topic] t2-0",
        "         place: number 1 -> number 4",
        "   … 15 unchanged",
    ]


def test_the_text_of_a_removed_topic_whose_resource_stayed():
    new = tree(node("b", node("b1"), node("a1")), node("c"))
    assert str(difference(OLD, new)).splitlines() == [
        "-  a [topic] a",
        "-    a2 [topic] a2",
        "   b [topic]",
        "     … 1 unchanged",
        ">    a1 [topic] a1",
        "         path: a > a1 -> b > a1",
        "   … 1 unchanged",
    ]


def test_the_text_counts_the_others_where_they_stand(new):
    new["children"][0]["title"] = "A"
    assert str(difference(OLD, new)).splitlines() == [
        "~  A [topic] a",
        '       title: "a" -> "A"',
        "     … 2 unchanged",
        "   … 3 unchanged",
    ]


def test_the_text_has_what_was_removed_after_a_node_that_left(new):
    left, _ = new["children"][0]["children"]
    new["children"][0]["children"] = []
    new["children"][2]["children"] = [left]
    assert str(difference(OLD, new)).splitlines()[:2] == ["   a [topic]", "-    a2 [topic] a2"]


def test_the_text_counts_what_only_got_another_node_id(new):
    new["children"][0]["node_id"] = "A"
    for child in new["children"][0]["children"]:
        child["node_id"] += "-below-A"
    new["children"][0]["children"][1]["title"] = "changed"
    assert str(difference(OLD, new)).splitlines() == [
        "   a [topic]",
        "     … 1 with another node_id",
        "~    changed [topic] a2-below-A",
        '         title: "a2" -> "changed"',
        "   … 3 unchanged",
    ]


def test_long_texts_are_shown_from_where_they_differ():
    before, after = (tree(node("n", description="x" * 500 + word + "y" * 500)) for word in ("old", "new"))
    said = str(difference(before, after))
    assert "xxxoldyyy" in said
    assert "xxxnewyyy" in said
    assert max(map(len, said.splitlines())) < 250


def test_the_text_holds_nothing_that_a_terminal_obeys():
    old = tree(node("n", description="\ud800"), node("m"))
    new = tree(node("n\x1b[31m", title="two\nlines \x1b[2J", description="\x1b[0m\u202e"))
    said = str(difference(old, new))
    assert all(line.isprintable() for line in said.splitlines())
    said.encode("utf-8")


def edited(old, chance):
    """A tree with random edits, each to a node of its own, and the node_id that each kind of edit took."""
    new = copy.deepcopy(old)
    tops = new["children"]
    chosen = chance.sample([child["node_id"] for top in tops for child in top["children"]], 4)
    edits = dict(zip(("removed", "moved", "shuffled", "changed"), chosen))
    for name in ("removed", "moved", "shuffled"):
        top = next(top for top in tops if any(child["node_id"] == edits[name] for child in top["children"]))
        number = ids_below(top).index(edits[name])
        taken = top["children"].pop(number)
        if name == "moved":
            chance.choice([other for other in tops if other is not top])["children"].append(taken)
        if name == "shuffled":
            far = [place for place in range(len(top["children"])) if abs(place - number) > 1]
            top["children"].insert(chance.choice(far), taken)
    changed = next(child for top in tops for child in top["children"] if child["node_id"] == edits["changed"])
    changed["title"] += "!"
    top = chance.choice(tops)["children"]
    top.insert(chance.randrange(len(top)), node("added"))
    return new, edits


def ids_below(topic):
    return [child["node_id"] for child in topic["children"]]


@pytest.mark.parametrize("seed", range(40))
def test_random_edits_are_found_and_nothing_else(seed):
    old = topics(5, 9)
    new, edits = edited(old, random.Random(seed))
    found = difference(old, new)
    assert ids(found.added) == ["added"]
    assert ids(found.removed) == [edits["removed"]]
    assert sorted(ids(found.moved)) == sorted([edits["moved"], edits["shuffled"]])
    assert [(place.node_id, list(fields)) for place, fields in found.changed] == [(edits["changed"], ["title"])]
    assert found.unchanged == 5 * 10 - 4
    back = difference(new, old)
    assert (ids(back.added), ids(back.removed)) == ([edits["removed"]], ["added"])
    assert len(back.moved) == 2


@pytest.mark.parametrize("seed", range(10))
def test_a_shuffle_takes_as_few_moves_as_possible(seed):
    old = topics(7, 0)
    new = copy.deepcopy(old)
    random.Random(seed).shuffle(new["children"])
    order = [int(name[1:]) for name in ids_below(new)]
    longest = [1] * 7
    for end in range(7):
        longest[end] += max((longest[begin] for begin in range(end) if order[begin] < order[end]), default=0)
    assert len(difference(old, new).moved) == 7 - max(longest)


def a_deep_tree(title):
    root = bottom = tree()
    for level in range(5000):
        bottom["children"].append(node(str(level)))
        bottom = bottom["children"][0]
    bottom["title"] = title
    return root


def test_a_deep_tree_needs_no_recursion():
    found = difference(a_deep_tree("one"), a_deep_tree("two"))
    assert found.unchanged == 4999
    assert 'title: "one" -> "two"' in str(found)
    assert found.to_dict()["changed"][0]["path"].count(" > ") == 4999


@pytest.mark.parametrize("width", [9, None], ids=["many topics", "one wide topic"])
def test_three_times_the_nodes_take_three_times_as_long(width):
    def comparison(count):
        old, new = (topics(count // width, width) if width else topics(1, count) for _ in range(2))
        for topic in new["children"]:
            random.Random(1).shuffle(topic["children"])
        return lambda: str(difference(old, new))

    assert len(comparison(SMALL)()) > 1000
    assert growth(comparison(SMALL), comparison(LARGE)) < LINEAR


def ricecookers(*children, **fields):
    return {"id": "1", "title": "T", "source_domain": "d", "source_id": "s", **fields, "children": [*children]}


def test_a_declared_tree_equals_the_one_that_arrived(tmp_path):
    answers, criteria = [{"answer": "a", "correct": True}], {"model": "mastery", "threshold": {"m": 1, "n": 2}}
    sent = node(
        "e",
        kind="exercise",
        files=[{"filename": f"{'f' * 32}.png", "preset": "exercise_thumbnail", "language": None}, None],
        questions=[question("q", answers=json.dumps(answers), hints="[]", raw_data="", randomize=False)],
        extra_fields=json.dumps({"options": {"completion_criteria": criteria}}),
        categories=["k"],
        grade_levels=[],
        license_description=None,
    )
    arrived = node(
        "e",
        kind="exercise",
        role="learner",
        files=[file(extension="png", preset="exercise_thumbnail", language=None)],
        questions=[question("q", answers=answers, hints=[], randomize=False)],
        extra_fields={"options": {"completion_criteria": criteria}},
        labels={"categories": ["k"], "grade_levels": []},
        license_description="",
    )
    path = tmp_path / "declared.json"
    path.write_text(json.dumps(ricecookers(sent)))
    (declared,) = load_trees(path).values()
    found = difference(declared, tree(arrived))
    assert found.empty, str(found)


def test_files_that_hold_a_tree(tmp_path):
    path = tmp_path / "tree.json"
    for told in (OLD, {"channels": [{"id": "x", "trees": {"main": None, "staging": OLD}}]}):
        path.write_text(json.dumps(told))
        (found,) = load_trees(path).values()
        assert difference(found, OLD).empty


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"channels": []}', '"x"', "null"])
def test_files_that_hold_none(tmp_path, content):
    path = tmp_path / "odd.json"
    path.write_text(content)
    with pytest.raises(ValueError, match=r"odd\.json holds no tree"):
        load_trees(path)
