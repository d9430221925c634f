"""One way of writing for every text."""

import pytest

from bot.search.normalise import _SIMPLE, _SPACE, _written_one_way, normalise, runs
from bot.search.pinyin import fold, initials, segment, sound


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("國企拖欠貨款", "国企拖欠货款"),
        ("ABC１２３", "abc123"),
        ("技\u200b改 \u3000 备案\t", "技改 备案"),
        ("Ｗｅｂ", "web"),
        ("\ufeff你好", "你好"),
    ],
)
def test_normalise(written: str, plain: str) -> None:
    assert normalise(written) == plain


def test_normalising_twice_changes_nothing() -> None:
    text = normalise("臺灣資訊〔２０２３〕２４３號")
    assert normalise(text) == text


def test_runs() -> None:
    assert runs("首台套abc 3.5 万元") == ["首台套", "abc", "3.5", "万元"]


def test_confused_sounds_are_one() -> None:
    assert sound("是") == sound("四")
    assert sound("能") == sound("冷")
    assert fold("jing") == fold("jin")
    assert sound("报") != sound("到")


def test_pinyin_is_cut_into_syllables() -> None:
    assert segment("zhuanjingtexin") == ("zuan", "jin", "te", "xin")
    assert segment("xyz") == ()


def test_initials() -> None:
    assert initials("专精特新") == "zjtx"


def test_what_is_written_simply_comes_to_the_same_character_by_character() -> None:
    def at_length(text: str) -> str:
        return _SPACE.sub(" ", _written_one_way(text)).strip()

    simple = [chr(code) for code in range(0x10000) if _SIMPLE.fullmatch(chr(code))]
    assert len(simple) > 27_000
    texts = ["".join(simple[n :: len(simple) // 40]) for n in range(300)]
    texts += [f"a {character} 国" for character in map(chr, range(0x10000))]
    assert [normalise(text) for text in texts] == [at_length(text) for text in texts]
