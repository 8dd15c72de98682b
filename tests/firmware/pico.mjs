// Runs an image on the RP2040 of the npm package rp2040js, its UART 0 connected to a port on loopback.
//
//   node pico.mjs IMAGE.bin PORT FOLDER      FOLDER holds node_modules
//
// The program starts at the beginning of the flash: no boot ROM, no second stage. It prints and leaves by semihosting.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { connect } from 'node:net';

const [image, port, folder] = process.argv.slice(2);
const { RP2040 } = createRequire(`${folder}/`)('rp2040js');
const flash = 0x10000000;
const longestMs = 120000;

const chip = new RP2040();
chip.logger = { debug() {}, info() {}, warn() {}, error: console.error };
const bytes = readFileSync(image);
chip.flash.set(bytes, 0);
const core = chip.core;
core.VTOR = flash;
core.SP = bytes.readUInt32LE(0);
core.PC = bytes.readUInt32LE(4) & ~1;

let code = null;

function text(address) {
  const letters = [];
  for (let c = chip.readUint8(address); c !== 0; c = chip.readUint8(++address)) letters.push(c);
  return Buffer.from(letters);
}

chip.onBreak = () => {
  const [operation, argument] = core.registers;
  if (operation === 0x04) process.stdout.write(text(argument));
  else if (operation === 0x20) code = chip.readUint32(argument + 4);
  else code = 98;
};

const toBoard = [];
const fromBoard = [];
const line = connect(Number(port), '127.0.0.1');
line.on('data', (data) => toBoard.push(...data));
line.on('error', (error) => { console.error(error.message); process.exit(97); });
chip.uart[0].onByte = (byte) => fromBoard.push(byte);

const begun = Date.now();
let instructions = 0;
function run() {
  for (let i = 0; i < 200000 && code === null; ++i) {
    core.executeInstruction();
    if (++instructions % 64 === 0 && toBoard.length !== 0 && !chip.uart[0].rxFIFO.full) chip.uart[0].feedByte(toBoard.shift());
  }
  if (fromBoard.length !== 0) line.write(Buffer.from(fromBoard.splice(0)));
  if (code === null && Date.now() - begun < longestMs) return setImmediate(run);
  console.log(`[${instructions} instructions]`);
  process.exitCode = code ?? 124;
  line.destroy();
}
line.on('connect', run);
