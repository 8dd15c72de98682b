// The official SDK against the stand-in: every endpoint and every class of error, over verified TLS.

import Anthropic, { toFile } from '@anthropic-ai/sdk';
import assert from 'node:assert/strict';
import tls from 'node:tls';

const url = process.env.STANDIN_URL;
const client = new Anthropic({ apiKey: 'test', baseURL: url, maxRetries: 0 });
const wishing = (wish) => ({ headers: { 'x-standin': wish } });
const moons = /^Io, Europa and Ganymede/;
const question = {
  model: 'claude-haiku-4-5',
  max_tokens: 300,
  messages: [{ role: 'user', content: 'Name three moons of Jupiter.' }],
};

let failed = 0;
async function check(name, body) {
  try {
    await body();
    console.log(`ok       sdk: ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED   sdk: ${name}: ${error.stack ?? error}`);
  }
}

await check('a message', async () => {
  const { data, response, request_id } = await client.messages.create(question).withResponse();
  assert.match(data.content[0].text, moons);
  assert.equal(data.stop_reason, 'end_turn');
  assert.ok(data.usage.input_tokens > 0 && data.usage.output_tokens > 0);
  assert.match(request_id, /^req_/);
  assert.equal(response.headers.get('anthropic-ratelimit-requests-limit'), '1000');
});

await check('a stream, and it says the same', async () => {
  const whole = await client.messages.create(question);
  const stream = client.messages.stream(question);
  const pieces = [];
  stream.on('text', (piece) => pieces.push(piece));
  const message = await stream.finalMessage();
  assert.equal(pieces.join(''), whole.content[0].text);
  assert.ok(pieces.length > 3);
  assert.deepEqual(message.content, whole.content);
  assert.deepEqual(message.usage, whole.usage);
});

await check('raw events in order', async () => {
  const names = [];
  for await (const event of await client.messages.create({ ...question, stream: true })) names.push(event.type);
  assert.deepEqual([...new Set(names)], [
    'message_start', 'content_block_start', 'content_block_delta', 'content_block_stop', 'message_delta',
    'message_stop',
  ]);
});

await check('text outside ASCII, raw and escaped', async () => {
  const ask = { ...question, messages: [{ role: 'user', content: 'Some unicode: ä 你 🚀 "\\' }] };
  const raw = await client.messages.stream(ask).finalText();
  assert.match(raw, /你好.*🚀/);
  assert.equal(await client.messages.stream(ask, wishing('escape')).finalText(), raw);
  const echo = { ...question, messages: [{ role: 'user', content: 'ä 你 🚀 "\\' }] };
  assert.match(await client.messages.stream(echo).finalText(), /ä 你 🚀 "\\"/);
});

await check('a conversation knows its turn', async () => {
  const messages = [
    { role: 'user', content: 'We talk about lamps.' },
    { role: 'assistant', content: 'Good.' },
    { role: 'user', content: [{ type: 'text', text: 'Which ones?' }] },
  ];
  const message = await client.messages.create({ ...question, messages });
  assert.match(message.content[0].text, /turn 2.*We talk about lamps/);
});

const lamp = {
  name: 'set_lamp',
  description: 'Switch a lamp.',
  input_schema: {
    type: 'object',
    properties: {
      on: { type: 'boolean' },
      level: { type: 'integer', minimum: 10, maximum: 100 },
      colour: { type: 'string', enum: ['red', 'green'] },
      names: { type: 'array', items: { type: 'string' }, minItems: 2 },
      note: { type: 'string' },
    },
    required: ['on', 'level', 'colour', 'names'],
  },
};
const dark = { ...question, tools: [lamp], messages: [{ role: 'user', content: 'It is dark.' }] };

await check('a tool call and its result', async () => {
  const message = await client.messages.stream(dark).finalMessage();
  assert.equal(message.stop_reason, 'tool_use');
  const call = message.content.find((block) => block.type === 'tool_use');
  assert.equal(call.name, 'set_lamp');
  assert.deepEqual(call.input, { on: true, level: 10, colour: 'red', names: ['some names', 'some names'] });
  const messages = [
    ...dark.messages,
    { role: 'assistant', content: message.content },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: call.id, content: 'the lamp is lit' }] },
  ];
  const answer = await client.messages.create({ ...dark, messages });
  assert.match(answer.content[0].text, /the lamp is lit/);
  assert.equal(answer.stop_reason, 'end_turn');
});

await check('tool_choice none and tool, several calls', async () => {
  const none = await client.messages.create({ ...dark, tool_choice: { type: 'none' } });
  assert.equal(none.stop_reason, 'end_turn');
  const other = { name: 'other', input_schema: { type: 'object' } };
  const chosen = await client.messages.create({
    ...dark, tools: [lamp, other], tool_choice: { type: 'tool', name: 'other' },
  }, wishing('calls=3'));
  assert.deepEqual(chosen.content.filter((block) => block.type === 'tool_use').map((block) => block.name),
    ['other', 'other', 'other']);
});

await check('the tool runner of the SDK goes round', async () => {
  let runs = 0;
  const runner = client.beta.messages.toolRunner({
    ...dark,
    tools: [{ ...lamp, type: 'custom', parse: (input) => input, run: () => { runs += 1; return 'lit'; } }],
  });
  const message = await runner;
  assert.equal(runs, 1);
  assert.match(message.content[0].text, /lit/);
});

await check('an unanswered tool call is refused', async () => {
  const messages = [
    { role: 'user', content: 'It is dark.' },
    { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'set_lamp', input: {} }] },
    { role: 'user', content: 'Well?' },
  ];
  await assert.rejects(client.messages.create({ ...dark, messages }), Anthropic.BadRequestError);
});

await check('thinking with a signature that is checked', async () => {
  const ask = { ...question, max_tokens: 3000, thinking: { type: 'enabled', budget_tokens: 1024 } };
  const message = await client.messages.stream(ask).finalMessage();
  assert.deepEqual(message.content.map((block) => block.type), ['thinking', 'text']);
  assert.ok(message.content[0].thinking.length > 0 && message.content[0].signature.length > 0);
  const next = (content) => client.messages.create({
    ...ask, messages: [...ask.messages, { role: 'assistant', content }, { role: 'user', content: 'More.' }],
  });
  await next(message.content);
  const changed = [{ ...message.content[0], thinking: 'something else' }, message.content[1]];
  await assert.rejects(next(changed), Anthropic.BadRequestError);
});

await check('structured output', async () => {
  const schema = {
    type: 'object',
    properties: { moon: { type: 'string' }, radius: { type: 'number' } },
    required: ['moon', 'radius'],
    additionalProperties: false,
  };
  const message = await client.messages.create({
    ...question, output_config: { format: { type: 'json_schema', schema } },
  });
  assert.deepEqual(JSON.parse(message.content[0].text), { moon: 'some moon', radius: 0.5 });
});

await check('images and documents are counted', async () => {
  const content = [
    { type: 'image', source: { type: 'base64', media_type: 'image/png', data: Buffer.alloc(67).toString('base64') } },
    { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'hello' } },
    { type: 'text', text: 'What is this?' },
  ];
  const message = await client.messages.create({ ...question, messages: [{ role: 'user', content }] });
  assert.match(message.content[0].text, /1 image \(image\/png, 67 bytes\) and 1 document \(text\/plain, 5 bytes\)/);
});

await check('stop sequences and max_tokens', async () => {
  const stopped = await client.messages.stream({ ...question, stop_sequences: [' and Ganymede'] }).finalMessage();
  assert.equal(stopped.stop_reason, 'stop_sequence');
  assert.equal(stopped.stop_sequence, ' and Ganymede');
  assert.equal(stopped.content[0].text, 'Io, Europa');
  const short = await client.messages.create({ ...question, max_tokens: 2 });
  assert.equal(short.stop_reason, 'max_tokens');
  assert.equal(short.usage.output_tokens, 2);
});

await check('count_tokens', async () => {
  const { max_tokens, ...body } = question;
  const { input_tokens } = await client.messages.countTokens(body);
  assert.equal(input_tokens, (await client.messages.create(question)).usage.input_tokens);
});

await check('models, page by page', async () => {
  const ids = [];
  for await (const model of client.models.list({ limit: 2 })) ids.push(model.id);
  assert.ok(ids.length > 4 && new Set(ids).size === ids.length);
  const one = await client.models.retrieve('claude-haiku-4-5');
  assert.ok(ids.includes(one.id));
  await assert.rejects(client.models.retrieve('claude-nope'), Anthropic.NotFoundError);
});

await check('a batch from beginning to end', async () => {
  const requests = [
    { custom_id: 'good', params: question },
    { custom_id: 'bad', params: { ...question, messages: [] } },
  ];
  let batch = await client.messages.batches.create({ requests });
  assert.equal(batch.processing_status, 'in_progress');
  while (batch.processing_status !== 'ended') batch = await client.messages.batches.retrieve(batch.id);
  assert.deepEqual([batch.request_counts.succeeded, batch.request_counts.errored], [1, 1]);
  const results = {};
  for await (const line of await client.messages.batches.results(batch.id)) results[line.custom_id] = line.result;
  assert.match(results.good.message.content[0].text, moons);
  assert.equal(results.bad.error.error.type, 'invalid_request_error');
  assert.equal((await client.messages.batches.delete(batch.id)).type, 'message_batch_deleted');
  await assert.rejects(client.messages.batches.retrieve(batch.id), Anthropic.NotFoundError);
});

await check('a cancelled batch, and a list of batches', async () => {
  const made = [];
  for (const custom_id of ['a', 'b', 'c']) {
    made.push((await client.messages.batches.create({ requests: [{ custom_id, params: question }] })).id);
  }
  const cancelled = await client.messages.batches.cancel(made[0]);
  assert.equal(cancelled.processing_status, 'canceling');
  assert.equal((await client.messages.batches.retrieve(made[0])).request_counts.canceled, 1);
  const listed = [];
  for await (const batch of client.messages.batches.list({ limit: 1 })) listed.push(batch.id);
  assert.deepEqual(listed.slice(0, 3), [...made].reverse());
});

await check('files: upload, list, download, delete', async () => {
  const bytes = Buffer.from('line one\r\n\0line two ä\r\n--not-a-boundary');
  const file = await client.files.upload({
    file: await toFile(bytes, "notes 'ä'.txt", { type: 'text/plain' }),
  });
  assert.equal(file.size_bytes, bytes.length);
  assert.equal(file.filename, "notes 'ä'.txt");
  assert.deepEqual(await client.files.retrieveMetadata(file.id), file);
  const back = Buffer.from(await (await client.files.download(file.id)).arrayBuffer());
  assert.deepEqual(back, bytes);
  const second = await client.files.upload({ file: await toFile(Buffer.alloc(0), 'empty.bin') });
  const ids = [];
  for await (const each of client.files.list({ limit: 1 })) ids.push(each.id);
  assert.deepEqual(ids.slice(0, 2), [second.id, file.id]);
  assert.equal((await client.files.delete(file.id)).type, 'file_deleted');
  await assert.rejects(client.files.retrieveMetadata(file.id), Anthropic.NotFoundError);
});

await check('every class of error', async () => {
  const classes = {
    400: Anthropic.BadRequestError, 401: Anthropic.AuthenticationError, 403: Anthropic.PermissionDeniedError,
    404: Anthropic.NotFoundError, 409: Anthropic.ConflictError, 422: Anthropic.UnprocessableEntityError,
    429: Anthropic.RateLimitError, 500: Anthropic.InternalServerError, 529: Anthropic.InternalServerError,
  };
  for (const [status, type] of Object.entries(classes)) {
    await assert.rejects(client.messages.create(question, wishing(`status=${status}`)), (error) => {
      assert.ok(error instanceof type, `${status}: ${error.constructor.name}`);
      assert.equal(error.status, Number(status));
      assert.match(error.requestID, /^req_/);
      assert.equal(error.error.type, 'error');
      return true;
    });
  }
  await assert.rejects(client.messages.create(question, wishing('status=502,html')), Anthropic.InternalServerError);
});

await check('retries end in success', async () => {
  const patient = { ...wishing('fail-first=2,status=529,retry-after-ms=20,id=sdk'), maxRetries: 2 };
  assert.match((await client.messages.create(question, patient)).content[0].text, moons);
});

await check('a stream that breaks is an error', async () => {
  for (const wish of ['error-midstream', 'cut=700', 'cut=700,cut-how=reset', 'no-stop']) {
    await assert.rejects(client.messages.stream(question, wishing(wish)).finalMessage(), undefined, wish);
  }
});

await check('many streams at once', async () => {
  const count = { ...question, max_tokens: 3000, messages: [{ role: 'user', content: 'Count to 100.' }] };
  const texts = await Promise.all(Array.from({ length: 12 }, () => client.messages.stream(count).finalText()));
  for (const text of texts) assert.match(text, /^1, 2, 3, .*, 100\.$/);
});

await check('a TLS session is resumed', async () => {
  const { hostname, port } = new URL(url);
  const connect = (session) => new Promise((resolve, reject) => {
    const socket = tls.connect({ host: hostname, port, servername: hostname, session, maxVersion: 'TLSv1.2' }, () => {
      const result = { session: socket.getSession(), reused: socket.isSessionReused() };
      socket.end(() => resolve(result));
    });
    socket.on('error', reject);
  });
  const first = await connect();
  assert.equal(first.reused, false);
  assert.equal((await connect(first.session)).reused, true);
});

process.exit(failed === 0 ? 0 : 1);
