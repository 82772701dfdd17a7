import { expect, it } from 'vitest';
import { ENDPOINTS } from './endpoints.ts';
import { openApiDocument } from './open-api.ts';

it('describes every endpoint, and the shape of every body', () => {
  const { paths = {}, components } = openApiDocument(ENDPOINTS);
  const described = Object.entries(paths).flatMap(([path, item]) => Object.keys(item ?? {}).map((method) => `${method} ${path}`));
  expect(described.sort()).toEqual(ENDPOINTS.map(({ method, path }) => `${method} ${path}`).sort());
  expect(components?.schemas?.['TaskTypeBody']).toMatchObject({
    type: 'object',
    required: ['name', 'version', 'kind'],
    additionalProperties: false,
  });
});
