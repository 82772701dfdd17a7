import { Component, type ReactNode } from 'react';
import { Alert, Button, Text } from '@mantine/core';

interface Props {
  /** Another page is another try. */
  readonly page: string;
  readonly children: ReactNode;
}

/** Shown in place of a page that broke, or whose part of the app is not there any more: the service was replaced by a newer one. */
export class Boundary extends Component<Props, { readonly brokenPage: string | null }> {
  override state = { brokenPage: null };

  static getDerivedStateFromError = (): { brokenPage: string } => ({ brokenPage: '' });

  override componentDidCatch(): void {
    this.setState({ brokenPage: this.props.page });
  }

  override render(): ReactNode {
    const { brokenPage } = this.state;
    if (brokenPage === null || (brokenPage !== '' && brokenPage !== this.props.page)) return this.props.children;
    return (
      <Alert color="red" title="This page could not be shown" role="alert">
        <Text size="sm">
          Most often the service has been replaced by a newer one. Load the page again; what you typed is kept on this device.
        </Text>
        <Button mt="sm" size="xs" variant="light" color="red" onClick={() => location.reload()}>
          Load again
        </Button>
      </Alert>
    );
  }
}
