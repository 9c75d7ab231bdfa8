import { createBrowserHistory, createHashHistory, createRoute, createRouter, redirect } from '@tanstack/react-router'
import { approvalsRoute } from '../features/approvals/routes.tsx'
import { capabilityRoute, catalogRoute, newRequestRoute, requestsRoute } from '../features/catalog/routes.tsx'
import { failuresRoute } from '../features/failures/routes.tsx'
import { firstStartRoute } from '../features/first-start/routes.tsx'
import { impactOrderRoute, impactRoute, impactStartRoute } from '../features/impact/routes.tsx'
import { importRoute } from '../features/import/routes.tsx'
import { installPacksRoute } from '../features/install-packs/routes.tsx'
import { jobRoute, jobsRoute } from '../features/jobs/routes.tsx'
import { newCustomerRoute } from '../features/new-customer/routes.tsx'
import { newOrderRoute } from '../features/new-order/routes.tsx'
import { orderRoute } from '../features/order/routes.tsx'
import { ordersRoute } from '../features/orders/routes.tsx'
import { packPageRoute } from '../features/pack-pages/routes.tsx'
import { installRoute, installsRoute, packRoute, packsRoute } from '../features/packs/routes.tsx'
import { profileRoute } from '../features/profile/routes.tsx'
import { profileCasesRoute } from '../features/profile-cases/routes.tsx'
import { profileProposalRoute, profileVersionRoute, profileVersionsRoute, publishProfileRoute } from '../features/profile-versions/routes.tsx'
import { settingsRoute } from '../features/settings/routes.tsx'
import { signInRoute } from '../features/sign-in/routes.tsx'
import { siteStatusRoute } from '../features/site-status/routes.tsx'
import { HomePage } from './root.tsx'
import { rootRoute, tenantRoute } from './routes.tsx'
import { parseSearch, stringifySearch } from './search-params.ts'

const homeRoute = createRoute({ getParentRoute: () => rootRoute, path: '/', component: HomePage })

const tenantHomeRoute = createRoute({
  getParentRoute: () => tenantRoute, path: '/',
  beforeLoad: ({ params }) => { throw redirect({ to: '/t/$tenant/orders', params }) },
})

/** Every screen; a feature adds its routes here. */
const routeTree = rootRoute.addChildren([
  homeRoute,
  signInRoute,
  firstStartRoute,
  tenantRoute.addChildren([
    tenantHomeRoute,
    ordersRoute,
    orderRoute,
    newCustomerRoute,
    newOrderRoute,
    importRoute,
    approvalsRoute,
    failuresRoute,
    impactStartRoute,
    impactRoute,
    impactOrderRoute,
    jobsRoute,
    jobRoute,
    packPageRoute,
    catalogRoute,
    capabilityRoute,
    requestsRoute,
    newRequestRoute,
    packsRoute,
    packRoute,
    installPacksRoute,
    installRoute,
    installsRoute,
    profileRoute,
    profileCasesRoute,
    profileVersionsRoute,
    profileVersionRoute,
    profileProposalRoute,
    publishProfileRoute,
    siteStatusRoute,
    settingsRoute,
  ]),
])

export const router = createRouter({
  routeTree,
  // A page opened from a file has no server that could answer for its paths.
  history: window.location.protocol === 'file:' ? createHashHistory() : createBrowserHistory(),
  parseSearch, stringifySearch,
  defaultPreload: 'intent',
  scrollRestoration: false,
  defaultPendingMs: 300,
})

declare module '@tanstack/react-router' {
  interface Register { router: typeof router }
}
