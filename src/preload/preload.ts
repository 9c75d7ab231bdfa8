import { contextBridge, ipcRenderer } from 'electron'
import type { ConnectMessage, EngineState, KeelsonBridge } from './bridge.d.ts'

const CONNECT: ConnectMessage = 'keelson:connect'
const ENGINE_STATE = 'keelson:engine-state'
const HOLD_OPEN = 'keelson:hold-open'

// Asked for once, while the page loads: the page must know from its first paint whether the engine is there.
const about = ipcRenderer.sendSync('keelson:about') as Pick<KeelsonBridge, 'platform' | 'versions'> & { readonly state: EngineState }
let state = about.state
const listeners = new Set<(state: EngineState) => void>()

ipcRenderer.on(ENGINE_STATE, (_event, now: EngineState) => {
  state = now
  for (const listener of listeners) listener(now)
})

// A port cannot cross the bridge; the page posts it to its own window.
window.addEventListener('message', event => {
  if (event.source !== window || event.data !== CONNECT) return
  const [port] = event.ports
  if (port !== undefined) ipcRenderer.postMessage(CONNECT, null, [port])
})

const bridge: KeelsonBridge = {
  platform: about.platform,
  versions: about.versions,
  engineState: () => state,
  onEngineState: listener => {
    listeners.add(listener)
    return () => { listeners.delete(listener) }
  },
  holdOpen: why => { ipcRenderer.send(HOLD_OPEN, why) },
}

contextBridge.exposeInMainWorld('keelson', bridge)
