import 'ses'

// `unsafe-eval` leaves the worker's own realm its evaluators, which piscina needs; compartments never see them.
lockdown({
  evalTaming: 'unsafe-eval',
  errorTaming: 'safe',
  localeTaming: 'safe',
  regExpTaming: 'safe',
  overrideTaming: 'moderate',
  consoleTaming: 'unsafe',
  domainTaming: 'unsafe',
  errorTrapping: 'none',
  unhandledRejectionTrapping: 'none',
  reporting: 'none',
})
