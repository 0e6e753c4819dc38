// Conversations of a given size; text like source code.
type Message = { role: string; content: unknown };

export function conversation(size: number, name: string): Message[] {
  const messages: Message[] = [];
  for (let bytes = 0; bytes < size; bytes += 8 * 1024) {
    messages.push(message(bytes % 16384 === 0 ? 'user' : 'assistant', 8 * 1024, `${name} ${bytes}`));
  }
  return messages;
}

export function message(role: string, size: number, name: string): Message {
  return { role, content: [{ type: 'text', text: textOf(size, name) }] };
}

export function bodyOf(messages: readonly Message[]): Buffer {
  const system = [{ type: 'text', text: textOf(7 * 1024, 'system') }];
  return Buffer.from(JSON.stringify({ model: 'bench', messages, system, max_tokens: 1, stream: true }));
}

function textOf(size: number, name: string): string {
  const lines: string[] = [];
  for (let bytes = 0, at = 0; bytes < size; at++) {
    const text = `${at}\tconst value${at} = await load('${name}/${at * 7919}', { "retries": ${at % 9}, path: '/usr/share/${at}' });\n`;
    lines.push(text);
    bytes += text.length;
  }
  return lines.join('');
}
