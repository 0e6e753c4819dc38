import { assignments } from './assignment.ts';
import type { Detector } from './detector.ts';
import { kubernetesSecret } from './kubernetes-secret.ts';
import { secretlint } from './secretlint.ts';

export type { Detected, Detector } from './detector.ts';

/** All detectors; their order is their number in a compiled scanner. */
export const DETECTORS: readonly Detector[] = [assignments, kubernetesSecret, ...secretlint];
