/** What pages refer to: links of Markdown, and the files that a page names in backticks. */
import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { ROOT, type SourceFile } from './tree.ts';

/** Links of a page that lead nowhere: a file that is not there, or a heading that its page has not. */
export function brokenLinks(page: SourceFile, pages: ReadonlyMap<string, string>): string[] {
  return [...withoutCode(page.text).matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => String(match[1]))
    .filter((link) => !/^(https?|mailto):/.test(link))
    .filter((link) => {
      const [file = '', heading] = link.split('#');
      const target = file === '' ? page.path : normalize(join(dirname(page.path), decodeURIComponent(file)));
      if (!existsSync(join(ROOT, target))) return true;
      return heading !== undefined && target.endsWith('.md') && !headingsOf(pages.get(target) ?? '').includes(heading);
    });
}

/** Paths in backticks that do not exist. A bare file name stands beside the path named before it on its line. */
export function missingPaths(page: SourceFile): string[] {
  return page.text.split('\n').flatMap((line) => {
    let beside = '';
    return [...line.matchAll(/`([\w@./-]+)`/g)]
      .map((match) => String(match[1]))
      .filter((name) => {
        if (/^(packages|apps|tests|scripts|docs|examples|bench)\//.test(name)) {
          beside = name.endsWith('/') ? name : dirname(name);
          return !existsSync(join(ROOT, name));
        }
        return beside !== '' && /^[\w/-]+\.(ts|tsx|mjs|md)$/.test(name) && !existsSync(join(ROOT, beside, name));
      });
  });
}

function headingsOf(text: string): string[] {
  return [...withoutCode(text).matchAll(/^#{1,6} (.+)$/gm)].map((match) =>
    String(match[1])
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .trim()
      .replaceAll(/\s/g, '-'),
  );
}

function withoutCode(text: string): string {
  return text.replaceAll(/^```[\s\S]*?^```/gm, '');
}
