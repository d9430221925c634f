"""What the command line says to the people who run it."""

from __future__ import annotations

DESCRIPTION = "咨询台：用对话方式答复企业咨询的助手。"
USAGE = "用法：python -m bot 命令 [选项]"
USAGE_NOTE = "查看某个命令的用法：python -m bot 命令 --help"
COMMANDS = {
    "run": "启动咨询台（网关和对话引擎），出错自动重启",
    "train": "训练识别模型",
    "validate": "检查资料目录中的全部文件",
    "ask": "在终端问一个问题",
    "export": "导出咨询记录（CSV 或 XLSX）",
    "stats": "统计：列出、显示、导出、发布",
    "audit": "用第二种算法重算全部统计，报告差异",
    "register": "登记簿：热线、来信、电话、政府信息公开申请",
    "annual": "政府信息公开工作年度报告",
    "privacy": "个人信息：到期删除、按要求删除",
    "handoffs": "查看、回复、办结转人工的咨询",
    "staff": "建立、重置、停用工作台账号",
    "audit-log": "核验操作日志没有被改动",
    "catalogue": "用 XLSX 表格导出、导入事项目录",
    "menu": "查看公众号菜单，或把菜单发布到平台",
    "status": "查看各部分的运行状态",
    "settings": "列出全部设置（环境变量）及当前值",
}
UNKNOWN_COMMAND = "没有这个命令：{name}。可用的命令：{known}。"
UNKNOWN_SETTING = "提示：环境变量 {name} 不是本程序的设置，请检查拼写。"
STOPPED = "已停止。"

# train
TRAIN_FORCE = "模型没有过期也重新训练"
TRAINING = "正在训练识别模型"
TRAINED = "模型已训练完成，用时 {seconds:.0f} 秒：{model}"
MODEL_UP_TO_DATE = "模型无须重新训练：{model}"
MODEL_NONE = "还没有训练好的模型，请先运行 python -m bot train。"

# validate
ERROR = "错误："
WARNING = "提示："
INVALID = "资料检查未通过：{count} 处错误。"
VALID = "资料检查通过：共 {count} 个条目（{parts}），用时 {seconds:.1f} 秒。"
KINDS = {
    "services": "办事事项",
    "disclosure": "信息公开",
    "hotline": "热线问题",
    "documents": "文件",
    "briefings": "信息简报",
    "contacts": "联系方式",
}
SAMPLES = "其中 {count} 个条目未经本单位审核，只能用于演示。"
SAMPLES_REFUSED = (
    "目录中有 {count} 个条目未经本单位审核（例如 {example}），不能正式启动。"
    "请完成审核；如只作演示，请设置环境变量 BOT_ALLOW_SAMPLES=1。"
)
NOTHING_SERVED = "目录中没有任何可以对外答复的条目，不能启动。"

# run
STARTING = "正在启动 ..."
PORT_TAKEN = "端口 {port} 已被其他程序占用（{what}）。请关闭该程序，或用环境变量 {variable} 换一个端口。"
GATEWAY = "网关"
CONSOLE = "工作台"
BRAINS = "对话引擎"
BRAIN = "对话引擎 {number}"
TRAINER = "模型训练"
FAILED = "{name}没有成功（退出码 {code}），原因见上面的信息。"
DIED_AT_START = "{name}启动失败（退出码 {code}），原因见上面的日志。"
NOT_READY = "{name}在 {seconds:.0f} 秒内没有就绪。"
DIED = "{name}意外退出（{code}），{seconds:.1f} 秒后重新启动。"
HUNG = "{name}已有 {seconds:.0f} 秒没有响应，将强制重新启动。"
READY = "已就绪，用时 {seconds:.1f} 秒。按 Ctrl+C 停止。"
ADDRESSES = (("网页咨询", "/"), ("健康状况", "/health"), ("接口文档", "/api/v1/openapi.json"))
DEMONSTRATION = "注意：当前允许未经审核的示例条目，所有答复仅作演示，不代表本单位正式答复。"
STOPPING = "正在停止 ..."

# settings
SETTING = "{name}\n    {meaning}。应为{form}。默认：{default}"
SETTING_SET = "    当前：{value}"
HIDDEN = "（已设置，不显示）"
EMPTY = "（空）"

# status
PARTS = {"catalogue": "资料目录", "model": "识别模型", "gateway": "网关"}
UP = "正常 {url}{more}"
DOWN = "没有响应 {url}"
NOT_YET = "正在启动 {url}"
CATALOGUE_GOOD = "{count} 个条目，版本 {version}"
CATALOGUE_BAD = "有 {count} 处错误，详见 python -m bot validate"
MODEL_GOOD = "{name}，与现有资料一致"
MODEL_STALE = "没有与现有资料一致的模型，下次启动时自动训练"

# ask
ASK_QUESTION = "要问的问题"
ASK_HERE = "不经过正在运行的网关，在本进程内回答"
ASK_EMPTY = "问题是空的，请写出要问的内容。"
ASK_IN_PROCESS = "网关没有运行或没有开放接口，在本进程内回答 ..."
ASKED = "[结果：{outcome}；条目：{entries}；把握：{confidence:.2f}]"
NONE = "无"
OUTCOMES = {
    "answered": "已答复",
    "clarifying": "待明确",
    "handed_off": "转人工",
    "redirected": "指引其他单位",
    "declined": "不予答复",
    "unanswered": "未能答复",
    "small_talk": "寒暄",
}

# catalogue
CATALOGUE_WAYS = "做什么"
CATALOGUE_EXPORT = "把全部条目导出为一个工作簿"
CATALOGUE_IMPORT = "把改好的工作簿导入事项目录；有任何错误时一个文件也不改"
CATALOGUE_TO = "要写入的文件"
CATALOGUE_FROM = "改好的工作簿"
CATALOGUE_CHECK = "只检查，不写入"
EXPORTED = "已导出 {count} 个条目：{file}"
NOT_IMPORTED = "发现 {count} 处错误，没有导入任何内容。"
IMPORTED = "已导入：修改 {changed} 个，新增 {added} 个，未变 {unchanged} 个。"
IMPORT_CHECKED = "检查通过，没有写入。导入时将修改 {changed} 个，新增 {added} 个，未变 {unchanged} 个。"
CHANGED = "修改：{ids}"
ADDED = "新增：{ids}"
ABSENT = "工作簿中没有、目录中保留不动：{ids}"
CANNOT_WRITE = "无法写入 {file}：请检查文件夹是否存在、是否允许写入。"

# export
EXPORT_FILE = "文件"
EXPORT_FILE_HELP = "要写入的 .csv 或 .xlsx 文件"
EXPORT_BY = "方式"
EXPORT_BY_HELP = (
    "按什么统计,可用逗号并列:day 日、month 月、topic 类别、item 事项、outcome 结果、channel 渠道;"
    "不写则导出明细"
)
EXPORT_FROM_HELP = "从哪天起(含),北京时间"
EXPORT_TO_HELP = "到哪天止(含),北京时间"
DAY = "年-月-日"
DAY_WRONG = "日期应写成 2026-01-31 的形式"
EXPORT_BY_WRONG = "只能是 {known}"
EXPORT_KIND = "{file}:文件名应以 .csv 或 .xlsx 结尾。"
EXPORT_ONE_TABLE = "CSV 文件只能放一张表,请只选一种统计方式,或改用 .xlsx。"
EXPORT_DAYS = "起始日期晚于截止日期,请检查 --from 和 --to。"
EXPORTED_ENQUIRIES = "已导出 {count} 件咨询:{file}"

# handoffs
HANDOFF_WAYS = "做什么"
HANDOFF_LIST = "列出没有办结的咨询"
HANDOFF_SHOW = "显示一件咨询的对话和经过(个人信息已遮盖)"
HANDOFF_CLAIM = "接手一件咨询"
HANDOFF_REPLY = "在对方的聊天里答复(还没有人接手的,同时接手)"
HANDOFF_TRANSFER = "转给其他科室,对方接收以前仍由本科室负责"
HANDOFF_ACCEPT = "接收转来的咨询"
HANDOFF_RETURN = "退回转来的咨询,写明理由和建议去向"
HANDOFF_CLOSE = "办结一件咨询"
RECEIPT = "回执号"
RECEIPT_HELP = "对方拿到的八位回执号"
REPLY_TEXT = "答复"
REPLY_TEXT_HELP = "要发给对方的文字"
BY, BY_HELP = "姓名", "由谁办理(默认 {by})"
SECTION, SECTION_HELP = "科室", "办理人所在科室的标识(默认为负责这件咨询的科室)"
TO_HELP = "转给哪个科室(标识)"
REASON, REASON_HELP = "理由", "理由"
PROPOSE_HELP = "建议由哪个科室办理(标识)"
OUTCOME_HELP = "办结的结果:{outcomes}(默认 answered)"
OUTCOME = "结果"
ENTRY, ENTRY_HELP = "条目", "这件咨询所属条目的标识,与助手判断不同时更正"
INTERIM_HELP = "只是阶段性回复,还会再答复"
NO_HANDOFF = "没有回执号为 {number} 的转人工咨询。用 python -m bot handoffs list 查看全部。"
NO_ENTRY = "没有标识或编号为 {entry} 的条目。"
HANDOFF_DONE = "{number} {state}。负责科室:{section},办理人:{person},期限:{due}。"
NOBODY = "无"
NOT_DUE = "待定"
HANDOFF_COUNT = "共 {count} 件没有办结。"
NOT_ARRIVED = "    (上面这条没有送到:{reason})"
AUTHORS = {"enquirer": "咨询人", "bot": "助手", "staff": "工作人员"}

# staff
STAFF_WAYS = "要做的事"
STAFF = {
    "add": "新建账号，显示一次性密码",
    "list": "列出账号",
    "reset": "重置密码，显示一次性密码",
    "disable": "停用账号",
    "enable": "启用账号",
}
STAFF_LOGIN = "账号"
STAFF_LOGIN_HELP = "3 至 32 位小写字母、数字、点、横线或下划线，以字母开头"
STAFF_ROLE_HELP = (
    "角色：staff 科室人员，section_head 科室负责人，office 办公室，auditor 审计员，administrator 系统管理员"
)
STAFF_POST_HELP = "岗位名称，不写姓名"
STAFF_SECTION_HELP = "科室的代码（data/bureau.yml），办理人员必填，办公室角色可不填"
STAFF_PASSWORD = "账号 {login} 的一次性密码：{password}\n只显示这一次，{days} 天内有效，首次登录必须更改。"
STAFF_DONE = "账号 {login} 已更改。"
STAFF_DISABLED = "  （已停用）"
STAFF_WRONG = "账号信息有误。"
STAFF_ERRORS = {
    "login_form": "账号应为 3 至 32 位小写字母、数字、点、横线或下划线，以字母开头。",
    "login_taken": "这个账号已经有了，请换一个；忘记密码请用 staff reset。",
    "login_unknown": "没有这个账号，用 staff list 查看。",
    "post_form": "请用 --post 填写岗位名称（不超过 40 字），不写姓名。",
    "section_needed": "办理人员必须用 --section 指明科室，可用：{sections}。",
}

# audit-log
AUDIT_WAY = "verify：重新计算每一行的封签"
AUDIT_HEAD = "行号:封签"
AUDIT_HEAD_HELP = "以前抄下的链尾，核对它仍在原处"
AUDIT_HEAD_FORM = "链尾应写成 行号:封签（封签 64 位），即上次核验时显示的那一串。"
AUDIT_BREAKS = {"missing": "缺少该行", "changed": "该行内容被改动", "head": "末尾的记录缺失或与链尾不符"}
AUDIT_BROKEN = "操作日志核验未通过：第 {number} 行，{how}。请立即保全数据库并报告。"
AUDIT_WHOLE = "操作日志完整：{count} 行。链尾：{count}:{seal}"
REPLIED = "已发出,回执号 {number}。对方在线时马上显示,不在线的下次打开时看到。"

# menu
MENU_ACTION = "show 只显示;push 发布到平台(会替换原有菜单)"
MENU_CHANNEL = "哪个平台"
MENU_PUSHED = "菜单已发布,用户最多五分钟后看到。"
MENU_NEEDS = "缺少环境变量 {prefix}_APP_ID 或 {prefix}_APP_SECRET,不能发布菜单。"
MENU_REFUSED = "平台没有接受菜单(错误码 {code})。"
MENU_UNREACHABLE = "连不上平台接口 {url},菜单没有发布。"
