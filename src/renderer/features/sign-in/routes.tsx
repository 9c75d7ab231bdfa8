import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { rootRoute } from '../../app/routes.tsx'
import { settled, textParam, type RawSearch } from '../../app/search-params.ts'

export const signInRoute = createRoute({
  getParentRoute: () => rootRoute, path: '/sign-in',
  // Only a path of this console: never an address elsewhere.
  validateSearch: (raw: RawSearch): { to?: string } => {
    const to = textParam(raw, 'to')
    return settled({ to: to !== undefined && /^\/(?![/\\])/.test(to) ? to : undefined })
  },
  component: lazyRouteComponent(() => import('./sign-in-page.tsx'), 'SignInPage'),
})
