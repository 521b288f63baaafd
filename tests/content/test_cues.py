"""Subtitles: what players show passes; what they drop is said; languages are judged by their letters."""

from __future__ import annotations

import io

import pytest

from fake_studio.content.flaw import Inspection
from fake_studio.content.scripts import count_scripts, find_foreign_script
from fake_studio.content.subtitles import inspect_subtitles

CUE = "00:01.000 --> 00:02.500\nHello\n"


def inspect(text: str, encoding: str = "utf-8") -> Inspection:
    return inspect_subtitles(io.BytesIO(text.encode(encoding)))


SHOWN = [
    f"WEBVTT\n\n{CUE}",
    f"\ufeffWEBVTT\n\n{CUE}",
    f"WEBVTT - a film\nKind: captions\nX-TIMESTAMP-MAP=MPEGTS:900000,LOCAL:00:00:00.000\n\n{CUE}",
    f"WEBVTT\r\n\r\n{CUE}".replace("\n", "\r\n"),
    f"WEBVTT\n\nNOTE one\ntwo\n\nSTYLE\n::cue {{ color: red }}\n\nREGION\nid:fred\n\n{CUE}",
    "WEBVTT\n\nintroduction\n100:00:01.000 --> 100:00:02.500 align:start position:10%\n<v Anna>Hello</v>\n",
    f"WEBVTT\n\n{CUE}\n{CUE.replace('Hello', '')}",
    "WEBVTT\n\n00:01.000 --> 00:02.500\n- A -> B\n-> and so on\n",
    "WEBVTT\n\n0:00:01.000 --> 1:00:02.500\nHours of one digit\n",
    "WEBVTT\nKind: captions\nLanguage: en\n00:01.000 --> 00:02.500\nNo blank line before\n",
    "WEBVTT\n1\n00:01.000 --> 00:02.500\nAs SRT has it\n",
    f"WEBVTT\n\nNOTE a --> b\n\nNOTE\nfirst --> second\n\n{CUE}",
]


@pytest.mark.parametrize("text", SHOWN)
def test_what_is_shown_has_no_flaw(text: str) -> None:
    assert (inspect(text).flaws, inspect(text).unchecked) == ((), ())


DROPPED = {
    "1\n00:00:01,000 --> 00:00:02,500\nHello\n": "does not begin with WEBVTT",
    f"WEBVTTX\n\n{CUE}": "does not begin with WEBVTT",
    "<!DOCTYPE html>": "does not begin with WEBVTT",
    "WEBVTT\n\nNOTE nothing yet\n": "no cue",
    "WEBVTT\n\n00:00:01,000 --> 00:00:02,500\nHello\n": "all cues",
    f"WEBVTT\n\n{CUE}\n1:2.3 --> 1:4\nHello\n": "1 of 2 cues",
}


@pytest.mark.parametrize("text", DROPPED)
def test_what_players_drop(text: str) -> None:
    [flaw] = inspect(text).flaws
    assert flaw.code == "subtitle-unreadable"
    assert DROPPED[text] in flaw.message


@pytest.mark.parametrize(("encoding", "says"), [("utf-16", "UTF-16"), ("latin-1", "byte 8 is not UTF-8")])
def test_other_encodings(encoding: str, says: str) -> None:
    [flaw] = inspect(f"WEBVTT\n\né\n{CUE}", encoding).flaws
    assert flaw.code == "subtitle-unreadable"
    assert says in flaw.message


def test_letters_that_were_read_in_another_encoding() -> None:
    broken = CUE.replace("Hello", "déjà vu".encode().decode("cp1252"))
    [flaw] = inspect(f"WEBVTT\n\n{CUE}\n{broken}\n{broken}").flaws
    assert (flaw.code, "should be 'déjà vu'" in flaw.message) == ("text-looks-wrong", True)
    right = CUE.replace("Hello", "déjà vu – «été» ♪ नमस्ते")
    assert inspect(f"WEBVTT\n\n{right}").flaws == ()


def test_an_empty_file() -> None:
    assert [flaw.code for flaw in inspect("").flaws] == ["file-empty"]


def test_when_the_last_cue_begins() -> None:
    assert inspect(f"WEBVTT\n\n01:02:03.500 --> 02:00:00.000\nLate\n\n{CUE}").facts["last_cue"] == 3723.5


def test_what_is_not_spoken_does_not_count() -> None:
    facts = inspect("WEBVTT\n\n00:01.000 --> 00:02.500\n<v Anna>नमस्ते [Music] (laughs) ♪♪ https://example.org\n").facts
    assert set(facts["scripts"]) == {"DEVANAGARI"}


RIGHT = {
    "en": "Hello friends, today water. नमस्ते!",
    "hi": "नमस्ते दोस्तों, आज हम पानी के बारे में सीखेंगे",
    "zh-CN": "你好朋友今天我们学习水的知识",
    "zh-Hant": "你好朋友今天我們學習水的知識 with a few words",
    "ja": "こんにちは、カタカナ水の話です",
    "ko": "안녕하세요 여러분 오늘은 물",
    "ar": "مرحبا يا أصدقاء، اليوم الماء",
    "ur": "پانی اور ہوا کے بارے میں",
    "sr": "zdravo prijatelji moji",
    "sr-LATN": "здраво пријатељи моји",
    "uz": "салом дўстлар бугун",
    "az": "salam dostlar bu gün",
    "pa": "پانی دے بارے وچ",
    "pnb": "ਪਾਣੀ ਬਾਰੇ ਸਿੱਖਾਂਗੇ",
    "ks": "पानी के बारे में सब",
    "kk": "сәлем достар бүгін",
    "ha": "سَنُو يَا أَبُوكَيْ رُوَا",
    "ff": "𞤔𞤢𞤲𞤢 𞤦𞤵𞤪𞤵 𞤢𞤣𞤵𞤲𞤢",
    "vi": "Xin chào các bạn, hôm nay",
    "el": "Γεια σας φίλοι μου",
    "am": "ሰላም ጓደኞች ዛሬ ስለ ውሃ",
    "mul": "नमस्ते दोस्तों आज",
    "rsn": "नमस्ते दोस्तों आज",
    "fr": "Да!",  # too short to say
    "sw": "♪♪ 1, 2, 3 ♪♪",
}


@pytest.mark.parametrize("language", RIGHT)
def test_letters_of_a_language(language: str) -> None:
    assert find_foreign_script(language, count_scripts(RIGHT[language])) is None


FOREIGN = {
    "en": ("नमस्ते दोस्तों आज हम", "Devanagari"),
    "fr": ("Привет, друзья мои", "Cyrillic"),
    "es-MX": ("你好朋友今天我们学习水的知识", "Chinese"),
    "hi": ("Hello friends, today water", "Latin"),
    "ar": ("Bonjour mes amis, aujourd'hui", "Latin"),
    "sr": ("مرحبا يا أصدقاء", "Arabic"),
    "zh": ("Hello friends, today water", "Latin"),
    "ja": ("Hello friends, today water", "Latin"),
}


@pytest.mark.parametrize("language", FOREIGN)
def test_letters_of_another_language(language: str) -> None:
    text, script = FOREIGN[language]
    assert find_foreign_script(language, count_scripts(text)) == script
