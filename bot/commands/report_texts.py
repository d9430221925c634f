"""What the commands of the reports say to the people who run them."""

from __future__ import annotations

from bot.commands.texts import CANNOT_WRITE, DAY, DAY_WRONG

__all__ = ["CANNOT_WRITE", "DAY", "DAY_WRONG"]

SECRET_DIFFERS = "保密串与数据库不符，没有操作。请检查 BOT_VAR 和 BOT_SECRET。"
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
    "monthly": "写一个月的月报（.docx）",
    "clusters": "把相近的未能答复的问题归到一起，多的在前",
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
NUMBER_OF = "个数"
MOST_HELP = "最多显示几组"
TEXT_DELETED = "（文字已按保存期限删除）"
CLUSTERS = "未能答复的咨询共 {whole} 件，归为 {count} 组，显示 {shown} 组。"
MONTH = "年-月"
MONTH_HELP = "哪个月，例如 2026-10"
MONTH_WRONG = "月份应写成 2026-10 的形式"
MONTHLY_FILE_HELP = "要写入的 .docx 文件"
MONTHLY_WRITTEN = "已写出 {month} 月报：{file}"
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

# annual
ANNUAL_WAYS = {
    "show": "显示一年的年报数字和核对结果（2014、2023 年显示已发布的原文数字）",
    "supply": "填报登记簿里没有的数字或文字（行政许可、处罚、收费，问题与改进等）",
    "export": "写成 .docx 或 .xlsx",
    "publish": "记为已发布（勾稽关系都成立时）",
}
YEAR = "年度"
YEAR_HELP = "报告年度，例如 2025"
ANNUAL_FILE_HELP = "要写入的 .docx 或 .xlsx 文件"
CELL = "项目"
CELL_HELP = "要填报的项目，用 annual show 查看名称"
VALUE = "内容"
VALUE_HELP = "数字或文字"
BASIS = "依据"
BASIS_HELP = "数字从哪里来"
CATALOGUE_FIRST = "资料目录有错误，请先运行 python -m bot validate。"
NOT_SUPPLIED = "（未填报）"
CHECK = "核对："
ANNUAL_KIND = "文件名应以 .docx 或 .xlsx 结尾。"
ANNUAL_WRITTEN = "已写出《{title}》：{file}"
SUPPLIED = "已填报 {cell}：{value}"
NOT_PUBLISHED = "有未解决的问题，没有发布。"
ANNUAL_PUBLISHED = "《{title}》已记为发布。"
AT_LEAST = "（按下界 {number} 存）"
NOT_TOLD = "年报没有说明"
SUM = "{name}：各项相加 {parts} = {sum}，原文为 {whole}，相差 {difference}。"
CONTRADICTS = "原文互相矛盾，照录不改。"
HOLDS = "一致。"
ROUGHLY = "原文带“余、多”，只能近似比较。"

# register
REGISTER_WAYS = {
    "add": "登记一件",
    "step": "登记一步（答复、补正、延期、征求意见等）",
    "list": "列出一类登记件",
    "show": "显示一件的全部步骤",
    "refresh": "导入新的年度日历后，补定待定的到期日",
}
KIND = "类别"
KIND_HELP = (
    "citizens_hotline 百姓热线、on_air 政风行风热线（按次）、web_letter 网站来信、telephone 电话咨询、"
    "application 政府信息公开申请、dispute 复议诉讼"
)
NUMBER = "编号"
NUMBER_HELP = "登记编号，如 GK2026-17"
STEP = "步骤"
STEP_HELP = (
    "answered 答复（办结）、amended 更正、voided 作废；公开申请另有 confirmed 确认收到、"
    "correction_asked 告知补正、corrected 收到补正、consulted 征求意见、consult_ended 征求结束、"
    "extended 延期、fee_noticed 收费通知、fee_paid 已缴费"
)
ON_HELP = "发生在哪天，不写则为今天"
WHO_HELP = "谁登记（写岗位）"
REGISTER_FIELDS = {
    "section": "科室标识",
    "topic": "类别：services、disclosure、hotline、documents、briefings、contacts",
    "entry": "事项标识",
    "category": "复议诉讼类型：reconsideration、litigation_direct、litigation_after",
    "applicant": "申请人：person、company、research、charity、law_firm、other",
    "method": "提交方式：in_person、signed_mail、plain_mail、online_or_fax",
    "confirmed": "网络、传真、平信：双方已确认收到的，写确认的方式",
    "quantity": "直播场次里的听众问题数",
    "outcome": "结果：answered、redirected、declined；公开申请写年报行号，如 R3.1；"
    "复议诉讼写 upheld、corrected、other",
    "reason": "理由（更正、作废、延期必写）",
    "items": "需要补正的事项",
    "until": "补正的合理期限",
    "whom": "征求谁的意见：third_party、agency",
    "days": "延长的工作日数",
    "approver": "批准延期的负责人岗位",
    "received_on": "更正后的收到日期",
}
PERSON_FIELDS = {
    "name": "姓名或名称（单独保存，到期删除）",
    "contact": "联系方式（单独保存，到期删除）",
    "identity": "身份证明（只在公开申请中收集，单独保存，到期删除）",
    "text": "来件内容（单独保存，到期删除）",
}
REGISTERED = "已登记，编号 {number}。"
STEPPED = "{number} 已登记，现在的环节 {stage}，到期日 {due}。"
UNDETERMINED = "待定"
VOID = "（已作废）"
NO_CASE = "登记簿里没有编号为 {number} 的件。"
REFRESHED = "补定了 {count} 件的到期日。"
AUDIT_FORMS = "已发布年报：按发布时的登记重算，共 {count} 份。"

# privacy
PRIVACY_WAYS = {
    "schedule": "显示各类个人信息的保存期限",
    "sweep": "删除已到期的个人信息（建议每天运行一次）",
    "forget": "按本人要求删除一个人的个人信息",
}
RETAINED = {
    "typed_text": "收到的原文",
    "conversation": "会话",
    "identity": "身份证明",
    "person": "登记件的来件人",
    "exports": "导出文件",
    "logs": "日志文件",
}
SCHEDULE = "{what}：保存 {days} 天"
UNDECIDED = "这些天数是程序附带的暂定值，请由本单位确定后写入 data/retention.yml。"
SWEPT = "{what}：删除 {count}"
FORGET_RECEIPT = "对方的回执号"
FORGET_CONVERSATION = "会话标识"
FORGET_CASE = "登记编号，删除来件人的姓名、联系方式、身份证明和来件内容"
NOBODY = "没有找到可以删除的个人信息，请检查编号。"
FORGOTTEN = "已删除，件数和统计不变；同时删除导出文件 {files} 个。"
