import { largeSite } from './make-site.ts'

/** Makes the large site, or says where it is: `node test/scale/main.ts [ORDERS]`. */
const orders = Number(process.argv[2] ?? 1_000_000)
console.log(await largeSite(orders, line => { console.error(line) }))
