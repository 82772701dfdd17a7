import { describe, expect, it } from 'vitest';
import { ENDPOINTS } from './endpoints.ts';
import { plainRoutes } from './plain-routes.ts';

const routeOf = plainRoutes(ENDPOINTS);

describe('plain routes', () => {
  it('find an endpoint by its whole path, or by all of it but the last part', () => {
    expect(routeOf('POST', '/v1/tasks')?.endpoint.path).toBe('/v1/tasks');
    expect(routeOf('GET', '/v1/tasks/task_1')).toMatchObject({ endpoint: { path: '/v1/tasks/{id}' }, params: { id: 'task_1' } });
  });

  it('leave to the router what has a query, needs decoding, is deeper, or is another method', () => {
    for (const path of ['/v1/tasks/task_1?wait=5', '/v1/tasks/task%5F1', '/v1/tasks/task_1/events', '/v1/tasks/', '/v1/nothing'])
      expect(routeOf('GET', path)).toBeUndefined();
    expect(routeOf('HEAD', '/v1/tasks/task_1')).toBeUndefined();
    expect(routeOf('OPTIONS', '/v1/tasks')).toBeUndefined();
  });
});
