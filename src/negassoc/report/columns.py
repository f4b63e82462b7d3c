"""Which columns each table has: the names are for programs and stay; the titles are for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from negassoc.records import Title
from negassoc.report.cells import Column

if TYPE_CHECKING:
    from negassoc.report.cells import Holds


def _column(name: str, zh: str, en: str, says: str, holds: Holds = "text", *, width: int = 14) -> Column:  # noqa: PLR0913 - a table's line
    return Column(name, title=Title(zh, en), says=says, holds=holds, width=width)


MENTIONS: Final = (
    _column("id", "编号", "Id", "the mention's id", width=18),
    _column("platform", "平台", "Platform", "open lower-case name, empty if unknown", width=12),
    _column("kind", "形式", "Kind", "note, video, comment, reply, review, live_comment, notice, …", width=10),
    _column("title", "标题", "Title", "as it was sent", width=30),
    _column("text", "正文", "Text", "as it was sent", width=60),
    _column("thread_title", "所在帖子", "Thread", "title of the post that a comment stands under", width=24),
    _column("thread_text", "所在帖子正文", "Thread text", "how the text of that post begins", width=30),
    _column("post_id", "帖子编号", "Post id", "id of the post that it is or stands under", width=18),
    _column("author", "作者", "Author", "the nickname as shown (masked in a report)", width=16),
    _column("author_id", "作者编号", "Author id", "the id, or its hash where the source keeps no more", width=18),
    _column("followers", "粉丝数", "Followers", "of the author, empty if unknown", "whole", width=10),
    _column("ip_location", "IP 属地", "IP location", "as the platform shows it", width=10),
    _column(
        "published_at",
        "发布时间（北京）",
        "Published (Beijing)",
        "UTC in CSV and data frames, Beijing time in workbooks; empty if unknown",
        "time",
        width=17,
    ),
    _column("published_raw", "发布时间（原样）", "Published (as shown)", "what the platform showed", width=16),
    _column("fetched_at", "采集时间（北京）", "Fetched (Beijing)", "when it was collected", "time", width=17),
    _column("likes", "点赞", "Likes", "empty if unknown, never zero for it", "whole", width=9),
    _column("comments", "评论", "Comments", "as likes", "whole", width=9),
    _column("collects", "收藏", "Saves", "as likes", "whole", width=9),
    _column("shares", "转发", "Shares", "as likes", "whole", width=9),
    _column("views", "阅读", "Views", "as likes", "whole", width=10),
    _column("inexact_counts", "非精确计数", "Inexact counts", "which counts are rounded (≈) or lower bounds (≥), as shown", width=18),
    _column("queries", "搜索词", "Found by", "the searches that found it, by `; `", width=18),
    _column("topics", "话题", "Topics", "hashtags, by `; `", width=18),
    _column("platform_flags", "平台标记", "Platform flags", "what the platform itself says of the post, by `; `", width=18),
    _column("partial", "不完整", "Partial", "true where only a part of the text was seen", "flag", width=8),
    _column("url", "链接", "Address", "of the post", width=30),
    _column("where", "来源位置", "Where from", "file and row, or the call", width=24),
)
RECORDS: Final = (
    *MENTIONS,
    _column("brand", "品牌", "Brand", "key of the brand that a record names", width=14),
    _column("parent_id", "上级编号", "Parent id", "id of what it answers directly", width=18),
    _column(
        "author_hash",
        "作者散列",
        "Author hash",
        "first 16 hex digits of the id's SHA-256, where the source gives them",
        width=18,
    ),
    _column("author_posts", "作者发帖数", "Author's posts", "empty if unknown", "whole", width=10),
    _column("account_age_days", "账号天数", "Account age", "in days, empty if unknown", "whole", width=10),
    _column("verified", "已认证", "Verified", "empty if unknown", "flag", width=8),
    _column("official", "官方账号", "Official", "true where the author is the brand's own account", "flag", width=8),
    _column("at", "提及账号", "Mentions", "the accounts it names, by `; `", width=18),
)
"""Everything that a mention holds: `sources` reads the same mention back."""
VERDICTS: Final = (
    _column("mention_id", "编号", "Mention", "the mention's id", width=18),
    _column("brand", "品牌", "Brand", "key or name", width=14),
    _column("type", "关联类型", "Type", "one of the four types, none, or undetermined", width=20),
    _column("type_title", "类型", "Type in words", "the same for people, Chinese", width=14),
    _column("also", "同时属于", "Also", "further types that hold, by `; `", width=18),
    _column("grade", "等级", "Grade", "P0 (gravest) to P3, empty for none", width=7),
    _column("suspected", "仅为疑似", "Only suspected", "true where no stated fact decided", "flag", width=10),
    _column("probability", "可能性", "Probability", "of the type, or of the likeliest where undetermined, 0 to 1", "number", width=9),
    *(
        _column(f"score_{name}", f"得分：{zh}", f"Score {name}", "sum of the weights of its findings", "number", width=10)
        for name, zh in (("own_violation", "自身违规"), ("malicious_attack", "恶意攻击"), ("customer_complaint", "客户投诉"),
                         ("algorithm_misjudgment", "算法误判"), ("none", "非负面"))
    ),
    _column("facets", "涉及方面", "Facets", "what it is about, by `; `", width=18),
    _column("why", "依据", "Why", "the strongest reasons, Chinese, a line each", width=50),
    _column("wanted", "待查事实", "To find out", "names of the facts worth finding out, by `; `", width=22),
    _column("facts", "已知事实", "Known facts", "name=yes or name=no, by `; `", width=22),
    *(column for column in MENTIONS if column.name != "id"),
)  # fmt: skip
FINDINGS: Final = (
    _column("mention_id", "编号", "Mention", "the mention's id", width=18),
    _column("rule", "规则", "Rule", "id of the rule or of the kind of proof", width=28),
    _column("type", "指向类型", "Type", "the type it speaks for or against", width=20),
    _column("weight", "权重", "Weight", "above zero for, below against", "number", width=9),
    _column("title", "说明", "Title", "Chinese", width=36),
    _column("title_en", "说明（英文）", "Title in English", "the same in English", width=30),
    _column("fact", "事实", "Fact", "the stated fact it rests on, if any", width=18),
    _column("field", "所在栏", "Field", "title, text or thread_title; empty where it rests on nothing written", width=10),
    _column("start", "起", "Start", "code point in the original field, from 0", "whole", width=7),
    _column("end", "止", "End", "exclusive", "whole", width=7),
    _column("quote", "原文", "Quote", "the characters from start to end", width=30),
    _column("suppressed_by", "被抵消于", "Suppressed by", "the allowed phrase around it that takes its force", width=20),
)
ACTIONS: Final = (
    _column("brand", "品牌", "Brand", "name", width=14),
    _column("plan_type", "关联类型", "Type", "the plan's type", width=20),
    _column("plan_grade", "等级", "Grade", "the plan's grade", width=7),
    _column("case_id", "案件", "Case", "the case it stands in, if any", width=18),
    _column("order", "次序", "Order", "from 1", "whole", width=6),
    _column("id", "步骤", "Step", "id in the playbook", width=9),
    _column("kind", "性质", "Kind", "the sort of act a guard judges", width=12),
    _column("title", "动作", "Title", "Chinese", width=26),
    _column("title_en", "动作（英文）", "Title in English", "English", width=26),
    _column("only_if", "仅当", "Only if", "the case in which alone it is done; empty: always", width=26),
    _column("state", "状态", "State", "of the case's step; empty for a plan", width=14),
    _column("role", "负责", "Role", "who does it", width=10),
    _column("due_at", "截止（北京）", "Due (Beijing)", "empty where it depends on something that has not happened", "time", width=17),
    _column("due_basis", "时限依据", "Counted from", "from what the deadline is counted, and why", width=28),
    _column("channel", "渠道", "Channel", "where", width=28),
    _column("materials", "材料", "Material", "by `; `", width=32),
    _column("done_when", "完成标准", "Done when", "", width=28),
    _column("if_failed", "不成时", "If it fails", "", width=28),
    _column("never", "不要", "Never", "by `; `", width=28),
    _column("basis", "法律或平台依据", "Basis", "by `; `", width=32),
    _column("why", "理由", "Why", "", width=28),
    _column("because", "由何而来", "Because", "ids of the rules and facts that caused it, by `; `", width=24),
)
BLOCKED: Final = (
    _column("brand", "品牌", "Brand", "name", width=14),
    _column("id", "步骤", "Step", "id in the playbook", width=9),
    _column("title", "被拒步骤", "Refused step", "Chinese", width=26),
    _column("guard", "护栏", "Guard", "id of the guard that refused it", width=10),
    _column("reason", "原因", "Reason", "Chinese", width=44),
    _column("until", "还缺", "Until", "what must be there first; empty: never done", width=30),
    _column("instead", "替代做法", "Instead", "the lawful step that serves the same aim", width=44),
)
CAMPAIGNS: Final = (
    _column("campaign", "序号", "Number", "from 1, as given", "whole", width=7),
    _column("brand", "品牌", "Brand", "", width=14),
    _column("score", "强度", "Score", "how strong the proof is", "number", width=8),
    _column("posts", "条数", "Posts", "", "whole", width=7),
    _column("accounts", "账号数", "Accounts", "", "whole", width=7),
    _column("first_at", "最早（北京）", "First (Beijing)", "", "time", width=17),
    _column("last_at", "最晚（北京）", "Last (Beijing)", "", "time", width=17),
    _column("a", "甲", "A", "id of one post of a proving pair", width=18),
    _column("b", "乙", "B", "id of the other", width=18),
    _column("similarity", "相似度", "Similarity", "0 to 1", "number", width=8),
    _column("gap_s", "间隔（秒）", "Gap in seconds", "between the two posts, empty if unknown", "number", width=11),
    _column("kind", "凭据", "Kind", "what makes the pair a proof", width=16),
    _column("why", "说明", "Why", "of the whole campaign, Chinese", width=50),
)
ALERTS: Final = (
    _column("id", "编号", "Id", "the same each time it is sent", width=18),
    _column("at", "时间（北京）", "When (Beijing)", "when it was raised", "time", width=17),
    _column("brand", "品牌", "Brand", "key or name", width=14),
    _column("threshold", "阈值", "Threshold", "the threshold that was passed", width=18),
    _column("grade", "等级", "Grade", "P0 to P3", width=7),
    _column("title", "预警", "Alert", "what happened, Chinese", width=30),
    _column("why", "原因", "Why", "which figure passed which limit, Chinese", width=40),
    _column("text", "摘录", "Quotes", "at most five mentions, people masked", width=50),
    _column("mentions", "涉及", "Mentions", "ids, by `; `", width=36),
)
