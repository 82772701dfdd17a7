/** Unicode properties by the names ECMAScript gives them, in RE2's words: it knows categories by their short names. */
import type { Property } from './regex.ts';

const CATEGORIES: Readonly<Record<string, string>> = {
  Cased_Letter: 'LC',
  Close_Punctuation: 'Pe',
  Combining_Mark: 'M',
  Connector_Punctuation: 'Pc',
  Control: 'Cc',
  cntrl: 'Cc',
  Currency_Symbol: 'Sc',
  Dash_Punctuation: 'Pd',
  Decimal_Number: 'Nd',
  digit: 'Nd',
  Enclosing_Mark: 'Me',
  Final_Punctuation: 'Pf',
  Format: 'Cf',
  Initial_Punctuation: 'Pi',
  Letter: 'L',
  Letter_Number: 'Nl',
  Line_Separator: 'Zl',
  Lowercase_Letter: 'Ll',
  Mark: 'M',
  Math_Symbol: 'Sm',
  Modifier_Letter: 'Lm',
  Modifier_Symbol: 'Sk',
  Nonspacing_Mark: 'Mn',
  Number: 'N',
  Open_Punctuation: 'Ps',
  Other: 'C',
  Other_Letter: 'Lo',
  Other_Number: 'No',
  Other_Punctuation: 'Po',
  Other_Symbol: 'So',
  Paragraph_Separator: 'Zp',
  Private_Use: 'Co',
  Punctuation: 'P',
  punct: 'P',
  Separator: 'Z',
  Space_Separator: 'Zs',
  Spacing_Mark: 'Mc',
  Surrogate: 'Cs',
  Symbol: 'S',
  Titlecase_Letter: 'Lt',
  Unassigned: 'Cn',
  Uppercase_Letter: 'Lu',
};
const SHORT_CATEGORIES = new Set(Object.values(CATEGORIES));

/** A property by what stands in the braces of `\p{…}`; `null` for one that RE2 does not have. */
export function findProperty(text: string): Omit<Property, 'negated'> | null {
  const [name = '', value, ...more] = text.split('=');
  if (more.length > 0) return null;
  if (name === 'Script' || name === 'sc')
    return value !== undefined && /^[A-Z][A-Za-z_]{4,}$/.test(value) ? { native: `Script=${value}`, re2: value } : null;
  const category = value === undefined ? name : name === 'General_Category' || name === 'gc' ? value : '';
  const short = Object.hasOwn(CATEGORIES, category) ? CATEGORIES[category] : category;
  return short !== undefined && SHORT_CATEGORIES.has(short) ? { native: short, re2: short } : null;
}
