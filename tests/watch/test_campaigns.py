from __future__ import annotations

import datetime as dt
import json
import pickle
from pathlib import Path

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negassoc.brand import Brand, load_brands
from negassoc.facts import Facts
from negassoc.mention import Author, Kind, Mention
from negassoc.watch.campaigns import Campaign, CampaignFinder, facts_of, find_campaigns
from negassoc.watch.cues import voice_of
from negassoc.watch.rarity import Rarity
from negassoc.watch.sounds import sound_of
from negassoc.watch.stance import Stance
from negassoc.watch.traces import account_of, ordinal_of

DATA = Path(__file__).parent.parent / "data" / "campaigns"
BRANDS = load_brands(DATA / "brands.json")
# docs/campaigns.md says what each set is, and how it went at first sight
FOUND = (
    "rp fa ns cs rb h_few h_drip h_matrix k_ring k_dark k_night m_days m_notes m_plain z_copy z_pack z_report "
    "p_brigade p_copy p_few p_review p_series p_test q_clinic q_kcopy q_meal q_notes q_single q_story u_copy u_pack u_report u_series"
)
# timeline: the least share of its members that must be found
CAMPAIGNS = dict.fromkeys(FOUND.split(), 0.9) | {"h_serial": 0.85, "p_extort": 0.8, "q_range": 0.8}
ORGANIC = [
    "ng_recall",
    "ng_media",
    "ng_meme",
    "ng_official",
    "ng_fault",
    "hn_price",
    "hn_regulars",
    "kn_strike",
    "mn_fans",
    "zn_lunch",
    "zn_launch",
    "pn_fans",
    "pn_lead",
    "pn_power",
    "pn_regs",
    "qn_bank",
    "qn_game",
    "qn_news",
    "un_burst",
    "un_news",
    "un_regs",
]
START = dt.datetime(2025, 6, 1, 8, tzinfo=dt.UTC)
TALE = "朋友在代工厂干活，说料钱不到两块，全是工业香精勾兑，喝多了掉头发，瓶子比里面的东西贵，大家转起来别再买"


def records(timeline: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in (DATA / f"{timeline}.jsonl").read_text("utf-8").splitlines()]


def found(timeline: str) -> tuple[Campaign, ...]:
    return find_campaigns(map(Mention.from_record, records(timeline)), BRANDS)


def note(text: str, account: str | None, minutes: float, **more: object) -> Mention:
    at = START + dt.timedelta(minutes=minutes)
    return attrs.evolve(Mention(text, author=Author(id=account), published_at=at, id=f"{account}-{minutes}"), **more)


@pytest.mark.parametrize(("timeline", "least"), CAMPAIGNS.items())
def test_a_campaign_is_found_with_its_members_and_nobody_else(timeline: str, least: float) -> None:
    members = {r["id"] for r in records(timeline) if r["campaign"]}
    (campaign,) = found(timeline)
    right = members & set(campaign.mentions)
    assert len(right) / len(members) >= least
    assert len(right) / len(campaign.mentions) >= 0.9


@pytest.mark.parametrize("timeline", ORGANIC)
def test_customers_media_jokes_and_the_brand_itself_are_no_campaign(timeline: str) -> None:
    assert found(timeline) == ()


@pytest.mark.xfail(strict=True, reason="nine tellers of one tale in wholly their own words, hardly alike: known not to be found")
def test_insiders_each_with_a_tale_of_their_own() -> None:
    assert found("p_insider")


@pytest.mark.parametrize("timeline", CAMPAIGNS)
def test_the_proof_covers_every_member(timeline: str) -> None:
    (campaign,) = found(timeline)
    times = {r["id"]: dt.datetime.fromisoformat(str(r["published_at"])) for r in records(timeline)}
    assert {end for pair in campaign.proof for end in (pair.a, pair.b)} == set(campaign.mentions)
    for pair in campaign.proof:
        assert pair.gap_s == (times[pair.b] - times[pair.a]).total_seconds() >= 0
        assert 0 <= pair.similarity <= 1
    assert campaign.first_at == min(times[m] for m in campaign.mentions)
    assert campaign.last_at == max(times[m] for m in campaign.mentions)
    assert 0 < campaign.score <= 1


def test_what_is_said_of_it_stays_a_suspicion() -> None:
    (campaign,) = found("cs")
    assert campaign.why.zh.startswith("疑似") and "水军" not in campaign.why.zh
    assert "Suspected" in campaign.why.en
    assert set(campaign.to_record()) >= {"brand", "mentions", "accounts", "first_at", "last_at", "proof", "score"}
    assert json.dumps(campaign.to_record(), ensure_ascii=False)
    assert pickle.loads(pickle.dumps(campaign)) == campaign


def test_it_is_a_fact_for_the_classifier() -> None:
    (campaign,) = found("rb")
    assert facts_of([campaign]) == {mention: Facts(coordination=True) for mention in campaign.mentions}


def test_the_label_is_never_read() -> None:
    plain = [{k: v for k, v in r.items() if k not in {"campaign", "label"}} for r in records("rp")]
    wrong = [{**r, "campaign": "B", "label": "none"} for r in plain]
    assert find_campaigns(map(Mention.from_record, plain), BRANDS) == find_campaigns(map(Mention.from_record, wrong), BRANDS) == found("rp")


def test_a_stream_gives_what_a_batch_gives_and_a_repeat_changes_nothing() -> None:
    mentions = [Mention.from_record(r) for r in records("cs")]
    finder = CampaignFinder(BRANDS["qiaobian"])
    for mention in mentions:
        finder.observe(mention)
        finder.campaigns()
        finder.observe(mention)
    assert finder.campaigns() == found("cs")


def test_many_brands_at_once_are_kept_apart() -> None:
    mixed = [Mention.from_record(r) for r in [*records("cs"), *records("rp"), *records("ng_fault")]]
    assert {c.brand for c in find_campaigns(mixed, BRANDS)} == {"qiaobian", "muhewan"}
    assert find_campaigns(mixed, BRANDS["qingyu"]) == ()


def test_without_ids_a_telling_nickname_stands_for_an_account_and_nobodies_do_not() -> None:
    brand = Brand("示例茶")

    def posted(nicknames: list[str]) -> tuple[Campaign, ...]:
        return find_campaigns(
            [note(f"{TALE}{'！' * i}", None, i, author=Author(nickname=n), id=f"m{i}") for i, n in enumerate(nicknames)], brand
        )

    (campaign,) = posted(["山间", "海边", "林中", "湖上"])
    assert campaign.accounts == ("@山间", "@海边", "@林中", "@湖上")
    assert posted(["momo", "momo", "小红薯65AB12CD", "用户8812"]) == ()


def test_one_account_repeating_itself_is_no_coordination() -> None:
    assert find_campaigns([note(TALE + "。" * i, "a", i) for i in range(8)], Brand("示例茶")) == ()


def test_the_same_words_with_everyones_own_order_are_a_template_of_customers() -> None:
    def told(i: int) -> Mention:
        text = f"本人于5月{i + 1}日下单{i + 1}盒，订单尾号{3100 + 7 * i}，签收后发现发霉，依据消费者权益保护法要求退还货款{60 + i}元"
        return note(text, f"a{i}", i * 9)

    assert find_campaigns([told(i) for i in range(12)], Brand("示例茶")) == ()


def test_times_and_authors_may_be_unknown() -> None:
    mentions = [Mention(TALE, id=f"m{i}") for i in range(5)]
    assert find_campaigns(mentions, Brand("示例茶")) == ()
    mentions = [Mention(TALE, id=f"m{i}", author=Author(id=f"a{i}")) for i in range(5)]
    (campaign,) = find_campaigns(mentions, Brand("示例茶"))
    assert campaign.first_at is None and {p.gap_s for p in campaign.proof} == {None}


def test_the_brands_own_words_bind_nobody() -> None:
    official = note(TALE, "own", 0, author=Author(id="own", official=True))
    assert find_campaigns([official, *(note(TALE, f"a{i}", i + 1) for i in range(5))], Brand("示例茶")) == ()


def test_customers_who_said_it_before_make_it_theirs() -> None:
    tale = "提现一直显示处理中，资金链怕是断了，供应商都堵在门口，大家先别下单，转去别家吧"
    wave = [note(f"{tale}{'！' * i}", f"a{i}", 120 + 3 * i) for i in range(6)]
    own = [note(f"我{i + 1}日下单的，{tale}，订单尾号{4100 + i}，客服说等{i + 2}天", f"c{i}", 9 * i) for i in range(6)]
    brand = Brand("示例茶", competitors=("别家",))
    assert find_campaigns(wave, brand)
    assert find_campaigns([*own, *wave], brand) == ()


def test_news_that_was_out_before_makes_it_the_news() -> None:
    news = note("【抽检】记者从市场监管局获悉，示例茶一批次茶汤菌落总数超标，已责令下架召回，家里有的赶紧停用", "press", 0)
    said = [note(f"示例茶一批次茶汤菌落总数超标下架召回了，家里有的赶紧停用别喝了{'！' * i}", f"a{i}", 60 + i) for i in range(6)]
    assert find_campaigns([news, *said], Brand("示例茶")) == ()


def test_stance_hears_a_sneer_and_a_case_apart_whatever_the_name() -> None:
    brand = Brand("示例茶", competitors=("别家",))
    sneer, case = "三毛钱的料也好意思卖三十，谁买谁傻", "昨天下单的，少了一份珍珠，客服说周三退款"
    assert Stance(brand).of("", sneer) > -2 > Stance(brand).of("", case)
    assert Stance(brand).of("", "示例茶" + sneer) == Stance(Brand("B茶")).of("", "B茶" + sneer)


def test_rarity_knows_what_everybody_says() -> None:
    rarity = Rarity()
    everyday, rare = sound_of("真的"), sound_of("槽头")
    assert rarity.weight(rare) > rarity.weight(everyday) + 3
    before = rarity.weight(rare)
    for _ in range(50):
        rarity.add([rare])
    assert rarity.weight(rare) < before


def test_html_is_escaped() -> None:
    (campaign,) = found("cs")
    shown = attrs.evolve(campaign, brand="<script>alert(1)</script>")._repr_html_()
    assert "<script>" not in shown


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.text(max_size=60), st.integers(0, 4), st.sampled_from(list(Kind))), max_size=25))
def test_whatever_is_said_members_are_what_was_observed(said: list[tuple[str, int, Kind]]) -> None:
    mentions = [note(text, f"a{who}", i, kind=kind, id=f"m{i}") for i, (text, who, kind) in enumerate(said)]
    ids = {m.id for m in mentions}
    for campaign in find_campaigns(mentions, Brand("示例茶", competitors=("别家",))):
        assert set(campaign.mentions) <= ids
        assert len(campaign.mentions) == len(set(campaign.mentions))


@given(st.lists(st.sampled_from("退款押金代工厂激素兑水abc12"), min_size=1, max_size=30), st.sampled_from(["！", "💔", "。", "　", "‼️"]))
def test_emoji_and_punctuation_do_not_change_the_sound(letters: list[str], mark: str) -> None:
    text = "".join(letters)
    spread = "".join(c if c.isascii() else c + mark for c in letters)
    assert sound_of(spread) == sound_of(text) or any(c.isascii() for c in letters)


@pytest.mark.parametrize(("a", "b"), [("押今", "押金"), ("ji素兑水", "激素兑水"), ("三百多", "3百多"), ("Ａ款", "a款"), ("抄股", "炒股")])
def test_homophones_sound_the_same(a: str, b: str) -> None:
    assert sound_of(a) == sound_of(b)


@pytest.mark.parametrize(
    ("title", "number"),
    [
        ("曝光（三）", 3),
        ("第十二弹", 12),
        ("罪状 No.4", 4),
        ("Day 7 记录", 7),
        ("扒皮②", 2),
        ("黑料之二", 2),
        ("真相 5/7", 5),
        ("起底03", 3),
    ],
)
def test_posts_that_number_themselves(title: str, number: int) -> None:
    ordinal = ordinal_of(title, "", ())
    assert ordinal is not None and ordinal.number == number


@pytest.mark.parametrize("title", ["之一家店", "2025年总结", "买了3次", ""])
def test_other_numbers_are_no_series(title: str) -> None:
    assert ordinal_of(title, "", ()) is None


def test_voices() -> None:
    assert voice_of("昨天下单，客服说不退，订单尾号3371").first_hand >= 3
    assert voice_of("这条文案我刷到第六遍了").doubt and voice_of("抽我抽我").giveaway
    assert voice_of("【某某被约谈】记者从市局获悉").news > 1


def test_an_account_is_the_id_before_the_nickname() -> None:
    assert account_of(Mention("x", author=Author(id="7", nickname="林中"))) == "7"
    assert account_of(Mention("x", author=Author(nickname="匿名用户"))) is None


def test_who_shows_no_account_is_counted_and_told():
    finder = CampaignFinder(Brand("栗子猫"))
    for number in range(6):
        finder.observe(Mention(f"千万别买栗子猫，用过期奶油，内部员工爆料{number}", author=Author(nickname=f"用户{number}")))
    assert (finder.campaigns(), finder.nameless) == ((), 6)
