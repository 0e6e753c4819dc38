// The prebuilt package declares its types under its own name (`@lydell/node-pty`), not under the one we install it as.
declare module 'node-pty' {
  export interface IPty {
    readonly pid: number;
    onData(listener: (data: unknown) => void): void;
    onExit(listener: (event: { exitCode: number; signal?: number }) => void): void;
    resize(columns: number, rows: number): void;
    write(data: string): void;
    pause(): void;
    resume(): void;
  }
  export interface PtyOptions {
    name: string;
    cols: number;
    rows: number;
    cwd: string;
    env: Record<string, string>;
    encoding: null;
  }
  export function spawn(file: string, args: string[], options: PtyOptions): IPty;
}
