// Runs inside the session's own user, mount and network namespace, before Claude Code does. It keeps the namespaces (and
// with them the tmpfs that holds the working copy) alive, makes the gateway's listener where only the sandbox can reach
// it, hands it out over Node's IPC channel, and mounts overlays on demand. It ends when the wrapper does, however that ends.
import { spawnSync } from 'node:child_process';
import { createServer } from 'node:net';

interface MountRequest {
  mount: string[];
}

const server = createServer();
process.on('disconnect', () => process.exit(0));
process.on('message', (message: MountRequest) => {
  const done = spawnSync('mount', message.mount, { encoding: 'utf8' });
  process.send?.({ mounted: done.status === 0, reason: done.stderr?.trim() ?? String(done.error) });
});

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  // Closed here as soon as it is outside: two processes polling one listener would steal each other's connections.
  process.send?.({ port }, server, {}, () => server.close());
});
