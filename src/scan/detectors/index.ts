import { assignments } from './assignment.ts';
import { columns } from './columns.ts';
import type { Detector } from './detector.ts';
import { kubernetesSecret } from './kubernetes-secret.ts';
import { loginCalls } from './login-call.ts';
import { secretlint } from './secretlint.ts';

export type { Detected, Detector } from './detector.ts';

/** All detectors; their order is their number in a compiled scanner. */
export const DETECTORS: readonly Detector[] = [assignments, kubernetesSecret, loginCalls, columns, ...secretlint];
