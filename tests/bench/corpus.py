#!/usr/bin/env python3
"""Makes the bench's input: answers of the Messages API as they come from a connection, and what a client must hand out.

    corpus.py FOLDER [megabytes]

    plain.http    the shape the service sends today, one HTTP chunk for each event
    other.http    other orders of members, other spacing, chunks that cut events anywhere
    KIND.http     under worst/: twelve inputs that are as costly as they can be made, at 10 KB and at 100 KB

Beside each: .ends, where each answer ends (little-endian 64-bit numbers), and .text, what must come out, answer by
answer: one line "kind index size" for each run of text and then its bytes. Equal arguments give equal bytes.
"""
import json
import random
import struct
import sys
from pathlib import Path

WORDS = """the of and to in is that it for was on are as with be at by this have from or one had not but what all were
when we there can an your which their said if do will each about how up out them then she many some so these would other
into has more her two like him see time could no make than first been its who now people my made over did down only way
find use may water long little very after words called just where most know get through back much before go good new
write our used me man too any day same right look think also around another came come work three word must because does
part even place well such here take why things help put years different away again off went old number great tell men
say small every found still between name should home big give air line set own under read last never us left end along
while might next sound below saw something thought both few those always looked show large often together asked house
world going want school important until form food keep children feet land side without boy once animals life enough
took sometimes four head above kind began almost live page got earth need far hand high year mother light parts country
father let night following picture being study second eyes soon times story boys since white days ever paper hard near
sentence better best across during today others however sure means knew try told young miles sun ways thing whole hear
example heard several change answer room sea against top turned learn point city play toward five using himself usually
firmware buffer socket transport stream token register interrupt scheduler allocate temperature""".split()
MARKS = [",", ".", ":", "(", ")", "**", "`", "-", "\"", "'", "/", "=", "{", "}", "\\", "#", "<", "&", "%"]
FOREIGN = ["\u00e9", "\U0001f600", " na\u00efve", "\U0001f680", " \u2014", " \u65e5\u672c", "\u201c", "\u201d", "\u2026"]
BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
KINDS = {"text": "text", "thinking": "thinking", "partial_json": "tool_input", "signature": "signature"}

HEAD = """HTTP/1.1 200 OK
Date: Sat, 21 Nov 2026 21:46:07 GMT
Content-Type: text/event-stream; charset=utf-8
Transfer-Encoding: chunked
Connection: keep-alive
Cache-Control: no-cache
anthropic-ratelimit-requests-limit: 4000
anthropic-ratelimit-requests-remaining: 3999
anthropic-ratelimit-requests-reset: 2026-11-21T21:46:08Z
anthropic-ratelimit-output-tokens-limit: 400000
anthropic-ratelimit-output-tokens-remaining: 400000
anthropic-ratelimit-output-tokens-reset: 2026-11-21T21:46:08Z
request-id: req_011CSHoEeqs5C35K2UUqR7Fy
strict-transport-security: max-age=31536000; includeSubDomains; preload
via: 1.1 google
cf-cache-status: DYNAMIC
Server: cloudflare

""".replace("\n", "\r\n").encode()


class Answer:
    """The events of one answer, and the runs of text in it."""

    def __init__(self, chance, dump):
        self.chance, self.dump = chance, dump
        self.events = []
        self.runs = []  # [kind, index, bytes]

    def event(self, data, pad=True):
        text = self.dump(data)
        if pad and self.chance.random() < 0.35:  # the service pads some events in front of the last brace
            text = text[:-1] + " " * self.chance.randint(1, 12) + text[-1]
        self.events.append(f"event: {data['type']}\ndata: {text}\n\n".encode())

    def start(self, index, block):
        self.event({"type": "content_block_start", "index": index, "content_block": block})

    def delta(self, index, kind, member, text, **more):
        self.event({"type": "content_block_delta", "index": index, "delta": {"type": kind, member: text}}, **more)
        self.run(KINDS[member], index, text.encode())

    def run(self, kind, index, text):
        if not text:
            return
        if not self.runs or self.runs[-1][:2] != [kind, index]:
            self.runs.append([kind, index, b""])
        self.runs[-1][2] += text

    def stop(self, index):
        self.event({"type": "content_block_stop", "index": index})

    def begin(self):
        self.event({"type": "message_start", "message": {
            "model": "claude-sonnet-5", "id": "msg_01" + self.letters(22), "type": "message", "role": "assistant",
            "content": [], "stop_reason": None, "stop_sequence": None, "usage": {
                "input_tokens": self.chance.randint(10, 90000), "cache_creation_input_tokens": 0,
                "cache_read_input_tokens": 0, "cache_creation": {"ephemeral_5m_input_tokens": 0,
                                                                 "ephemeral_1h_input_tokens": 0},
                "output_tokens": self.chance.randint(1, 8), "service_tier": "standard"}}})

    def end(self, reason):
        self.event({"type": "message_delta", "delta": {"stop_reason": reason, "stop_sequence": None},
                    "usage": {"input_tokens": 100, "output_tokens": 4711}})
        self.event({"type": "message_stop"})

    def letters(self, count):
        return "".join(self.chance.choices(BASE64[:62], k=count))


def words(chance, count):
    """So many tokens: mostly short words, some marks, line ends, digits and letters from elsewhere."""
    text = ""
    for _ in range(count):
        dice = chance.random()
        if dice < 0.80:
            text += " " + chance.choice(WORDS)
        elif dice < 0.91:
            text += chance.choice(MARKS)
        elif dice < 0.95:
            text += chance.choice(["\n", "\n\n", "\n", "\t"])
        elif dice < 0.98:
            text += str(chance.randint(0, 999))
        else:
            text += chance.choice(FOREIGN)
    return text


def tokens(chance):
    return chance.choices([1, 2, 3, 4, 5, 6], [30, 22, 18, 14, 10, 6])[0]


def answer(chance, dump):
    """Perhaps thinking, then text, then perhaps tool calls."""
    one = Answer(chance, dump)
    one.begin()
    index = 0
    if chance.random() < 0.7:
        one.start(0, {"type": "thinking", "thinking": "", "signature": ""})
        one.event({"type": "ping"})
        for _ in range(chance.randint(30, 120)):
            one.delta(0, "thinking_delta", "thinking", words(chance, tokens(chance)))
        one.delta(0, "signature_delta", "signature", one.letters(598) + "==")
        one.stop(0)
        index = 1
    one.start(index, {"type": "text", "text": ""})
    for _ in range(chance.randint(120, 500)):
        one.delta(index, "text_delta", "text", words(chance, tokens(chance)))
        if chance.random() < 0.004:
            one.event({"type": "ping"})
    one.stop(index)
    calls = chance.randint(1, 3) if chance.random() < 0.5 else 0
    for index in range(index + 1, index + 1 + calls):
        one.start(index, {"type": "tool_use", "id": "toolu_01" + one.letters(22), "name": "get_weather", "input": {}})
        given = json.dumps({"path": words(chance, 2), "query": words(chance, 20), "limit": 7, "flags": [True, None]},
                           ensure_ascii=False)
        one.delta(index, "input_json_delta", "partial_json", "")
        while given:
            size = chance.randint(2, 20)
            one.delta(index, "input_json_delta", "partial_json", given[:size])
            given = given[size:]
        one.stop(index)
    one.end("tool_use" if calls else "end_turn")
    return one


def dump_plain(chance):
    """As the service writes today: no blanks; now and then everything beyond ASCII escaped."""
    return lambda data: json.dumps(data, separators=(",", ":"), ensure_ascii=chance.random() < 0.1)


def dump_other(chance):
    """Members in another order, other blanks: one way for each answer, so that none can be learned for good."""
    backward, blanks = chance.random() < 0.5, chance.choice([(", ", ": "), (" ,", " : "), (",", ":"), (",  ", ":\t")])

    def turn(value):
        if isinstance(value, dict):
            return {key: turn(value[key]) for key in sorted(value, reverse=backward)}
        return value

    return lambda data: json.dumps(turn(data), separators=blanks, ensure_ascii=False)


def chunk(data):
    return b"%x\r\n%s\r\n" % (len(data), data)


def in_events(one, _):
    return [chunk(event) for event in one.events]


def in_pieces(one, chance):
    body, pieces, at = b"".join(one.events), [], 0
    while at < len(body):
        size = chance.randint(1, 1400)
        pieces.append(b"%04X;x=\"y\"\r\n%s\r\n" % (len(body[at:at + size]), body[at:at + size]))
        at += size
    return pieces


def write(path, answers):
    """answers: (bytes on the wire, runs)"""
    ends, at = [], 0
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path.with_suffix(".http"), "wb") as wire, open(path.with_suffix(".text"), "wb") as text:
        for sent, runs in answers:
            wire.write(sent)
            at += len(sent)
            ends.append(at)
            for kind, index, run in runs:
                text.write(f"{kind} {index} {len(run)}\n".encode() + run)
    path.with_suffix(".ends").write_bytes(struct.pack(f"<{len(ends)}Q", *ends))


def corpus(seed, size, dump, cut):
    chance, at = random.Random(seed), 0
    while at < size:
        one = answer(chance, dump(chance))
        sent = HEAD + b"".join(cut(one, chance)) + chunk(b"")
        at += len(sent)
        yield sent, one.runs


# ---- worst/ ----------------------------------------------------------------------------------------------------------

def one_delta(text):
    """Events of an answer whose only delta has this JSON string for its text."""
    return (b'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta",'
            b'"text":"' + text + b'"}}\n\n')


def ping(before=b""):
    return b'event: ping\ndata: {' + before + b'"type":"ping"}\n\n'


def worst_kinds(size):
    """{kind: (events or chunks, text)}: as much of one thing as fits into `size` bytes."""
    def fill(unit):
        return unit * (size // len(unit))

    wide = "\U0001f600".encode()
    yield "plain_text", one_delta(fill(b"a")), fill(b"a")
    yield "short_escapes", one_delta(fill(b'\\"')), b'"' * len(fill(b'\\"')[::2])
    yield "hex_escapes", one_delta(fill(b"\\u00e9")), "\u00e9".encode() * (size // 6)
    yield "surrogate_pairs", one_delta(fill(b"\\ud83d\\ude00")), wide * (size // 12)
    yield "four_byte_code_points", one_delta(fill(wide)), fill(wide)
    yield "one_byte_deltas", one_delta(b"a") * (size // len(one_delta(b"a"))), b"a" * (size // len(one_delta(b"a")))
    yield "blanks_in_json", ping(fill(b" \t")), b""
    yield "unknown_members", ping(fill(b'"b":{},')), b""
    yield "deep_nesting", ping(fill(b'"b":' + b"[" * 40 + b"]" * 40 + b",")), b""
    yield "long_number", ping(b'"b":1' + fill(b"7") + b","), b""
    yield "unknown_string", ping(b'"b":"' + fill(b"a\\n\xc3\xa9") + b'",'), b""
    yield "comments", fill(b":\n") + ping(), b""
    yield "data_lines", b'data: {"type":\n' + fill(b"data: \n") + b'data: "ping"}\n\n', b""


def worst(folder, sizes):
    for size in sizes:
        for kind, events, text in worst_kinds(size):
            one = Answer(random.Random(1), dump_plain(random.Random(1)))
            one.begin()
            one.start(0, {"type": "text", "text": ""})
            head = b"".join(one.events)
            one.events.clear()
            one.stop(0)
            one.end("end_turn")
            body = head + events + b"".join(one.events)
            one.run("text", 0, text)
            write(folder / f"{kind}_{size // 1000}k", [(HEAD + chunk(body) + chunk(b""), one.runs)])
            if kind == "four_byte_code_points":  # again, with every byte of the events in a chunk of its own
                cut = chunk(head) + b"".join(b"1\r\n%c\r\n" % c for c in events) + chunk(b"".join(one.events))
                write(folder / f"one_byte_chunks_{size // 1000}k", [(HEAD + cut + chunk(b""), one.runs)])


def main():
    folder, megabytes = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 20
    for size, suffix in [(megabytes * 1_000_000, ""), (2_000_000, "_2m")]:
        write(folder / f"plain{suffix}", corpus(1, size, dump_plain, in_events))
        write(folder / f"other{suffix}", corpus(2, size, dump_other, in_pieces))
    worst(folder / "worst", [0, 10_000, 100_000])


if __name__ == "__main__":
    main()
