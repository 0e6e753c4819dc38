// A host that policy calls `opaque`: its bytes pass unopened, because the program does not take the session's authority.
// Nothing in it can be checked; the ledger says so, with the host and the fact.
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Refusal } from '../errors/index.ts';
import type { Outside } from './outside.ts';
import type { Recorder } from './record.ts';

/** Connects a granted CONNECT through; throws when the ledger cannot be written. */
export function tunnel(to: { outside: Outside; recorder: Recorder }, host: string, socket: Duplex, head: Buffer): void {
  const asked = { host, method: 'CONNECT', path: '' };
  to.recorder.request(asked, 'forward', 0, {});
  to.outside.connect(host).then(
    (remote) => join(socket, head, remote),
    (error: unknown) => {
      const refusal =
        error instanceof Refusal ? error : new Refusal('gateway.upstream', { host, why: 'no connection' });
      to.recorder.refused(asked, refusal);
      if (socket.writable) socket.write('HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
      socket.destroy();
    },
  );
}

function join(socket: Duplex, head: Buffer, remote: Socket): void {
  remote.on('error', () => socket.destroy());
  remote.on('close', () => socket.destroy());
  socket.on('error', () => remote.destroy());
  socket.on('close', () => remote.destroy());
  if (socket.destroyed) {
    remote.destroy();
    return;
  }
  socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
  if (head.length > 0) remote.write(head);
  socket.pipe(remote).pipe(socket);
}
