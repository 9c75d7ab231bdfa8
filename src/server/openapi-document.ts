import { OpenAPIGenerator, type OpenAPI } from '@orpc/openapi'
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4'
import { contract, shapes } from '#engine/api/contract/index.ts'
import { MOST_BULK_ITEMS } from './bulk.ts'

const REFUSED = { $ref: '#/components/responses/Refused' } as const

const REFUSED_RESPONSE: OpenAPI.ResponseObject = {
  description: 'Refused. `code` is for people and programs alike, `message` says what happened, `remedy` what to do.',
  content: {
    'application/json': {
      schema: { type: 'object', properties: { error: { $ref: '#/components/schemas/Refusal' } }, required: ['error'] },
    },
  },
}

/** OpenAPI 3.1 of everything that is served over HTTP, made from the contract. */
export async function openApiDocument(version: string): Promise<OpenAPI.Document> {
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] })
  const document = await generator.generate(contract, {
    info: {
      title: 'Keelson', version,
      description: 'Commands change something, queries do not; both are POST with a JSON body, and both exist in bulk. Streams are server-sent events.',
    },
    servers: [{ url: '/' }],
    security: [{ session: [] }],
    components: {
      responses: { Refused: REFUSED_RESPONSE },
      securitySchemes: { session: { type: 'http', scheme: 'bearer', description: 'The token that /commands/sign-in gives.' } },
    },
    commonSchemas: {
      Refusal: { schema: shapes.refusalShape }, OrderSummary: { schema: shapes.orderSummary }, Decisions: { schema: shapes.decisions },
      Job: { schema: shapes.job }, Receipt: { schema: shapes.receipt },
    },
  })
  const operations = Object.values(document.paths ?? {}).flatMap(path => path?.post === undefined ? [] : [path.post])
  for (const operation of operations) operation.responses = { ...operation.responses, default: REFUSED }
  document.paths = { ...document.paths, '/commands': bulkPath('commands'), '/queries': bulkPath('queries') }
  return document
}

function bulkPath(group: 'commands' | 'queries'): OpenAPI.PathItemObject {
  return {
    post: {
      operationId: `bulk-${group}`, tags: [group], summary: `Up to ${MOST_BULK_ITEMS} ${group}, each an invocation of its own`,
      requestBody: {
        required: true,
        content: { 'application/json': { schema: {
          type: 'array', maxItems: MOST_BULK_ITEMS,
          items: { type: 'object', properties: { name: { type: 'string', enum: Object.keys(contract[group]) }, input: {} }, required: ['name'] },
        } } },
      },
      responses: {
        200: { description: 'One answer for each item, in the order given.', content: { 'application/json': { schema: { type: 'array', items: { oneOf: [
          { type: 'object', properties: { ok: { const: true }, value: {} }, required: ['ok'] },
          { type: 'object', properties: { ok: { const: false }, error: { $ref: '#/components/schemas/Refusal' } }, required: ['ok', 'error'] },
        ] } } } } },
        default: REFUSED,
      },
    },
  }
}
