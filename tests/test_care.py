"""What the advisor does beside the step: who said what, which words and dangers fit, the plan."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kb.content import Library, load
from kb.search import SearchEngine, build_index, documents, open_index
from kb.suggest import Advisor, advisor_data
from kb.suggest.care import danger, missing
from kb.suggest.choose import WORDED
from kb.suggest.turns import turns
from kb.text import normalise

LIBRARY = load(Path(__file__).parent / "books" / "good")
DATA = advisor_data(LIBRARY)
ALWAYS: dict[str, Any] = {
    "id": "always",
    "why": "总是",
    **{condition: [] for condition in ("risk", "emotion", "type", "done", "any_done", "not_done")},
    "words": [],
    "unless": [],
}


@pytest.fixture(scope="module")
def search(tmp_path_factory: pytest.TempPathFactory) -> SearchEngine:
    """The search engine over the good little book."""
    folder = tmp_path_factory.mktemp("index")
    build_index(documents(LIBRARY), folder)
    return SearchEngine(open_index(folder))


def advisor_with(search: SearchEngine, then: str | None = None, **more: object) -> Advisor:
    """The advisor with other rules; ``then`` is the step that it always advises."""
    first = [{**ALWAYS, "then": then}] if then else []
    return Advisor({**DATA, "rules": {**DATA["rules"], "first": first, **more}}, search)


# Who is speaking


def said(library: Library, text: str) -> list[tuple[str, str]]:
    """Who said what, by the names of speakers of the real book."""
    names = {
        who: [normalise(n).text for n in given] for who, given in library.labels.speaker.items()
    }
    normal = normalise(text).text
    return [
        ("客服" if turn.agent else "客户", normal[turn.start : turn.end].strip())
        for turn in turns(normal, names)
    ]


@pytest.mark.parametrize(
    "chat",
    [
        "客户：要退货\n客服：单号多少",
        "[10:02] 客户：要退货\n[10:03] 客服：单号多少",
        "2026-11-02 10:02:11 客户：要退货\n2026-11-02 10:03:20 客服：单号多少",
        "客户 10:02:11\n要退货\n客服 10:03:20\n单号多少",
        "客户（11月2日 10:02）：要退货\n客服（11月2日 10:03）：单号多少",
        "【客户】要退货\n【客服】单号多少",
        "张女士：要退货\n在线客服：单号多少",
        "用户A：要退货\n客服小李：单号多少",
        "顾客 2026年11月2日 10:02\n要退货\n客服001 2026年11月2日 10:03\n单号多少",
    ],
)
def test_a_chat_is_cut_into_turns_however_it_was_exported(library: Library, chat: str) -> None:
    assert said(library, chat) == [("客户", "要退货"), ("客服", "单号多少")]


@pytest.mark.parametrize(
    "text",
    [
        "客服小李说：不能退，凭什么",
        "那个客服跟我说：不能退",
        "我12:30到店的，没人理",
        "张先生你好：我要退货",
        "10:02下的单，现在还没发",
    ],
)
def test_a_name_inside_the_customers_own_sentence_opens_no_turn(
    library: Library, text: str
) -> None:
    assert said(library, text) == [("客户", normalise(text).text)]


def test_a_greeting_takes_no_step(search: SearchEngine) -> None:
    advisor = advisor_with(search, said={"ask": ["请问"]}, not_said=["请问有什么"])
    assert advisor.suggest("客服：您好，请问有什么可以帮您？\n客户：锅坏了").done == []
    both = "客服：请问有什么可以帮您？请问是哪一款？\n客户：锅坏了"
    assert advisor.suggest(both).done == ["ask"]


# Sentences for what was said


def line(**more: object) -> dict[str, Any]:
    nothing = {f: [] for f in ("risk", "danger", "type", "emotion", "channel", "about")}
    return {"id": "x", "step": "thank", "group": "", "rating": 1, **nothing, **more}


def test_a_sentence_of_the_ladder_may_wait_for_a_word(search: SearchEngine) -> None:
    waiting = line(text="这个主意好", about=["建议"], rating=2)
    rules = {**DATA["rules"], "first": [{**ALWAYS, "then": "thank"}]}
    advisor = Advisor({**DATA, "rules": rules, "phrases": [waiting, line(text="谢谢您")]}, search)
    proposed = advisor.suggest("建议门口放把椅子").phrases
    assert [p["text"] for p in proposed] == ["这个主意好", "谢谢您"]
    assert [p["text"] for p in advisor.suggest("好的，知道了").phrases] == ["谢谢您"]


def test_of_a_groups_words_two_must_be_said(search: SearchEngine) -> None:
    group = "phrase:shoe-talk"
    about = line(text="鞋头开胶我来寄", group=group, about=["鞋头", "开胶"])
    rules = {**DATA["rules"], "first": [{**ALWAYS, "then": "thank"}]}
    advisor = Advisor({**DATA, "rules": rules, "phrases": [about]}, search)
    assert advisor.suggest("鞋头脏了").phrases == []
    assert [p["text"] for p in advisor.suggest("鞋头开胶了").phrases] == ["鞋头开胶我来寄"]


def test_every_sentence_that_waits_for_a_word_stands_beside_one_that_waits_for_none(
    library: Library,
) -> None:
    for step in library.steps:
        assert any(not (s.words or s.danger or s.type or s.channel) for s in step.say), step.id


# In the middle of a contact


CHAT = "客户：能不能便宜点\n客服：这个价我们给不了\n客户：那叫你们经理来"


def sentences(search: SearchEngine, step: str, lines: list[dict[str, Any]], text: str) -> list[str]:
    """The sentences that the advisor proposes for a step that it always advises."""
    rules = {**DATA["rules"], "first": [{**ALWAYS, "then": step}]}
    lines = [{**one, "step": step} for one in lines]
    advisor = Advisor({**DATA, "rules": rules, "phrases": lines}, search)
    return [p["text"] for p in advisor.suggest(text).phrases]


def test_a_late_step_answers_the_last_words_an_early_one_all_of_them(search: SearchEngine) -> None:
    price = line(text="价钱我们定不了", about=["便宜"], rating=2)
    plain = line(text="这个办不了")
    assert sentences(search, "decline", [price, plain], CHAT) == ["这个办不了"]
    assert sentences(search, "decline", [price, plain], "便宜点") == [
        "价钱我们定不了",
        "这个办不了",
    ]
    assert sentences(search, "offer", [price, plain], CHAT) == ["价钱我们定不了", "这个办不了"]


def test_words_for_a_danger_count_wherever_they_were_said(search: SearchEngine) -> None:
    own = line(text="人先出来", about=["便宜"], danger=["bargain"], rating=9)
    danger = {"id": "bargain", "risk": [], "type": [], "step": [], "words": ["便宜"], "sure": False}
    rules = {**DATA["rules"], "first": [{**ALWAYS, "then": "record"}]}
    rules["danger"] = [{**danger, "secure": ["价"], "never": ["买"]}]
    lines = [{**own, "step": "record"}, {**line(text="记下了"), "step": "record"}]
    for sure, proposed in ((False, ["人先出来", "记下了"]), (True, ["人先出来"])):
        rules["danger"][0]["sure"] = sure
        advisor = Advisor({**DATA, "rules": rules, "phrases": lines}, search)
        assert [p["text"] for p in advisor.suggest(CHAT).phrases] == proposed


def test_what_the_agent_said_already_is_proposed_last(search: SearchEngine) -> None:
    said = line(text="{商品}我给您换，{时间}前送到", rating=3)
    other = line(text="退也行")
    chat = "客户：坏了\n客服：锅我给您换，今天五点前送到\n客户：不想等"
    assert sentences(search, "offer", [said, other], "坏了") == [said["text"], "退也行"]
    assert sentences(search, "offer", [said, other], chat) == ["退也行", said["text"]]


def test_a_rule_may_go_by_the_customers_last_words(search: SearchEngine) -> None:
    rule = {**ALWAYS, "id": "late", "then": "follow_up", "any_done": ["execute", "thank"]}
    rule |= {"words": ["人呢"], "unless": ["负责人呢"]}
    rules = {**DATA["rules"], "first": [rule]}
    advisor = Advisor({**DATA, "rules": rules}, search)
    asked = advisor.suggest("客户：几点来\n客服：五点\n客户：六点了，人呢", done=["execute"])
    assert (asked.step, asked.rule, asked.confidence) == ("follow_up", "late", WORDED)
    marked = [s["text"] for s in asked.signals if s["means"] == "step:follow_up"]
    assert marked == ["人呢"]
    for text, done in (
        ("六点了，人呢", []),
        ("六点了，人呢", ["apologize"]),
        ("你们负责人呢", ["execute"]),
        ("客户：人呢\n客服：到楼下了\n客户：哦", ["execute"]),
    ):
        assert advisor.suggest(text, done=done).rule is None


def test_somebody_who_asks_again_is_answered_again(library: Library) -> None:
    assert {"listen", "explain"} <= set(library.rules.repeatable)


# Dangers


def in_danger(library: Library, text: str, step: str = "escalate", **labels: list[str]) -> str:
    """The id of the danger that the real book sees in a text."""
    read = {"risk": ["safety"], "type": ["service"], **labels}
    rules = advisor_rules(library)
    found = danger(rules, normalise(text).text, read, step)
    return found["id"] if found else ""


def advisor_rules(library: Library) -> dict[str, Any]:
    return library.rules.model_dump()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("在你们酒店洗澡滑倒，膝盖肿了", "injury"),
        ("打针的地方肿了个包", "illness"),
        ("孩子吃了蛋糕脸上起疹子", "illness"),
        ("菜里有头发，恶心死了", "spoiled-or-foreign"),
        ("孩子在你们商场走丢了", "missing-person"),
        ("有个男的一直跟着我", "people"),
        ("我老公说不想活了，人不见了", "self-harm-of-another"),
        ("你们这么逼我，我不想活了", "self-harm"),
        ("我被困在电梯里了", "trapped"),
        ("门口井盖翘着", "hazard"),
        ("充电宝鼓包了", "faulty-goods"),
        ("药店给我拿错药了", "illness"),
        ("出事了", "safety"),
    ],
)
def test_each_danger_has_sentences_of_its_own(library: Library, text: str, expected: str) -> None:
    assert in_danger(library, text) == expected


def test_who_asks_for_somebody_elses_data_is_not_treated_as_a_victim_of_a_leak(
    library: Library,
) -> None:
    text = "帮我查一下她住哪个房间"
    assert in_danger(library, text, "decline", risk=["privacy"]) == "asked-for-data"
    assert in_danger(library, text, "escalate", risk=["privacy"]) == "leak"


def test_a_calm_question_about_a_child_needs_no_care_list(library: Library) -> None:
    asked = {"risk": ["vulnerable"], "type": ["inquiry"]}
    assert in_danger(library, "孕妇能坐飞机吗", "explain", **asked) == ""
    assert in_danger(library, "让我妈等了三小时", "apologize", risk=["vulnerable"]) == "vulnerable"


def test_no_fact_is_asked_for_while_somebody_may_be_hurt(library: Library) -> None:
    asked = {"type": ["product"], "risk": [""]}
    rules = advisor_rules(library)
    assert missing(rules, "坏了", "ask", asked, None, [])
    assert missing(rules, "坏了", "ask", {**asked, "risk": ["safety"]}, None, []) == []


def test_every_danger_of_safety_says_something_of_its_own_when_escalated(library: Library) -> None:
    lines = library.step("escalate").say
    for one in library.rules.danger:
        if "safety" in one.risk and one.words:
            assert [s for s in lines if one.id in s.danger], one.id


# The plan


def test_missing_facts_are_asked_for_before_anything_is_confirmed(search: SearchEngine) -> None:
    fact = {"name": "单号", "ask": "单号多少？", "industry": [], "words": ["单号"], "digits": 6}
    fact["type"] = list(LIBRARY.labels.type)
    needs = [
        {"step": step, "type": [], "emotion": [], "demand": [], "risk": [], "not_after": []}
        for step in ("confirm", "offer")
    ]
    advisor = advisor_with(search, "apologize", facts=[fact], needs=needs)
    assert advisor.suggest("鞋子开胶了").plan == ["apologize", "ask", "offer"]
    assert advisor.suggest("鞋子开胶了，88123456").plan == ["apologize", "confirm", "offer"]
    confirmed = advisor.suggest("鞋子开胶了", done=["confirm"])
    assert (confirmed.missing, confirmed.plan) == ([], ["apologize", "offer"])


def test_what_a_step_makes_needless_is_not_planned_after_it(search: SearchEngine) -> None:
    need = {"type": [], "emotion": [], "demand": [], "risk": []}
    needs = [{**need, "step": "escalate", "not_after": ["decline"]}]
    assert advisor_with(search, "decline", needs=needs).suggest("喂").plan == ["decline"]
    assert advisor_with(search, "apologize", needs=needs).suggest("喂").plan == [
        "apologize",
        "escalate",
    ]
