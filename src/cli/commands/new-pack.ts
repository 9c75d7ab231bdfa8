import { join, relative } from 'node:path'
import { createInterface } from 'node:readline'
import { stderr, stdin } from 'node:process'
import type { ContractName } from '#engine/contracts/v1/index.ts'
import { forkPackHost } from '#src/pack-host/fork-pack-host.ts'
import type { ConfigField, NewPack } from '#src/pack-tools/new-pack.ts'
import { toolsOrRefusal } from '#src/pack-tools/product-sources.ts'
import { productFolder } from '#src/server/product-folder.ts'
import { Arguments } from '../arguments.ts'
import { UsageError, type Call, type Command } from '../command.ts'
import { packReport } from '../pack-report.ts'

export const newPackCommand: Command = {
  name: 'new pack', about: 'Make the folder of a new pack, built and tested at once; asks for what is not named', positionals: '[ID]', fewest: 0, most: 1,
  options: {
    publisher: { type: 'string', placeholder: 'NAME', about: 'who publishes it, kebab-case' },
    title: { type: 'string', placeholder: 'TEXT', about: 'what people read; else made from the id' },
    licence: { type: 'string', placeholder: 'SPDX', about: 'its licence, such as MIT' },
    contract: { type: 'string', multiple: true, placeholder: 'NAME', about: 'a contract that it implements' },
    config: { type: 'string', multiple: true, placeholder: 'NAME:TYPE', about: 'a field of its config: text, decimal, integer or boolean' },
    into: { type: 'string', placeholder: 'DIR', about: 'where its folder is made; else extensions/' },
    media: { type: 'string', placeholder: 'DIR', about: 'signed media to put it on' },
  },
  run: async call => {
    const [{ newPack, TEMPLATES, CONFIG_TYPES }, { testPack, failureOf }] = await toolsOrRefusal(() => Promise.all([import('#src/pack-tools/new-pack.ts'), import('#src/pack-tools/test-pack.ts')]))
    const asked = await ask(call, TEMPLATES)
    const { version } = productFolder()
    const into = call.arguments.text('into')
    const licence = call.arguments.text('licence')
    const folder = newPack({
      ...asked, engine: version, contracts: asked.contracts.map(name => contractNamed(name, TEMPLATES)), config: asked.config.map(text => fieldOf(text, CONFIG_TYPES)),
      ...into === undefined ? {} : { into }, ...licence === undefined ? {} : { licence },
    })
    const tested = await testPack(folder, forkPackHost(productFolder().entries.packHost))
    const media = call.arguments.text('media')
    const file = join(folder, `${tested.id}-${tested.version}.kpack`)
    if (media !== undefined) await putOnMedia(call, folder, file, media)
    const failure = failureOf(tested)
    const shown = relative(process.cwd(), folder) || '.'
    return {
      value: { id: tested.id, folder, digest: tested.digest, tests: tested.items.length, media: media ?? null },
      text: `${packReport(tested)}\n\nThe pack is in ${shown}; its README.md says how to go on.`, ...failure === null ? {} : { failure },
    }
  },
}

type Asked = Pick<NewPack, 'id' | 'publisher' | 'title'> & { readonly contracts: readonly string[]; readonly config: readonly string[] }

/** From the arguments; what is missing is asked for where a person is there, else the id alone must be named. */
async function ask(call: Call, templates: readonly string[]): Promise<Asked> {
  const [id] = call.arguments.positionals
  const contracts = call.arguments.list('contract')
  if (id !== undefined) return { id, publisher: call.arguments.text('publisher') ?? 'me', title: call.arguments.text('title') ?? titleOf(id), contracts: contracts.length > 0 ? contracts : ['pricing-policy'], config: call.arguments.list('config') }
  if (!stdin.isTTY || call.json) throw new UsageError('The id of the new pack is missing.')
  const terminal = createInterface({ input: stdin, output: stderr })
  // A queue: what is typed ahead answers the next question.
  const typed = terminal[Symbol.asyncIterator]()
  try {
    const answer = async (question: string, otherwise: string): Promise<string> => {
      stderr.write(`${question} [${otherwise}] `)
      const line = await typed.next()
      if (line.done === true) throw new UsageError('Nothing was made.')
      return line.value.trim() || otherwise
    }
    const name = await answer('Id of the pack, kebab-case', 'my-pack')
    return {
      id: name,
      publisher: await answer('Publisher, kebab-case', call.arguments.text('publisher') ?? 'me'),
      title: await answer('Title', titleOf(name)),
      contracts: (await answer(`Contracts, with commas between them, of\n  ${templates.join(', ')}\n `, contracts.join(', ') || 'pricing-policy')).split(',').map(each => each.trim()),
      config: (await answer('Fields of its config, such as percent:decimal, currency:text', 'none')).split(',').map(each => each.trim()).filter(each => each !== 'none' && each !== ''),
    }
  } finally {
    terminal.close()
  }
}

function titleOf(id: string): string {
  const words = id.replaceAll('-', ' ')
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`
}

function contractNamed(name: string, templates: readonly ContractName[]): ContractName {
  const found = templates.find(each => each === name)
  if (found === undefined) throw new UsageError(`There is no contract ${name}; there is ${templates.join(', ')}.`)
  return found
}

function fieldOf(text: string, types: readonly ConfigField['type'][]): ConfigField {
  const [name = '', given = 'text'] = text.split(':')
  const type = types.find(each => each === given)
  if (type === undefined || !/^[a-z][A-Za-z0-9]{0,39}$/.test(name)) throw new UsageError(`--config ${text} must be a camelCase name, a colon, and ${types.join(', ')}.`)
  return { name, type }
}

async function putOnMedia(call: Call, folder: string, file: string, media: string): Promise<void> {
  const [{ buildPack, writeWhole }, { mediaAdd }] = await Promise.all([import('#src/pack-tools/build-pack.ts'), import('./media.ts')])
  writeWhole(file, (await buildPack(folder)).bytes)
  await mediaAdd.run({ ...call, arguments: new Arguments({}, [media, file]) })
}
