/**
 * Bugs planted on purpose, to prove that the checker can fail. Each is one replacement in one source file, made while the file
 * is loaded; the sources themselves know nothing of it. A test finds every one within 10,000 schedules of fixed seeds.
 */
import { ATTEMPT_PLANTS } from './plants/attempts.ts';
import { COMMIT_PLANTS } from './plants/commits.ts';
import { DOOR_PLANTS } from './plants/doors.ts';
import type { Plant } from './plants/plant.ts';

export const PLANTS: readonly Plant[] = [...ATTEMPT_PLANTS, ...COMMIT_PLANTS, ...DOOR_PLANTS];
