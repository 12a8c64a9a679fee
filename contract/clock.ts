/** The engine's time, in the shape of Camunda's clock API. Test stacks only (ALUR_TEST_CLOCK=1); elsewhere these addresses do not exist. */
import { z } from 'zod';
import { endpoint } from './endpoint.ts';

/** 9999-12-31T23:59:59.999Z in milliseconds since the epoch: later times have no ISO form of four digits. */
const latestMs = 253_402_300_799_999;

export const clockEndpoints = {
  setClock: endpoint({
    method: 'put',
    path: '/v2/clock',
    operationId: 'setClock',
    noun: 'Clock',
    summary: 'Test stacks: move the time of the engine; answers when what is due by then has happened',
    roles: ['administrator'],
    /** Milliseconds since the epoch. Time goes on from there. */
    body: z.object({ timestamp: z.int().min(0).max(latestMs) }),
    status: 204,
    ok: null,
    problems: ['notFound'],
  }),
  resetClock: endpoint({
    method: 'post',
    path: '/v2/clock/reset',
    operationId: 'resetClock',
    noun: 'Clock',
    summary: 'Test stacks: back to the time of the machine',
    roles: ['administrator'],
    status: 204,
    ok: null,
    problems: ['notFound'],
  }),
};
