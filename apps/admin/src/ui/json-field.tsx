import { Textarea } from '@mantine/core';

interface Props {
  readonly label: string;
  readonly description?: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly autoFocus?: boolean;
}

/** Something typed as JSON, with a word on where it stops being that. */
export function JsonField({ label, description, value, onChange, autoFocus = false }: Props) {
  const parsed = parsedJson(value);
  return (
    <Textarea
      label={label}
      description={description}
      autosize
      minRows={6}
      maxRows={16}
      spellCheck={false}
      data-autofocus={autoFocus || undefined}
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 'var(--mantine-font-size-xs)' } }}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={parsed.ok ? undefined : parsed.fault}
    />
  );
}

export type ParsedJson = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly fault: string };

export function parsedJson(text: string): ParsedJson {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    return { ok: false, fault: `Not JSON yet: ${(error as Error).message}` };
  }
}
