/** URLs, as every runtime has them: schemas are identified by them. */
interface URL {
  hash: string;
  readonly href: string;
}
declare const URL: {
  new (url: string, base?: string): URL;
  parse(url: string, base?: string): URL | null;
};
