"""The advisor, on the good little book with its fifty drills, and its promises to the reader."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kb.content import Drill, Library, Line, load
from kb.content.model import Avoid
from kb.content.model_rules import Danger
from kb.errors import InputError
from kb.search import SearchEngine, build_index, documents, open_index
from kb.suggest import Advice, Advisor, advisor_data, models
from kb.suggest.about import about
from kb.suggest.choose import SPOKEN, SURE
from kb.suggest.net import Net
from kb.text import normalise

GOOD = Path(__file__).parent / "books" / "good"
KEYS = {
    "step": str,
    "plan": list,
    "type": str,
    "emotion": str,
    "demand": list,
    "risk": list,
    "signals": list,
    "phrases": list,
    "avoid": list,
    "cases": list,
    "readings": list,
    "confidence": float,
}

LIBRARY = load(GOOD)
DATA = advisor_data(LIBRARY)
STEPS = [step.id for step in LIBRARY.steps]
REPEATABLE = set(LIBRARY.rules.repeatable)
DONE = st.lists(st.sampled_from(STEPS), unique=True)
ANY_TEXT = st.text(st.characters(exclude_categories=()))
COMPLAINT = st.sampled_from([drill.text for drill in LIBRARY.drills])
WORDS = st.sampled_from(
    ["包裹", "物流", "氣死", "着急", "退钱", "烫伤", "👍", "客服：", "\n", "！", "㎡"]
)
TEXT = st.one_of(ANY_TEXT, COMPLAINT, st.lists(WORDS).map("".join))


@pytest.fixture(scope="module")
def search(tmp_path_factory: pytest.TempPathFactory) -> SearchEngine:
    """The search engine over the good little book."""
    folder = tmp_path_factory.mktemp("index")
    build_index(documents(LIBRARY), folder)
    return SearchEngine(open_index(folder))


@pytest.fixture(scope="module")
def advisor(search: SearchEngine) -> Advisor:
    """The advisor over the good little book."""
    return Advisor(DATA, search)


def meanings(advice: Advice) -> list[tuple[str, str]]:
    """The words of the lexicons; what pulled towards the step is the network's own."""
    spans = [(signal["text"], signal["means"]) for signal in advice.signals]
    return [(text, means) for text, means in spans if not means.startswith("step:")]


# The answer


def test_the_answer_has_all_keys_of_the_contract(advisor: Advisor) -> None:
    data = json.loads(json.dumps(advisor.suggest("锅的把手断了，手烫伤了").to_json()))

    assert {key: type(data.get(key)) for key in KEYS} == KEYS
    assert data["signals"]
    assert all({"start", "end", "text", "means"} <= set(s) for s in data["signals"])
    assert data["phrases"]
    assert all({"id", "text"} <= set(p) for p in data["phrases"])
    assert data["avoid"]
    assert all({"text", "instead"} <= set(a) for a in data["avoid"])
    assert data["cases"]
    assert data["readings"]
    assert all({"id", "title", "url"} <= set(c) for c in data["cases"] + data["readings"])


@given(TEXT, DONE)
def test_every_label_of_the_answer_is_a_word_of_the_book(
    advisor: Advisor, text: str, done: list[str]
) -> None:
    advice = advisor.suggest(text, done=done)
    labels = LIBRARY.labels
    assert advice.step in STEPS
    assert advice.type in labels.type
    assert advice.emotion in labels.emotion
    assert set(advice.demand) <= set(labels.demand)
    assert advice.demand == ["none"] or "none" not in advice.demand
    assert set(advice.risk) <= set(labels.risk)
    assert 0 <= advice.confidence <= 1


@given(ANY_TEXT, DONE)
@example("", [])
@example(" \n\u3000", STEPS)
@example("，。！？👍", [])
@example("\ud800包裹\udfff", [])
@example("客服：" * 500, STEPS)
@example("骗子！" * 5000, [])
@example("客户:\n客服:\n客户:", [])
def test_no_text_is_refused(advisor: Advisor, text: str, done: list[str]) -> None:
    assert json.dumps(advisor.suggest(text, done=done).to_json())


def test_an_empty_text_is_answered_with_a_start_and_no_certainty(advisor: Advisor) -> None:
    advice = advisor.suggest("")
    assert (advice.step, advice.confidence, advice.signals) == ("listen", 0.0, [])


def test_the_same_question_has_the_same_answer(advisor: Advisor) -> None:
    for drill in LIBRARY.drills[:10]:
        once = advisor.suggest(drill.text, done=drill.done, channel=drill.channel)
        assert advisor.suggest(drill.text, done=drill.done, channel=drill.channel) == once


def test_most_of_what_it_learnt_it_can_say_again(advisor: Advisor) -> None:
    right = [
        advisor.suggest(s.text, done=s.done, channel=s.channel).step in (s.step, *s.also)
        for s in LIBRARY.situations()
    ]
    assert sum(right) / len(right) > 0.8


# Signals


@given(TEXT)
@example("👍👍包裹👨‍👩‍👧烫伤")
@example("我真的氣死了，包裹丟了")
@example("㎡㎡㎡物流㎡")
@example("前" * 3000 + "烫伤")
def test_a_signal_says_where_its_word_stands_in_the_text_as_given(
    advisor: Advisor, text: str
) -> None:
    for signal in advisor.suggest(text).signals:
        head, label = signal["means"].split(":")
        assert 0 <= signal["start"] < signal["end"] <= len(text)
        assert text[signal["start"] : signal["end"]] == signal["text"]
        if head != "step":
            assert normalise(signal["text"]).text in DATA["lexicon"][head][label]["words"]


def test_signals_behind_an_emoji_and_in_traditional_characters_are_marked_as_typed(
    advisor: Advisor,
) -> None:
    advice = advisor.suggest("👍我被燙傷了")
    assert meanings(advice) == [("燙傷", "risk:safety")]
    assert [s["start"] for s in advice.signals if s["means"] == "risk:safety"] == [3]


@given(TEXT)
def test_signals_speak_for_labels_of_the_answer(advisor: Advisor, text: str) -> None:
    advice = advisor.suggest(text)
    chosen = {
        "step": [advice.step],
        "type": [advice.type],
        "emotion": [advice.emotion],
        "demand": advice.demand,
        "risk": advice.risk,
    }
    for signal in advice.signals:
        head, label = signal["means"].split(":")
        assert label in chosen[head]


def test_a_word_inside_an_unless_is_no_signal(advisor: Advisor) -> None:
    assert ("过敏", "risk:safety") in meanings(advisor.suggest("用完脸上过敏"))
    assert meanings(advisor.suggest("我是过敏感肌，能用吗")) == []


def test_an_unless_does_not_hide_the_same_word_elsewhere(advisor: Advisor) -> None:
    advice = advisor.suggest("我不是过敏感肌，用完还是过敏了")
    assert [s["start"] for s in advice.signals if s["means"] == "risk:safety"] == [12]


def test_what_the_agent_said_gives_no_signal(advisor: Advisor) -> None:
    chat = "客服：您有没有烫伤或者过敏？\n客户：没有\n客服：那就好，烫伤要马上说"
    assert meanings(advisor.suggest(chat)) == []


def test_what_the_customer_said_between_gives_its_signals(advisor: Advisor) -> None:
    chat = "客服：烫伤了吗？\n客户：手上烫伤了\n店员: 过敏吗"
    advice = advisor.suggest(chat)
    assert [(s["start"], s["text"]) for s in advice.signals if s["means"] == "risk:safety"] == [
        (14, "烫伤")
    ]


def test_a_line_without_a_name_belongs_to_the_speaker_before_it(advisor: Advisor) -> None:
    by_agent = advisor.suggest("客户：你好\n客服：请问\n有人烫伤吗")
    by_customer = advisor.suggest("客服：请问\n客户：你好\n有人烫伤")
    assert meanings(by_agent) == []
    assert meanings(by_customer) == [("烫伤", "risk:safety")]


# The step and the plan


@given(TEXT, DONE)
def test_a_done_step_is_not_advised_again_unless_it_may_be_repeated(
    advisor: Advisor, text: str, done: list[str]
) -> None:
    step = advisor.suggest(text, done=done).step
    assert step not in done or step in REPEATABLE


@given(TEXT, DONE)
def test_the_plan_starts_with_the_step_and_repeats_nothing(
    advisor: Advisor, text: str, done: list[str]
) -> None:
    advice = advisor.suggest(text, done=done)
    assert advice.plan[0] == advice.step
    assert len(set(advice.plan)) == len(advice.plan)
    assert not set(advice.plan[1:]) & set(done)
    assert advice.plan == sorted(advice.plan, key=STEPS.index)


@given(DONE.filter(lambda done: "escalate" not in done))
def test_danger_comes_first_whatever_is_done(advisor: Advisor, done: list[str]) -> None:
    advice = advisor.suggest("孩子被开水烫伤了", done=done)
    assert (advice.step, advice.rule) == ("escalate", "danger-first")
    assert advice.why == "话里有危险，先报给能拍板的人。"


def test_danger_that_was_escalated_does_not_come_first_again(advisor: Advisor) -> None:
    advice = advisor.suggest("孩子被开水烫伤了", done=["escalate"])
    assert advice.rule is None
    assert "escalate" not in advice.plan


def test_without_a_rule_the_reason_is_that_of_the_step(advisor: Advisor) -> None:
    advice = advisor.suggest("鞋子哪天能到？")
    assert advice.rule is None
    assert advice.why == LIBRARY.step(advice.step).why


# Words and examples


@given(TEXT, DONE, st.sampled_from([None, *LIBRARY.labels.channel]))
def test_phrases_belong_to_the_step_and_fit_what_was_read(
    advisor: Advisor, text: str, done: list[str], channel: str | None
) -> None:
    advice = advisor.suggest(text, done=done, channel=channel)
    known = {p["id"]: p for p in DATA["phrases"]}
    read = {
        "type": [advice.type],
        "emotion": [advice.emotion],
        "risk": advice.risk,
        "channel": [channel],
    }
    assert len({p["id"] for p in advice.phrases}) == len(advice.phrases) > 0
    for shown in advice.phrases:
        phrase = known[shown["id"]]
        assert (phrase["step"], phrase["text"]) == (advice.step, shown["text"])
        for field, values in read.items():
            assert not phrase[field] or set(phrase[field]) & set(values)


def test_a_sentence_of_a_group_is_about_something_that_was_said(search: SearchEngine) -> None:
    """A group may be near as a whole while its sentence is about another thing of the trade."""
    line = {"id": "x-1", "group": "parcel-words", "rating": 1}
    line |= {"risk": [], "danger": [], "type": [], "emotion": [], "channel": []}
    lines = [
        {**line, "step": step, "text": text, "about": [word]}
        for step in STEPS
        for text, word in (("发票今天开", "发票"), ("包裹在路上", "包裹"))
    ]
    advisor = Advisor({**DATA, "phrases": lines, "avoid": []}, search)
    assert [p["text"] for p in advisor.suggest("我的包裹呢").phrases] == ["包裹在路上"]
    assert advisor.suggest("喂").phrases == []


def test_what_a_sentence_is_about_are_its_telling_words() -> None:
    sentences = ["发票今天开好，寄到您单位。", *["我今天给您回话。"] * 30]
    first, *others = about(sentences)
    assert {"发票", "单位"} <= set(first)
    assert "今天" not in first
    assert set(map(tuple, others)) == {()}


def test_in_a_danger_the_sentences_for_it_come_before_what_fits_better(
    search: SearchEngine,
) -> None:
    every = LIBRARY.labels
    fitting = Line(
        text="您看怎么办？", type=(*every.type,), emotion=(*every.emotion,), channel=("phone",)
    )
    danger = Line(text="先顾人。", risk=("safety",))
    steps = tuple(s.model_copy(update={"say": (fitting, danger)}) for s in LIBRARY.steps)
    data = advisor_data(LIBRARY.model_copy(update={"steps": steps}), DATA["models"])
    advisor = Advisor(data, search)
    for text, first in (("孩子被开水烫伤了", danger), ("锅的把手断了", fitting)):
        assert advisor.suggest(text, channel="phone").phrases[0]["text"] == first.text


def test_in_a_danger_what_not_to_say_is_for_that_danger(search: SearchEngine) -> None:
    """ "停用就好" is no warning for somebody who speaks of suicide."""
    dangers = [
        Danger(id=name, risk=("safety",), words=(word,), secure=("人",), never=("别",))
        for name, word in (("burn", "烫伤"), ("smoke", "着火"))
    ]
    lines = [Avoid(text="快点说。", instead="慢慢说。")]
    lines += [Avoid(text=f"{d.id}没事。", instead="先顾人。", danger=(d.id,)) for d in dangers]
    steps = tuple(s.model_copy(update={"avoid": tuple(lines)}) for s in LIBRARY.steps)
    rules = LIBRARY.rules.model_copy(update={"danger": tuple(dangers)})
    library = LIBRARY.model_copy(update={"steps": steps, "rules": rules, "phrase_groups": ()})
    advisor = Advisor(advisor_data(library, DATA["models"]), search)
    for text, shown in (
        ("孩子被开水烫伤了", ["burn没事。", "快点说。"]),
        ("插座着火了", ["smoke没事。", "快点说。"]),
        ("锅的把手断了", ["快点说。"]),
    ):
        assert [a["text"] for a in advisor.suggest(text).avoid] == shown


def test_the_case_that_tells_the_same_comes_first(advisor: Advisor) -> None:
    pot = advisor.suggest("锅的把手断了，要换一口", industry="retail")
    parcel = advisor.suggest("包裹停了五天没人回电话", industry="ecommerce")
    assert pot.cases[0]["id"] == "case:borrowed-pot"
    assert parcel.cases[0]["id"] == "case:silent-parcel"


def test_where_the_text_says_nothing_the_industry_chooses_the_case(advisor: Advisor) -> None:
    for industry, case in (("retail", "borrowed-pot"), ("ecommerce", "silent-parcel")):
        first = advisor.suggest("喂？", industry=industry).cases[0]
        assert first["id"] == f"case:{case}"
        assert "industry" in first["why"]


def test_cases_and_readings_lead_to_pages_of_the_book(
    advisor: Advisor, search: SearchEngine
) -> None:
    pages = {(d.id, d.title, d.url) for d in search.index.documents}
    for drill in LIBRARY.drills:
        advice = advisor.suggest(drill.text)
        for item in [*advice.cases, *advice.readings]:
            assert (item["id"], item["title"], item["url"]) in pages
        assert {c["id"].split(":")[0] for c in advice.cases} == {"case"}
        assert not [r for r in advice.readings if r["id"].startswith(("case:", "step:"))]


# Training


def as_json(library: Library, situations: Sequence[Any] | None = None) -> str:
    return json.dumps(advisor_data(library, models(library, situations)), ensure_ascii=False)


def test_training_twice_on_the_same_content_gives_the_same_bytes() -> None:
    assert as_json(load(GOOD)) == json.dumps(DATA, ensure_ascii=False)


def test_every_feature_has_a_row_of_small_whole_numbers() -> None:
    net = Net(DATA["models"]["net"])
    names = DATA["models"]["net"]["features"].split("\n")
    assert names
    for name in names:
        row = net.row(name) or []
        assert len(row) == len(DATA["models"]["net"]["unit"])
        assert set(row) <= set(range(-3, 4))
    assert net.row("cnobody says this") is None


def test_what_it_learns_from_can_be_chosen() -> None:
    some = [s for s in LIBRARY.situations() if "电梯" not in s.text]
    assert len(some) < len(list(LIBRARY.situations()))
    assert as_json(LIBRARY, some) != json.dumps(DATA, ensure_ascii=False)


@pytest.mark.parametrize("types", [["product"], ["product", "billing"]])
def test_a_library_with_few_labels_can_be_learned_from(root: Path, types: list[str]) -> None:
    """Two classes once gave an IndexError, one a ValueError."""
    library = load(root / "tests" / "books" / "good")
    few = [
        Drill(text=f"锅坏了{i}", step="ask", type=types[i % len(types)], emotion="calm")
        for i in range(4)
    ]

    heads = models(library, few)["net"]["heads"]

    assert heads["type"] == sorted(types)
    assert heads["step"] == ["ask"]


def test_nothing_to_learn_from_is_said_in_one_sentence(root: Path) -> None:
    with pytest.raises(InputError, match="没有可学的情形"):
        models(load(root / "tests" / "books" / "good"), [])


# What else a contact needs


def rules(**more: object) -> dict[str, Any]:
    return {**DATA["rules"], **more}


def advisor_with(search: SearchEngine, **more: object) -> Advisor:
    return Advisor({**DATA, "rules": rules(**more)}, search)


def test_what_the_agent_did_in_a_transcript_counts_as_done(search: SearchEngine) -> None:
    advisor = advisor_with(search, said={"apologize": ["抱歉"], "ask": ["请问"]})
    chat = "客服：非常抱歉，请问是哪一单？\n客户：不抱歉，就是鞋子那单"
    assert advisor.suggest(chat).done == ["apologize", "ask"]
    assert advisor.suggest("客户：你们不说声抱歉吗").done == []


def test_steps_that_are_given_go_before_what_is_read_in_a_transcript(search: SearchEngine) -> None:
    advisor = advisor_with(search, said={"apologize": ["抱歉"]})
    assert advisor.suggest("客服：抱歉\n客户：哦", done=["listen"]).done == ["listen"]


def test_a_fact_that_was_told_is_not_asked_for(search: SearchEngine) -> None:
    fact = {"name": "单号", "ask": "单号是多少？", "industry": [], "words": ["单号"], "digits": 6}
    fact["type"] = list(LIBRARY.labels.type)
    always = {**DATA["rules"]["first"][0], "then": "ask"}
    for condition in ("risk", "emotion", "type", "done", "any_done", "not_done", "words"):
        always[condition] = []
    advisor = advisor_with(search, facts=[fact], first=[always])
    told = ("鞋子开胶了，单号忘了", "88123456 开胶")
    assert advisor.suggest("鞋子开胶了").missing == [{"name": "单号", "ask": "单号是多少？"}]
    assert [advisor.suggest(text).missing for text in told] == [[], []]


def test_a_danger_says_what_to_secure_and_what_not_to_promise(search: SearchEngine) -> None:
    danger = [
        {"id": "a", "risk": [], "words": ["不想活"], "secure": ["他在哪里"], "never": ["别挂"]},
        {"id": "b", "risk": ["safety"], "words": [], "secure": ["伤势"], "never": ["别断定"]},
        {"id": "c", "risk": ["safety"], "words": ["鞋", "煤气"], "secure": ["开窗"], "never": []},
    ]
    anywhere: dict[str, Any] = {"sure": False, "type": [], "step": []}
    advisor = advisor_with(search, danger=[{**one, **anywhere} for one in danger])
    assert advisor.suggest("孩子被开水烫伤了").secure == ["伤势"]
    assert advisor.suggest("被开水烫伤了，不想活了").never == ["别挂"]
    assert advisor.suggest("开着煤气，孩子被开水烫伤了").secure == ["开窗"]
    assert advisor.suggest("鞋子哪天能到？").secure == []


def test_a_word_that_is_enough_by_itself_escalates_whatever_the_network_says(
    search: SearchEngine,
) -> None:
    danger = {"id": "a", "risk": ["safety"], "words": ["发毛"], "secure": [], "never": []}
    rules = {**DATA["rules"], "danger": [{**danger, "sure": True, "type": [], "step": []}]}
    lists = {"safety": {"words": ["心里发毛"], "unless": ["心里发毛线"]}}
    lexicon = {**DATA["lexicon"], "risk": lists}
    advisor = Advisor({**DATA, "rules": rules, "lexicon": lexicon}, search)
    said = advisor.suggest("鞋子哪天能到？我心里发毛")
    assert (said.step, said.rule, said.risk) == ("escalate", "danger-first", ["safety"])
    assert said.confidence == SPOKEN
    for other in ("鞋子哪天能到？我心里发毛线团", "鞋子哪天能到？"):
        assert advisor.suggest(other).risk == []


@given(TEXT, DONE)
def test_only_an_unsure_answer_offers_two_steps(
    advisor: Advisor, text: str, done: list[str]
) -> None:
    advice = advisor.suggest(text, done=done)
    if advice.either is None:
        return
    assert advice.confidence < SURE
    assert advice.rule is None
    assert advice.either["steps"][0] == advice.step
    assert advice.either["question"]
    assert len({*advice.either["steps"]}) == 2


def test_two_steps_are_decided_between_by_the_authors_question(search: SearchEngine) -> None:
    pairs = [
        {"steps": [a, b], "ask": f"{a}还是{b}？"}
        for i, a in enumerate(STEPS)
        for b in STEPS[i + 1 :]
    ]
    advisor = advisor_with(search, between=pairs)
    unsure = [a for d in LIBRARY.drills if (a := advisor.suggest(d.text[:6])).either]
    assert unsure
    for advice in unsure:
        assert advice.either is not None
        first, second = sorted(advice.either["steps"], key=STEPS.index)
        assert advice.either["question"] == f"{first}还是{second}？"


def test_what_not_to_say_is_meant_for_what_was_read(search: SearchEngine) -> None:
    line = {
        "step": "escalate",
        "text": "您过敏关我什么事",
        "instead": "…",
        "group": "",
        "about": [],
        "rating": 2,
    }
    line |= {"risk": ["privacy"], "danger": [], "type": [], "emotion": [], "channel": []}
    other = {**line, "text": "烫一下没事", "risk": ["safety"]}
    advice = Advisor({**DATA, "avoid": [line, other]}, search).suggest("孩子被开水烫伤了")
    assert [a["text"] for a in advice.avoid] == ["烫一下没事"]
