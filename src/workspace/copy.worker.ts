// A thread that copies batches of files: each is read, scanned, redacted and written in one pass while the main thread
// goes on walking.
import { parentPort, workerData } from 'node:worker_threads';
import { type AnswerInput, createAnswer, type Question } from './answer.ts';

const answer = createAnswer(workerData as AnswerInput);

parentPort?.on('message', (question: Question) => parentPort?.postMessage(answer(question)));
