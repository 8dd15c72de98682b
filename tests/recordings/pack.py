#!/usr/bin/env python3
"""Packs the recordings, and what a client must make of them, into one file that the tests read without a JSON parser.

    pack.py OUT [MOST]

What takes more than MOST bytes is left out, for machines whose memory does not hold it.
The pack is a sequence of "KEY SIZE LF BYTES LF". The key `file` begins a recording; `body` holds its bytes; the others
hold what is expected, which is taken from *.expected.json and from the bytes by Python's own parsers, never from the
code under test. Keys that repeat (`block`, `text`) keep their order.
"""
import http.client
import io
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import generate  # noqa: E402

HERE = pathlib.Path(__file__).parent
FOLDERS = ['batches', 'count_tokens', 'errors', 'files', 'http', 'messages', 'models', 'requests', 'streams']
TOKENS = ['input_tokens', 'output_tokens', 'cache_creation_input_tokens', 'cache_read_input_tokens']


def message_fields(message):
    yield 'model', message['model']
    yield 'id', message['id']
    for block in message['content']:
        yield 'block', block['type']
        if block['type'] == 'text':
            yield 'text', block['text']
    yield 'content', json.dumps(message['content'])
    for name in ['stop_reason', 'stop_sequence']:
        if message.get(name) is not None:
            yield name, message[name]
    for name in ['category', 'explanation']:
        if (message.get('stop_details') or {}).get(name) is not None:
            yield name, message['stop_details'][name]
    for name in TOKENS:
        if message.get('usage', {}).get(name) is not None:
            yield name, message['usage'][name]


def error_fields(body):
    error = body['error']
    yield 'error_type', error['type']
    yield 'error_message', error['message']
    if (error.get('details') or {}).get('error_code'):
        yield 'error_code', error['details']['error_code']


def stream_fields(expected):
    yield 'expected', json.dumps(expected)
    yield 'outcome', expected['_outcome']
    if expected.get('message'):
        yield from message_fields(expected['message'])
    if expected.get('error_event'):
        yield from error_fields(expected['error_event'])
    for name, count in expected['event_counts'].items():
        yield 'count_' + name, count


class Wire:
    """What http.client takes for a socket."""

    def __init__(self, data):
        self.file = io.BytesIO(data)
        self.file.close = lambda: None

    def makefile(self, *_):
        return self.file


def told_fields(body):
    """What the events of an answer tell, by the shortest reader that can."""
    for line in body.decode().split('\n'):
        event = json.loads(line[6:]) if line.startswith('data: ') and line.endswith('}') else {}
        if event.get('type') == 'content_block_delta' and event['delta']['type'] == 'text_delta':
            yield 'text', event['delta']['text']
        if event.get('type') == 'message_delta':
            yield 'stop_reason', event['delta']['stop_reason']
            yield 'output_tokens', event['usage']['output_tokens']


def http_fields(data):
    """Every answer in the file: its status, headers that matter, and the body without its framing."""
    wire = Wire(data)
    while wire.file.tell() < len(data):
        answer = http.client.HTTPResponse(wire, method='POST')
        answer.begin()
        yield 'status', answer.status
        for name in ['request-id', 'retry-after', 'retry-after-ms', 'x-should-retry', 'connection']:
            if answer.getheader(name):
                yield name, answer.getheader(name)
        cut = False
        try:
            body = answer.read()
        except http.client.IncompleteRead as error:
            body, cut = error.partial, True
        yield 'decoded', body
        if cut:
            yield 'cut', ''
        if answer.getheader('content-type', '').startswith('text/event-stream'):
            yield from told_fields(body)
        try:
            parsed = json.loads(body)
        except ValueError:
            continue
        if answer.status >= 400:
            yield from error_fields(parsed)


def recordings():
    """(name, bytes, fields), sorted by name."""
    large = {f'streams/{name}.sse': make() for name, make in generate.LARGE.items()}
    names = [str(file.relative_to(HERE)) for folder in FOLDERS for file in (HERE / folder).iterdir()
             if not file.name.endswith(('.expected.json', '.symbols'))]
    for name in sorted(names + list(large)):
        if name in large:
            body, expected = large[name]
        else:
            body = (HERE / name).read_bytes()
            expected = b''
        fields = []
        if name.startswith('streams/'):
            expected = expected or (HERE / name).with_suffix('.expected.json').read_bytes()
            fields = stream_fields(json.loads(expected))
        elif name.startswith('http/'):
            fields = http_fields(body)
        elif name.startswith('errors/'):
            fields = error_fields(json.loads(body))
        elif name.startswith('messages/'):
            fields = message_fields(json.loads(body))
        yield name, body, list(fields)


def main():
    most = float(sys.argv[2]) if len(sys.argv) > 2 else float('inf')
    with open(sys.argv[1], 'wb') as out:
        for name, body, fields in recordings():
            packed = b''
            for key, value in [('file', name), ('body', body)] + fields:
                value = value if isinstance(value, bytes) else str(value).encode('utf-8', 'surrogatepass')
                packed += f'{key} {len(value)}\n'.encode() + value + b'\n'
            if len(packed) <= most:
                out.write(packed)


if __name__ == '__main__':
    main()
