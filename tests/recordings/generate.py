#!/usr/bin/env python3
"""Writes the two recordings that are too large to keep: 58 (14,000 events) and 59 (one event of a megabyte).

    generate.py FOLDER

58 is told by streams/58_very_long_text.symbols: which words, where the text is cut into deltas, and how many blanks
pad each event, one symbol each.
"""
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).parent
WORDS = ['lorem', 'ipsum', 'dolor', 'Straße', '漢字', 'naïve', 'line\nbreak', '🚀', 'a\\b', '"quoted"']
CUTS = dict(zip('abcdef', [3, 5, 8, 13, 21, 34]))
BLANKS = dict(zip('abcdefg', [0, 1, 2, 4, 7, 11, 15]))


def usage(output_tokens):
    return {'input_tokens': 41, 'cache_creation_input_tokens': 0, 'cache_read_input_tokens': 0,
            'cache_creation': {'ephemeral_5m_input_tokens': 0, 'ephemeral_1h_input_tokens': 0},
            'output_tokens': output_tokens, 'service_tier': 'standard', 'inference_geo': 'global'}


def message(message_id, content, stop_reason, output_tokens):
    return {'model': 'claude-opus-5-5', 'id': message_id, 'type': 'message', 'role': 'assistant', 'content': content,
            'stop_reason': stop_reason, 'stop_sequence': None, 'stop_details': None, 'usage': usage(output_tokens)}


def stream(message_id, deltas, output_tokens, blanks):
    """The event stream and what it must give. `blanks` pad each event before its last brace."""
    events = [{'type': 'message_start', 'message': message(message_id, [], None, 2)},
              {'type': 'content_block_start', 'index': 0, 'content_block': {'type': 'text', 'text': ''}}]
    events += [{'type': 'content_block_delta', 'index': 0, 'delta': {'type': 'text_delta', 'text': text}}
               for text in deltas]
    events += [{'type': 'content_block_stop', 'index': 0},
               {'type': 'message_delta',
                'delta': {'stop_reason': 'end_turn', 'stop_sequence': None, 'stop_details': None},
                'usage': {'output_tokens': output_tokens}},
               {'type': 'message_stop'}]
    lines = []
    counts = {}
    for event, blank in zip(events, blanks):
        data = json.dumps(event, ensure_ascii=False, separators=(',', ':'))
        lines.append(f'event: {event["type"]}\ndata: {data[:-1]}{" " * blank}}}\n\n')
        counts[event['type']] = counts.get(event['type'], 0) + 1
    expected = {'message': message(message_id, [{'type': 'text', 'text': ''.join(deltas)}], 'end_turn', output_tokens),
                'event_counts': counts, '_outcome': 'complete'}
    return ''.join(lines).encode(), json.dumps(expected, indent=1).encode()


def very_long_text():
    symbols = (HERE / 'streams/58_very_long_text.symbols').read_text()
    words, cuts, blanks = [part.replace('\n', '') for part in symbols.rstrip('\n').split('\n\n')]
    text = ' '.join(WORDS[int(word)] for word in words)
    deltas, at = [], 0
    for cut in cuts:
        deltas.append(text[at:at + CUTS[cut]])
        at += CUTS[cut]
    return stream('msg_01FxiDNQQaKaU4BPbAtxKL8F', deltas, 60000, [BLANKS[blank] for blank in blanks])


def one_huge_delta():
    return stream('msg_01FxpWkwsejvNZ3ArVmA2hvm', ['0123456789abcdef' * 65536], 300000, [0, 0, 11, 11, 0, 4])


LARGE = {'58_very_long_text': very_long_text, '59_one_huge_delta': one_huge_delta}


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in LARGE.items():
        body, expected = make()
        (folder / f'{name}.sse').write_bytes(body)
        (folder / f'{name}.expected.json').write_bytes(expected)


if __name__ == '__main__':
    main()
