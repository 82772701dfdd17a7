import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { Icon } from '../ui/icons.tsx';

/** An id wherever it stands: alone, in quotes, in an address or a line of a log. */
const ID = /task_[0-9a-z]+/;

/** Goes to a task whose id somebody has. */
export function FindTask() {
  const [text, setText] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  const [, go] = useLocation();
  const find = () => {
    const id = ID.exec(text)?.[0];
    if (id === undefined) setFault('An id begins with “task_”.');
    else go(`/tasks/${id}`);
  };
  return (
    <form
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        find();
      }}
    >
      <TextInput
        type="search"
        aria-label="Find a task by its id"
        placeholder="Find by id: task_…"
        leftSection={<Icon name="search" size={16} />}
        w={{ base: 220, sm: 300 }}
        maxLength={2_000}
        value={text}
        error={fault}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setFault(null);
        }}
      />
    </form>
  );
}
