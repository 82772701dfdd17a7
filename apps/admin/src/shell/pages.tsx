import { lazy } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import type { Me } from '../api/shapes.ts';
import { Inbox } from '../inbox/inbox.tsx';
import { TaskList } from '../tasks/task-list.tsx';
import { Empty } from '../ui/states.tsx';

// The chart is heavy, and only the overview has one. The forms are heavy too: see `work-panel.tsx`.
const Overview = lazy(async () => ({ default: (await import('../overview/overview.tsx')).Overview }));
const TaskPage = lazy(async () => ({ default: (await import('../tasks/task-page.tsx')).TaskPage }));
const TaskTypes = lazy(async () => ({ default: (await import('../types/task-types.tsx')).TaskTypes }));
const ThirdParties = lazy(async () => ({ default: (await import('../third-parties/third-parties.tsx')).ThirdParties }));
const Routing = lazy(async () => ({ default: (await import('../routing/routing.tsx')).Routing }));
const Keys = lazy(async () => ({ default: (await import('../keys/keys.tsx')).Keys }));

export function Pages({ me }: { readonly me: Me }) {
  return (
    <Switch>
      <Route path="/">{me.scopes.includes('tasks:read') ? <Overview me={me} /> : <Redirect to="/inbox" />}</Route>
      <Route path="/inbox/:id?">{({ id }) => <Inbox me={me} {...(id === undefined ? {} : { open: decodeURIComponent(id) })} />}</Route>
      <Route path="/tasks">
        <TaskList me={me} />
      </Route>
      <Route path="/tasks/:id">{({ id }) => <TaskPage key={id} id={decodeURIComponent(id)} me={me} />}</Route>
      <Route path="/types">
        <TaskTypes me={me} />
      </Route>
      <Route path="/third-parties">
        <ThirdParties me={me} />
      </Route>
      <Route path="/routing">
        <Routing me={me} />
      </Route>
      <Route path="/keys">
        <Keys me={me} />
      </Route>
      <Route path="/sign-in">
        <Redirect to="/" />
      </Route>
      <Route>
        <Empty>There is no such page. Choose one from the menu.</Empty>
      </Route>
    </Switch>
  );
}
