// Runs in a network namespace of its own, where every address is this process: answers each question of the DNS with
// one public address, says which name was asked for, and hands each connection to the test that started it.
import { createSocket } from 'node:dgram';
import { connect, createServer } from 'node:net';

const [folder, ...ports] = process.argv.slice(2);
const ADDRESS = Buffer.from([93, 184, 216, 34]);
const A = 1;

const dns = createSocket('udp4');
dns.on('message', (question, { port, address }) => {
  const { name, type, end } = readQuestion(question);
  console.log(name);
  const head = Buffer.from(question.subarray(0, 12));
  head.writeUInt16BE(0x8180, 2);
  head.writeUInt16BE(type === A ? 1 : 0, 6);
  head.writeUInt32BE(0, 8);
  const answer = [0xc0, 12, 0, A, 0, 1, 0, 0, 0, 0, 0, 4, ...ADDRESS];
  dns.send(Buffer.concat([head, question.subarray(12, end), Buffer.from(type === A ? answer : [])]), port, address);
});

function readQuestion(message) {
  const labels = [];
  let at = 12;
  for (let length = message[at]; length > 0; length = message[at]) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.'), type: message.readUInt16BE(at + 1), end: at + 5 };
}

/** Connections to a port of any address; who takes them listens on a socket file of that name. */
function hand(port) {
  const server = createServer({ allowHalfOpen: true }, (inner) => {
    const outer = connect({ path: `${folder}/${port}`, allowHalfOpen: true });
    for (const side of [inner, outer]) side.on('error', () => [inner, outer].forEach((each) => void each.destroy()));
    inner.pipe(outer).pipe(inner);
  });
  return new Promise((resolve) => server.listen(Number(port), '0.0.0.0', resolve));
}

await new Promise((resolve) => dns.bind(53, '127.0.0.1', resolve));
await Promise.all(ports.map(hand));
console.log('ready');
