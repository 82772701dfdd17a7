/** `npm run build`: the admin app, as the worker serves it. `npm start` and a deployment do it themselves. */
import { buildAdmin } from './build-admin.mjs';
import { install } from './install.mjs';

install(['.', '@errand/edge-worker...', '@errand/admin...']);
buildAdmin();
