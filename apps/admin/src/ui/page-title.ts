import { useDocumentTitle } from '@mantine/hooks';

/** What the browser's tab says. */
export function usePageTitle(title: string): void {
  useDocumentTitle(`${title} · Errand`);
}
