"""What is sent instead of what is meant: odd texts and values, and ways to spoil what was right."""

from __future__ import annotations

import json
import random
from typing import Any

ODD_TEXTS = (
    *("", " ", "\t\n", "\0", "a\0b", "/", "/restart", '/ask{"topic":"housing"}', "／session_start", "EXTERNAL: x"),
    *("养老院床位有多少", "小孩两岁有没有托班", "今天天气怎么样", "都不是", "2", "第二个", "你好", "转人工"),
    *(
        "\ud800",
        "养老\udfff院",
        "\ufeff养老院",
        "\u202e养老院\u202c",
        "\u2066养老",
        "养\u200b老\u200d院",
        "e" + "\u0301" * 300,
    ),
    *(
        "👨‍👩‍👧‍👦" * 40,
        "🇨🇳🇨",
        "ﷺ" * 50,
        "\U0010ffff",
        "𠮷𡈽",
        "㍿㌔",
        "ＡＢＣ１２３",
        "ß" * 99,
        "ı İ",
        "\u1100\u1161" * 80,
        "\x7f\x80\x9f",
    ),
    *(
        "a" * 1001,
        "养" * 1000,
        "养" * 5001,
        "？" * 999,
        "（" * 500,
        "1" * 900,
        "9" * 400 + "张",
        "-" * 999 + "!",
        "的" * 997 + "吗？",
    ),
    *(
        "养老院" * 300,
        "不" * 500 + "是",
        "( " * 400,
        "0." * 300 + "%",
        "138" + "0" * 900,
        "a@" * 400,
        "a" * 300 + "@" + "b" * 300 + ".",
    ),
    *(
        "' OR 1=1--",
        '"; DROP TABLE turn;--',
        "<script>alert(1)</script>",
        "{{7*7}}",
        "${jndi:ldap://x/y}",
        "%s%n%x",
        "$(id)",
        "`id`",
    ),
    *(
        "../../../etc/passwd",
        "..%2f..%2fetc%2fpasswd",
        "%00",
        "%c0%ae",
        "file:///etc/passwd",
        "http://127.0.0.1:5055/webhook",
    ),
    *(
        "NaN",
        "null",
        "undefined",
        "true",
        "1e400",
        "-1",
        "0x7f",
        "９９９９９９９９９９９９９９９９",
        "二〇二五",
        "٣٤٥",
        "1" + "0" * 308,
    ),
    *(
        "=1+1",
        "@SUM(1)",
        "\r\nSet-Cookie: a=b",
        "a\r\n\r\nGET / HTTP/1.1",
        "楼下冒烟了",
        "我不想活了",
        "13812345678",
        "310118199001011234",
    ),
)
ODD_VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 2**31, 2**63, -(2**64), 10**300, 1.5, -0.0, float("nan"), float("inf"), [], {}),
    *([[]], {"": ""}, {"a": {"b": {"c": []}}}, ["养老院"], [None] * 50, {"message": "养老院"}, {"__proto__": {}}),
)


def odd_text(random_: random.Random) -> str:
    """One of the odd texts, or two, or random characters of the whole of Unicode."""
    kind = random_.random()
    if kind < 0.6:
        return random_.choice(ODD_TEXTS)
    if kind < 0.8:
        return random_.choice(ODD_TEXTS)[:400] + random_.choice(ODD_TEXTS)[:400]
    return "".join(chr(random_.randrange(0x110000)) for _ in range(random_.randrange(60)))


def nested(depth: int, random_: random.Random) -> Any:
    """Lists and objects in one another."""
    value: Any = "养老院"
    for _ in range(depth):
        value = [value] if random_.random() < 0.5 else {"a": value}
    return value


def odd_value(random_: random.Random) -> Any:
    """Any JSON value that nobody means."""
    kind = random_.random()
    if kind < 0.6:
        return odd_text(random_)
    return random_.choice(ODD_VALUES) if kind < 0.95 else nested(random_.choice((5, 31, 33, 200)), random_)


def spoiled(body: dict[str, Any], random_: random.Random) -> Any:
    """A right body with fields changed, taken out, doubled in another form, or something else altogether."""
    made: Any = dict(body)
    for _ in range(random_.choice((0, 1, 1, 1, 2, 3))):
        name = random_.choice([*made, "sender", "metadata", "session", "input_channel", "😀"]) if made else "message"
        if random_.random() < 0.15:
            made.pop(name, None)
        else:
            made[name] = odd_value(random_)
    return odd_value(random_) if random_.random() < 0.03 else made


def as_bytes(value: Any, random_: random.Random) -> bytes:
    """JSON in one of the forms in which it may be written; half characters stay escaped."""
    if random_.random() < 0.5:
        return json.dumps(value).encode()
    text = json.dumps(value, ensure_ascii=False)
    encoding = random_.choice(("utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16", "gb18030"))
    half = "surrogatepass" if random_.random() < 0.2 and encoding.startswith("utf") else "replace"
    return text.encode(encoding, half)


def damaged(raw: bytes, random_: random.Random) -> bytes:
    """Bytes with pieces flipped, cut, doubled, or put in."""
    made = bytearray(raw)
    for _ in range(random_.choice((0, 0, 0, 1, 2, 6))):
        at = random_.randrange(len(made) + 1)
        kind = random_.randrange(4)
        if kind == 0 and made:
            made[min(at, len(made) - 1)] ^= 1 << random_.randrange(8)
        elif kind == 1:
            del made[at : at + random_.randrange(20)]
        elif kind == 2:
            made[at:at] = made[at : at + random_.randrange(200)]
        else:
            made[at:at] = random_.randbytes(random_.randrange(8))
    return bytes(made)
