/** How the app looks: Mantine's theme, with words dark enough to read on every ground (WCAG 2.2 AA, 4.5 : 1). */
import { createTheme, type CSSVariablesResolver } from '@mantine/core';

export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: { light: 7, dark: 8 },
  defaultRadius: 'md',
  fontFamily: 'system-ui, sans-serif',
  headings: { fontWeight: '650' },
  // Whoever types at once types into the dialog, and not into what is behind it.
  components: {
    Modal: { defaultProps: { transitionProps: { duration: 0 }, closeButtonProps: { 'aria-label': 'Close' } } },
    Notification: {
      defaultProps: { styles: { description: { color: 'var(--mantine-color-dimmed)' } }, closeButtonProps: { 'aria-label': 'Close' } },
    },
  },
});

export const cssVariables: CSSVariablesResolver = () => ({
  variables: { '--mantine-color-red-filled': '#c92a2a', '--mantine-color-red-filled-hover': '#b02525' },
  light: {
    '--mantine-color-dimmed': '#5c636a',
    '--mantine-color-placeholder': '#6b7280',
    '--mantine-color-yellow-light-color': '#7a4b00',
    '--mantine-color-orange-light-color': '#9a3b00',
    '--mantine-color-teal-light-color': '#05654a',
    '--mantine-color-red-light-color': '#b02525',
    '--mantine-color-gray-light-color': '#495057',
    '--mantine-color-red-text': '#c92a2a',
    '--mantine-color-error': '#c92a2a',
    '--mantine-color-teal-text': '#087f5b',
    '--mantine-color-anchor': '#3b5bdb',
  },
  dark: {
    '--mantine-color-dimmed': '#a6a9b0',
    '--mantine-color-error': '#ff8787',
    '--mantine-color-red-text': '#ff8787',
  },
});
