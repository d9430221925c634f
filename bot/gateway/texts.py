"""The sentences of the gateway that are no answers: refusals, the notice of a demonstration, starting up."""

DEMONSTRATION = "演示系统:所用资料未经本局审核,答复不是正式答复。"
SAMPLES_REFUSED = (
    "知识目录中有 {count} 个条目未经本单位审核(例如 {example}),不能正式启动。"
    "请完成审核;如只作演示,请设置环境变量 BOT_ALLOW_SAMPLES=1。"
)
PORT_TAKEN = "端口 {port} 无法使用({reason}),请换一个端口(环境变量 BOT_PORT)或停掉占用它的程序。"
SECRET_DIFFERS = (
    "保密串与数据库中登记的不一致:多台机器共用一个数据库时必须使用同一个 BOT_SECRET,"
    "换机器时请一并带走 BOT_VAR 文件夹下的 secret 文件。"
)
UNKNOWN_CHANNEL = "环境变量 BOT_CHANNELS 中有不认识的渠道:{names}。可用的渠道:{known}。"
CHANNEL_NEEDS = "渠道 {channel} 已启用,但还缺少环境变量:{names}。"
UNKNOWN_SETTING = "注意:不认识的环境变量 {name},未使用。"
LISTENING = "网关已启动:{url}"

NOT_FOUND = "没有这个地址。"
METHOD = "这个地址不支持这种请求方法。"
TOO_LARGE = "发送的内容太大。"
TOO_SLOW = "发送的内容迟迟没有传完,请重试。"
BROKEN = "系统出错,已经记录,请稍后再试。"
REFUSED = "请求无法处理。"
