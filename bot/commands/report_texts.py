"""What the commands of the reports say to the people who run them."""

from __future__ import annotations

from bot.commands.texts import CANNOT_WRITE, DAY, DAY_WRONG

__all__ = ["CANNOT_WRITE", "DAY", "DAY_WRONG"]

WAYS = "做什么"
FILE = "文件"
POST = "岗位"
POST_HELP = "谁发布（写岗位）"
SECTION = "科室"
SECTION_HELP = "只统计一个科室（写科室标识，见 data/bureau.yml）"
FROM_HELP = "从哪天起（含），北京时间；不写则从当年 1 月 1 日起"
TO_HELP = "到哪天止（含），北京时间；不写则到今天"
DAYS_WRONG = "起始日期晚于截止日期，请检查 --from 和 --to。"

# stats
STATS_WAYS = {
    "list": "列出全部统计",
    "show": "在终端显示一项统计",
    "export": "导出为 .xlsx（一项一张表）或 .csv（一项）",
    "publish": "把一项统计记为已发布，供以后核对",
    "published": "列出已发布的统计",
}
FILE_HELP = "要写入的 .csv 或 .xlsx 文件"
STATISTIC = "统计"
STATISTIC_HELP = "统计的标识，用 stats list 查看"
STATISTICS_HELP = "统计的标识，不写则全部导出"
NO_STATISTIC = "没有标识为 {name} 的统计。用 python -m bot stats list 查看全部。"
STATS_KIND = "文件名应以 .xlsx 结尾；导出为 .csv 时只能选一项统计。"
STATS_EXPORTED = "已导出 {count} 项统计：{file}"
NOT_OVER = "只能发布已经结束的日期范围：截止日期须早于今天。"
PUBLISHED = "已记为发布第 {number} 号：{title}（口径版本 {version}）。"

# audit
AUDIT_SCOPE = "只核对这些日期的统计；不写则核对全部日期"
AUDIT_NOW = "现有统计：两种算法各算一遍，共 {count} 项。"
AUDIT_PUBLISHED = "已发布统计：按发布时的记录重算，共 {count} 项。"
AUDIT_VERDICTS = {
    "proven": "一致",
    "corrected": "发布后有更正（{corrections} 次），按发布时的记录重算一致；现在的数字不同：",
    "wrong": "不一致：",
    "changed": "存档被改动过",
    "unsummed": "各行之和不等于合计",
}
AUDIT_DIFFERENCE = "    {key}  {column}：{first} → {second}"
AUDIT_WHOLE = "合计"
AUDIT_GOOD = "核对完毕，没有发现无法解释的差异。"
AUDIT_BAD = "核对完毕，{count} 项有问题。"
