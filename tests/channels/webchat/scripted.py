"""A whole web chat in a process, answering from a script: ``python -m tests.channels.webchat.scripted``."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence
from pathlib import Path

from aiohttp import web

from bot.channels.webchat import Face, Limits, Options, Rate, WebChat, read_texts
from bot.desk.bureau import Bureau
from bot.desk.messages import QuickReply, Reply
from tests.channels.webchat.memory_desk import MemoryDesk

TEXTS = Path(__file__).parents[3] / "data" / "responses" / "webchat.yml"
NOTICE = "演示数据,非官方答复"
BUREAU = Bureau(
    name="阜阳市工业和信息化局",
    short_names=("市工信局",),
    former_names=(),
    address="阜阳市颍州区清河路539号市政府5楼",
    phone="0558-2264104",
    website="https://gxj.fy.gov.cn",
    hours=None,
    sections={},
    bodies={},
    default_section="office",
)

MATERIALS = """【优质中小企业梯度培育】申报材料
1. 创新型中小企业、专精特新中小企业申请书;
2. 营业执照副本复印件;
3. 上一年度审计报告(含研发费用明细),由会计师事务所出具并加盖骑缝章,附报告防伪查询页;
4. 知识产权证书、获奖证书等佐证材料。
依据:
优质中小企业梯度培育管理暂行办法(工信部企业〔2022〕63号)第三章
请注意:
未列入清单的材料不需要提交(示例)
承办:中小企业科
咨询:阜阳市工业和信息化局 0558-2264104,阜阳市颍州区清河路539号市政府5楼
原文:https://gxj.fy.gov.cn/OpennessAnnualReport/show/301.html。
核对日期:2026-11-23
(演示资料,未经本局审核,不是正式答复)"""

HOSTILE = (
    '<img src="x" onerror="document.title=1"><script>document.title=2</script>'
    "<b>粗</b> javascript:alert(1) 见(https://example.gov.cn/a_(b)?x=1&y=2),"
    "或 http://example.org/路径。 ftp://example.org"
)


def answer(text: str) -> Sequence[Reply]:
    """Give what the script says to a question."""
    if "代码" in text:
        return (Reply(HOSTILE),)
    if "长" in text:
        return (Reply("\n".join(f"{n}. 第{n}行,说明这一条的具体要求和办理方法。" for n in range(1, 61))),)
    if "两段" in text:
        return (Reply("第一段。"), Reply("第二段。", (QuickReply("转人工", "转人工"),)))
    titles = ("办理流程", "办理时限")
    buttons = (*(QuickReply(t, f"专精特新的{t}") for t in titles), QuickReply("转人工", "转人工"))
    if "专精特新" in text and "的" not in text:
        return (Reply(MATERIALS, buttons),)
    return (Reply(f"您问的是:{text}", buttons),)


def build(journal: Path | None, delay: float, origins: tuple[str, ...]) -> web.Application:
    """Make the application with its desk and channel."""
    desk = MemoryDesk(answer, delay, journal)
    texts = read_texts(TEXTS)
    limits = Limits(sends_per_session=Rate(200, 20), lines_per_address=Rate(1000, 100))
    channel = WebChat(lambda: Face(BUREAU, texts, NOTICE), Options(origins, limits=limits))
    desk.channel = channel
    app = web.Application()
    channel.add_routes(app, desk)

    async def staff(request: web.Request) -> web.Response:
        body = await request.json()
        sender = desk.questions[-1].message.sender
        delivery = await desk.say(sender, body["text"])
        return web.json_response({"state": delivery.state.value})

    async def resume(_: web.Application) -> None:
        desk.resume()

    async def close(_: web.Application) -> None:
        await desk.close()

    app.router.add_post("/script/staff", staff)
    app.on_startup.append(resume)
    app.on_cleanup.append(close)
    return app


def main() -> None:
    """Serve until ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8099)
    parser.add_argument("--journal", type=Path)
    parser.add_argument("--delay", type=float, default=0.3)
    parser.add_argument("--origin", action="append", default=[])
    given = parser.parse_args()
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    app = build(given.journal, given.delay, tuple(given.origin))
    web.run_app(app, host="127.0.0.1", port=given.port, loop=loop, print=None)


if __name__ == "__main__":
    main()
