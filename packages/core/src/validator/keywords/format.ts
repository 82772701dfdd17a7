/** `format`: checked where the compilation or the metaschema asks for it; a name we do not know says nothing. */
import { spend } from '../engine/run.ts';
import { show } from '../engine/show.ts';
import { readText } from '../engine/site.ts';
import { assertion, single } from './assertion.ts';

export const format = single('format', { vocabulary: 'format' }, (site) => {
  const name = readText(site, 'format');
  const { assertsFormat, format: find } = site.compiler.options;
  const test = name !== undefined && (assertsFormat || site.resource.dialect.assertsFormat) ? find(name) : undefined;
  if (name === undefined || test === undefined) return null;
  return assertion(
    site,
    'string',
    'format',
    (text, run) => {
      spend(run, 4 + (text.length >> 2));
      return test(text);
    },
    (text) => ({ expected: `must be a valid ${name}`, got: show(text), params: { format: name } }),
  );
});
